/** Draws messages: bubbles, cards, quick replies and sources. */

import { element, icon, linked } from "../page/dom.js";
import * as icons from "./icons.js";

/** One message as a list of bubbles; `act` hears `say(text)` when a card is chosen, and knows `pictureAddress(id)`. */
export function messageNode(message, words, act) {
  const isShop = message.from === "shop";
  const replies = isShop && message.replies?.length ? message.replies : [{ text: message.text }];
  const node = element(
    "div",
    { className: `message ${message.from}`, "data-sequence": message.sequence },
    element("span", { className: "hidden" }, words.say(isShop ? "from_shop" : "from_you")),
    ...photoNodes(message, words, act),
    ...replies.flatMap((reply) => replyNodes(reply, words, (text) => act.say(text))),
    isShop ? metaNode(words.moment(message.at)) : metaNode(words.moment(message.at), icons.SENT, words.say("sent")),
  );
  return node;
}

/** A message that the server does not have yet: on its way, or failed with a button to try again. */
export function pendingNode(item, words, act) {
  const meta = item.isFailed ? failedNode(item, words, act) : metaNode(words.say("sending"), icons.WAITING);
  return element(
    "div",
    { className: `message customer ${item.isFailed ? "failed" : "sending"}`, "data-message": item.message_id },
    element("span", { className: "hidden" }, words.say("from_you")),
    ...photoNodes(item, words, act),
    item.text ? textNode(item.text) : null,
    meta,
  );
}

/** The buttons under the last reply. */
export function quickRepliesNode(message, words, act) {
  const choices = (message.replies ?? []).flatMap((reply) => reply.quick_replies ?? []);
  if (!choices.length) return null;
  const buttons = choices.map(({ title, message: said }) =>
    element("button", { type: "button", className: "quick", onclick: () => act(said) }, title),
  );
  return element(
    "div",
    { className: "quick-replies", role: "group", "aria-label": words.say("quick_replies") },
    ...buttons,
  );
}

function replyNodes(reply, words, act) {
  return [
    reply.text ? textNode(reply.text) : null,
    ...(reply.cards ?? []).map((card) => cardNode(card, words, act)),
    reply.sources?.length ? sourcesNode(reply.sources, words) : null,
  ];
}

function photoNodes({ attachments = [] }, words, act) {
  return attachments.map((id, place) =>
    element("img", {
      className: "photo",
      src: act.pictureAddress(id),
      alt: words.say("picture_sent", { number: place + 1 }),
    }),
  );
}

function textNode(text) {
  return element("div", { className: "bubble", dir: "auto" }, ...linked(text ?? ""));
}

function cardNode(card, words, act) {
  const fields = (card.fields ?? []).flatMap(({ label, value }) => [
    element("dt", {}, label),
    element("dd", {}, value),
  ]);
  const choose = { type: "button", className: "choose", "aria-label": words.say("choose_card", { title: card.title }) };
  return element(
    "article",
    { className: `card ${card.kind}` },
    element(
      "div",
      { className: "card-head" },
      pictureNode(card),
      element("div", {}, element("h3", {}, card.title), card.subtitle ? element("p", {}, card.subtitle) : null),
    ),
    fields.length ? element("dl", {}, ...fields) : null,
    card.message ? element("button", { ...choose, onclick: () => act(card.message) }, words.say("choose")) : null,
  );
}

function pictureNode({ image, kind }) {
  const isWebAddress = /^(https?:\/\/|\/(?!\/))/.test(image ?? "");
  if (isWebAddress) return element("img", { src: image, alt: "", loading: "lazy", className: "picture" });
  return element("span", { className: "picture" }, icon(kind === "order" ? icons.ORDER : icons.GOODS));
}

function sourcesNode(sources, words) {
  const titles = sources.map(({ title }) => title).join(words.say("list_comma"));
  return element("p", { className: "sources" }, words.say("sources", { titles }));
}

function metaNode(text, drawing = null, label = null) {
  const state = label ? element("span", { className: "hidden" }, label) : null;
  return element("div", { className: "meta" }, text, drawing && icon(drawing), state);
}

function failedNode(item, words, act) {
  const button = { type: "button", className: "retry", onclick: () => act.retry(item.message_id) };
  return element(
    "div",
    { className: "meta" },
    words.term("failed", item.reason, words.say("failed")),
    element("button", button, words.say("retry")),
  );
}
