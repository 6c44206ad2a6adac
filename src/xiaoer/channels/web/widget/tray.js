/** The pictures that are to go with the next message: on their way to the server, there, or refused. */

import { element, icon } from "../page/dom.js";
import { ApiError } from "./api.js";
import * as icons from "./icons.js";
import { shrunk } from "./shrink.js";

export const KINDS = ["image/jpeg", "image/png", "image/webp", "image/gif"];
const MEGABYTE = 1_000_000;

/**
 * Shows chosen pictures above the composer's field. `act` hears `upload(file, progressed)`, which gives the picture's
 * id or throws ApiError, `changed()`, and `removed()` when the visitor has taken one away.
 */
export class Tray {
  #words;
  #act;
  #items = [];
  #list;
  #fault;

  constructor(words, act) {
    this.#words = words;
    this.#act = act;
    this.limits = null;
    this.#list = element("ul", { className: "pictures", "aria-label": words.say("pictures") });
    this.#fault = element("p", { className: "fault", role: "alert", hidden: true });
    this.node = element("div", { className: "tray", hidden: true }, this.#fault, this.#list);
  }

  /** The ids of the pictures that the server has. */
  get ids() {
    return this.#items.map(({ id }) => id).filter(Boolean);
  }

  /** Whether a picture is on its way. */
  get isBusy() {
    return this.#items.some(({ state }) => state === "sending");
  }

  /** Takes files that were chosen, pasted or dropped. */
  add(files) {
    this.#say(null);
    for (const file of files) {
      if (!this.limits) return;
      if (!KINDS.includes(file.type)) this.#say("kind");
      else if (this.#items.length >= this.limits.max_per_message) this.#say("number");
      else this.#begin(file);
    }
    this.#changed();
  }

  /** Takes over what another tray holds; both belong to one conversation. */
  takeOver(other) {
    this.limits = other.limits;
    for (const { file } of other.#items.splice(0)) this.#begin(file);
    this.#changed();
  }

  /** Gives the ids of what goes with the message, and lets go of it; refused pictures stay. */
  take() {
    const { ids } = this;
    this.#items.filter(({ id }) => id).forEach((item) => this.#drop(item));
    this.#changed();
    return ids;
  }

  /** Sends again what did not reach the server. */
  retry() {
    const lost = this.#items.filter(({ state }) => state === "unreachable");
    if (!lost.length) return;
    this.#say(null);
    lost.forEach((item) => this.#send(item));
  }

  #begin(file) {
    const item = { file, state: "sending", id: null, address: URL.createObjectURL(file) };
    item.bar = element("progress", { max: 1, value: 0, "aria-label": this.#words.say("picture_sending") });
    item.again = element(
      "button",
      { type: "button", className: "again", hidden: true, onclick: () => this.#again(item) },
      this.#words.say("retry"),
    );
    item.node = this.#nodeOf(item);
    this.#items.push(item);
    this.#list.append(item.node);
    this.#send(item);
  }

  #nodeOf(item) {
    const remove = {
      type: "button",
      className: "remove",
      "aria-label": this.#words.say("picture_remove", { name: item.file.name }),
      onclick: () => this.#remove(item),
    };
    return element(
      "li",
      {},
      element("img", { src: item.address, alt: item.file.name }),
      item.bar,
      item.again,
      element("button", remove, icon(icons.CLOSE)),
    );
  }

  async #send(item) {
    this.#show(item, "sending");
    try {
      const file = await shrunk(item.file);
      if (file.size > this.limits.max_bytes) {
        this.#refuse(item, "http.too_large");
        return;
      }
      item.id = await this.#act.upload(file, (share) => (item.bar.value = share));
      this.#show(item, "ready");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#refuse(item, error.code);
    }
  }

  #refuse(item, code) {
    if (!this.#items.includes(item)) return; // removed meanwhile
    this.#say(code);
    this.#show(item, code === "unreachable" ? "unreachable" : "refused");
  }

  #again(item) {
    this.#say(null);
    this.#send(item);
  }

  #show(item, state) {
    item.state = state;
    item.node.className = state;
    item.node.setAttribute("aria-busy", String(state === "sending"));
    item.bar.hidden = state !== "sending";
    item.again.hidden = state !== "unreachable";
    this.#changed();
  }

  #remove(item) {
    this.#drop(item);
    this.#say(null);
    this.#changed();
    this.#act.removed();
  }

  #drop(item) {
    this.#items = this.#items.filter((other) => other !== item);
    URL.revokeObjectURL(item.address);
    item.node.remove();
  }

  #say(code) {
    const values = {
      size: Math.floor((this.limits?.max_bytes ?? 0) / MEGABYTE),
      most: this.limits?.max_per_message ?? 0,
    };
    const otherwise = this.#words.say("picture_failed");
    this.#fault.textContent = code ? this.#words.term("picture_failed", code, otherwise, values) : "";
    this.#fault.hidden = !code;
  }

  #changed() {
    this.node.hidden = this.#items.length === 0 && this.#fault.hidden;
    this.#act.changed();
  }
}
