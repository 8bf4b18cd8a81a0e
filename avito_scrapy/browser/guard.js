// Keeps the page from opening a chat: opening one marks it as read, for good.
// Runs before the page's own scripts, in every frame. `avitoGuard(kind)` counts in Python.
(() => {
  const ROW = '[data-marker="channels/channelLink"], [data-marker="channels/channel"]';
  const EVENTS = [
    "click", "auxclick", "dblclick", "contextmenu", "dragstart", "keydown", "keypress", "keyup",
    "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart", "touchend",
  ];
  const COUNTED = new Set(["click", "auxclick", "keydown"]);
  const report = (kind) => {
    try {
      window.avitoGuard(kind);
    } catch {
      // a frame that is going away
    }
  };
  const isChat = (url) => {
    try {
      const path = decodeURIComponent(new URL(url, document.baseURI).pathname);
      return /\/messenger\/channel(\/|$)/i.test(path);
    } catch {
      return false;
    }
  };
  const leadsToChat = (node) =>
    node instanceof Element &&
    (node.matches(ROW) || (node.matches("a[href], area[href]") && isChat(node.getAttribute("href"))));

  const makeInert = (event) => {
    if (event.type.startsWith("key") && event.key !== "Enter" && event.key !== " ") return;
    if (!event.composedPath().some(leadsToChat)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (COUNTED.has(event.type)) report("click");
  };
  for (const name of EVENTS) window.addEventListener(name, makeInert, { capture: true });

  for (const name of ["pushState", "replaceState"]) {
    const original = History.prototype[name];
    History.prototype[name] = function (state, title, url) {
      if (url !== undefined && url !== null && isChat(url)) {
        report("push_state");
        // Thrown, not passed over: a router that believes it has arrived would fetch the chat.
        throw new DOMException("Chats stay closed", "SecurityError");
      }
      return original.apply(this, arguments);
    };
  }
  // Navigations of any kind, before they become requests; those that slip by meet the network guard.
  window.navigation?.addEventListener("navigate", (event) => {
    if (!event.cancelable || !isChat(event.destination.url)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    report("navigation");
  });
  const open = window.open;
  window.open = function (url) {
    if (url !== undefined && isChat(url)) return report("navigation"), null;
    return open.apply(this, arguments);
  };
  // What a shared worker asks for cannot be watched from its page; pages do without (Safari did).
  delete window.SharedWorker;
})();
