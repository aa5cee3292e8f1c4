// Rows of a list are chosen by keys, and counted as they are chosen.
const form = document.getElementById("chosen");
const boxes = [...document.querySelectorAll("input[name=asset][form=chosen]")];
const rowOf = box => box.closest("tr");
const whole = form?.elements.page, all = form?.elements.all, told = form?.querySelector("output");

function tell() {
  const n = boxes.filter(box => box.checked).length;
  for (const box of boxes) rowOf(box).classList.toggle("on", box.checked);
  whole.checked = n > 0 && n === boxes.length;
  whole.indeterminate = n > 0 && n < boxes.length;
  const count = all?.checked ? +form.elements.count.value : n;
  told.hidden = !count;
  told.textContent = told.dataset.zh ? `已选 ${count} 项` : `${count} chosen`;
}

if (form) {
  whole.addEventListener("change", () => { for (const box of boxes) box.checked = whole.checked; tell(); });
  for (const box of [...boxes, all]) box?.addEventListener("change", tell);
  // what the browser kept from before is counted too
  addEventListener("pageshow", tell);
  tell();
}

let at = -1;
document.addEventListener("keydown", event => {
  if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
  const typed = event.target.closest("input:not([type=checkbox]),select,textarea,[contenteditable]");
  const step = { j: 1, k: -1, x: 0 }[event.key.toLowerCase()];
  if (typed || step === undefined || !boxes.length) return;
  const held = boxes.findIndex(box => rowOf(box).contains(document.activeElement));
  at = Math.min(Math.max((held < 0 ? at : held) + step, 0), boxes.length - 1);
  if (step === 0) { boxes[at].checked = !boxes[at].checked; tell(); }
  boxes[at].focus();
});
