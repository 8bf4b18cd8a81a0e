// The chats that the page knows, in the order of the list.
import { config } from './page.js';

export const items = [];
const known = new Set();

// Chats of a load go to the end; one that is known stays where it is.
export function append(channels) {
  const fresh = channels.filter((channel) => !known.has(channel.id));
  for (const channel of fresh) {
    known.add(channel.id);
    items.push(channel);
  }
  return fresh;
}

// A live update: the chat comes to the top. Returns the channel that was taken out, if any.
export function lift(channel) {
  let old = null;
  if (known.has(channel.id) && !config.jump_duplicates) {
    const place = items.findIndex((one) => one.id === channel.id);
    [old] = items.splice(place, 1);
  }
  known.add(channel.id);
  items.unshift(channel);
  return old;
}
