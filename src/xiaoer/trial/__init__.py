"""Rehearsals on the whole of Xiaoer: a pack's conversation tests, replay of what was stored, simulated customers."""

from xiaoer.trial.rehearsal import Spoken, Verdict, rehearse
from xiaoer.trial.replay import Difference, RecordedShop, Replayer, ReplayReport
from xiaoer.trial.simulation import GOALS, Played, Rates, rates, rates_by_goal, simulate
from xiaoer.trial.stage import Scene, StillClock, TrialStage, trial_stage
from xiaoer.trial.vanishing import vanishing

__all__ = [
    "GOALS",
    "Difference",
    "Played",
    "Rates",
    "RecordedShop",
    "ReplayReport",
    "Replayer",
    "Scene",
    "Spoken",
    "StillClock",
    "TrialStage",
    "Verdict",
    "rates",
    "rates_by_goal",
    "rehearse",
    "simulate",
    "trial_stage",
    "vanishing",
]
