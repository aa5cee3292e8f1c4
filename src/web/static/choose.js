// Rows of a list are chosen by keys, counted as they are chosen, and kept from page to page.
const form = document.getElementById("chosen");
const boxes = form ? [...form.elements].filter(one => /^(asset|finding)$/.test(one.name)) : [];
const rowOf = box => box.closest("tr");
const whole = form?.elements.page, all = form?.elements.all, told = form?.querySelector("output");
const MOST = 200;
const place = `chosen ${location.pathname} ${form?.elements.of?.value ?? ""}`;
const kept = new Set();

function tell() {
  for (const box of boxes) {
    if (box.checked && (kept.has(box.value) || kept.size < MOST)) kept.add(box.value);
    else { box.checked = false; kept.delete(box.value); }
    rowOf(box).classList.toggle("on", box.checked);
  }
  sessionStorage.setItem(place, JSON.stringify([...kept]));
  const n = boxes.filter(box => box.checked).length;
  if (whole) {
    whole.checked = n > 0 && n === boxes.length;
    whole.indeterminate = n > 0 && n < boxes.length;
  }
  const count = all?.checked ? +form.elements.count.value : kept.size;
  told.hidden = !count;
  told.textContent = told.dataset.zh ? `已选 ${count} 项` : `${count} chosen`;
}

// what was chosen on other pages goes along
function carry(event) {
  form.querySelectorAll("[data-carried]").forEach(one => one.remove());
  const shown = new Set(boxes.map(box => box.value));
  for (const value of all?.checked ? [] : kept) if (!shown.has(value)) {
    const one = document.createElement("input");
    Object.assign(one, { type: "hidden", name: boxes[0].name, value });
    one.dataset.carried = "";
    form.append(one);
  }
  if (!/\.(csv|xlsx)$/.test(event.submitter?.formAction ?? "")) sessionStorage.removeItem(place);
}

if (boxes.length) {
  for (const value of JSON.parse(sessionStorage.getItem(place) ?? "[]")) kept.add(value);
  for (const box of boxes) box.checked ||= kept.has(box.value);
  whole?.addEventListener("change", () => { for (const box of boxes) box.checked = whole.checked; tell(); });
  for (const box of [...boxes, all]) box?.addEventListener("change", tell);
  form.addEventListener("reset", () => { kept.clear(); setTimeout(tell); });
  form.addEventListener("submit", carry);
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
