"""Simulated customers: each with a matter, facts, patience and a way of writing, judged by the shop's books."""

from xiaoer.trial.simulation.goals import GOALS
from xiaoer.trial.simulation.playing import Played, play, simulate
from xiaoer.trial.simulation.report import Rates, rates, rates_by_goal
from xiaoer.trial.simulation.task import Task, World

__all__ = ["GOALS", "Played", "Rates", "Task", "World", "play", "rates", "rates_by_goal", "simulate"]
