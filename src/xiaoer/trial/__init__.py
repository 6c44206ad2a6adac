"""Rehearsals on the whole of Xiaoer: conversation tests of a pack, and replay of what was stored."""

from xiaoer.trial.rehearsal import Spoken, Verdict, rehearse
from xiaoer.trial.replay import Difference, RecordedShop, Replayer, ReplayReport
from xiaoer.trial.stage import Scene, StillClock, TrialStage, trial_stage

__all__ = [
    "Difference",
    "RecordedShop",
    "ReplayReport",
    "Replayer",
    "Scene",
    "Spoken",
    "StillClock",
    "TrialStage",
    "Verdict",
    "rehearse",
    "trial_stage",
]
