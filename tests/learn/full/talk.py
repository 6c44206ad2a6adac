"""Samples that tests make up: what customers want of which thing, said in a few ways, and settings for them."""

from random import Random

from xiaoer.learn.data import Sample, Span
from xiaoer.learn.full import FullSettings

_WISHES = {
    "buy": (("i want to buy", 0.4), ("can i order", 0.1), ("i would like", 0.5)),
    "find": (("where is", 0.0), ("please track", 0.1), ("i cannot find", -0.5)),
    "return": (("take back", -0.3), ("i will send back", -0.4), ("refund", -0.8)),
}
_THINGS = ("blue cup", "lamp", "red wool socks", "kettle", "tent")


def talk(count: int, *, seed: int = 0) -> tuple[Sample, ...]:
    """Make so many samples with intent, span, mood and speech act."""
    chance = Random(seed)  # noqa: S311  # samples, no secret
    samples = []
    for number in range(count):
        intent = tuple(_WISHES)[number % len(_WISHES)]
        (said, mood), thing = chance.choice(_WISHES[intent]), chance.choice(_THINGS)
        text = f"{said} the {thing} no {chance.randrange(1000)}"
        start = text.index(thing)
        samples.append(
            Sample(
                id=str(number),
                text=text,
                intent=intent,
                spans=(Span(start, start + len(thing), "product"),),
                sentiment=mood,
                act="question" if said.startswith(("where", "can")) else "request",
                split="dev" if number % 5 == 0 else "train",
            )
        )
    return tuple(samples)


def tiny(**sections: dict[str, object]) -> FullSettings:
    """Give settings of a network that is trained in a moment."""
    encoder = {"kind": "transformer", "layers": 1, "width": 16, "attention_heads": 2, "vocabulary": 200, "longest": 24}
    given: dict[str, dict[str, object]] = {
        "encoder": encoder | sections.get("encoder", {}),
        "ngrams": {"buckets": 256, "width": 16} | sections.get("ngrams", {}),
        "training": {"epochs": 3, "batch": 16, "heads_rate": 5e-3} | sections.get("training", {}),
    }
    return FullSettings.model_validate({**sections, **given})
