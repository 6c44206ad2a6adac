/** A part of the page that is loaded: it is loading, empty, failed, or shown. */

import { element } from "../page/dom.js";
import { ShopError } from "./shop.js";

/** Fills `node` with what `fetch()` gives, drawn by `draw(list)`; failing, it offers to try again. */
export async function fill(node, words, name, { fetch, draw, waiting }) {
  node.replaceChildren(waiting?.() ?? "", note("loading", words.say(`${name}_loading`)));
  node.setAttribute("aria-busy", "true");
  try {
    const list = await fetch();
    node.replaceChildren(list.length ? draw(list) : note("empty", words.say(`${name}_empty`)));
  } catch (error) {
    if (!(error instanceof ShopError)) throw error;
    const again = () => fill(node, words, name, { fetch, draw, waiting });
    const retry = element("button", { type: "button", onclick: again }, words.say("retry"));
    node.replaceChildren(note("failed", words.say(`${name}_failed`), retry));
  }
  node.removeAttribute("aria-busy");
}

/** A sentence in the place of a list, with what one can do about it. */
export function note(kind, text, ...more) {
  return element("div", { className: `note ${kind}` }, element("p", {}, text), ...more);
}
