"""Labelled sentences of our own, of three intents and of nothing that a shop has to do with."""

from itertools import product

_SAID = {
    "track": (("where is", "please track", "has anybody seen"), ("my parcel", "the package", "our delivery")),
    "pay": (("may I pay", "can one settle it", "I would like to pay"), ("by card", "in cash", "with a voucher")),
    "return": (("I send back", "please take back", "how do I return"), ("these shoes", "the kettle", "a lamp")),
}
_OFF = (("tell me about", "what do you think of", "sing something on"), ("the moon", "football", "your weekend"))


def said() -> list[tuple[str, str]]:
    """Give texts with their intents, nine of each."""
    return [(f"{lead} {what}", intent) for intent, parts in _SAID.items() for lead, what in product(*parts)]


def off_topic() -> list[tuple[str, str]]:
    """Give nine texts that are out of scope."""
    return [(f"{lead} {what}", "out_of_scope") for lead, what in product(*_OFF)]


def as_csv(rows: list[tuple[str, str]]) -> str:
    """Write texts with their intents as a table."""
    return "text,intent\n" + "".join(f"{text},{intent}\n" for text, intent in rows)
