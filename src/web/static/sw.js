// Pages where there is no network: the shell, the task packet of one account, and a page that says so.
const packet = () => caches.match("/inspections/packet"), who = answer => answer?.headers.get("taizhang-account");

async function begin() {
  for (const name of await caches.keys()) if (name !== "packet") await caches.delete(name);
  await (await caches.open(NAME)).addAll(SHELL);
  await skipWaiting();
}
addEventListener("install", event => event.waitUntil(begin()));
addEventListener("activate", event => event.waitUntil(clients.claim()));

async function page(request, path) {
  try {
    const answer = await fetch(request), own = who(answer);
    // what was taken along by another account is not left to this one
    if (own && own !== who(await packet())) await caches.delete("packet");
    return answer;
  } catch {
    return /\/(round|packet|inspect)$/.test(path) && await packet() || caches.match("/offline");
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
