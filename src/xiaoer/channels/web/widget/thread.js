/** The list of messages, in order, with what belongs to its end: quick replies, typing sign, new-message pill. */

import { element, icon } from "../page/dom.js";
import { messageNode, pendingNode, quickRepliesNode } from "./bubbles.js";
import * as icons from "./icons.js";

const NEAR_END_PX = 80;
const TYPING_MS = 30_000;

/** Shows messages as they come. `act` hears `say(text)` and `retry(messageId)`, and knows `pictureAddress(id)`. */
export class Thread {
  #words;
  #act;
  #list;
  #tail;
  #typingSign;
  #pill;
  #typingEnds = 0;
  #isAtEnd = true;

  constructor(words, act) {
    this.#words = words;
    this.#act = act;
    this.#typingSign = element(
      "div",
      { className: "typing", hidden: true },
      element("span", { className: "hidden" }, words.say("typing")),
      element("i"),
      element("i"),
      element("i"),
    );
    this.#tail = element("div", { className: "tail" });
    this.#list = element("div", {
      className: "list",
      role: "log",
      "aria-live": "polite",
      "aria-label": words.say("messages"),
      tabIndex: 0,
    });
    this.#list.append(this.#typingSign, this.#tail);
    this.#list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    new ResizeObserver(() => this.#follow()).observe(this.#list);
    this.#pill = element(
      "button",
      { type: "button", className: "pill", hidden: true, onclick: () => this.toEnd() },
      words.say("new_messages"),
      icon(icons.DOWN),
    );
    this.node = element("div", { className: "thread" }, this.#list, this.#pill);
  }

  /** Shows a message at its place in the order. */
  add(message) {
    const node = messageNode(message, this.#words, this.#act);
    for (const photo of node.querySelectorAll(".photo")) photo.addEventListener("load", () => this.#follow());
    this.#place(node, message.sequence);
    this.#follow(message.from === "shop");
    if (message.from === "shop" && this.#isAtEnd) this.#showBeginning(node);
  }

  /** Turns a message on its way into a sent one. */
  settle(message) {
    this.#pending(message.message_id)?.remove();
    this.add(message);
  }

  /** Shows a message that is on its way, or how it fares. */
  pend(item) {
    const node = pendingNode(item, this.#words, this.#act);
    const shown = this.#pending(item.message_id);
    if (shown) shown.replaceWith(node);
    else this.#typingSign.before(node);
    this.#follow();
  }

  /** Shows what the visitor may answer to the last message, and nothing when `message` is null. */
  offer(message, ...more) {
    const buttons = message && quickRepliesNode(message, this.#words, (text) => this.#act.say(text));
    this.#tail.replaceChildren(...[buttons, ...more].filter(Boolean));
    this.#follow();
  }

  /** Shows or hides the sign that the shop is writing. */
  type(isTyping) {
    clearTimeout(this.#typingEnds);
    this.#typingSign.hidden = !isTyping;
    if (isTyping) this.#typingEnds = setTimeout(() => this.type(false), TYPING_MS);
    this.#follow();
  }

  /** Scrolls to the last message. */
  toEnd() {
    this.#isAtEnd = true;
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#pill.hidden = true;
  }

  #place(node, sequence) {
    const later = [...this.#list.querySelectorAll("[data-sequence]")].find(
      (shown) => Number(shown.dataset.sequence) > sequence,
    );
    const end = this.#list.querySelector("[data-message]") ?? this.#typingSign;
    (later ?? end).before(node);
  }

  #pending(messageId) {
    return [...this.#list.querySelectorAll("[data-message]")].find((node) => node.dataset.message === messageId);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (this.#isAtEnd) this.#pill.hidden = true;
  }

  /** A long answer is read from its beginning. */
  #showBeginning(node) {
    if (node.offsetHeight <= this.#list.clientHeight) return;
    this.#isAtEnd = false;
    // By the list alone: scrollIntoView would move what is around it too, and the panel's header out of sight.
    this.#list.scrollTop += node.getBoundingClientRect().top - this.#list.getBoundingClientRect().top;
  }

  #follow(isNews = false) {
    if (this.#isAtEnd) this.toEnd();
    else if (isNews) this.#pill.hidden = false;
  }
}
