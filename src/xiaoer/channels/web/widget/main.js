/** Joins the widget's parts and puts it on the page. */

import { element } from "../page/dom.js";
import { chooseLanguage, fetchWords, WordsError } from "../page/words.js";
import { Api, ApiError } from "./api.js";
import { Conversation } from "./conversation.js";
import { Panel } from "./panel.js";
import { Records } from "./records.js";

const STYLE_WAIT_MS = { first: 1_000, most: 30_000 };
const GOODBYE = /\bbye\b/; // the pack's names of replies that end a conversation

/** Shows the widget; what `window.Xiaoer` offers is done by what this gives. */
export async function start(script, base) {
  const widget = new Widget(script, base);
  widget.watch();
  await widget.draw();
  widget.resume();
  return widget;
}

class Widget {
  #script;
  #base;
  #records;
  #conversation;
  #panel = null;
  #words = null;
  #place;

  constructor(script, base) {
    this.#script = script;
    this.#base = base;
    this.#records = new Records(base.pathname);
    this.#conversation = new Conversation(new Api(base), this.#records, this.#view(), () => this.#chooseLanguage());
    this.#place = element("xiaoer-widget").attachShadow({ mode: "open" });
  }

  /** Follows what the page changes about itself. */
  watch() {
    const redraw = () => {
      this.#records.language = null; // the page's visitor chose there, later
      this.draw();
    };
    const page = { attributes: true, attributeFilter: ["lang"] };
    new MutationObserver(redraw).observe(document.documentElement, page);
    const title = { attributes: true, attributeFilter: ["data-title"] };
    new MutationObserver(() => this.#redraw()).observe(this.#script, title);
  }

  /** Draws the widget in the language that page and visitor want, even if they change it meanwhile. */
  async draw() {
    let words = this.#words;
    while (words?.language !== this.#chooseLanguage()) {
      words = await fetchWords(this.#base, "widget", this.#chooseLanguage());
    }
    if (words.language !== this.#words?.language) this.#replacePanel(words);
  }

  /** Goes on with an earlier conversation. */
  resume() {
    this.#conversation.resume();
    document.addEventListener("visibilitychange", () => this.#present());
  }

  open() {
    if (this.#panel.isOpen) return;
    this.#conversation.begin();
    this.#panel.open();
    this.#present();
    document.dispatchEvent(new CustomEvent("xiaoer:open"));
  }

  close() {
    if (this.#panel.isOpen) this.#panel.close();
  }

  send(text, pictures = []) {
    this.#conversation.send(String(text), pictures);
    this.#panel.thread.toEnd();
  }

  signIn(token) {
    return this.#conversation.signIn(token);
  }

  signOut() {
    this.#conversation.signOut();
    if (this.#panel.isOpen) this.#conversation.begin();
  }

  #view() {
    return {
      added: (message, isNew) => this.#added(message, isNew),
      settled: (message) => {
        this.#panel.thread.settle(message);
        this.#announce(message);
      },
      pending: (item) => {
        this.#panel.thread.pend(item);
        this.#offer();
      },
      typing: (isTyping) => this.#panel.thread.type(isTyping),
      cleared: () => this.#redraw({ keepsPictures: false }),
      present: () => this.#present(),
      notice: (key) => this.#panel.notice(key),
    };
  }

  #added(message, isNew) {
    this.#panel.thread.add(message);
    this.#offer();
    this.#present();
    if (isNew) this.#announce(message);
  }

  #offer() {
    const last = this.#conversation.messages.at(-1);
    const isOver = last?.replies?.some(({ name }) => GOODBYE.test(name ?? "")) && !this.#conversation.isRated;
    const isAnswered = last?.from === "shop" && !this.#conversation.isWaiting;
    this.#panel.thread.offer(isAnswered ? last : null, isAnswered && isOver ? this.#panel.ratingInvitation() : null);
  }

  #announce({ from, text, sequence, replies }) {
    document.dispatchEvent(new CustomEvent("xiaoer:message", { detail: { from, text, sequence, replies } }));
  }

  #present() {
    if (this.#panel.isOpen && !document.hidden) this.#conversation.markRead();
    this.#panel.present(this.#conversation);
  }

  #chooseLanguage() {
    const { language } = this.#script.dataset;
    return chooseLanguage(this.#records.language, language, document.documentElement.lang, navigator.language);
  }

  async #switchLanguage() {
    const before = this.#words.language;
    this.#records.language = before === "zh" ? "en" : "zh";
    try {
      await this.draw();
    } catch (error) {
      if (!(error instanceof WordsError)) throw error;
      this.#records.language = before;
      this.#panel.notice("offline");
    }
  }

  #replacePanel(words, { keepsPictures = true } = {}) {
    const before = this.#panel;
    this.#words = words;
    this.#panel = new Panel(words, this.#script.dataset.title || words.say("title"), this.#acts());
    if (before) before.node.replaceWith(this.#panel.node);
    else this.#mount();
    this.#panel.composer.draft = before?.composer.draft ?? "";
    if (before && keepsPictures) this.#panel.composer.tray.takeOver(before.composer.tray);
    this.#conversation.messages.forEach((message) => this.#panel.thread.add(message));
    this.#conversation.waiting.forEach((item) => this.#panel.thread.pend(item));
    this.#offer();
    if (before?.isOpen) this.#panel.open();
    this.#present();
  }

  #redraw(how) {
    if (this.#words) this.#replacePanel(this.#words, how);
  }

  #mount() {
    this.#place.host.hidden = true; // nothing is shown before it looks right
    this.#place.append(this.#panel.node);
    this.#dress(STYLE_WAIT_MS.first);
    document.body.append(this.#place.host);
  }

  /** Fetches how it looks, again and again where that fails, waiting twice as long each time. */
  #dress(wait) {
    const style = element("link", { rel: "stylesheet", href: new URL("web/widget.css", this.#base) });
    style.addEventListener("load", () => (this.#place.host.hidden = false));
    style.addEventListener("error", () => {
      style.remove();
      setTimeout(() => this.#dress(Math.min(2 * wait, STYLE_WAIT_MS.most)), wait);
    });
    this.#place.prepend(style);
  }

  #acts() {
    return {
      open: () => this.open(),
      close: () => this.close(),
      say: (text, pictures) => this.send(text, pictures),
      upload: (file, progressed) => this.#conversation.upload(file, progressed),
      pictureAddress: (id) => this.#conversation.pictureAddress(id),
      retry: (messageId) => this.#conversation.retry(messageId),
      restart: () => this.#conversation.restart(),
      rate: (score, comment) => this.#rate(score, comment),
      switchLanguage: () => this.#switchLanguage(),
    };
  }

  async #rate(score, comment) {
    try {
      await this.#conversation.rate(score, comment);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#panel.notice("rate_failed");
      return;
    }
    this.#panel.leaveSheet();
    this.#offer();
    this.#panel.notice("rate_thanks");
  }
}
