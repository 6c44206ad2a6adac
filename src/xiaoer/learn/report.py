"""How good an intent model or a tagger is, in the figures of the field."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xiaoer.learn.figures import area_under_curve
from xiaoer.understand import OUT_OF_SCOPE

_BINS = 10

Mark = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Precision and recall of one intent or entity kind, in [0, 1], and how often it truly occurs."""

    name: str
    precision: float
    recall: float
    support: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often one intent was taken for another."""

    truth: str
    guess: str
    count: int


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """The predictions of one tenth of confidence: how sure they are on average, and the share of them that is right."""

    texts: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class IntentReport:
    """Figures of held-out predictions; `calibration_error` is the expected one over ten bins (Naeini et al., 2015).

    `out_of_scope_auroc`: the chance that a text out of scope seems less of the shop than one that is in scope; None
    where there are not both. `in_scope_accuracy` is that of texts in scope, None where there are none;
    `in_scope_refused` the share of them that the model would not answer, being too unsure.
    """

    texts: int
    accuracy: float
    top_two_accuracy: float
    macro_f1: float
    calibration_error: float
    out_of_scope_auroc: float | None
    in_scope_accuracy: float | None
    in_scope_refused: float | None
    calibration: tuple[CalibrationBin, ...]
    classes: tuple[ClassScore, ...]
    confusions: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True)
class EntityReport:
    """Figures of held-out spans; a span counts only if kind, start and end are right."""

    spans: int
    micro_f1: float
    kinds: tuple[ClassScore, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """One held-out prediction: what is true, the two likeliest guesses, the probability of the first.

    `in_scope` is the probability of the likeliest intent that the shop has to do with; `is_refused` says that the model
    would not answer this text.
    """

    truth: str
    guess: str
    second: str
    confidence: float
    in_scope: float
    is_refused: bool = False


def intent_report(judged: Sequence[Judged]) -> IntentReport:
    """Sum up held-out predictions; the most frequent confusions come first."""
    classes = _scores(Counter((case.truth, case.guess) for case in judged))
    wrong = Counter((case.truth, case.guess) for case in judged if case.truth != case.guess)
    total = max(1, len(judged))
    calibration = _calibration(judged)
    in_scope = [case for case in judged if case.truth != OUT_OF_SCOPE]
    return IntentReport(
        texts=len(judged),
        accuracy=sum(case.truth == case.guess for case in judged) / total,
        top_two_accuracy=sum(case.truth in (case.guess, case.second) for case in judged) / total,
        macro_f1=sum(score.f1 for score in classes) / max(1, len(classes)),
        calibration_error=sum(one.texts * abs(one.confidence - one.accuracy) for one in calibration) / total,
        out_of_scope_auroc=area_under_curve(
            [-case.in_scope for case in judged if case.truth == OUT_OF_SCOPE],
            [-case.in_scope for case in in_scope],
        ),
        in_scope_accuracy=_share_of([case.truth == case.guess for case in in_scope]),
        in_scope_refused=_share_of([case.is_refused for case in in_scope]),
        calibration=calibration,
        classes=classes,
        confusions=tuple(
            Confusion(truth, guess, count)
            for (truth, guess), count in sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def entity_report(pairs: Iterable[tuple[set[Mark], set[Mark]]]) -> EntityReport:
    """Sum up texts given as true and found spans."""
    true, found, right = Counter[str](), Counter[str](), Counter[str]()
    for truth, guess in pairs:
        true.update(kind for kind, _, _ in truth)
        found.update(kind for kind, _, _ in guess)
        right.update(kind for kind, _, _ in truth & guess)
    kinds = tuple(
        ClassScore(kind, _share(right[kind], found[kind]), _share(right[kind], true[kind]), true[kind])
        for kind in sorted(true | found)
    )
    return EntityReport(true.total(), _share(2 * right.total(), true.total() + found.total()), kinds)


def _scores(cases: Counter[tuple[str, str]]) -> tuple[ClassScore, ...]:
    true, guessed = Counter[str](), Counter[str]()
    for (truth, guess), count in cases.items():
        true[truth] += count
        guessed[guess] += count
    return tuple(
        ClassScore(name, _share(cases[name, name], guessed[name]), _share(cases[name, name], true[name]), true[name])
        for name in sorted(true)
    )


def _calibration(judged: Sequence[Judged]) -> tuple[CalibrationBin, ...]:
    bins: list[list[Judged]] = [[] for _ in range(_BINS)]
    for case in judged:
        bins[min(_BINS - 1, int(case.confidence * _BINS))].append(case)
    return tuple(
        CalibrationBin(
            texts=len(bin_),
            confidence=sum(case.confidence for case in bin_) / max(1, len(bin_)),
            accuracy=_share(sum(case.truth == case.guess for case in bin_), len(bin_)),
        )
        for bin_ in bins
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _share_of(cases: Sequence[bool]) -> float | None:
    return sum(cases) / len(cases) if cases else None
