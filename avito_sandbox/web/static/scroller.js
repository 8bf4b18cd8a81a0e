// Whatever scrolls, seen from the rows: how far it is scrolled, how much is left.
import { config, element } from './page.js';

export function layout(pane) {
  const list = element('div', null, 'channels/list');
  const inner = element('div');
  pane.append(list);
  list.append(inner);
  const around = { parent: [pane], list: [pane, list], inner: [pane, list, inner], window: [] };
  const chain = around[config.scroll];
  chain.forEach((node, place) => {
    node.classList.add(config.classes[place === chain.length - 1 ? 'scroller' : 'bounded']);
  });
  const box = chain.length ? chain[chain.length - 1] : null;
  return { list, inner, scroller: box ? inBox(box) : inWindow() };
}

function inBox(box) {
  return {
    above: (content) => box.getBoundingClientRect().top - content.getBoundingClientRect().top,
    height: () => box.clientHeight,
    left: () => box.scrollHeight - box.scrollTop - box.clientHeight,
    listen: (heard) => box.addEventListener('scroll', heard, { passive: true }),
  };
}

function inWindow() {
  const root = document.documentElement;
  return {
    above: (content) => -content.getBoundingClientRect().top,
    height: () => innerHeight,
    left: () => root.scrollHeight - scrollY - innerHeight,
    listen: (heard) => addEventListener('scroll', heard, { passive: true }),
  };
}
