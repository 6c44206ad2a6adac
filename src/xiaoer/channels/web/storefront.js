/** The demonstration shop's page: goods to look at, customers to be, orders to ask about. */

import { element } from "./page/dom.js";
import { chooseLanguage, fetchWords } from "./page/words.js";
import { Customers } from "./storefront/customers.js";
import { Goods } from "./storefront/goods.js";
import { Orders } from "./storefront/orders.js";
import { Shop, ShopError } from "./storefront/shop.js";
import { Visitor } from "./storefront/visitor.js";

const BASE = new URL("../", import.meta.url);
const LANGUAGE_KEY = "storefront:language";

class Storefront {
  #shop = new Shop(BASE);
  #visitor = new Visitor();
  #about = null;
  #language = chooseLanguage(localStorage.getItem(LANGUAGE_KEY), navigator.language);
  #parts;

  constructor() {
    this.#parts = {
      goods: new Goods(this.#shop, BASE, ask),
      customers: new Customers(this.#shop, this.#visitor),
      orders: new Orders(this.#shop, this.#visitor, ask, () => this.#parts.customers.open()),
    };
    this.#visitor.watch(() => this.#showVisitor());
    listen("open-orders", () => this.#parts.orders.open());
    listen("open-customers", () => this.#parts.customers.open());
    listen("language", () => this.#switchLanguage());
    listen("chat", () => window.Xiaoer.open());
  }

  async open() {
    this.#visitor.comeBack();
    await this.#speak();
    try {
      this.#about = await this.#shop.about();
    } catch (error) {
      if (!(error instanceof ShopError)) throw error;
    }
    await this.#showShop();
  }

  async #speak() {
    this.words = await fetchWords(BASE, "storefront", this.#language);
    if (document.documentElement.lang !== this.#language) document.documentElement.lang = this.#language;
    for (const node of document.querySelectorAll("[data-word]")) node.textContent = this.words.say(node.dataset.word);
    for (const node of document.querySelectorAll("[data-label]")) node.ariaLabel = this.words.say(node.dataset.label);
    for (const node of document.querySelectorAll("[data-hint]")) node.placeholder = this.words.say(node.dataset.hint);
    for (const part of Object.values(this.#parts)) part.speak(this.words);
    this.#showVisitor();
    document.body.classList.add("ready");
  }

  async #showShop() {
    if (!this.#about) return;
    const { title, about, language, languages } = this.#about;
    document.title = title;
    document.getElementById("widget").dataset.title = title;
    document.getElementById("shop-name").textContent = title;
    document.getElementById("shop-about").textContent = about;
    // what is asked must be said in a language of the shop, whatever the page's
    const asked = languages.includes(this.#language) ? this.#language : language;
    const spoken = await fetchWords(BASE, "storefront", chooseLanguage(asked));
    const chips = this.words
      .list("tries")
      .map((label, index) =>
        element("button", { type: "button", onclick: () => ask(spoken.list("tries")[index]) }, label),
      );
    document.getElementById("tries").replaceChildren(...chips);
  }

  #showVisitor() {
    const { name } = this.#visitor;
    const button = document.getElementById("open-customers");
    button.textContent = name ?? this.words?.say("sign_in") ?? "";
    button.classList.toggle("known", Boolean(name));
  }

  async #switchLanguage() {
    this.#language = this.#language === "zh" ? "en" : "zh";
    localStorage.setItem(LANGUAGE_KEY, this.#language);
    await this.#speak();
    await this.#showShop();
  }
}

async function ask(text) {
  await window.Xiaoer.open();
  await window.Xiaoer.send(text);
}

function listen(id, pressed) {
  document.getElementById(id).addEventListener("click", pressed);
}

await new Storefront().open();
