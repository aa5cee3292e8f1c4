// Inspecting where there may be no network: a record is kept on the device first, and sent when there is one.
const box = document.getElementById("waiting"), { dataset: say } = box, { account } = say;
const all = (name, within = document) => [...within.querySelectorAll(`[data-${name}]`)];
const part = Object.fromEntries(all("part").map(one => [one.dataset.part, one]));
const forms = all("record"), rows = all("at"), PACKET = "/inspections/packet";
// every such address ends in a new UUID
const uuid = () => URL.createObjectURL(new Blob()).slice(-36);
let place, isSending;

const opened = new Promise((done, fail) => {
  const asked = indexedDB.open("taizhang", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("records", { keyPath: "key" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = fail;
});
const records = async (act, value) => {
  const txn = (await opened).transaction("records", "readwrite"), asked = txn.objectStore("records")[act](value);
  return new Promise((done, fail) => {
    txn.oncomplete = () => done(asked.result);
    txn.onabort = fail;
  });
};

// what waits: a record of another account is neither shown nor sent
async function tell() {
  const own = (await records("getAll")).filter(row => row.account === account).sort((one, other) => one.at - other.at);
  const left = own.filter(row => !row.sent);
  box.hidden = !own[0];
  part.n.textContent = left.length;
  part.late.hidden = !left[0] || Date.now() - left[0].at < 3 * 864e5;
  part.list.textContent = "";
  for (const { key, at, name, to, sent, reason } of own) {
    const item = part.line.content.cloneNode(true), [way, ...buttons] = item.querySelectorAll("a,button");
    way.textContent = name;
    way.href = sent ?? to + "#" + key;
    item.querySelector("span").textContent = new Date(at).toLocaleString() + " " + (sent ? say.sent : reason ?? say.waits);
    for (const button of buttons) Object.assign(button, { hidden: !reason, value: key });
    part.list.append(item);
  }
  return left;
}

async function deliver(row, mark) {
  const body = new FormData(), { key, at, name } = row;
  for (const pair of [["mark", mark], ["account", account], ...row.fields]) body.append(...pair);
  const answer = await fetch(row.to, { method: "POST", body }), { status, url } = answer;
  if (/\/inspections\/\d+\?/.test(url)) await records("put", { key, at, name, account, sent: url });
  else if (status < 400 || status > 499 || status === 429) return;
  else {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await records("put", { ...row, reason: say.refused + (page.getElementById("mistakes") ?? page.querySelector("main")).textContent });
  }
  return tell();
}
async function send() {
  if (isSending) return;
  isSending = true;
  try {
    const asked = await fetch("/inspections/sender"), sender = asked.redirected ? {} : await asked.json();
    part.ended.hidden = sender.account === account;
    for (const row of await tell()) if (!part.ended.hidden || !row.reason && !await deliver(row, sender.mark)) break;
  } catch {
    // no network: they wait
  }
  isSending = false;
}

async function smaller(file) {
  try {
    const picture = await createImageBitmap(file), { width, height } = picture;
    const canvas = document.createElement("canvas"), ratio = Math.min(1, 1600 / Math.max(width, height));
    Object.assign(canvas, { width: width * ratio, height: height * ratio });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise(done => canvas.toBlob(done, "image/jpeg", .7)) ?? file;
  } catch {
    return file;
  }
}
const locate = then => navigator.geolocation?.getCurrentPosition(({ coords }) => {
  place = coords;
  then?.();
}, () => {}, { enableHighAccuracy: true, maximumAge: 3e4 });

// a form of a packet is filled in when it is opened
function begin(form) {
  if (form.kept) return;
  form.kept = [];
  const { of } = form.dataset;
  if (of) form.append(document.getElementById(of).content.cloneNode(true));
  locate();
}
function show(form, row) {
  if (!form) return;
  begin(form);
  form.parentNode.open = true;
  if (form.dataset.of) form.scrollIntoView();
  for (const pair of row?.fields ?? []) {
    const [name, value] = pair, field = form.elements[name];
    if (field && value.trim) field.value = value;
    else form.kept.push(pair);
  }
  form.row = row;
}
async function save(form) {
  await form.ready;
  const { kept, row, dataset: { name } } = form, { key, at } = row ?? { key: uuid(), at: Date.now() };
  if (!row) {
    localStorage.device ??= uuid();
    localStorage.count = +(localStorage.count ?? 0) + 1;
    kept.push(["device_key", key], ["inspected_at", new Date(at).toISOString()], ["device", localStorage.device], ["device_count", localStorage.count]);
    if (place) kept.push(["longitude", place.longitude.toFixed(6)], ["latitude", place.latitude.toFixed(6)], ["accuracy_m", Math.round(place.accuracy)]);
  }
  const typed = [...new FormData(form)].filter(([name, value]) => value.trim && !/^(mark|account|device_key)$/.test(name));
  await records("put", { key, at, account, name, to: form.getAttribute("action"), fields: [...typed, ...kept] });
  part.kept.textContent = navigator.onLine ? say.kept : say.keptOff;
  part.kept.hidden = false;
  form.replaceWith(part.kept);
  part.kept.focus();
  await tell();
  navigator.storage?.persist?.();
  send();
}

document.addEventListener("submit", event => {
  const form = event.target;
  if (!forms.includes(form)) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.submitter.name === "all") {
    for (const one of form.querySelectorAll("[value=good]")) one.checked = true;
    form.elements.is_all_at_once.value = "yes";
  } else if (form.reportValidity()) save(form).catch(() => alert(say.full));
}, true);
document.addEventListener("change", ({ target }) => {
  const { form, name, type, value, files } = target;
  if (!forms.includes(form)) return;
  if (type === "radio" && value !== "good") target.closest("fieldset").lastChild.open = true;
  for (const file of files ?? []) form.ready = Promise.all([form.ready, smaller(file)]).then(([, photo]) => {
    form.kept.push([name, photo, file.name]);
    all("photos", form)[0].textContent = say.photos + form.kept.filter(pair => pair[2]).length;
  });
  if (files) target.value = "";
});
box.addEventListener("click", async ({ target: { name, value } }) => {
  if (name === "drop" && confirm(say.sure)) await records("delete", value);
  if (name === "again") await records("put", { ...await records("get", value), reason: undefined });
  if (name) await send(), tell();
});

// what is nearest comes first
function near() {
  for (const row of rows) {
    const [east, north] = row.dataset.at.split(","), far = all("far", row)[0];
    row.far = north ? Math.hypot((east - place.longitude) * Math.cos(north / 57.3), north - place.latitude) * 111.195 : 1e6;
    far.textContent = north ? row.far.toFixed(2) + " km" : "";
  }
  rows[0].parentNode.append(...rows.sort((one, other) => one.far - other.far));
}
// what was taken along; that of another account is nobody's here
async function taken() {
  const packet = await caches.match(PACKET), told = name => packet?.headers.get("taizhang-" + name);
  if (told("account") === account) part.taken.textContent = decodeURIComponent(told("packet"));
  else caches.delete("packet");
}

opened.then(async () => {
  const on = name => forms.find(form => form.getAttribute("action") === name);
  const edit = async () => {
    const row = await records("get", location.hash.slice(1));
    if (row?.account === account && !row.sent) show(on(row.to), row);
  };
  for (const row of await records("getAll")) if (row.sent) records("delete", row.key);
  for (const form of forms) form.parentNode.addEventListener("toggle", () => begin(form));
  const code = new URLSearchParams(location.search).get("code");
  show(on(code ? `/assets/${code.trim().toUpperCase()}/inspect` : location.pathname));
  addEventListener("hashchange", edit);
  addEventListener("online", send);
  await edit();
  await tell();
  send();
});
if (rows[0]) {
  part.near.hidden = false;
  part.near.onclick = () => locate(near);
  navigator.permissions?.query({ name: "geolocation" }).then(({ state }) => state === "granted" && locate(near));
}
navigator.serviceWorker?.register("/sw.js");
if (self.caches && part.along) {
  part.along.hidden = false;
  part.take.onclick = async () => {
    const packet = await fetch(PACKET + location.search);
    if (packet.ok && !packet.redirected) await (await caches.open("packet")).put(PACKET, packet);
    taken();
  };
  taken();
}
