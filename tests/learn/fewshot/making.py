"""Messages of two intents for the tests, and the same intents in words that stand elsewhere."""

from collections.abc import Mapping, Sequence

from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.fewshot.examples import Examples

SAID = {
    "payment": ("how can i pay", "may i pay by card", "pay later", "which cards can i pay with"),
    "tracking": ("where is my parcel", "track my parcel please", "has the parcel left", "the parcel is still not here"),
}
UNSEEN = {
    "payment": ("can i pay with the card", "i pay by card", "pay please"),
    "tracking": ("has my parcel left", "the parcel please", "is the parcel here"),
}


def pairs(said: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    return [text for texts in said.values() for text in texts], [name for name, texts in said.items() for _ in texts]


def some_examples() -> Examples:
    return Examples.of(*pairs(SAID))


def a_table() -> Table:
    texts, intents = pairs(SAID)
    return tuple(
        Sample(id=str(at), text=text, intent=intent)
        for at, (text, intent) in enumerate(zip(texts, intents, strict=True))
    )
