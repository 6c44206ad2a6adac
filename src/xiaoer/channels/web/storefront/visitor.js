/** Who the visitor of the demonstration shop is. */

const KEY = "storefront:visitor";

/** Remembers the signed-in customer and tells the widget. */
export class Visitor {
  #known = JSON.parse(localStorage.getItem(KEY)) ?? {};
  #watchers = [];

  get id() {
    return this.#known.id;
  }

  get name() {
    return this.#known.name;
  }

  get token() {
    return this.#known.token;
  }

  /** Calls back whenever another customer, or none, is signed in. */
  watch(changed) {
    this.#watchers.push(changed);
  }

  /** Tells the widget who is back from an earlier visit. */
  comeBack() {
    if (this.token) window.Xiaoer.signIn(this.token);
  }

  /** Becomes a customer. Another customer's conversation is left first. */
  become(id, name, token) {
    if (this.token && this.id !== id) window.Xiaoer.signOut();
    this.#know({ id, name, token });
    window.Xiaoer.signIn(token);
  }

  /** Becomes nobody. */
  leave() {
    this.#know({});
    window.Xiaoer.signOut();
  }

  #know(visitor) {
    this.#known = visitor;
    localStorage.setItem(KEY, JSON.stringify(visitor));
    this.#watchers.forEach((changed) => changed());
  }
}
