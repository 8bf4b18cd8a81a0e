// What every part of the page needs: its configuration, elements, a cheap hash.
export const config = JSON.parse(document.getElementById('page-config').textContent);
const started = Date.now();

export const now = () => config.now + Date.now() - started;

export function element(tag, name, marker) {
  const made = document.createElement(tag);
  if (name) made.className = config.classes[name];
  if (marker) made.setAttribute('data-marker', marker);
  return made;
}

export function hash(text) {
  let value = 7;
  for (let n = 0; n < text.length; n++) value = (value * 31 + text.charCodeAt(n)) >>> 0;
  return value;
}
