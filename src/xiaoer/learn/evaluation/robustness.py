"""What disturbances of the texts cost: typing errors, other characters, signs and words that say nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from xiaoer.learn.data.edits import edited
from xiaoer.learn.data.punctuating import bare, emoji
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.data.typing_errors import homophones, keyboard, pinyin, traditional
from xiaoer.learn.data.wording import Maker, noise
from xiaoer.learn.evaluation.judging import Heard

_SHARE = 0.1
"""Of the words or characters of a text, one at least."""


@dataclass(frozen=True, slots=True)
class Disturbed:
    """A disturbance: how many texts it changes, and the accuracy on these as they were written and as they became."""

    name: str
    texts: int
    as_written: float
    disturbed: float


def robustness(heard: Heard, listen: Callable[[Table], Heard], *, seed: int = 0) -> tuple[Disturbed, ...]:
    """Disturb what a model read, in each way alone, and have it read that again by `listen`.

    A way that changes none of the texts is left out: English has no traditional characters. The same samples and seed
    give the same disturbances.
    """
    return tuple(
        found for name, maker in _makers(heard.samples).items() if (found := _cost(name, maker, heard, listen, seed))
    )


def _makers(samples: Table) -> Mapping[str, Maker]:
    return {
        "typos": keyboard(_SHARE),
        "pinyin": pinyin(),
        "homophones": homophones(samples, _SHARE),
        "no punctuation": bare,
        "traditional": traditional(),
        "emoji": emoji,
        "filler words": noise(_SHARE),
    }


def _cost(name: str, maker: Maker, heard: Heard, listen: Callable[[Table], Heard], seed: int) -> Disturbed | None:
    chance = Random(f"{seed} {name}")  # noqa: S311  # a sample, no secret
    copies, was_right = list[Sample](), list[bool]()
    for sample, right in zip(heard.samples, heard.is_right, strict=True):
        copy = edited(sample, maker(sample, chance))
        if copy is not None and copy.text.strip() and copy.text != sample.text:
            copies.append(copy)
            was_right.append(right)
    if not copies:
        return None
    total = len(copies)
    return Disturbed(name, total, sum(was_right) / total, sum(listen(tuple(copies)).is_right) / total)
