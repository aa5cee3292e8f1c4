// What is offered while somebody types; without it every field and every search still works.

for (const [n, field] of document.querySelectorAll("input[data-suggest]").entries()) {
  const kind = field.dataset.suggest;
  const list = document.createElement("ul");
  let asked, timer, at = -1;
  list.id = "suggest-" + n;
  list.className = "suggest";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
  list.hidden = true;
  field.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"], ["autocomplete", "off"]])
    field.setAttribute(name, value);

  const show = open => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", open);
    if (!open) mark(-1);
  };
  const mark = to => {
    list.children[at]?.removeAttribute("aria-selected");
    at = to;
    const option = list.children[at];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const take = option => {
    show(false);
    if (!kind) return location.assign(option.dataset.href);
    field.value = option.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const ask = async () => {
    asked?.abort();
    const text = field.value.trim();
    if (!text) return show(false);
    asked = new AbortController();
    try {
      const answer = await fetch("/search/suggestions?" + new URLSearchParams({ q: text, in: kind }), asked);
      if (!answer.ok || answer.redirected || document.activeElement !== field) return show(false);
      list.innerHTML = await answer.text();
      [...list.children].forEach((option, place) => (option.id = list.id + "-" + place));
      at = -1;
      show(list.children.length > 0);
    } catch {
      // asked anew, or no network
    }
  };
  for (const typed of ["input", "compositionend"])
    field.addEventListener(typed, event => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(ask, 200);
    });
  // in a form that is sent, Enter takes what is offered and moves on; it sends nothing
  const next = () => [...field.form.elements].find((one, place, all) => place > all.indexOf(field) && one.offsetParent);
  field.addEventListener("keydown", event => {
    if (event.isComposing || event.keyCode === 229) return;
    const last = list.children.length - 1;
    if (event.key === "Enter" && kind && field.form.method === "post") {
      event.preventDefault();
      if (!list.hidden) take(list.children[Math.max(at, 0)]);
      return next()?.focus();
    }
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(at < last ? at + 1 : 0);
    else if (event.key === "ArrowUp") mark(at > 0 ? at - 1 : last);
    else if (event.key === "Enter" && at >= 0) take(list.children[at]);
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", () => {
    clearTimeout(timer);
    asked?.abort();
    show(false);
  });
  list.addEventListener("mousedown", event => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}
