/** The shelves. */

import { element } from "../page/dom.js";
import { fill } from "./region.js";

const SVG = "http://www.w3.org/2000/svg";
const MOST = 200;
const FEATURED = 32;
const WAITING = 8;

/** Shows the goods, by category; `ask(text)` is called with the title of one that the visitor asks about. */
export class Goods {
  #shop;
  #base;
  #ask;
  #words;
  #products = null;
  #pictures = null;
  #category = "";
  #list = document.getElementById("goods-list");
  #categories = document.getElementById("categories");

  constructor(shop, base, ask) {
    this.#shop = shop;
    this.#base = base;
    this.#ask = ask;
  }

  /** Shows the goods with the words of a language. */
  speak(words) {
    this.#words = words;
    fill(this.#list, words, "goods", { fetch: () => this.#fetch(), draw: () => this.#shelves(), waiting });
  }

  async #fetch() {
    this.#products ??= await this.#shop.products(MOST);
    this.#pictures ??= await (await fetch(new URL("web/pictures.json", this.#base))).json();
    this.#drawCategories();
    return this.#products;
  }

  #shelves() {
    const shown = this.#category
      ? this.#products.filter(({ category }) => category === this.#category)
      : featured(this.#products);
    return element("ul", { className: "goods" }, ...shown.map((product) => this.#product(product)));
  }

  #product(product) {
    const { title, price, tag, category } = product;
    const isNews = tag && tag !== category && tag !== this.#words.term("category", category);
    return element(
      "li",
      { className: "good" },
      this.#picture(product),
      isNews ? element("span", { className: "tag" }, tag) : null,
      element("h3", {}, title),
      element("p", { className: "price" }, price),
      element(
        "button",
        { type: "button", onclick: () => this.#ask(title), "aria-label": `${this.#words.say("ask_goods")} ${title}` },
        this.#words.say("ask_goods"),
      ),
    );
  }

  #picture({ image, category, title }) {
    if (image) return element("img", { className: "picture", src: image, alt: "", loading: "lazy" });
    const { picture, tone } = this.#depict(title, category);
    const drawing = document.createElementNS(SVG, "svg");
    const use = document.createElementNS(SVG, "use");
    use.setAttribute("href", new URL(`web/pictures.svg#${picture}`, this.#base));
    drawing.setAttribute("viewBox", "0 0 120 120");
    drawing.append(use);
    return element("div", { className: `picture ${tone}`, "aria-hidden": "true" }, drawing);
  }

  /** A drawing by the words of the title behind its brand, a tone by the category. */
  #depict(title, category) {
    const { titles, categories, otherwise } = this.#pictures;
    const plain = title.slice(title.indexOf(" ") + 1).toLowerCase();
    const drawn = titles.find(({ words }) => words.some((word) => plain.includes(word)));
    return { ...otherwise, ...categories[category], ...(drawn && { picture: drawn.picture }) };
  }

  #drawCategories() {
    const categories = ["", ...new Set(this.#products.map(({ category }) => category).filter(Boolean))];
    const chips = categories.map((category) =>
      element(
        "button",
        {
          type: "button",
          value: category,
          "aria-pressed": String(category === this.#category),
          onclick: () => this.#choose(category),
        },
        category ? this.#words.term("category", category) : this.#words.say("featured"),
      ),
    );
    this.#categories.replaceChildren(...(categories.length > 2 ? chips : []));
  }

  #choose(category) {
    this.#category = category;
    for (const chip of this.#categories.children) chip.setAttribute("aria-pressed", String(chip.value === category));
    this.#list.replaceChildren(this.#shelves());
  }
}

function waiting() {
  return element(
    "ul",
    { className: "goods waiting", "aria-hidden": "true" },
    ...Array.from({ length: WAITING }, () => element("li", { className: "good" })),
  );
}

/** Some of every category in turn, so that the shop shows what it has. */
function featured(products) {
  const seen = new Map();
  const turn = ({ category }) => seen.set(category, (seen.get(category) ?? 0) + 1).get(category);
  const inTurn = products
    .map((product) => ({ product, turn: turn(product) }))
    .sort((one, other) => one.turn - other.turn);
  return inTurn.slice(0, FEATURED).map(({ product }) => product);
}
