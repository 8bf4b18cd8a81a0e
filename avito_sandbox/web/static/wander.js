// The page leaves by itself.
import { config } from './page.js';
import { openChat, show } from './router.js';
import { chatOf } from './rows.js';
import { items } from './store.js';

let left = config.wanderLeft;

function somebody(list) {
  const links = [...list.querySelectorAll('a')].filter((link) => chatOf.has(link));
  return links.length ? links[Math.floor(links.length / 2)] : null;
}

function go(list) {
  const link = somebody(list);
  const channel = link ? chatOf.get(link) : items[0];
  const elsewhere = config.wander_to === 'elsewhere';
  const way = config.wander_to === 'redirected' ? '/roads/to' : '/profile/messenger/channel';
  const address = elsewhere ? '/profile' : `${way}/${channel.id}`;
  if (config.wander === 'click') {
    (elsewhere ? document.querySelector('a[href="/profile"]') : link).click();
  } else if (config.wander === 'location_assign') {
    location.assign(address);
  } else if (config.wander === 'location_href') {
    location.href = address;
  } else {
    const how = config.wander === 'push_state' ? 'pushState' : 'replaceState';
    if (!elsewhere) return openChat(channel, how);
    history[how]({}, '', address);
    show('Профиль');
  }
  return null;
}

export function maybeWander(list, pages) {
  if (left <= 0 || pages < config.wander_after || !items.length) return;
  // a page that is about to leave the list for good leaves it once
  left = config.wander_to === 'channel' ? left - 1 : 0;
  navigator.sendBeacon('/web/1/stat');
  setTimeout(async () => {
    try {
      await go(list);
    } catch {
      // whoever stops us stops us
    }
  }, 20);
}
