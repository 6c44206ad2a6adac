"""All that an evaluation found, and whether the model will do."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xiaoer.learn.data.quality import Gate
from xiaoer.learn.data.samples import Table
from xiaoer.learn.evaluation.comparing import Comparison, compare
from xiaoer.learn.evaluation.judging import Evaluation, LeftOutFor, Read, evaluate, hear, unseen
from xiaoer.learn.evaluation.robustness import Disturbed, robustness
from xiaoer.pack import Pack


@dataclass(frozen=True, slots=True)
class Trained:
    """A model as it serves, its name, and the pack that it was trained from, if it was."""

    name: str
    read: Read
    pack: Pack | None = None


@dataclass(frozen=True, slots=True)
class Findings:
    """Figures, what was to be met, and, where asked for, another model beside it and what disturbances cost.

    `left_out`: how many samples of the data were not judged by, for which reason.
    """

    evaluation: Evaluation
    gates: tuple[Gate, ...] = ()
    comparison: Comparison | None = None
    robustness: tuple[Disturbed, ...] = ()
    left_out: Mapping[LeftOutFor, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Whether all gates are met and the model is no worse than the other one."""
        is_worse = self.comparison is not None and self.comparison.is_worse
        return not is_worse and all(gate.is_met for gate in self.gates)


def examine(model: Trained, table: Table, *, beside: Trained | None = None, disturb: int | None = None) -> Findings:
    """Judge a model by data, `beside` another one if given; `disturb` is the seed of disturbances, None for none.

    Raises:
        DataSettingError: the data has nothing to judge by.
    """
    chosen = unseen(table, [one.pack for one in (model, beside) if one is not None and one.pack is not None])
    heard = hear(model.read, chosen.samples)
    comparison, disturbed = None, tuple[Disturbed, ...]()
    if beside is not None:
        comparison = compare(heard, hear(beside.read, chosen.samples), beside.name)
    if disturb is not None:
        disturbed = robustness(heard, lambda copies: hear(model.read, copies), seed=disturb)
    return Findings(evaluate(heard), comparison=comparison, robustness=disturbed, left_out=chosen.left_out)
