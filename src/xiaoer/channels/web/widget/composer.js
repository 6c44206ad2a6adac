/** Where the visitor writes. */

import { element, icon } from "../page/dom.js";
import * as icons from "./icons.js";

const MOST_CHARACTERS = 2_000;
const COUNTED_FROM = 1_600;
const MOST_HEIGHT_PX = 120;
const IME_KEY_CODE = 229; // what Safari reports for the Enter that ends a composition

/** A text field that grows, and a button. Enter sends, Shift+Enter begins a line. */
export class Composer {
  #words;
  #send;
  #field;
  #button;
  #counter;
  #isComposing = false;

  constructor(words, send) {
    this.#words = words;
    this.#send = send;
    this.#field = element("textarea", {
      rows: 1,
      placeholder: words.say("placeholder"),
      "aria-label": words.say("placeholder"),
      enterKeyHint: "send",
      oninput: () => this.#changed(),
      onkeydown: (event) => this.#pressed(event),
      oncompositionstart: () => (this.#isComposing = true),
      oncompositionend: () => (this.#isComposing = false),
    });
    this.#counter = element("span", { className: "counter", role: "status", hidden: true });
    this.#button = element("button", { className: "send", "aria-label": words.say("send") }, icon(icons.SEND));
    this.node = element("form", { className: "composer", onsubmit: (event) => this.#submit(event) });
    this.node.append(this.#field, this.#counter, this.#button);
    this.#changed();
  }

  /** What has been written and not sent. */
  get draft() {
    return this.#field.value;
  }

  set draft(text) {
    this.#field.value = text;
    this.#changed();
  }

  /** Puts the cursor into the field. */
  focus() {
    this.#field.focus();
  }

  /** Fits the field to its text; its height is known only while it is shown. */
  fit() {
    this.#field.style.height = "auto";
    if (this.#field.scrollHeight) this.#field.style.height = `${Math.min(this.#field.scrollHeight, MOST_HEIGHT_PX)}px`;
  }

  #changed() {
    const count = [...this.draft].length;
    this.#button.disabled = !this.draft.trim() || count > MOST_CHARACTERS;
    this.#counter.hidden = count < COUNTED_FROM;
    this.#counter.classList.toggle("over", count > MOST_CHARACTERS);
    this.#counter.textContent = this.#counter.hidden
      ? ""
      : this.#words.say("counter", { count, most: MOST_CHARACTERS });
    this.fit();
  }

  #pressed(event) {
    const isComposing = this.#isComposing || event.isComposing || event.keyCode === IME_KEY_CODE;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) this.#submit(event);
  }

  #submit(event) {
    event.preventDefault();
    if (this.#button.disabled) return;
    const text = this.draft.trim();
    this.draft = "";
    this.#send(text);
  }
}
