// Inspecting where there may be no network: a record is kept on the device first, and sent when there is one.
const box = document.getElementById("waiting"), { dataset: say } = box, { account } = say;
const all = (name, within = document) => [...within.querySelectorAll(`[data-${name}]`)];
const part = Object.fromEntries(all("part").map(one => [one.dataset.part, one]));
const forms = all("record"), rows = all("at"), PACKET = "/inspections/packet";
// every such address ends in a new UUID
const uuid = () => URL.createObjectURL(new Blob()).slice(-36);
const gone = [];
let place, busy;

const opened = new Promise((done, fail) => {
  const asked = indexedDB.open("taizhang");
  asked.onupgradeneeded = () => asked.result.createObjectStore("records", { keyPath: "key" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = fail;
});
const store = (act, value) => opened.then(kept => new Promise((done, fail) => {
  const txn = kept.transaction("records", "readwrite"), asked = txn.objectStore("records")[act](value);
  txn.oncomplete = () => done(asked.result);
  txn.onabort = fail;
}));

// what waits: a record of another account is neither shown nor sent
async function tell() {
  const left = (await store("getAll")).filter(row => row.account === account).sort((one, other) => one.at - other.at);
  box.hidden = !left[0] && !gone[0];
  part.n.textContent = left.length;
  part.late.hidden = !(Date.now() - left[0]?.at > 3 * 864e5);
  part.list.innerHTML = "";
  for (const { key, at, name, to, sent, reason } of [...left, ...gone]) {
    const item = part.line.content.cloneNode(true), [way, ...buttons] = item.querySelectorAll("a,button");
    way.textContent = name;
    way.href = sent ?? to + "#" + key;
    item.querySelector("span").textContent = `${new Date(at).toLocaleString()} ${sent ? say.sent : reason ?? say.waits}`;
    for (const button of buttons) Object.assign(button, { hidden: !reason, value: key });
    part.list.append(item);
  }
  return left;
}

async function post(row, mark) {
  const body = new FormData();
  for (const pair of [["mark", mark], ["account", account], ...row.fields]) body.append(...pair);
  const answer = await fetch(row.to, { method: "POST", body }), { status, url } = answer;
  if (/\/inspections\/\d+\?/.test(url)) {
    await store("delete", row.key);
    gone.push({ ...row, sent: url });
  } else if (status < 400 || status > 499 || status === 429) return;
  else {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    await store("put", { ...row, reason: say.refused + (page.querySelector("#mistakes") ?? page.querySelector("main")).textContent });
  }
  return tell();
}
async function send() {
  if (busy) return;
  busy = true;
  try {
    const asked = await fetch("/inspections/sender"), sender = asked.redirected ? {} : await asked.json();
    part.ended.hidden = sender.account === account;
    for (const row of await tell()) if (!part.ended.hidden || !row.reason && !await post(row, sender.mark)) break;
  } catch {
    // no network: they wait
  }
  busy = false;
}

// when and where the camera says that it was: a part of its file (APP1) that a canvas forgets; the picture is upright by now
async function shot(file) {
  const told = new DataView(await file.slice(0, 131072).arrayBuffer());
  let at = 2, low;
  const word = at => told.getUint16(at, low);
  while (word(at) >= 0xffe0 && word(at) !== 0xffe1) at += 2 + word(at + 2);
  if (word(at) !== 0xffe1) return "";
  const end = at + 2 + word(at + 2);
  low = word(at + 10) === 0x4949;
  const first = at + 10 + told.getUint32(at + 14, low);
  for (let n = word(first); n--;) if (word(first + 2 + 12 * n) === 0x112) told.setUint16(first + 10 + 12 * n, 1, low);
  return told.buffer.slice(at, end);
}
async function smaller(file) {
  const picture = await createImageBitmap(file), canvas = document.createElement("canvas");
  const sides = [picture.width, picture.height], size = sides.map(side => side * Math.min(1, 1600 / Math.max(...sides)));
  [canvas.width, canvas.height] = size;
  canvas.getContext("2d").drawImage(picture, 0, 0, ...size);
  const made = await new Promise(done => canvas.toBlob(done, "image/jpeg", .7));
  return new Blob([made.slice(0, 2), await shot(file).catch(() => ""), made.slice(2)], { type: made.type });
}
const locate = then => navigator.geolocation?.getCurrentPosition(found => {
  place = found.coords;
  then?.();
}, null, { enableHighAccuracy: true });

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
    if (field && value.trim && name !== "device_key") field.value = value;
    else form.kept.push(pair);
  }
  form.row = row;
}
async function save(form) {
  await form.ready;
  const { kept, row, dataset: { name } } = form, { key, at } = row ?? { key: uuid(), at: Date.now() }, made = [];
  if (!row) {
    localStorage.device ??= uuid();
    localStorage.count = ~~localStorage.count + 1;
    made.push(["device_key", key], ["inspected_at", new Date(at).toISOString()], ["device", localStorage.device], ["device_count", localStorage.count]);
    if (place) made.push(["longitude", place.longitude.toFixed(6)], ["latitude", place.latitude.toFixed(6)], ["accuracy_m", Math.round(place.accuracy)]);
  }
  const typed = [...new FormData(form)].filter(([name, value]) => value.trim && !/mark|account|_key/.test(name));
  await store("put", { key, at, account, name, to: form.action, fields: [...typed, ...kept, ...made] });
  part.kept.hidden = false;
  form.replaceWith(part.kept);
  part.kept.focus();
  await tell();
  navigator.storage?.persist();
  send();
}

