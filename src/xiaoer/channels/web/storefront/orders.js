/** The signed-in customer's orders. */

import { element } from "../page/dom.js";
import { fill, note } from "./region.js";
import { ShopError } from "./shop.js";

const REFUSED = 401;

/** A drawer with the orders; `ask(number)` is called for the one that the customer asks about. */
export class Orders {
  #shop;
  #visitor;
  #ask;
  #signIn;
  #words;
  #drawer = document.getElementById("orders");
  #list = document.getElementById("orders-list");

  constructor(shop, visitor, ask, signIn) {
    this.#shop = shop;
    this.#visitor = visitor;
    this.#ask = ask;
    this.#signIn = signIn;
  }

  /** Takes the words of a language. */
  speak(words) {
    this.#words = words;
  }

  /** Opens the drawer. */
  open() {
    this.#drawer.showModal();
    if (this.#visitor.token)
      fill(this.#list, this.#words, "orders", { fetch: () => this.#fetch(), draw: (orders) => this.#orders(orders) });
    else this.#showSignedOut();
  }

  async #fetch() {
    try {
      return await this.#shop.orders(this.#visitor.token);
    } catch (error) {
      if (error instanceof ShopError && error.status === REFUSED) this.#visitor.leave(); // the token is too old
      throw error;
    }
  }

  #showSignedOut() {
    const signIn = () => {
      this.#drawer.close();
      this.#signIn();
    };
    const button = element(
      "button",
      { type: "button", className: "primary", onclick: signIn },
      this.#words.say("sign_in"),
    );
    this.#list.replaceChildren(note("empty", this.#words.say("orders_signed_out"), button));
  }

  #orders(orders) {
    return element("ul", { className: "orders" }, ...orders.map((order) => this.#order(order)));
  }

  #order({ number, state, placed, total, items }) {
    const ask = () => {
      this.#drawer.close();
      this.#ask(number);
    };
    return element(
      "li",
      { className: "order" },
      element("span", { className: `state ${state}` }, this.#words.term("state", state)),
      element("time", {}, this.#words.day(placed)),
      element("p", { className: "items" }, [items].flat().join(this.#words.language === "zh" ? "、" : ", ")),
      element("strong", { className: "price" }, total),
      element("small", {}, this.#words.say("order_number", { number })),
      element("button", { type: "button", onclick: ask }, this.#words.say("ask_order")),
    );
  }
}
