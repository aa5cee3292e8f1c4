// Pages where there is no network: the shell, the task packet of one account, and a page that says so.
const PACKET = "/inspections/packet", OF_PACKET = /^\/(inspections\/(round|packet)|assets\/[^/]+\/inspect)$/, WHO = "taizhang-account";

addEventListener("install", event => event.waitUntil(caches.open(NAME).then(shell => shell.addAll(SHELL)).then(() => skipWaiting())));
addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== NAME && name !== "packet") await caches.delete(name);
  await clients.claim();
})()));

async function page(request, path) {
  try {
    const answer = await fetch(request), who = answer.headers.get(WHO), packet = who && await caches.match(PACKET);
    // what was taken along by another account is not left to this one
    if (packet && packet.headers.get(WHO) !== who) await caches.delete("packet");
    return answer;
  } catch {
    return OF_PACKET.test(path) && await caches.match(PACKET) || caches.match("/offline");
  }
}

addEventListener("fetch", event => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.method === "POST" && pathname === "/sign-out") event.waitUntil(caches.delete("packet"));
  if (request.method !== "GET") return;
  if (pathname.startsWith("/static/")) event.respondWith(caches.match(request).then(found => found ?? fetch(request)));
  else if (request.mode === "navigate") event.respondWith(page(request, pathname));
});
