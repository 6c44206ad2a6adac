/** The visitor's conversation: what was said, what is still to be sent, and who the visitor is. */

import { ApiError } from "./api.js";
import { Link } from "./link.js";

const ANSWER_MS = 20_000;
const TRIES = 3;
const MARK_LENGTH = 16;

/**
 * Holds one conversation at a time. `view` hears `added(message, isNew)`, `settled(message)`,
 * `pending(item)`, `cleared()`, `typing(isTyping)`, `present()` and `notice(key)`.
 */
export class Conversation {
  #api;
  #records;
  #view;
  #link;
  #token = null;
  #isLoaded = false;
  #overdue = 0;

  constructor(api, records, view, language) {
    this.#api = api;
    this.#records = records;
    this.#view = view;
    this.id = undefined; // null while a new one is being started
    this.messages = [];
    this.waiting = new Map();
    this.person = null;
    this.isWithPerson = false;
    this.isOffline = false;
    this.pictureLimits = null; // nothing can be sent where the shop takes no pictures
    this.#link = new Link(api, {
      opening: () => ({ language: language(), token: this.#token }),
      started: (conversation, token) => this.#started(conversation, token),
      present: (answer) => this.#present(answer),
      messages: (messages) => messages.forEach((message) => this.#take(message)),
      typing: () => this.#typing(),
      ready: () => this.#ready(),
      lost: () => this.#lost(),
      unknown: () => this.#begin({ keepsOutbox: true }),
      tokenRefused: () => this.#refuseToken(),
      refused: (messageId, code) => this.#refused(messageId, code),
    });
  }

  /** How many of the shop's messages the visitor has not seen. */
  get unread() {
    const { read } = this.#records.conversation;
    return this.messages.filter((message) => message.from === "shop" && message.sequence > read).length;
  }

  /** Whether a message is on its way to the shop. */
  get isWaiting() {
    return [...this.waiting.values()].some((item) => !item.isFailed);
  }

  /** Goes on with the conversation of an earlier visit, if there was one, and with what other tabs do. */
  resume() {
    this.#records.watch(() => this.#followOtherTab());
    if (this.#records.conversation.id) this.#follow(this.#records.conversation.id);
  }

  /** Goes on with the conversation, or starts one. */
  begin() {
    if (this.id === undefined) this.#follow(this.#records.conversation.id);
  }

  /** Leaves this conversation and starts another, signed in with `token` if there is one. */
  restart(token = this.#token) {
    this.#token = token;
    this.#begin({ keepsOutbox: false });
  }

  /** Says something, with pictures that the server has; it is kept until the server has it. */
  send(text, attachments = []) {
    const item = { message_id: newMessageId(), text, attachments, at: new Date().toISOString(), isFailed: false };
    this.#records.keep(item);
    this.#await(item);
    this.begin();
    this.#transmit(item);
  }

  /** Sends a picture for a message to come and gives its id. Throws ApiError. */
  async upload(file, progressed) {
    if (!this.id || this.isOffline) throw new ApiError(0, "unreachable", "There is no connection.");
    return (await this.#api.sendPicture(this.id, file, progressed)).id;
  }

  /** Where a picture of this conversation is. */
  pictureAddress(picture) {
    return this.#api.pictureAddress(this.id, picture);
  }

  /** Sends a message that had failed once more. */
  retry(messageId) {
    const item = this.waiting.get(messageId);
    Object.assign(item, { isFailed: false, tries: 0 });
    this.#records.keep(stored(item));
    this.#view.pending(item);
    this.#transmit(item);
  }

  /** Proves who the visitor is, now or as soon as there is a conversation. */
  async signIn(token) {
    this.#token = token;
    if (this.#link.isReady) await this.#identify();
  }

  /** Forgets who the visitor is. What was said is not shown to whoever comes next. */
  signOut() {
    this.#token = null;
    this.#clear({ keepsOutbox: false });
  }

  /** Rates the conversation. Throws ApiError. */
  async rate(score, comment) {
    await this.#api.rate(this.id, score, comment);
    this.#records.update({ isRated: true });
  }

  /** Whether the visitor has rated this conversation. */
  get isRated() {
    return this.#records.conversation.isRated;
  }

  /** Marks everything as seen. */
  markRead() {
    const last = this.messages.at(-1)?.sequence ?? 0;
    if (last > this.#records.conversation.read) this.#records.update({ read: last });
  }

  #begin(outbox) {
    this.#clear(outbox);
    this.begin();
  }

  #clear(outbox) {
    this.#link.stop();
    this.#records.forget(outbox);
    this.#reset();
  }

  #reset() {
    clearTimeout(this.#overdue);
    Object.assign(this, { id: undefined, messages: [], person: null, isWithPerson: false });
    this.#isLoaded = false;
    this.waiting.clear();
    this.#view.cleared();
    this.#view.present();
  }

  #follow(id) {
    this.id = id;
    this.#records.outbox.forEach((item) => this.#await(item));
    this.#link.follow(id);
  }

  #started({ id, person, pictures }, token) {
    this.id = id;
    this.pictureLimits = pictures ?? null;
    this.#isLoaded = true;
    this.#records.update({ id, mark: person ? markOf(token) : null });
  }

  #present({ person, with_person: isWithPerson, pictures: pictureLimits = null }) {
    Object.assign(this, { person, isWithPerson, pictureLimits, isOffline: false });
    this.#view.present();
  }

