import numpy as np
import pytest
from numpy.typing import NDArray

from xiaoer.learn.mixing import HeldOutScores, fit_mixing, fit_noise, fit_threshold
from xiaoer.understand import Mixing


def scored(rng: np.random.Generator, truth: list[int], sharp: float) -> NDArray[np.float64]:
    """Scores of three intents: noise, the true one higher by what is given; none is where the truth is -1."""
    scores = rng.normal(size=(len(truth), 3))
    for row, place in enumerate(truth):
        if place >= 0:
            scores[row, place] += sharp
    return scores


def a_trial(*, unknown: int, names: tuple[str, ...] = ("a", "b", "c"), sharp: float = 3.0) -> HeldOutScores:
    rng = np.random.default_rng(4)
    truth = [0, 1, 2] * 100 + [-1] * unknown
    return HeldOutScores(scored(rng, truth, sharp), scored(rng, truth, 0.0), np.array(truth), names)


def test_what_tells_nothing_weighs_little() -> None:
    found, _ = fit_mixing(a_trial(unknown=0))
    assert found.linear > 1
    assert found.network < 0.3
    assert found.rest == -np.inf


def test_probabilities_are_as_high_as_they_are_right() -> None:
    trial = a_trial(unknown=0, sharp=1.5)
    chances = fit_mixing(trial)[0].probabilities(trial.linear, trial.network, None)
    assert chances.max(axis=1).mean() == pytest.approx((chances.argmax(axis=1) == trial.truth).mean(), abs=0.03)


def test_texts_that_are_none_of_the_intents_leave_something_over() -> None:
    trial = a_trial(unknown=60)
    found, _ = fit_mixing(trial)
    left = 1 - found.probabilities(trial.linear, trial.network, None).sum(axis=1)
    assert left[:300].mean() < 0.1
    assert left[300:].mean() > 0.3


def test_the_threshold_parts_what_is_unknown_from_what_is_read_rightly() -> None:
    trial = a_trial(unknown=60, sharp=6.0)
    found, _ = fit_mixing(trial)
    refused = found.probabilities(trial.linear, trial.network, None).max(axis=1) < fit_threshold(trial, found)
    assert refused[:300].mean() < 0.05
    assert refused[300:].mean() > 0.6


def test_without_anything_unknown_hardly_any_text_falls_under_the_threshold() -> None:
    trial = a_trial(unknown=0)
    found = Mixing(1.0, 0.0, -np.inf)
    tops = found.probabilities(trial.linear, trial.network, None).max(axis=1)
    assert 0 < (tops < fit_threshold(trial, found)).mean() <= 0.015


def test_a_label_for_what_is_out_of_scope_counts_as_unknown() -> None:
    trial = a_trial(unknown=30, names=("a", "b", "out_of_scope"))
    assert trial.is_unknown.sum() == 130
    assert trial.weights[trial.is_unknown].sum() / trial.weights.sum() == pytest.approx(0.1)


def test_scores_that_tell_more_leave_less_loss() -> None:
    assert fit_mixing(a_trial(unknown=0, sharp=4.0))[1] < fit_mixing(a_trial(unknown=0, sharp=1.0))[1]


def some_by_chance(trial: HeldOutScores, share: float) -> HeldOutScores:
    rng = np.random.default_rng(7)
    drawn = np.where(rng.random(len(trial.truth)) < share, rng.integers(3, size=len(trial.truth)), trial.truth)
    return HeldOutScores(trial.linear, trial.network, drawn, trial.names)


def test_the_share_of_labels_drawn_by_chance_is_found_where_scores_are_sure() -> None:
    sure = a_trial(unknown=0, sharp=8.0)
    assert fit_noise(some_by_chance(sure, 0.4)).share == pytest.approx(0.4, abs=0.07)
    assert fit_noise(sure).share < 0.02


def test_texts_that_are_hard_to_tell_are_no_wrong_labels() -> None:
    assert fit_noise(a_trial(unknown=0, sharp=1.5)).share < 0.05


def test_a_large_intent_makes_no_label_wrong() -> None:
    rng = np.random.default_rng(4)
    truth = [0] * 400 + [1] * 50 + [2] * 50
    trial = HeldOutScores(scored(rng, truth, 1.5), scored(rng, truth, 0.0), np.array(truth), ("a", "b", "c"))
    assert fit_noise(trial).share < 0.05


def test_probabilities_are_of_what_is_meant_where_labels_are_drawn_by_chance() -> None:
    trial = a_trial(unknown=0, sharp=3.0)
    noisy = some_by_chance(trial, 0.4)
    chances = fit_mixing(noisy, noise=0.4)[0].probabilities(trial.linear, trial.network, None)
    right = (chances.argmax(axis=1) == trial.truth).mean()
    assert chances.max(axis=1).mean() == pytest.approx(right, abs=0.05)
    assert fit_mixing(noisy)[0].probabilities(trial.linear, trial.network, None).max(axis=1).mean() < right - 0.1
