/** Builds elements without ever reading markup: every text becomes a text node. */

const SVG = "http://www.w3.org/2000/svg";
const WEB_ADDRESS = /https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]*[\w\-~/#=&%+]/g;

/**
 * Makes an element. `properties` are DOM properties, attributes (`aria-…`, `data-…`) or listeners (`onclick`);
 * absent values are left out. `children` are nodes or texts; absent and empty ones are left out.
 */
export function element(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) set(node, name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Makes a drawing from path data on a 24 by 24 field; it is hidden from screen readers. */
export function icon(path) {
  const drawing = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

/** Splits a text into texts and links. Only http and https addresses become links. */
export function linked(text) {
  const parts = [];
  let end = 0;
  for (const { 0: address, index } of text.matchAll(WEB_ADDRESS)) {
    const link = { href: address, target: "_blank", rel: "noopener noreferrer" };
    parts.push(text.slice(end, index), element("a", link, address));
    end = index + address.length;
  }
  return [...parts, text.slice(end)];
}

function set(node, name, value) {
  if (value === null || value === undefined) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name in node && !name.includes("-")) node[name] = value;
  else node.setAttribute(name, value);
}
