"""Matters drawn by a number, as simulated customers have them."""

from random import Random
from zoneinfo import ZoneInfo

from xiaoer.pack import SpokenCustomers
from xiaoer.trial import TrialStage
from xiaoer.trial.simulation import GOALS, Task, World


def world_of(stage: TrialStage) -> World:
    zone = ZoneInfo(stage.pack.manifest.timezone)
    return World(stage.products, stage.pack.clauses, stage.now, zone, methods=stage.methods)


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311  # to be the same again


def draw(goal: str, seed: int, stage: TrialStage, spoken: SpokenCustomers) -> Task:
    return GOALS[goal].draw(seeded(seed), world_of(stage), spoken)
