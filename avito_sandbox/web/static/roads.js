// Tries every road to a chat that a page has. Each names its chat after itself, so that the
// sandbox can tell which of them arrived.
const chat = (road) => `/profile/messenger/channel/${road}`;
const other = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
const elsewhere = `${location.protocol}//${other}:${location.port}`;
const socket = `ws://${location.host}`;
const body = (road) => JSON.stringify({ method: 'messenger.readChats.v2', channelId: road });
const post = (path, road, more) =>
  fetch(path, { method: 'POST', body: body(road), mode: 'no-cors', ...more });
const add = (tag, properties, parent = document.body) =>
  parent.appendChild(Object.assign(document.createElement(tag), properties));
const link = (rel, road, more) => add('link', { rel, href: chat(road), ...more });
const frame = (properties) => add('iframe', properties);

const roads = {
  fetch: () => fetch(chat('fetch')),
  'fetch-redirected': () => fetch('/roads/to/fetch-redirected'),
  escaped: () => fetch('/profile/messenger/%63hannel/escaped'),
  keepalive: () => fetch(chat('keepalive'), { keepalive: true }),
  later: () => fetchLater(chat('later'), { activateAfter: 0 }),
  xhr: () => {
    const request = new XMLHttpRequest();
    request.open('GET', chat('xhr'));
    request.send();
  },
  beacon: () => navigator.sendBeacon(chat('beacon'), 'x'),
  'beacon-redirected': () => navigator.sendBeacon('/roads/to/beacon-redirected', 'x'),
  ping: () => add('a', { href: '#', ping: chat('ping'), textContent: 'x' }).click(),
  source: () => new EventSource(chat('source')),
  image: () => { new Image().src = chat('image'); },
  style: () => link('stylesheet', 'style'),
  background: () => { document.body.style.backgroundImage = `url(${chat('background')})`; },
  script: () => add('script', { src: chat('script') }),
  import: () => import(chat('import')),
  media: () => add('audio', { src: chat('media'), preload: 'auto' }),
  object: () => add('object', { data: chat('object') }),
  embed: () => add('embed', { src: chat('embed') }),
  prefetch: () => link('prefetch', 'prefetch'),
  preload: () => link('preload', 'preload', { as: 'fetch' }),
  modulepreload: () => link('modulepreload', 'modulepreload'),
  rules: () => add('script', {
    type: 'speculationrules',
    textContent: JSON.stringify({
      prefetch: [{ urls: [chat('rules-prefetch')], eagerness: 'immediate' }],
      prerender: [{ urls: [chat('rules-prerender')], eagerness: 'immediate' }],
    }),
  }),
  frame: () => frame({ src: chat('frame') }),
  'frame-redirected': () => frame({ src: '/roads/to/frame-redirected' }),
  form: () => {
    frame({ name: 'formed' });
    add('form', { method: 'post', action: chat('form'), target: 'formed' }).submit();
  },
  'form-tab': () =>
    add('form', { method: 'post', action: chat('form-tab'), target: '_blank' }).submit(),
  worker: () => new Worker('/roads/worker.js?worker'),
  'shared-worker': () => new SharedWorker('/roads/worker.js?shared-worker'),
  'service-worker': () => navigator.serviceWorker.register('/roads/worker.js?service-worker'),
  'cross-site': () => frame({ src: `${elsewhere}/roads/frame?cross-site` }),
  sandboxed: () => frame({ src: '/roads/frame?sandboxed', sandbox: 'allow-scripts' }),
  reports: () => frame({ src: '/roads/reports' }),
  tab: () => window.open('/roads/to/tab'),
  'tab-alone': () => window.open('/roads/to/tab-alone', '_blank', 'noopener'),
  'tab-link': () => add('a', { href: chat('tab-link'), target: '_blank' }).click(),
  'empty-tab': () => {
    const tab = window.open('about:blank');
    const done = () => fetch('/roads/done/empty-tab', { method: 'POST' });
    tab.navigator.sendBeacon(chat('empty-tab-beacon'), 'x');
    return tab.fetch(new URL('/roads/to/empty-tab', location)).then(done, done);
  },
  socket: () => new WebSocket(`${socket}${chat('socket')}`),
  frames: () => {
    const open = new WebSocket(`${socket}/socket`);
    open.onopen = () => {
      open.send(body('text-frame'));
      open.send(new TextEncoder().encode(body('binary-frame')));
    };
  },
  fallback: () => post('/socket/fallback', 'fallback'),
  'read-call': () => post('/web/1/messenger/readChat', 'read-call'),
  body: () => post('/web/1/messenger/getHistory', 'u2i-1-body'),
  'body-beacon': () => navigator.sendBeacon('/web/1/messenger/getHistory', body('u2i-1-beacon')),
  // Chromium says no after a wait that it draws by lot, of up to a minute; the request is long out.
  identity: () => navigator.credentials.get({
    signal: AbortSignal.timeout(2000),
    identity: { providers: [{ configURL: location.origin + chat('identity'), clientId: '1' }] },
  }),
  payment: () => new PaymentRequest(
    [{ supportedMethods: location.origin + chat('payment') }],
    { total: { label: 'x', amount: { currency: 'RUB', value: '1' } } },
  ).canMakePayment(),
};

function leaving(event) {
  const road = `closing-${event.type}`;
  navigator.sendBeacon(chat(`${road}-beacon`), 'x');
  fetch(chat(`${road}-keepalive`), { keepalive: true }).catch(() => null);
  post('/web/1/messenger/readChat', `${road}-read`, { keepalive: true }).catch(() => null);
  post('/web/1/messenger/getHistory', `u2i-1-${road}`, { keepalive: true }).catch(() => null);
}

async function take(name) {
  try {
    await roads[name]();
  } catch {
    // whoever stops us stops us
  }
  await fetch(`/roads/done/${name}-taken`, { method: 'POST' });
}

export function takeRoads() {
  for (const type of ['pagehide', 'unload']) addEventListener(type, leaving);
  document.addEventListener('visibilitychange', leaving);
  try {
    fetchLater(chat('closing-later'));
  } catch {
    // not to be had
  }
  for (const name of Object.keys(roads)) take(name);
}
