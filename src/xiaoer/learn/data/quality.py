"""The station `quality`: is this data fit to train on? Figures, gates, and what to look at."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from xiaoer.learn.data.association import correlation_ratio, cramers_v
from xiaoer.learn.data.cleaning import Figures, figures_of
from xiaoer.learn.data.heldout import looking_with, out_of_fold
from xiaoer.learn.data.label_noise import Suspect, suspects
from xiaoer.learn.data.near import near_groups
from xiaoer.learn.data.samples import Sample, Table, key_of
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.pack import Pack

RATIO = "largest intent to smallest"


class QualitySetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What data is measured by.

    `core`: the intents of the core scenes; if none are named those that start a flow of the pack, without a pack all.
    A scene is covered by `fewest` samples. `coverage` (at least), `ratio` of the largest intent to the smallest (at
    most), `completeness`, `consistency` (at least), `label_noise` (at most) are gates. `folds`: of the validation that
    finds label noise, 0 leaves it out. `near`: from what likeness on texts of two intents contradict each other.
    """

    core: tuple[str, ...] = ()
    fewest: int = 40
    coverage: float = 0.8
    ratio: float = 3.0
    completeness: float = 0.95
    consistency: float = 0.98
    label_noise: float = 0.05
    folds: int = 5
    near: float = 0.85
    seed: int = 0


class Gate(msgspec.Struct, frozen=True):
    """A figure and what it must be: at least `wanted`, or at most."""

    name: str
    value: float
    wanted: float
    is_at_most: bool

    @property
    def is_met(self) -> bool:
        """Whether the figure is as wanted."""
        return self.value <= self.wanted if self.is_at_most else self.value >= self.wanted

    @property
    def limit(self) -> str:
        """What is wanted, in words."""
        return f"{'at most' if self.is_at_most else 'at least'} {self.wanted:g}"

    @property
    def verdict(self) -> str:
        """Whether that is so, in a word."""
        return "met" if self.is_met else "missed"


class Contradiction(msgspec.Struct, frozen=True):
    """Texts that are all but the same under different intents: (id, text, intent) each."""

    samples: tuple[tuple[str, str, str], ...]


class QualityReport(msgspec.Struct, frozen=True, kw_only=True):
    """How good data is.

    `uncovered`: core scenes with too few samples, and how many these have. `associations`: how much an intent has to do
    with where a sample came from, with how long it is, and with the kinds of entities in it (0 to 1).
    `held_out_accuracy` is that of the light model; None where label noise was not looked for.
    """

    figures: Figures
    gates: tuple[Gate, ...]
    intents: Mapping[str, int]
    entities: Mapping[str, int]
    sources: Mapping[str, int]
    lengths: tuple[int, ...]
    uncovered: Mapping[str, int]
    associations: Mapping[str, float]
    contradictions: tuple[Contradiction, ...]
    held_out_accuracy: float | None
    suspects: tuple[Suspect, ...]

    @property
    def is_fit(self) -> bool:
        """Whether all gates are met."""
        return all(gate.is_met for gate in self.gates)


def quality(
    table: Table, setting: QualitySetting | None = None, *, pack: Pack | None = None, tell: Tell | None = None
) -> QualityReport:
    """Measure a table.

    Raises:
        DataSettingError: label noise is to be looked for, and too few samples have an intent.
    """
    setting = setting or QualitySetting()
    intents = Counter(sample.intent for sample in table if sample.intent is not None)
    core = setting.core or core_of(pack) or tuple(intents)
    uncovered = {name: intents[name] for name in core if intents[name] < setting.fewest}
    contradictions = tuple(_contradictions(table, setting.near))
    doubted, accuracy = _doubted(table, setting, pack, tell or say_nothing)
    in_doubt = sum(len(one.samples) for one in contradictions)
    largest, smallest = max(intents.values(), default=0), min(intents.values(), default=0)
    gates = [
        Gate("completeness", _share(sum(_is_complete(one) for one in table), len(table)), setting.completeness, False),
        Gate("consistency", 1 - _share(in_doubt, len(table)), setting.consistency, False),
        Gate("coverage of core scenes", 1 - _share(len(uncovered), len(core)), setting.coverage, False),
        Gate(RATIO, largest / max(1, smallest), setting.ratio, True),
    ]
    if accuracy is not None:
        gates.append(Gate("label noise", _share(len(doubted), intents.total()), setting.label_noise, True))
    return QualityReport(
        figures=figures_of(table),
        gates=tuple(gates),
        intents=dict(intents.most_common()),
        entities=dict(Counter(span.entity for sample in table for span in sample.spans).most_common()),
        sources=dict(Counter(sample.source for sample in table).most_common()),
        lengths=tuple(len(sample.text) for sample in table),
        uncovered=uncovered,
        associations=_associations([sample for sample in table if sample.intent is not None]),
        contradictions=contradictions,
        held_out_accuracy=accuracy,
        suspects=doubted,
    )


def core_of(pack: Pack | None) -> tuple[str, ...]:
    """Give the core scenes of a pack: the intents that start its flows."""
    flows = pack.flows.values() if pack is not None else ()
    every = (name for flow in flows for name in (*flow.triggers, *flow.triggers_when_proved, *flow.triggers_unanswered))
    return tuple(dict.fromkeys(every))


def _is_complete(sample: Sample) -> bool:
    return bool(sample.text.strip()) and sample.intent is not None


def _contradictions(table: Table, near: float) -> list[Contradiction]:
    labelled = [sample for sample in table if sample.intent is not None]
    groups = near_groups([key_of(sample.text) for sample in labelled], likeness=near)
    members: dict[int, list[Sample]] = {}
    for sample, group in zip(labelled, groups, strict=True):
        members.setdefault(group, []).append(sample)
    return [
        Contradiction(tuple((one.id, one.text, one.intent or "") for one in group))
        for group in members.values()
        if len({sample.intent for sample in group}) > 1
    ]


def _doubted(
    table: Table, setting: QualitySetting, pack: Pack | None, tell: Tell
) -> tuple[tuple[Suspect, ...], float | None]:
    if not setting.folds:
        return (), None
    held_out = out_of_fold(table, looking_with(pack), folds=setting.folds, seed=setting.seed, tell=tell)
    is_right = held_out.probabilities.argmax(axis=1) == held_out.truth
    return suspects(held_out), round(float(is_right.mean()), 4)


def _associations(labelled: Sequence[Sample]) -> dict[str, float]:
    found = {
        "source": cramers_v([(one.intent or "", one.source) for one in labelled]),
        "length": correlation_ratio([(one.intent or "", float(len(one.text))) for one in labelled]),
    }
    for kind in sorted({span.entity for sample in labelled for span in sample.spans}):
        holds = [(one.intent or "", str(any(span.entity == kind for span in one.spans))) for one in labelled]
        found[f"entity {kind}"] = cramers_v(holds)
    return {name: round(value, 4) for name, value in found.items()}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
