// Loads the pages of the list, one after another.
import { config, element } from './page.js';

const NEAR = 400; // px from the end
const state = { loading: false, failed: false, waiting: false, more: true, rests: null, planned: null, cursor: null, pages: 0 };

// A page that is on its way out asks for nothing more.
function leave(go) {
  state.more = false;
  go();
}

async function ask() {
  const other = config.transport === 'other';
  const answer = await fetch(other ? '/web/3/feed' : '/web/1/messenger/getChannels', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify({
      limit: 30,
      filters: { excludeTags: [2, 3], anyTags: [] },
      offsetTimestamp: state.cursor,
      category: 1,
    }),
  });
  if (answer.status === 401) leave(() => { location.href = '/#login?authsrc=h&next=%2Fprofile%2Fmessenger'; });
  if (answer.status === 403) leave(() => location.reload());
  if (!answer.ok) throw new Error(String(answer.status));
  const body = await answer.json();
  if (!other) return body.success;
  return { hasMore: body[0], channels: body[1].map((text) => JSON.parse(text)) };
}

export function makeLoader(inner, scroller, took) {
  const footer = element('div');
  inner.append(footer);

  function button(text, pressed) {
    const made = element('button', 'button');
    made.type = 'button';
    made.textContent = text;
    made.addEventListener('click', () => {
      footer.replaceChildren();
      pressed();
    });
    footer.replaceChildren(made);
  }

  function take({ channels, hasMore }) {
    state.more = hasMore;
    state.pages += 1;
    for (const { sortingTimestamp: at } of channels) {
      if (state.cursor === null || at < state.cursor) state.cursor = at;
    }
    const every = config.more_button === 'always' ? 1 : config.more_every;
    if (hasMore && config.more_button !== 'none' && state.pages % every === 0) {
      state.waiting = true;
      button('Показать ещё', () => {
        state.waiting = false;
        load();
      });
    }
    took(channels, state.pages);
  }

  async function load() {
    if (state.loading || !state.more || state.waiting) return;
    state.loading = true;
    state.failed = false;
    let empty = false;
    try {
      const answer = await ask();
      take(answer);
      empty = !answer.channels.length;
    } catch {
      state.failed = true;
      const label = { retry_button: 'Повторить', more_button: 'Загрузить ещё' }[config.fail_mode];
      const until = performance.now() + config.back_off_ms;
      state.rests = () => performance.now() < until;
      const retry = () => (state.rests() ? button(label, retry) : load());
      if (label) button(label, retry);
    }
    state.loading = false;
    if (!state.failed && !empty) requestAnimationFrame(check);
  }

  function check() {
    if (state.failed && (config.fail_mode !== 'scroll_retry' || state.rests())) return;
    if (scroller.left() >= NEAR) return;
    if (!config.ask_delay_ms) load();
    else state.planned ??= setTimeout(() => { state.planned = null; load(); }, config.ask_delay_ms);
  }

  return {
    check,
    start() {
      if (config.first) take(config.first.success);
      else load();
      requestAnimationFrame(() => { if (config.first) check(); });
    },
  };
}
