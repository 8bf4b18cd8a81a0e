// Opening a chat inside the page, and coming back.
import { config, element } from './page.js';
import { chatOf } from './rows.js';

let pane;
let dialog;

export function show(what) {
  dialog.textContent = what || '';
  pane.hidden = Boolean(what);
  if (!what) dispatchEvent(new Event('list-shown'));
}

// Keeps its own idea of where the page is, as routers do: whatever the address bar says.
export async function openChat(channel, how = 'pushState') {
  const address = `/profile/messenger/channel/${channel.id}`;
  history[how]({ chat: channel.id }, '', address);
  show(`Чат: ${channel.info.name}`);
  channel.isRead = true;
  if (config.open_by === 'page') {
    await (await fetch(address)).text();
  } else {
    const body = JSON.stringify({ channelId: channel.id });
    await fetch('/web/1/messenger/openChannel', { method: 'POST', body });
  }
}

export function route(list, listPane, main) {
  pane = listPane;
  dialog = element('section', 'dialog');
  main.append(dialog);
  list.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    openChat(chatOf.get(link)).catch(() => {});
  });
  addEventListener('popstate', () => {
    if (!/\/channel\//.test(location.pathname)) show(null);
  });
}
