// Inspecting where there may be no network: a record is kept on the device first, and sent when there is one.
const box = document.getElementById("waiting"), say = box.dataset, account = say.account;
const part = (name, within = document) => within.querySelector(`[data-${name}]`);
const forms = [...document.querySelectorAll("[data-record]")], rows = [...document.querySelectorAll("[data-at]")];
const PACKET = "/inspections/packet", LATE = 3 * 864e5;
let place, isSending;

const opened = new Promise((done, fail) => {
  const asked = indexedDB.open("taizhang", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("records", { keyPath: "key" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = fail;
});
const records = async act => {
  const txn = (await opened).transaction("records", "readwrite"), asked = act(txn.objectStore("records"));
  return new Promise((done, fail) => {
    txn.oncomplete = () => done(asked.result);
    txn.onabort = fail;
  });
};
const keep = row => records(all => all.put(row));
const kept = async () => (await records(all => all.getAll())).sort((one, other) => one.at - other.at);
const uuid = () => "10000000-1000-4000-8000-100000000000".replace(/[018]/g, one => (one ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> one / 4).toString(16));

async function tell() {
  const all = await kept(), own = all.filter(row => row.account === account), left = own.filter(row => !row.sent);
  box.hidden = !all.length;
  part("n", box).textContent = left.length;
  part("late", box).hidden = !left.some(row => Date.now() - row.at > LATE);
  part("others", box).hidden = all.length === own.length;
  const list = box.querySelector("ul");
  list.textContent = "";
  for (const row of own) {
    const line = box.querySelector("template").content.cloneNode(true), way = line.querySelector("a");
    way.textContent = row.name;
    way.href = row.sent ?? row.to + "#" + row.key;
    part("state", line).textContent = new Date(row.at).toLocaleString() + " " + (row.sent ? say.sent : row.reason ? say.refused + row.reason : say.waits);
    for (const button of line.querySelectorAll("button")) {
      button.hidden = !row.reason;
      button.value = row.key;
    }
    list.append(line);
  }
}

// whether the next may go too
async function deliver(row, mark) {
  const body = new FormData();
  for (const [name, value] of [["mark", mark], ["account", account], ...row.fields, ...row.made]) body.append(name, value);
  for (const [name, photo] of row.photos) body.append(name, photo, "photo.jpg");
  const answer = await fetch(row.to, { method: "POST", body }), { key, at, name } = row;
  if (/\/inspections\/\d+\?/.test(answer.url)) await keep({ key, at, name, account, sent: answer.url });
  else if (answer.status < 400 || answer.status > 499 || answer.status === 429) return false;
  else {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page.querySelectorAll(page.getElementById("mistakes") ? "#mistakes b,#mistakes li" : "main h1,main p");
    await keep({ ...row, reason: [...said].map(one => one.textContent).join(" ") });
  }
  await tell();
  return true;
}

async function send() {
  if (isSending || !account) return;
  isSending = true;
  try {
    const asked = await fetch("/inspections/sender"), sender = asked.ok && !asked.redirected ? await asked.json() : {};
    part("ended", box).hidden = sender.account === account;
    for (const row of sender.account === account ? await kept() : [])
      if (row.account === account && !row.sent && !row.reason && !await deliver(row, sender.mark)) break;
  } catch {
    // no network: they wait
  }
  isSending = false;
}

async function smaller(file) {
  try {
    const picture = await createImageBitmap(file), canvas = document.createElement("canvas");
    const ratio = Math.min(1, 1600 / Math.max(picture.width, picture.height));
    canvas.width = picture.width * ratio;
    canvas.height = picture.height * ratio;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise(done => canvas.toBlob(done, "image/jpeg", .7)) ?? file;
  } catch {
    return file;
  }
}

const locate = then => navigator.geolocation?.getCurrentPosition(found => {
  place = found.coords;
  then?.();
}, () => {}, { enableHighAccuracy: true, timeout: 2e4, maximumAge: 3e4 });

// a form of a packet is filled in when it is opened
function begin(form) {
  if (!form || form.photos) return;
  form.photos = [];
  if (form.dataset.of) form.append(document.getElementById(form.dataset.of).content.cloneNode(true));
  locate();
}
function show(form, row) {
  if (!form) return;
  begin(form);
  const around = form.closest("details");
  if (around) around.open = true;
  form.scrollIntoView();
  if (!row) return;
  for (const [name, value] of row.fields) if (form.elements[name]) form.elements[name].value = value;
  Object.assign(form, { before: row, photos: row.photos });
}

async function save(form) {
  await form.ready;
  const key = form.before?.key ?? uuid();
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && value && !/^(mark|account|device_key)$/.test(name));
  const made = [["device_key", key], ["inspected_at", new Date().toISOString()], ["device", localStorage.device ??= uuid()]];
  localStorage.count = +(localStorage.count ?? 0) + 1;
  made.push(["device_count", localStorage.count]);
  if (place) made.push(["longitude", place.longitude.toFixed(6)], ["latitude", place.latitude.toFixed(6)], ["accuracy_m", Math.round(place.accuracy)]);
  await keep({ key, account, name: form.dataset.name, to: form.getAttribute("action"), at: Date.now(), made, ...form.before, fields, photos: form.photos, reason: "" });
  const told = document.createElement("p");
  Object.assign(told, { className: "note", tabIndex: -1, textContent: navigator.onLine ? say.kept : say.keptOff });
  told.setAttribute("role", "status");
  form.replaceWith(told);
  told.focus();
  await tell();
  navigator.storage?.persist?.();
  send();
}

document.addEventListener("submit", event => {
  const form = event.target;
  if (!forms.includes(form)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.submitter?.name === "all") {
    for (const one of form.querySelectorAll("[value=good]")) if (one.type === "radio") one.checked = true;
    form.elements.is_all_at_once.value = "yes";
  } else if (form.reportValidity()) save(form).catch(() => alert(say.full));
}, true);
document.addEventListener("change", ({ target }) => {
  const { form } = target;
  if (!forms.includes(form)) return;
  part("danger", form).hidden = !form.querySelector("[value=danger]:checked");
  if (target.type === "radio" && target.value !== "good") target.closest("fieldset").querySelector("details").open = true;
  if (target.type !== "file") return;
  const files = [...target.files];
  target.value = "";
  form.ready = Promise.resolve(form.ready).then(async () => {
    for (const file of files) form.photos.push([target.name, await smaller(file)]);
    part("photos", form).textContent = say.photos + form.photos.length;
  });
});
box.addEventListener("click", async ({ target }) => {
  const { name, value } = target;
  if (name === "drop" && confirm(say.sure)) await records(all => all.delete(value));
  if (name === "again") await keep({ ...await records(all => all.get(value)), reason: "" });
  if (name) await send(), tell();
});

// what is nearest comes first
function near() {
  for (const row of rows) {
    const [east, north] = row.dataset.at.split(",");
    row.far = north ? Math.hypot((east - place.longitude) * Math.cos(north / 57.3), north - place.latitude) * 111195 : 1e9;
    part("far", row).textContent = row.far < 1e3 ? Math.round(row.far) + " m" : row.far < 1e9 ? (row.far / 1e3).toFixed(1) + " km" : "";
  }
  rows[0]?.parentNode.append(...rows.sort((one, other) => one.far - other.far));
}

// what was taken along; that of another account is nobody's here
async function taken() {
  const found = await caches.match(PACKET), page = found && new DOMParser().parseFromString(await found.text(), "text/html");
  if (page && page.getElementById("waiting").dataset.account !== account) return caches.delete("packet");
  if (page) part("taken").textContent = part("taken", page).textContent;
}
async function take() {
  const packet = await fetch(PACKET + location.search);
  if (packet.ok && !packet.redirected) await (await caches.open("packet")).put(PACKET, packet);
  navigator.storage?.persist?.();
  taken();
}

opened.then(async () => {
  for (const row of await kept()) if (row.sent && Date.now() - row.at > LATE) await records(all => all.delete(row.key));
  const on = name => forms.find(form => form.getAttribute("action") === name);
  const code = new URLSearchParams(location.search).get("code")?.trim().toUpperCase();
  const edit = async () => {
    const row = await records(all => all.get(location.hash.slice(1)));
    if (row?.account === account && !row.sent) show(on(row.to), row);
  };
  for (const form of forms) form.closest("details")?.addEventListener("toggle", () => begin(form));
  if (!forms[1]) begin(forms[0]);
  show(forms[1] && on(code ? `/assets/${code}/inspect` : location.pathname));
  addEventListener("hashchange", edit);
  addEventListener("online", () => send().then(tell));
  await edit();
  await tell();
  await send();
  tell();
});
for (const button of document.querySelectorAll("[data-near]")) {
  button.hidden = !navigator.geolocation;
  button.addEventListener("click", () => locate(near));
  navigator.permissions?.query({ name: "geolocation" }).then(({ state }) => state === "granted" && locate(near));
}
navigator.serviceWorker?.register("/sw.js");
if (self.caches && part("take")) {
  part("along").hidden = false;
  part("take").addEventListener("click", take);
  taken();
}
