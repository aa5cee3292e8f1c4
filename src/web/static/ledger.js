// What pages gain where scripts run; without it everything still works.
const composing = event => event.isComposing || event.keyCode === 229;
const typing = target => target.closest("input,select,textarea,[contenteditable]");

// "/" goes to the search, as it says there
document.addEventListener("keydown", event => {
  if (composing(event) || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.documentElement.dataset.keys) return;
  if (event.key === "?") location.href = "/help/shortcuts";
  if (event.key.toLowerCase() === "e") document.querySelector('a[href$="/edit"]')?.click();
  if (event.key.toLowerCase() === "n") document.querySelector('a[href="/assets/new"],a.go[href$="/new"]')?.click();
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q")?.focus();
  }
});

// what is typed is saved by the keys that save everywhere
document.addEventListener("keydown", event => {
  if (!(event.ctrlKey || event.metaKey) || composing(event)) return;
  const key = event.key.toLowerCase();
  const button = key === "s" ? ".go" : key === "enter" ? "button[value=next]" : null;
  const found = button && document.querySelector("main form[method=post] " + button);
  if (found) {
    event.preventDefault();
    found.form.requestSubmit(found);
  }
});

// an amount is read back in words while it is typed
let reading;
document.addEventListener("input", event => {
  const field = event.target, told = field.parentElement?.querySelector("output");
  clearTimeout(reading);
  if (told && !composing(event)) reading = setTimeout(async () => {
    const text = field.value;
    const answer = await fetch("/assets/amount?text=" + encodeURIComponent(text));
    if (answer.ok && !answer.redirected && field.value === text) told.textContent = await answer.text();
  }, 150);
});

// how much of a form is filled in is counted while it is
for (const meter of document.querySelectorAll("meter[data-thing]")) {
  const form = meter.closest("form"), { thing, claim, claims } = meter.dataset;
  const count = () => {
    const fields = form.elements, names = (claims.split(" ").includes(fields.subclass.value) ? claim : thing).split(" ");
    meter.value = Math.floor(100 * names.filter(name => fields[name].value.trim()).length / names.length);
    meter.nextElementSibling.value = meter.value + "%";
  };
  for (const typed of ["input", "change"]) form.addEventListener(typed, count);
  count();
}

// what is like the thing that is being typed in is told meanwhile
for (const told of document.querySelectorAll("[data-ask]")) {
  const form = told.closest("form"), names = told.dataset.of.split(" ");
  const asked = () => told.dataset.ask + "?" + new URLSearchParams([...new FormData(form)].filter(([name]) => names.includes(name)));
  let asking;
  const later = event => {
    if (composing(event) || told.contains(event.target) || !names.includes(event.target.name)) return;
    clearTimeout(asking);
    asking = setTimeout(async () => {
      const address = asked();
      const answer = await fetch(address);
      if (answer.ok && !answer.redirected && address === asked()) told.innerHTML = await answer.text();
    }, 300);
  };
  for (const typed of ["input", "change", "compositionend"]) form.addEventListener(typed, later);
}

// a form that is on its way is not sent again
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "1";
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach(form => delete form.dataset.sent));

// what is wrong is read first
document.getElementById("mistakes")?.focus();

// printing is a click where scripts run
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
  if (button.dataset.print === "now") print();
}
