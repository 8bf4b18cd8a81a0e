// Puts the messenger page together.
import { config, element } from './page.js';
import { makeLoader } from './loader.js';
import { takeRoads } from './roads.js';
import { route } from './router.js';
import { layout } from './scroller.js';
import { append, lift } from './store.js';
import { makeView } from './views.js';
import { maybeWander } from './wander.js';

const app = document.getElementById('app');
const header = element('header', 'header');
const home = element('a');
home.href = '/profile';
home.textContent = 'Профиль';
header.append(home);
const main = element('div', 'main');
const aside = element('aside', 'aside'); // scrolls too, and is not the list
for (let n = 0; n < 20; n++) aside.append(element('p'));
const pane = element('section', 'pane');
main.append(aside, pane);
app.append(header, main);

const { list, inner, scroller } = layout(pane);
route(list, pane, main);
const view = makeView(inner, scroller);
const loader = makeLoader(inner, scroller, (channels, pages) => {
  view.appended(append(channels));
  maybeWander(list, pages);
});

let planned = false;
scroller.listen(() => {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    view.scrolled();
    loader.check();
  });
});
addEventListener('resize', () => view.scrolled());
addEventListener('list-shown', () => view.scrolled());

if (config.live) {
  const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/socket`);
  socket.addEventListener('message', (event) => {
    const { channel } = JSON.parse(event.data);
    view.lifted(channel, lift(channel));
  });
}
loader.start();
if (config.roads) takeRoads();
