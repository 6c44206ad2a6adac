"""Two models on the same texts: which is better, and whether that is more than chance."""

from dataclasses import dataclass

from xiaoer.learn.evaluation.judging import Heard
from xiaoer.learn.figures import mcnemar

_SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Comparison:
    """A model beside another one: how many intents each reads rightly alone, and McNemar's test of that."""

    other: str
    accuracy: float
    other_accuracy: float
    only_this: int
    only_other: int
    p_value: float

    @property
    def is_worse(self) -> bool:
        """Whether the model is worse than the other by more than chance (p < 0.05)."""
        return self.only_this < self.only_other and self.p_value < _SIGNIFICANT


def compare(this: Heard, other: Heard, name: str) -> Comparison:
    """Compare what a model read with what another one, of some name, read in the same samples."""
    pairs = list(zip(this.is_right, other.is_right, strict=True))
    only_this = sum(mine and not its for mine, its in pairs)
    only_other = sum(its and not mine for mine, its in pairs)
    return Comparison(
        other=name,
        accuracy=sum(this.is_right) / len(pairs),
        other_accuracy=sum(other.is_right) / len(pairs),
        only_this=only_this,
        only_other=only_other,
        p_value=mcnemar(only_this, only_other),
    )
