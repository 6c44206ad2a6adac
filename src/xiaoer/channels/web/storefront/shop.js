/** The demonstration shop's own HTTP interface. */

/** A request that did not succeed; `status` is 0 when the server was not reached. */
export class ShopError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Calls the server that lives at `base`. Every method throws ShopError. */
export class Shop {
  #base;

  constructor(base) {
    this.#base = base;
  }

  /** What the shop is: `{title, about, language}`. */
  about() {
    return this.#call("shop");
  }

  /** Goods on the shelves: `[{id, title, price, image, category, tag}]`. */
  products(limit) {
    return this.#call(`products?limit=${limit}`);
  }

  /** Customers one can be: `[{id, name, level, orders, about}]`. */
  customers() {
    return this.#call("customers");
  }

  /** Signs in as a customer: `{visitor_token, name}`. */
  signIn(customer) {
    const headers = { "Content-Type": "application/json" };
    return this.#call("sign-in", { method: "POST", headers, body: JSON.stringify({ customer }) });
  }

  /** The orders of whoever holds the token: `[{number, state, placed, total, items}]`. */
  orders(visitorToken) {
    return this.#call("orders", { headers: { Authorization: `Bearer ${visitorToken}` } });
  }

  async #call(path, request = {}) {
    const address = new URL(`api/v1/demo/${path}`, this.#base);
    const answer = await fetch(address, request).catch((error) => {
      throw new ShopError(0, error.message);
    });
    if (!answer.ok) throw new ShopError(answer.status, `${address.pathname}: ${answer.status}`);
    return answer.json();
  }
}