addEventListener("submit", event => {
  const { target: form, submitter } = event;
  if (!form.kept) return;
  event.preventDefault();
  event.stopPropagation();
  if (submitter.name === "all") {
    for (const one of form.querySelectorAll("[value=good]")) one.checked = true;
    form.elements.is_all_at_once.value = "yes";
  } else if (form.reportValidity()) save(form).catch(() => alert(say.full));
}, true);
addEventListener("change", ({ target }) => {
  const { form, name, type, value, files } = target;
  if (!form?.kept) return;
  if (type === "radio" && value !== "good") target.closest("fieldset").lastChild.open = true;
  for (const file of files ?? []) form.ready = Promise.all([form.ready, smaller(file).catch(() => null)]).then(([, photo]) => {
    const [told] = all("photos", form), n = form.kept.filter(pair => pair[2]).push(0);
    if (n > told.dataset.photos) return;
    form.kept.push([name, photo ?? file, file.name]);
    told.textContent = say.photos + n;
  });
  if (files) target.value = "";
});
box.addEventListener("click", async ({ target: { name, value } }) => {
  if (name === "drop" && confirm(say.sure)) await store("delete", value);
  if (name === "again") await store("put", { ...await store("get", value), reason: undefined });
  if (name) await send(), tell();
});

// what is nearest comes first
function near() {
  for (const row of rows) {
    const [east, north] = row.dataset.at.split(",");
    row.far = north ? Math.hypot((east - place.longitude) * Math.cos(north / 57.3), north - place.latitude) * 111.195 : 1e6;
    all("far", row)[0].textContent = north ? row.far.toFixed(2) + " km" : "";
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
  const edit = async () => {
    const row = await store("get", location.hash.slice(1));
    if (row?.account === account) show(forms.find(form => form.action === row.to), row);
  };
  for (const form of forms) form.parentNode.ontoggle = () => begin(form);
  // the asset that the address names, as its own page or by the code that was typed
  const named = location.href.toUpperCase().split(/[/=]/);
  show(forms.find(form => named.includes(form.action.split("/")[4])));
  onhashchange = edit;
  ononline = send;
  await edit();
  await tell();
  send();
});
if (rows[0]) {
  part.near.hidden = false;
  part.near.onclick = () => locate(near);
  navigator.permissions?.query({ name: "geolocation" }).then(can => can.state === "granted" && locate(near));
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
