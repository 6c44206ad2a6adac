/** The small dialogs over the messages: rating, and the question before starting anew. */

import { element } from "../page/dom.js";

const STARS = [1, 2, 3, 4, 5];
const MOST_COMMENT_CHARACTERS = 500;

/** Asks for one to five stars and a comment; `rate(score, comment)` is called when they are given. */
export function ratingSheet(words, { rate, leave }) {
  const comment = {
    name: "comment",
    rows: 3,
    maxLength: MOST_COMMENT_CHARACTERS,
    placeholder: words.say("comment"),
    "aria-label": words.say("comment"),
  };
  const give = element("button", { className: "primary", disabled: true }, words.say("rate_send"));
  const stars = element("fieldset", { className: "stars", onchange: () => (give.disabled = false) });
  stars.append(
    element("legend", { className: "hidden" }, words.say("rate_title")),
    ...STARS.map((score) => starNode(score, words)),
  );
  const form = element(
    "form",
    { onsubmit: (event) => submitted(event, rate) },
    element("h2", {}, words.say("rate_title")),
    stars,
    element("textarea", comment),
    element("div", { className: "actions" }, leaveButton(words, leave), give),
  );
  return sheet(words.say("rate_title"), form);
}

/** Asks whether to start a new conversation. */
export function restartSheet(words, { restart, leave }) {
  return sheet(
    words.say("restart"),
    element("h2", {}, words.say("restart_title")),
    element("p", {}, words.say("restart_about")),
    element(
      "div",
      { className: "actions" },
      leaveButton(words, leave),
      element("button", { type: "button", className: "primary", onclick: restart }, words.say("restart")),
    ),
  );
}

function sheet(label, ...content) {
  const box = element(
    "div",
    { className: "sheet", role: "dialog", "aria-modal": "true", "aria-label": label },
    ...content,
  );
  return element("div", { className: "shade" }, box);
}

function leaveButton(words, leave) {
  return element("button", { type: "button", onclick: leave }, words.say("cancel"));
}

function starNode(score, words) {
  const input = { type: "radio", name: "score", value: score, "aria-label": words.say("stars", { score }) };
  return element("label", {}, element("input", input), element("span", { "aria-hidden": "true" }, "★"));
}

function submitted(event, rate) {
  event.preventDefault();
  const given = new FormData(event.target);
  rate(Number(given.get("score")), given.get("comment").trim());
}
