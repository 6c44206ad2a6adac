"""Labelled sentences of our own, of three intents and of nothing that a shop has to do with."""

from itertools import product

import numpy as np

_SAID = {
    "track": (("where is", "please track", "has anybody seen"), ("my parcel", "the package", "our delivery")),
    "pay": (("may I pay", "can one settle it", "I would like to pay"), ("by card", "in cash", "with a voucher")),
    "return": (("I send back", "please take back", "how do I return"), ("these shoes", "the kettle", "a lamp")),
}
_OFF = (("tell me about", "what do you think of", "sing something on"), ("the moon", "football", "your weekend"))
THINGS = ("invoice", "coupon", "warranty", "repair", "parcel", "refund", "account", "size")
LEADS = (
    *("please tell me of", "something about", "a question on", "i need help with", "where is", "what of", "let us see"),
    *("can you look at", "i write about", "it is about", "could we talk of", "nothing works with", "any news of"),
)
_WHOSE = ("the", "my", "our")
_TAILS = ("", "today", "of last week", "please")
BY_CHANCE = 0.3


def said() -> list[tuple[str, str]]:
    """Give texts with their intents, nine of each."""
    return [(f"{lead} {what}", intent) for intent, parts in _SAID.items() for lead, what in product(*parts)]


def off_topic() -> list[tuple[str, str]]:
    """Give nine texts that are out of scope."""
    return [(f"{lead} {what}", "out_of_scope") for lead, what in product(*_OFF)]


def as_csv(rows: list[tuple[str, str]]) -> str:
    """Write texts with their intents as a table."""
    return "text,intent\n" + "".join(f"{text},{intent}\n" for text, intent in rows)


def many() -> tuple[list[str], list[str]]:
    """Give over a thousand texts, and what is meant by each."""
    rows = [
        (f"{lead} {whose} {thing} {tail}", thing) for thing, lead, whose, tail in product(THINGS, LEADS, _WHOSE, _TAILS)
    ]
    return [text for text, _ in rows], [thing for _, thing in rows]


def some_drawn_by_chance(intents: list[str]) -> list[str]:
    """Give intents of which a share is drawn from all, whatever the text."""
    chance = np.random.default_rng(5)
    drawn = chance.choice(THINGS, len(intents)).tolist()
    is_wrong = chance.random(len(intents)) < BY_CHANCE
    return [other if wrong else own for own, other, wrong in zip(intents, drawn, is_wrong, strict=True)]
