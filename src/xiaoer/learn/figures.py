"""Figures of the field that are more than a share: rank statistics, correlations, and a test of two models."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from sklearn.metrics import roc_auc_score

_FEW = 25


@dataclass(frozen=True, slots=True)
class Correlation:
    """How values that were guessed go with the true ones: linearly (Pearson) and by rank (Spearman), in [-1, 1]."""

    pairs: int
    pearson: float
    spearman: float


def area_under_curve(wanted: Sequence[float], others: Sequence[float]) -> float | None:
    """Give the chance that a score drawn from `wanted` is above one from `others`, a tie counting half (AUROC).

    None if either is empty.
    """
    if not wanted or not others:
        return None
    truth = [1] * len(wanted) + [0] * len(others)
    return float(roc_auc_score(truth, [*wanted, *others]))


def correlation(truth: Sequence[float], guess: Sequence[float]) -> Correlation | None:
    """Correlate true values with guessed ones; None if either has fewer than two different values."""
    if len(set(truth)) < 2 or len(set(guess)) < 2:
        return None
    pearson, spearman = stats.pearsonr(truth, guess), stats.spearmanr(truth, guess)
    return Correlation(len(truth), float(pearson.statistic), float(spearman.statistic))


def mcnemar(only_one: int, only_other: int) -> float:
    """Give the chance that two equally good models differ so much (McNemar, 1947; p-value, two-sided).

    `only_one` and `only_other` count the texts that one alone reads rightly. Under 25 of them the chance is exact
    (binomial), from there on by chi-square with the correction for continuity (Edwards, 1948).
    """
    differing = only_one + only_other
    if differing == 0:
        return 1.0
    if differing < _FEW:
        return float(stats.binomtest(only_one, differing, 0.5).pvalue)
    gap = max(0, abs(only_one - only_other) - 1)
    return float(stats.chi2.sf(gap * gap / differing, df=1))


def milliseconds(seconds: Sequence[float], percent: float) -> float:
    """Give the time under which so many percent of durations are, in milliseconds."""
    return float(np.percentile(seconds, percent)) * 1000
