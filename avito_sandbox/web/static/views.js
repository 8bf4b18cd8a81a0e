// Three ways of showing the chats: all rows kept, only those in view, the same few elements refilled.
import { config, element } from './page.js';
import { chatOf, fillRow, makeRow } from './rows.js';
import { items } from './store.js';

const ROW = 72; // px, as in style.css
const MARGIN = 4; // rows beyond the edges of the view

function rowFor(channel) {
  const row = makeRow();
  fillRow(row, channel);
  return row;
}

function keptView(box) {
  return {
    appended(channels) {
      const all = document.createDocumentFragment();
      channels.forEach((channel) => all.append(rowFor(channel)));
      box.append(all);
    },
    lifted(channel, old) {
      const there = old && [...box.children].find((row) => chatOf.get(row) === old);
      if (there) there.remove();
      box.prepend(rowFor(channel));
    },
    scrolled() {},
  };
}

function windowed(box, scroller) {
  const first = Math.max(0, Math.floor(scroller.above(box) / ROW) - MARGIN);
  const count = Math.ceil(scroller.height() / ROW) + 2 * MARGIN;
  box.style.height = `${items.length * ROW}px`;
  return { first, last: Math.min(items.length, first + count), count };
}

function place(row, index) {
  row.style.transform = `translateY(${index * ROW}px)`;
}

function virtualView(box, scroller) {
  const shown = new Map(); // channel -> row
  function render() {
    const { first, last } = windowed(box, scroller);
    const wanted = new Set(items.slice(first, last));
    for (const [channel, row] of shown) {
      if (!wanted.has(channel)) {
        row.remove();
        shown.delete(channel);
      }
    }
    for (let index = first; index < last; index++) {
      const channel = items[index];
      let row = shown.get(channel);
      if (!row) {
        row = rowFor(channel);
        shown.set(channel, row);
        box.append(row);
      }
      place(row, index);
    }
  }
  return { appended: render, lifted: render, scrolled: render };
}

function recycledView(box, scroller) {
  const pool = [];
  function render() {
    const { first, last, count } = windowed(box, scroller);
    while (pool.length < Math.min(count, items.length)) {
      const row = makeRow();
      pool.push(row);
      box.append(row);
    }
    for (let index = first; index < last; index++) {
      const row = pool[index % pool.length];
      if (chatOf.get(row) !== items[index]) fillRow(row, items[index]);
      place(row, index);
    }
  }
  return { appended: render, lifted: render, scrolled: render };
}

export function makeView(inner, scroller) {
  const box = element('div', config.rows === 'kept' ? null : 'space');
  inner.append(box);
  if (config.rows === 'kept') return keptView(box);
  return config.rows === 'virtualised' ? virtualView(box, scroller) : recycledView(box, scroller);
}