  #take(message) {
    const isWaiting = message.from === "customer" && this.waiting.has(message.message_id);
    const before = this.messages.findLastIndex(({ sequence }) => sequence < message.sequence);
    this.messages.splice(before + 1, 0, message);
    if (message.from === "customer") this.#records.drop(message.message_id);
    if (message.from === "shop") this.#view.typing(false);
    this.isWithPerson = message.with_person ?? this.isWithPerson;
    if (isWaiting) {
      this.waiting.delete(message.message_id);
      this.#view.settled(message);
    } else this.#view.added(message, this.#isLoaded);
  }

  #typing() {
    this.#view.typing(true);
    if (this.isWaiting) this.#watchForAnswer();
  }

  async #ready() {
    this.isOffline = false;
    this.#isLoaded = true;
    this.#view.present();
    await this.#identify();
    this.waiting.forEach((item) => this.#transmit(item));
  }

  #lost() {
    clearTimeout(this.#overdue);
    this.isOffline = true;
    this.#view.typing(false);
    this.#view.present();
  }

  async #identify() {
    if (!this.#token || this.#records.conversation.mark === markOf(this.#token)) return;
    const token = this.#token;
    try {
      await this.#api.identify(this.id, token);
    } catch (error) {
      this.#identityFailed(error, token);
      return;
    }
    this.#records.update({ mark: markOf(token) });
    await this.#link.catchUp();
  }

  #identityFailed(error, token) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 409)
      this.restart(token); // the conversation is another person's
    else if (!error.isPassing) this.#refuseToken();
  }

  #refuseToken() {
    this.#token = null;
    this.#view.notice("sign_in_failed");
  }

  #refused(messageId, code) {
    this.#view.typing(false);
    const item = this.waiting.get(messageId);
    if (item) this.#fail(item, code);
  }

  #fail(item, reason) {
    Object.assign(item, { isFailed: true, reason });
    this.#records.keep(stored(item));
    this.#view.pending(item);
  }

  #await(item) {
    if (this.waiting.has(item.message_id)) return;
    const waiting = { ...item, tries: 0 };
    this.waiting.set(item.message_id, waiting);
    this.#view.pending(waiting);
  }

  #transmit({ message_id: messageId }) {
    const item = this.waiting.get(messageId);
    if (!item || item.isFailed || !this.#link.isReady) return;
    item.tries += 1;
    if (item.tries > TRIES) this.#fail(item);
    else {
      this.#link.send(item);
      this.#watchForAnswer();
    }
  }

  #watchForAnswer() {
    clearTimeout(this.#overdue);
    this.#overdue = setTimeout(() => {
      if (this.isWaiting) this.#link.reset();
    }, ANSWER_MS);
  }

  #followOtherTab() {
    const { id } = this.#records.conversation;
    if (id !== (this.id ?? null)) {
      this.#link.stop();
      this.#reset();
      if (id) this.#follow(id);
    } else if (id) this.#records.outbox.forEach((item) => this.#await(item));
    this.#view.present();
  }
}

function stored({ message_id, text, attachments, at, isFailed }) {
  return { message_id, text, attachments, at, isFailed };
}

function newMessageId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID needs https
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function markOf(token) {
  return token?.slice(-MARK_LENGTH) ?? null;
}
