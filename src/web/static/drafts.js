// What is typed into a form is kept by itself, a few seconds after it was typed.
const WAIT = 4000;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const line = form.querySelector("output[data-kept]");
  let waiting = 0, isComposing = false, isChanged = false, isOnItsWay = false;

  const later = () => {
    isChanged = true;
    clearTimeout(waiting);
    waiting = setTimeout(keep, WAIT);
  };

  const keep = async () => {
    // a word that is being put together is no word yet, and a form that was sent needs no draft
    if (isComposing || isOnItsWay) return later();
    if (form.dataset.sent || !isChanged) return;
    isChanged = false;
    isOnItsWay = true;
    const body = new URLSearchParams(new FormData(form));
    body.set("quietly", "yes");
    try {
      const answer = await fetch("/drafts", { method: "POST", body, redirect: "error" });
      if (!answer.ok) throw answer.status;
      line.textContent = line.dataset.kept + await answer.text();
    } catch {
      line.textContent = line.dataset.lost;
      later();
    } finally {
      isOnItsWay = false;
    }
  };

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("compositionstart", () => isComposing = true);
  form.addEventListener("compositionend", () => { isComposing = false; later(); });
  // whoever leaves the page or turns to another window has it kept at once
  document.addEventListener("visibilitychange", () => document.hidden && isChanged && keep());
}
