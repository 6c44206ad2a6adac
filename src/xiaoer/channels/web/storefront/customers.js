/** The list of customers one can be. */

import { element } from "../page/dom.js";
import { fill, note } from "./region.js";
import { ShopError } from "./shop.js";

/** A window with a searchable list; choosing a customer signs in. */
export class Customers {
  #shop;
  #visitor;
  #words;
  #customers = null;
  #window = document.getElementById("customers");
  #search = document.getElementById("customers-search");
  #list = document.getElementById("customers-list");
  #account = document.getElementById("account");

  constructor(shop, visitor) {
    this.#shop = shop;
    this.#visitor = visitor;
    this.#search.addEventListener("input", () => this.#customers && this.#list.replaceChildren(this.#found()));
    visitor.watch(() => this.#showAccount());
  }

  /** Takes the words of a language. */
  speak(words) {
    this.#words = words;
    this.#showAccount();
  }

  /** Opens the window. */
  open() {
    this.#search.value = "";
    this.#window.showModal();
    fill(this.#list, this.#words, "customers", { fetch: () => this.#fetch(), draw: () => this.#found() });
  }

  async #fetch() {
    this.#customers ??= await this.#shop.customers();
    return this.#customers;
  }

  #found() {
    const sought = this.#search.value.trim().toLowerCase();
    const found = this.#customers.filter(({ name, level, about }) =>
      `${name} ${this.#words.term("level", level)} ${about}`.toLowerCase().includes(sought),
    );
    if (!found.length) return note("empty", this.#words.say("customers_empty"));
    return element("ul", { className: "people" }, ...found.map((customer) => this.#customer(customer)));
  }

  #customer(customer) {
    const { id, name, level, orders, about } = customer;
    const isMe = id === this.#visitor.id;
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", "aria-current": isMe ? "true" : null, onclick: () => this.#become(customer) },
        element("span", { className: "initial", "aria-hidden": "true" }, name.slice(0, 1)),
        element("span", { className: "who" }, element("strong", {}, name), element("small", {}, about)),
        element(
          "span",
          { className: "facts" },
          element("em", {}, this.#words.term("level", level)),
          element("small", {}, this.#words.say("customer_orders", { count: orders })),
        ),
      ),
    );
  }

  async #become({ id }) {
    try {
      const { visitor_token: token, name } = await this.#shop.signIn(id);
      this.#visitor.become(id, name, token);
      this.#window.close();
    } catch (error) {
      if (!(error instanceof ShopError)) throw error;
      this.#list.prepend(note("failed", this.#words.say("sign_in_failed")));
    }
  }

  #showAccount() {
    const { name } = this.#visitor;
    this.#account.hidden = !name;
    if (!name || !this.#words) return;
    const leave = () => {
      this.#visitor.leave();
      this.#window.close();
    };
    this.#account.replaceChildren(
      element("strong", {}, name),
      element("button", { type: "button", onclick: leave }, this.#words.say("sign_out")),
    );
  }
}
