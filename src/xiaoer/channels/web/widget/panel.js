/** The widget's face: the launcher, and the panel with its header, messages and composer. */

import { element, icon } from "../page/dom.js";
import { Composer } from "./composer.js";
import * as icons from "./icons.js";
import { ratingSheet, restartSheet } from "./sheets.js";
import { Thread } from "./thread.js";

const NOTICE_MS = 5_000;
const MOST_UNREAD = 99;

/**
 * Draws the widget in one language; another language is another panel. `act` hears `open()`, `close()`,
 * `say(text, pictures)`, `upload(file, progressed)`, `retry(messageId)`, `rate(score, comment)`, `restart()` and `switchLanguage()`.
 */
export class Panel {
  #words;
  #act;
  #launcher;
  #unread;
  #header;
  #menu;
  #banner;
  #dialog;
  #main;
  #sheet = null;
  #noticeEnds = 0;
  #cameFrom = null;

  constructor(words, title, act) {
    this.#words = words;
    this.#act = act;
    this.thread = new Thread(words, act);
    this.composer = new Composer(words, act);
    this.#unread = element("span", { className: "unread", hidden: true, "aria-hidden": "true" });
    this.#launcher = element(
      "button",
      { type: "button", className: "launcher", "aria-haspopup": "dialog", onclick: () => act.open() },
      icon(icons.CHAT),
      this.#unread,
    );
    this.#banner = element("div", { className: "banner", role: "status", hidden: true });
    this.#header = { title: element("strong", {}, title), about: element("span", { className: "about" }) };
    this.#main = element(
      "div",
      {
        className: "main",
        ondragover: (event) => this.#dragged(event, true),
        ondragleave: (event) => this.#dragged(event, false),
        ondrop: (event) => this.#dropped(event),
      },
      this.#headerNode(),
      this.#banner,
      this.thread.node,
      this.composer.node,
    );
    const panel = {
      className: "panel",
      role: "dialog",
      "aria-label": title,
      tabIndex: -1,
      hidden: true,
      onkeydown: (event) => this.#pressed(event),
    };
    this.#dialog = element("section", panel, this.#main);
    this.node = element("div", { className: "widget", lang: words.language }, this.#launcher, this.#dialog);
  }

  get isOpen() {
    return !this.#dialog.hidden;
  }

  /** Opens the panel and moves the focus into it, to the composer where that brings up no keyboard. */
  open() {
    this.#cameFrom = deepFocus();
    this.#dialog.hidden = false;
    this.#launcher.hidden = true;
    this.composer.fit();
    this.thread.toEnd();
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
    else this.#dialog.focus();
  }

  /** Closes the panel and gives the focus back. */
  close() {
    this.leaveSheet();
    this.#menu.hidden = true;
    this.#dialog.hidden = true;
    this.#launcher.hidden = false;
    const isLost = !this.#cameFrom?.isConnected || this.#cameFrom === document.body;
    (isLost ? this.#launcher : this.#cameFrom).focus();
  }

  /** Shows who is signed in, whether a person answers, how many messages are unread, and whether the line is cut. */
  present({ person, isWithPerson, isOffline, unread, pictureLimits }) {
    this.composer.allow(pictureLimits);
    const about = [
      isWithPerson ? this.#words.say("with_person") : "",
      person ? this.#words.say("signed_in", person) : "",
    ];
    this.#header.about.textContent = about.filter(Boolean).join(" · ") || this.#words.say("about");
    this.#unread.hidden = unread === 0;
    this.#unread.textContent = unread > MOST_UNREAD ? `${MOST_UNREAD}+` : String(unread);
    this.#launcher.setAttribute(
      "aria-label",
      this.#words.say(unread ? "launcher_unread" : "launcher", { count: unread }),
    );
    if (isOffline) this.#say("offline", "warning");
    else if (this.#banner.classList.contains("warning")) this.#banner.hidden = true;
    if (!isOffline) this.composer.tray.retry();
  }

  /** Tells something for a few seconds. */
  notice(key) {
    this.#say(key, "notice");
    clearTimeout(this.#noticeEnds);
    this.#noticeEnds = setTimeout(() => {
      if (this.#banner.classList.contains("notice")) this.#banner.hidden = true;
    }, NOTICE_MS);
  }

  /** Asks for a rating. */
  askRating() {
    this.#show(
      ratingSheet(this.#words, {
        rate: (score, comment) => this.#act.rate(score, comment),
        leave: () => this.leaveSheet(),
      }),
    );
  }

  /** A button that asks for a rating, to stand under the last reply. */
  ratingInvitation() {
    return element(
      "button",
      { type: "button", className: "invitation", onclick: () => this.askRating() },
      this.#words.say("rate_invitation"),
    );
  }

  /** Puts the dialog over the messages away. */
  leaveSheet() {
    if (!this.#sheet) return;
    this.#sheet.remove();
    this.#sheet = null;
    this.#main.inert = false;
    this.composer.focus();
  }

  #headerNode() {
    const switchTo = {
      type: "button",
      className: "language",
      "aria-label": this.#words.say("language_label"),
      onclick: () => this.#act.switchLanguage(),
    };
    return element(
      "header",
      {},
      element("div", { className: "titles" }, this.#header.title, this.#header.about),
      element("button", switchTo, this.#words.say("language")),
      this.#menuNode(),
      element(
        "button",
        {
          type: "button",
          className: "close",
          "aria-label": this.#words.say("close"),
          onclick: () => this.#act.close(),
        },
        icon(icons.CLOSE),
      ),
    );
  }

  #menuNode() {
    const item = (key, chosen) => element("button", { type: "button", onclick: chosen }, this.#words.say(key));
    this.#menu = element("div", { className: "menu", hidden: true });
    this.#menu.append(
      item("rate", () => this.askRating()),
      item("restart", () => this.#askRestart()),
    );
    const more = element(
      "button",
      { type: "button", className: "more", "aria-label": this.#words.say("menu"), "aria-expanded": "false" },
      icon(icons.MORE),
    );
    const toggle = (isShown) => {
      this.#menu.hidden = !isShown;
      more.setAttribute("aria-expanded", String(isShown));
    };
    more.addEventListener("click", () => toggle(this.#menu.hidden));
    const node = element("div", { className: "menu-place" }, more, this.#menu);
    node.addEventListener("focusout", ({ relatedTarget }) => node.contains(relatedTarget) || toggle(false));
    return node;
  }

  #askRestart() {
    const restart = () => {
      this.leaveSheet();
      this.#act.restart();
    };
    this.#show(restartSheet(this.#words, { restart, leave: () => this.leaveSheet() }));
  }

  #show(sheet) {
    this.leaveSheet();
    this.#menu.hidden = true;
    this.#sheet = sheet;
    this.#main.inert = true;
    this.#dialog.append(sheet);
    sheet.querySelector("input, button").focus();
  }

  #say(key, kind) {
    this.#banner.className = `banner ${kind}`;
    this.#banner.textContent = this.#words.say(key);
    this.#banner.hidden = false;
  }

  #dragged(event, isOver) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#main.classList.toggle("dropping", isOver && this.composer.tray.limits !== null);
  }

  #dropped(event) {
    this.#dragged(event, false);
    this.composer.drop(event.dataTransfer);
  }

  #pressed(event) {
    if (event.key === "Tab") this.#keepFocus(event);
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    if (this.#sheet) this.leaveSheet();
    else if (!this.#menu.hidden) this.#menu.hidden = true;
    else this.#act.close();
  }

  /** Where the panel covers the page, Tab goes round inside it. */
  #keepFocus(event) {
    if (!this.#sheet && !matchMedia("(max-width: 480px)").matches) return;
    const place = this.#sheet ?? this.#main;
    const stops = [...place.querySelectorAll("button, textarea, input, a, [tabindex='0']")].filter(isReachable);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (deepFocus() !== from) return;
    event.preventDefault();
    to?.focus();
  }
}

function isReachable(node) {
  return !node.disabled && node.getClientRects().length > 0;
}

function deepFocus() {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}
