"""What came of many simulated customers, by their matters and in all."""

from collections.abc import Sequence
from dataclasses import dataclass

from xiaoer.trial.simulation.playing import Played


@dataclass(frozen=True, slots=True)
class Rates:
    """Figures of some customers: rates are of those whose matter is allowed, or forbidden; none there is a 1."""

    tasks: int
    completion_rate: float
    refusal_rate: float
    wrong_actions: int
    turns_per_task: float


def rates(played: Sequence[Played]) -> Rates:
    """Count what came of some customers."""
    allowed = [one for one in played if one.is_allowed]
    forbidden = [one for one in played if not one.is_allowed]
    return Rates(
        tasks=len(played),
        completion_rate=_share(sum(one.is_completed and not one.wrong for one in allowed), len(allowed)),
        refusal_rate=_share(sum(one.is_refused for one in forbidden), len(forbidden)),
        wrong_actions=sum(bool(one.wrong) for one in played),
        turns_per_task=round(sum(one.turns for one in played) / max(1, len(played)), 2),
    )


def rates_by_goal(played: Sequence[Played]) -> dict[str, Rates]:
    """Count by matter, in the order in which they were first played."""
    return {goal: rates([one for one in played if one.goal == goal]) for goal in dict.fromkeys(o.goal for o in played)}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0
