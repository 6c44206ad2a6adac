"""How a network is made smaller."""

from dataclasses import dataclass

from xiaoer.learn.full.settings import TrainingSettings

_USUAL_TRAINING = TrainingSettings(epochs=3)


@dataclass(frozen=True, slots=True)
class CompressionSetting:
    """What is done: the share of heads and neurons that goes, how many layers stay, the share of parameters that stays.

    `distil` makes a pupil of that share, which learns from the network as it was; without it what was pruned is trained
    with the labels. `training` says how long and how fast, `is_int8` if weights are written as whole bytes.
    """

    prune: float = 0.0
    layers: int | None = None
    distil: float | None = None
    is_int8: bool = True
    training: TrainingSettings = _USUAL_TRAINING

    @property
    def cuts(self) -> bool:
        """If anything is cut out."""
        return self.prune > 0 or self.layers is not None
