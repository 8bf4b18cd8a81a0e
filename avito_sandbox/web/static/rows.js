// A row of the list. Elements are made once and can be filled again with another chat.
import { config, element, hash, now } from './page.js';

const MONTHS = ['января', 'февраля', 'марта', 'апреля', 'мая', 'июня', 'июля', 'августа',
  'сентября', 'октября', 'ноября', 'декабря'];
const KINDS = { image: 'Изображение', voice: 'Голосовое сообщение', call: 'Пропущенный звонок',
  location: 'Геопозиция', link: 'Ссылка', item: 'Объявление', file: 'Файл', video: 'Видео',
  deleted: 'Сообщение удалено' };
const MOSCOW = 3 * 3600e3;
const DAY = 24 * 3600e3;
export const chatOf = new WeakMap(); // link -> channel

export function dateText(ns, id) {
  const at = new Date(ns / 1e6 + MOSCOW);
  const today = new Date(now() + MOSCOW);
  const days = Math.floor(today / DAY) - Math.floor(at / DAY);
  if (days <= 0) {
    if (hash(id) % 5 === 0) return 'сегодня';
    return [at.getUTCHours(), at.getUTCMinutes()].map((n) => String(n).padStart(2, '0')).join(':');
  }
  if (days === 1) return 'вчера';
  const text = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  return at.getUTCFullYear() === today.getUTCFullYear() ? text : `${text} ${at.getUTCFullYear()}`;
}

export function lastText(message) {
  if (!message) return '';
  if (message.preview) return message.preview.text;
  const body = message.body || {};
  if (body.text) return body.text.text ?? body.text;
  if (body.composite) return body.composite.chunks.map((chunk) => chunk.text.text).join('');
  return KINDS[message.type] || '';
}

export function path(channel) {
  const plain = `/profile/messenger/channel/${channel.id}`;
  if (config.hrefs === 'path') return plain;
  return [plain, location.origin + plain, `${plain}?source=list`][hash(channel.id) % 3];
}

export function makeRow() {
  const link = element('a', 'link', 'channels/channelLink');
  const row = element('div', 'row', 'channels/channel');
  const line = element('div', 'line');
  const parts = {
    name: element('div', 'name'),
    date: element('span', null, 'channels/channel-datetime'),
    item: element('div', 'item'),
    icon: element('i', 'icon'),
    last: element('span', null, 'channels/last-message'),
  };
  const bottom = element('div', 'last');
  line.append(parts.name, parts.date);
  bottom.append(parts.icon, parts.last);
  row.append(line, parts.item, bottom);
  link.append(row);
  link.parts = { row, ...parts };
  return link;
}

function mark(node, marker) {
  node.hidden = !marker;
  if (marker) node.setAttribute('data-marker', marker);
  else node.removeAttribute('data-marker');
}

export function fillRow(link, channel) {
  const { row, name, date, item, icon, last } = link.parts;
  const odd = hash(channel.id);
  chatOf.set(link, channel);
  link.setAttribute('href', path(channel));
  row.setAttribute('data-read', String(channel.isRead));
  if (config.data_ids === 'cut') {
    row.setAttribute('data-id', `${channel.id}\ud83d`);
  } else if (config.data_ids === 'all' || (config.data_ids === 'some' && odd % 4)) {
    row.setAttribute('data-id', channel.id);
  } else {
    row.removeAttribute('data-id');
  }
  const titles = ['user-title', 'channel-name'];
  const title = config.title_marker === 'mixed' ? titles[odd % 2] : config.title_marker;
  name.setAttribute('data-marker', `channels/${title}`);
  name.textContent = channel.info.name;
  const message = channel.lastMessage;
  date.textContent = dateText(message ? message.createdAt : channel.createdAt, channel.id);
  const about = channel.context && channel.context.item;
  item.textContent = about ? about.value.item.title : '';
  mark(item, about ? 'channels/item-title' : null);
  const ours = message && message.authorId === config.account;
  mark(icon, ours ? `icon/messenger-status-${message.isRead ? 'read' : 'sent'}` : null);
  last.textContent = lastText(message);
}
