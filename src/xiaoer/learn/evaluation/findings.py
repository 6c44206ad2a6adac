"""All that an evaluation found, and whether the model will do."""

from dataclasses import dataclass

from xiaoer.learn.data.quality import Gate
from xiaoer.learn.evaluation.comparing import Comparison
from xiaoer.learn.evaluation.judging import Evaluation


@dataclass(frozen=True, slots=True)
class Findings:
    """Figures, what was to be met, and, where it was asked for, the comparison with another model."""

    evaluation: Evaluation
    gates: tuple[Gate, ...] = ()
    comparison: Comparison | None = None

    @property
    def is_good(self) -> bool:
        """Whether all gates are met and the model is no worse than the other one."""
        is_worse = self.comparison is not None and self.comparison.is_worse
        return not is_worse and all(gate.is_met for gate in self.gates)
