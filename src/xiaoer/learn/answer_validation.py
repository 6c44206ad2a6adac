"""Cross-validation of what finds answers: what it says to a pack's own phrasings that were kept from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from xiaoer.learn.answers import PARTS, Trial, fit_sharpness, hold_out
from xiaoer.learn.lessons import UNKNOWN, Lessons
from xiaoer.pack import Pack

_STEPS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)

Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class AnswersFrom:
    """What comes of answering with the first entry from a score on.

    `answered_rightly` and `precision` are of questions that have an entry; `lost_answered` of questions whose entry
    was kept from the model, `small_talk_answered` of utterances that come under an intent without entries.
    """

    score: float
    answered_rightly: float
    precision: float
    lost_answered: float
    small_talk_answered: float


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """Figures of held-out phrasings."""

    questions: int
    recall_at_1: float
    recall_at_3: float
    steps: tuple[AnswersFrom, ...]


def cross_validate_answers(pack: Pack, *, seed: int = 0) -> AnswerReport:
    """Judge the finding of answers on a pack's own phrasings; each part's sharpness comes from the next one."""
    lessons = Lessons.of(pack)
    trials = [hold_out(lessons, seed=seed, part=part) for part in range(PARTS)]
    judged = [_judge(trial, trials[(part + 1) % PARTS]) for part, trial in enumerate(trials)]
    all_ = _Judged(*(np.concatenate(column) for column in zip(*(one.columns() for one in judged), strict=True)))
    return AnswerReport(
        questions=int(all_.is_known.sum()),
        recall_at_1=_share(all_.is_first, all_.is_known),
        recall_at_3=_share(all_.is_in_three, all_.is_known),
        steps=tuple(_step(all_, score) for score in _STEPS),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """Held-out questions: the score of the first entry, whether it is right, and what kind of question each is."""

    scores: NDArray[np.float32]
    is_first: Bools
    is_in_three: Bools
    is_known: Bools
    is_lost: Bools

    def columns(self) -> Sequence[NDArray[np.generic]]:
        return self.scores, self.is_first, self.is_in_three, self.is_known, self.is_lost


def _judge(trial: Trial, other: Trial) -> _Judged:
    chances = trial.evidence.probabilities(fit_sharpness(other))
    order = np.argsort(-chances, axis=1)
    is_right = order == trial.truth[:, None]
    return _Judged(
        scores=chances.max(axis=1),
        is_first=is_right[:, 0],
        is_in_three=is_right[:, :3].any(axis=1),
        is_known=trial.truth != UNKNOWN,
        is_lost=trial.is_lost,
    )


def _step(judged: _Judged, score: float) -> AnswersFrom:
    is_answered = judged.scores >= score
    return AnswersFrom(
        score=score,
        answered_rightly=_share(is_answered & judged.is_first, judged.is_known),
        precision=_share(judged.is_first, judged.is_known & is_answered),
        lost_answered=_share(is_answered, judged.is_lost),
        small_talk_answered=_share(is_answered, ~judged.is_known & ~judged.is_lost),
    )


def _share(part: Bools, whole: Bools) -> float:
    return round(float(part[whole].mean()), 4) if whole.any() else 0.0
