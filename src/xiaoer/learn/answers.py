"""Training of what finds answers: a network over terms, and its sharpness from questions that it has not seen."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import astuple, dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from xiaoer.knowledge import AnswerModel, Evidence, Sharpness
from xiaoer.learn.lessons import UNKNOWN, Labels, Lessons
from xiaoer.learn.network import Task, fit_network, mean_of
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.pack import Pack

_MEMBERS = 2
_LEAST_TEXTS = 3
_FEW_TEXTS = 1000
PARTS = 5
"""In how many parts questions are held out, one at a time."""
_LOST_ENTRIES = 0.1
_UNANSWERED_SHARE = 0.25
_HOLD = 0.003
_WITHIN = ((0.1, 5.0), (0.0, 20.0), (0.0, 5.0), (-5.0, 5.0))
"""Within which each number of a `Sharpness` is looked for."""

Bools: TypeAlias = NDArray[np.bool_]


def fit_answers(
    pack: Pack, *, seed: int = 0, beside: Executor | None = None, progress: Tell = say_nothing
) -> AnswerModel | None:
    """Train the model that finds answers in a pack's knowledge; None if there is no knowledge.

    What is held out is judged `beside`, if that is given, behind what it has to do already; the same comes of it. It
    is another's thread: waited for in its own it would never come.
    """
    if not pack.faq:
        return None
    lessons = Lessons.of(pack)

    def sharpness() -> Sharpness:
        return fit_sharpness(hold_out(lessons, seed=seed))

    with threadpool_limits(1):  # around both: the library heeds the limit of one thread alone
        judging = beside.submit(sharpness) if beside else None
        model = _fit(lessons, np.arange(len(lessons.all)), seed, progress)
        progress("judging what was held out", 1.0)
        return replace(model, sharpness=judging.result() if judging else sharpness())


@dataclass(frozen=True, slots=True)
class Trial:
    """Questions that a model has not seen and what they say to it: `truth` is the entry, -1 where none answers.

    `is_lost` marks those whose entry was kept from the model as a whole.
    """

    evidence: Evidence
    truth: Labels
    is_lost: Bools


def hold_out(lessons: Lessons, *, seed: int = 0, part: int = 0) -> Trial:
    """Train without one part in five of the questions and without some of the entries, and ask the questions kept.

    Questions of entries that were left out are what a shop is asked and does not know.
    """
    classes, entries = lessons.class_of, len(lessons.entries)
    part_of = np.random.default_rng(seed).integers(PARTS, size=len(classes))
    lost = np.random.default_rng([seed, part]).random(entries) < _LOST_ENTRIES
    is_entry = (classes != UNKNOWN) & (classes < entries)
    is_lost = is_entry & lost[np.where(is_entry, classes, 0)]
    is_held = (part_of == part) & lessons.is_asked
    model = _fit(lessons, np.flatnonzero(~is_held & ~is_lost), seed)
    asked = [
        (row, evidence)
        for row in np.flatnonzero(is_held & (classes != UNKNOWN)).tolist()
        if (evidence := model.evidence(lessons.all[row].terms)) is not None
    ]
    rows = [row for row, _ in asked]
    scores = np.array([evidence.scores for _, evidence in asked], dtype=np.float32).reshape(-1, lessons.classes)
    scores[:, np.flatnonzero(lost)] = -np.inf
    coverage = np.array([evidence.coverage for _, evidence in asked], dtype=np.float32).reshape(-1, entries)
    truth = np.where(is_entry & ~is_lost, classes, UNKNOWN)
    return Trial(Evidence(scores, coverage), truth[rows], is_lost[rows])


def fit_sharpness(trial: Trial) -> Sharpness:
    """Find the sharpness under which what came true was likeliest, not far from the usual where there is little."""
    usual = np.array(astuple(Sharpness()))
    known = trial.truth != UNKNOWN
    if not known.any():
        return Sharpness()
    weights = np.where(known, 1.0, _UNANSWERED_SHARE / (1 - _UNANSWERED_SHARE) * known.sum() / max(1, (~known).sum()))

    def loss(numbers: NDArray[np.float64]) -> float:
        chances = trial.evidence.probabilities(Sharpness(*numbers)).astype(np.float64)
        of_truth = np.where(known, chances[np.arange(len(known)), trial.truth], 1 - chances.sum(axis=1))
        missed = -(weights * np.log(np.maximum(of_truth, 1e-6))).mean()
        return float(missed + _HOLD * ((numbers - usual) ** 2).sum())

    found = optimize.minimize(loss, usual, method="Powell", bounds=_WITHIN, options={"xtol": 1e-2, "ftol": 1e-5})
    return Sharpness(*(float(number) for number in found.x))


def _fit(lessons: Lessons, rows: Labels, seed: int, progress: Tell = say_nothing) -> AnswerModel:
    """Train a model of usual sharpness on some lessons."""
    least = _LEAST_TEXTS if len(rows) >= _FEW_TEXTS else 1
    weigher = TfidfVectorizer(analyzer=_as_they_are, min_df=least, sublinear_tf=True, dtype=np.float32)
    texts = weigher.fit_transform([lessons.all[row].terms for row in rows])
    classes, weights = lessons.class_of[rows], lessons.weights[rows]
    tasks = (
        Task(classes, lessons.classes, weights),
        Task(lessons.intent_of[rows], lessons.intents, np.ones_like(weights)),
    )
    with threadpool_limits(1):  # its products are too small to share, and others are at work beside it
        members = []
        for member in range(_MEMBERS):
            progress("training answers", member / _MEMBERS)
            members.append(fit_network(texts, tasks, seed=seed * _MEMBERS + member))
    network, idf = mean_of(members), weigher.idf_.astype(np.float32)
    return AnswerModel(
        entries=lessons.entries,
        vocabulary={term: row for row, term in enumerate(weigher.get_feature_names_out().tolist())},
        idf=idf.tolist(),
        unseen=float(idf.max()),
        places=network.places * idf[:, None],
        covered=_covered(texts, classes, len(lessons.entries)),
        directions=network.directions,
        bias=network.bias,
        sharpness=Sharpness(),
    )


def _covered(texts: sparse.csr_matrix, classes: Labels, entries: int) -> Bools:
    """Say which terms stand in the texts of which entries: terms × entries."""
    of_entries = np.flatnonzero((classes != UNKNOWN) & (classes < entries))
    members = sparse.csr_matrix(
        (np.ones(len(of_entries)), (of_entries, classes[of_entries])), shape=(len(classes), entries)
    )
    counts = texts.T @ members
    covered: Bools = np.ascontiguousarray(counts.toarray() > 0)
    return covered


def _as_they_are(terms: Sequence[str]) -> Sequence[str]:
    return terms
