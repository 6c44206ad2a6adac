/** Where the visitor writes. */

import { element, icon } from "../page/dom.js";
import * as icons from "./icons.js";
import { KINDS, Tray } from "./tray.js";

const MOST_CHARACTERS = 2_000;
const COUNTED_FROM = 1_600;
const MOST_HEIGHT_PX = 120;
const IME_KEY_CODE = 229; // what Safari reports for the Enter that ends a composition

/**
 * A text field that grows, pictures to go with it, and buttons. Enter sends, Shift+Enter begins a line. `act` hears
 * `say(text, pictures)` and `upload(file, progressed)`.
 */
export class Composer {
  #words;
  #act;
  #field;
  #button;
  #counter;
  #chooser;
  #attach;
  #isComposing = false;

  constructor(words, act) {
    this.#words = words;
    this.#act = act;
    this.tray = new Tray(words, {
      upload: (file, progressed) => act.upload(file, progressed),
      changed: () => this.#changed(),
      removed: () => this.#attach.focus(),
    });
    this.#field = element("textarea", {
      rows: 1,
      placeholder: words.say("placeholder"),
      "aria-label": words.say("placeholder"),
      enterKeyHint: "send",
      oninput: () => this.#changed(),
      onkeydown: (event) => this.#pressed(event),
      onpaste: (event) => this.#pasted(event),
      oncompositionstart: () => (this.#isComposing = true),
      oncompositionend: () => (this.#isComposing = false),
    });
    this.#counter = element("span", { className: "counter", role: "status", hidden: true });
    this.#button = element("button", { className: "send", "aria-label": words.say("send") }, icon(icons.SEND));
    this.#chooser = this.#chooserNode();
    this.#attach = this.#attachNode();
    this.node = element("form", { className: "composer", onsubmit: (event) => this.#submit(event) });
    this.node.append(this.tray.node, this.#chooser, this.#attach, this.#field, this.#counter, this.#button);
    this.#changed();
  }

  /** Lets pictures be sent within limits, or not at all where there are none. */
  allow(limits) {
    this.tray.limits = limits;
    this.#attach.hidden = !limits;
  }

  /** Takes pictures that were dropped on the panel; says whether there were some. */
  drop(transfer) {
    const files = [...(transfer?.files ?? [])];
    if (files.length) this.tray.add(files);
    return files.length > 0;
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
    const isEmpty = !this.draft.trim() && this.tray.ids.length === 0;
    if (!this.#button) return; // still being built
    this.#button.disabled = isEmpty || this.tray.isBusy || count > MOST_CHARACTERS;
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

  #pasted(event) {
    if (this.tray.limits && this.drop(event.clipboardData)) event.preventDefault();
  }

  #chooserNode() {
    const chosen = ({ target }) => {
      this.tray.add([...target.files]);
      target.value = ""; // the same picture may be chosen again
      this.#field.focus();
    };
    return element("input", {
      type: "file",
      accept: KINDS.join(","),
      multiple: true,
      hidden: true,
      tabIndex: -1,
      onchange: chosen,
    });
  }

  #attachNode() {
    const button = {
      type: "button",
      className: "attach",
      hidden: true,
      "aria-label": this.#words.say("picture_choose"),
      onclick: () => this.#chooser.click(),
    };
    return element("button", button, icon(icons.PICTURE));
  }

  #submit(event) {
    event.preventDefault();
    if (this.#button.disabled) return;
    const text = this.draft.trim();
    this.draft = "";
    this.#act.say(text, this.tray.take());
  }
}
