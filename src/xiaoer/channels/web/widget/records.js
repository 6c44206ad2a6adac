/** What one browser remembers of its conversation, shared by all its tabs. */

const NOTHING = { id: null, read: 0, mark: null, isRated: false };

/**
 * The conversation's id, how far it was read, and the messages not yet taken by the server.
 * Where the browser refuses storage the records live as long as the page.
 */
export class Records {
  #scope;
  #unkept = new Map();

  constructor(scope) {
    this.#scope = `xiaoer:${scope}`;
  }

  /** `{id, read, mark, isRated}`: `mark` is the tail of the visitor token that the conversation knows. */
  get conversation() {
    return { ...NOTHING, ...this.#read("conversation") };
  }

  /** Messages not yet taken by the server: `[{message_id, text, attachments, at, isFailed}]`, oldest first. */
  get outbox() {
    return this.#read("outbox") ?? [];
  }

  /** The language that the visitor chose in the widget, if any. */
  get language() {
    return this.#read("language");
  }

  set language(language) {
    this.#write("language", language);
  }

  /** Changes some of the conversation's fields. */
  update(changes) {
    this.#write("conversation", { ...this.conversation, ...changes });
  }

  /** Keeps a message until it is dropped; the same message id is kept once. */
  keep(message) {
    this.#write("outbox", [...this.outbox.filter((kept) => kept.message_id !== message.message_id), message]);
  }

  /** Forgets a kept message. */
  drop(messageId) {
    this.#write(
      "outbox",
      this.outbox.filter((kept) => kept.message_id !== messageId),
    );
  }

  /** Forgets the conversation; the outbox too, unless its messages are to go to the next one. */
  forget({ keepsOutbox }) {
    this.#write("conversation", NOTHING);
    if (!keepsOutbox) this.#write("outbox", []);
  }

  /** Calls back when another tab has changed something. */
  watch(changed) {
    window.addEventListener("storage", ({ key }) => {
      if (key === null || key.startsWith(`${this.#scope}:`)) changed();
    });
  }

  #read(name) {
    const key = `${this.#scope}:${name}`;
    try {
      return JSON.parse(this.#unkept.get(key) ?? localStorage.getItem(key));
    } catch {
      return null; // storage is refused, or holds what another program wrote
    }
  }

  #write(name, value) {
    const key = `${this.#scope}:${name}`;
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch {
      this.#unkept.set(key, JSON.stringify(value)); // refused or full
    }
  }
}
