// Gathers the rows of the chat list as they appear, however short they stay (rows may be
// virtualised or recycled), and does the scrolling. Python drains it; what was drained is dropped.
// `avitoNews()` wakes Python when there is something to drain.
(() => {
  if (window !== window.top) return;
  const LINK = '[data-marker="channels/channelLink"]';
  const CHANNEL = '[data-marker="channels/channel"]';
  const ROW = `${LINK}, ${CHANNEL}`;
  let pending = new Map();
  let box = null;

  const outermost = (node) => {
    let row = node.closest(ROW);
    for (let up = row; up; up = up.parentElement?.closest(ROW)) row = up;
    return row;
  };
  const facts = (row) => {
    const own = (selector) => (row.matches(selector) ? row : row.querySelector(selector));
    const text = (name) => {
      const found = row.querySelector(`[data-marker="channels/${name}"]`)?.textContent.trim();
      // half a character (a cut emoji) can be written to no file
      return (found?.toWellFormed?.() ?? found) || null;
    };
    const channel = own(CHANNEL);
    return {
      href: (own(LINK) ?? row.querySelector("a[href]"))?.getAttribute("href") ?? null,
      data_id: channel?.getAttribute("data-id") || null,
      read: channel?.getAttribute("data-read") ?? null,
      name: text("user-title") ?? text("channel-name"),
      item: text("item-title"),
      text: text("last-message"),
      when: text("channel-datetime"),
      out: [...row.querySelectorAll('[data-marker^="icon/messenger-status"]')].some(
        (icon) => getComputedStyle(icon).display !== "none"),
    };
  };
  let firstSeen = null;
  const note = (row) => {
    if (!firstSeen?.isConnected) firstSeen = row;
    const found = facts(row);
    const key = `${found.data_id} ${found.href}`;
    if (!found.href && !found.data_id) return;
    if (pending.size === 0) window.avitoNews?.();
    pending.set(key, found);
  };
  const take = (records) => {
    const rows = new Set();
    const add = (element) => {
      const row = element && outermost(element);
      if (row?.isConnected) rows.add(row);
    };
    for (const record of records) {
      const target = record.target;
      add(target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement);
      for (const node of record.addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        if (node.matches(ROW)) add(node);
        for (const inner of node.querySelectorAll(ROW)) add(inner);
      }
    }
    rows.forEach(note);
    if (rows.size && ahead.length) going ??= goOn();
  };
  const observer = new MutationObserver(take);
  observer.observe(document, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ["href", "data-id", "data-read", "data-marker"],
  });

  const scrolls = (node) =>
    node.scrollHeight > node.clientHeight + 1 &&
    // what the body says of scrolling is the window's, unless the root says something itself
    !(node === document.body && getComputedStyle(document.documentElement).overflowY === "visible") &&
    /auto|scroll|overlay/.test(getComputedStyle(node).overflowY);
  const drawnOnPage = (node) => Boolean(node?.getClientRects().length);
  // A row that is drawn; the first in the document may be a template that never is.
  const anyRow = () => {
    const first = document.querySelector(ROW);
    if (!first || drawnOnPage(first)) return first;
    return [...document.querySelectorAll(ROW)].find(drawnOnPage) ?? null;
  };
  // The nearest thing around the rows that scrolls, else the window; found anew when it changes.
  const scroller = () => {
    const root = document.scrollingElement ?? document.documentElement;
    const start = anyRow() ?? document.querySelector('[data-marker="channels/list"]');
    if (box?.isConnected && box !== root && scrolls(box) && (!start || box.contains(start))) return box;
    box = root;
    for (let node = start?.parentElement; node && node !== root; node = node.parentElement) {
      if (scrolls(node)) { box = node; break; }
    }
    return box;
  };
  // Until the page has drawn what a scroll brings: a frame, and a task after it. A page that is not
  // on a screen gets none; one that is may get its frame late, when the machine is busy.
  const drawn = () =>
    Promise.race([
      new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0))),
      new Promise((done) => setTimeout(done, document.visibilityState === "visible" ? 1000 : 150)),
    ]);
  // Whether rows stand where one has scrolled to: a virtualised list may draw them late.
  const covered = (node) => {
    const row = anyRow()?.getBoundingClientRect();
    if (!row) return true;
    const area = node === document.scrollingElement
      ? { top: 0, bottom: innerHeight } : node.getBoundingClientRect();
    const top = Math.max(area.top, 0);
    const bottom = Math.min(area.bottom, innerHeight);
    // A row far above that is still there: rows are kept, and hit-testing thousands is slow.
    if (firstSeen?.isConnected && firstSeen.getBoundingClientRect().bottom < 2 * top - bottom)
      return true;
    const x = Math.min(Math.max(row.left + row.width / 2, 0), innerWidth - 1);
    const hits = [0.25, 0.5, 0.75].filter((share) =>
      document.elementsFromPoint(x, top + (bottom - top) * share).some((el) => el.closest(ROW)));
    return hits.length > 1;
  };
  let blanks = 0;
  const settled = async (node) => {
    await drawn();
    // a page that never covers its list is taken as it is
    for (let waits = 0; blanks < 3 && !atBottom(node) && !covered(node); waits++) {
      if (waits === 10) { blanks += 1; return; }
      await new Promise((done) => setTimeout(done, 30));
    }
  };
  const atBottom = (node) => node.scrollTop + node.clientHeight >= node.scrollHeight - 4;

  const scrollBy = async (step) => {
    const node = scroller();
    // never past rows that have not been on the screen: a virtualised list draws no others
    const most = node.clientHeight * 0.9;
    node.scrollBy({ top: Math.max(-most * 8, Math.min(step, most)), behavior: "instant" });
    await settled(node);
    return !atBottom(scroller());
  };
  // Steps for rows that come after a look has ended at the bottom: they are not to wait for Python.
  let ahead = [];
  let going = null;
  const goOn = async () => {
    while (ahead.length && !atBottom(scroller()) && (await scrollBy(ahead.shift())));
    going = null;
  };
  const look = async ({ steps, after }) => {
    ahead = [];
    await going;
    for (const step of steps) {
      if (!(await scrollBy(step))) break;
    }
    take(observer.takeRecords());
    const rows = [...pending.values()];
    pending = new Map();
    const node = scroller();
    if (atBottom(node)) ahead = after;
    return {
      rows,
      has_rows: anyRow() !== null,
      has_list: drawnOnPage(document.querySelector('[data-marker="channels/list"]')),
      bottom: atBottom(node),
      client: node.clientHeight,
      document: performance.timeOrigin,
      complete: document.readyState === "complete",
    };
  };
  // Whatever scrolls around the list goes to its end: the list's own end may lie below the screen.
  const outwards = () => {
    const root = document.scrollingElement ?? document.documentElement;
    const ends = new Set([root]);
    for (let node = scroller().parentElement; node; node = node.parentElement) {
      if (scrolls(node)) ends.add(node);
    }
    ends.delete(scroller());
    for (const node of ends) node.scrollTo({ top: node.scrollHeight, behavior: "instant" });
  };

  const visible = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility !== "hidden";
  const area = (node) => {
    const { width, height } = node.getBoundingClientRect();
    return width * height;
  };
  const withText = (...words) => {
    // spaces that do not break are written like others
    const text = 'translate(., "\u00a0\u202f", "  ")';
    const test = words.map((word) => `contains(${text}, "${word}")`).join(" or ");
    const found = document.evaluate(
      `//body//text()[${test}]`, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE, null);
    const nodes = [];
    for (let i = 0; i < found.snapshotLength; i++) {
      const node = found.snapshotItem(i).parentElement;
      // what people wrote is not what the page says
      if (!node.closest(`${ROW}, script, style, noscript, template`) && visible(node)) nodes.push(node);
    }
    return nodes;
  };
  const said = (node) =>
    (node.textContent.trim() || node.value || node.getAttribute("aria-label") || "").replace(/\s+/g, " ").trim();
  const MORE = new RegExp(
    "^((показать|загрузить|подгрузить|посмотреть|смотреть) ?(ещ[её]|больше|дальше|следующие)" +
    "|ещ[её]$|(load|show) more)", "i");
  const RETRY = new RegExp(
    "^((повторить|перезагрузить)|(попробовать|попробуйте|загрузить) (ещ[её] раз|снова|заново)" +
    "|обновить( список| страницу)?$|try again|retry|reload)", "i");
  const MARKER = /(^|[^a-z])(load-?more|show-?more|more|retry|reload|try-?again)([^a-z]|$)/i;
  const PRESSED = "button, a, [role=button], input[type=button], input[type=submit]";
  // Buttons that load more of the list or load it again, by what they say or by their marker; those
  // behind the rows first: others may belong to anything. They take turns.
  const press = (turn) => {
    const row = anyRow();
    const behind = (node) => !row || Boolean(row.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING);
    const offers = (node) =>
      MORE.test(said(node)) || RETRY.test(said(node)) ||
      (row && behind(node) && MARKER.test(node.getAttribute("data-marker") ?? ""));
    const texts = withText("оказать", "ОКАЗАТЬ", "агрузить", "ЗАГРУЗИТЬ", "одгрузить", "мотреть",
      "овторить", "ПОВТОРИТЬ", "опробовать", "ПОПРОБОВАТЬ", "опробуйте", "бновить");
    const found = [...document.querySelectorAll(PRESSED), ...texts.map((node) => node.closest(PRESSED) ?? node)]
      .filter((node) => !node.closest(ROW) && visible(node) && offers(node));
    const buttons = [...new Set(found)].sort((one, other) => behind(other) - behind(one));
    const off = (node) => node.disabled || node.getAttribute("aria-disabled") === "true";
    const ready = buttons.filter((node) => !off(node));
    if (ready.length) ready[turn % ready.length].click();
    return ready.length ? "pressed" : buttons.length ? "disabled" : null;
  };
  // `sure` by address or title; `likely` by texts, which may stand there while a page is drawn;
  // `weak` by what may be there for a moment, or for other ends.
  const CHECKS = [
    "captcha", "geetest", "firewall-container",
  ].flatMap((name) => [`[data-marker*="${name}" i]`, `[id*="${name}" i]`, `[class*="${name}" i]`]);
  const FRAMES = 'iframe[src*="captcha" i], iframe[src*="geetest" i]';
  const TRACES = '[class*="h-captcha" i], [class*="geetest" i], [id*="geetest" i], ' +
    '[class*="firewall-container" i], [id*="firewall-container" i], script[src*="geetest" i]';
  const marks = () => {
    const none = { sure: null, likely: null, weak: null };
    if (/доступ (с вашего ip )?(временно )?ограничен/i.test(document.title)) return { ...none, sure: "robot" };
    if (/^#login/i.test(location.hash) || /^\/(login|auth)\b/.test(location.pathname))
      return { ...none, sure: "login" };
    const bare = !anyRow();
    const checks = () => [...document.querySelectorAll([FRAMES, ...CHECKS].join(", "))];
    if (
      withText("не робот", "Доступ ограничен", "Доступ временно ограничен", "Доступ с вашего IP",
        "проблема с IP").length > 0 ||
      (bare && checks().some((node) => visible(node) && area(node) > 0))
    ) return { ...none, likely: "robot" };
    const asks = (node) => visible(node) && /введите телефон/i.test(
      `${node.placeholder} ${node.getAttribute("aria-label")}`);
    if (
      withText("Введите телефон").length > 0 || [...document.querySelectorAll("input")].some(asks) ||
      (bare && withText("Войти", "войти").some((node) => /^войти(?![а-яё])/i.test(said(node))))
    ) return { ...none, likely: "login" };
    const waits = () => withText("Подождите, идет загрузка", "Подождите, идёт загрузка").length > 0;
    if (bare && (document.querySelector(TRACES) || waits())) return { ...none, weak: "robot" };
    return none;
  };
  Object.defineProperty(window, "__avitoCollector", { value: { look, outwards, press, marks } });
})();
