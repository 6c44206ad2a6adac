"""How far people who labelled the same texts agree: Cohen's kappa of two, Fleiss' of more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec

from xiaoer.learn.data.errors import DataSettingError
from xiaoer.learn.data.samples import Sample, Table

ENOUGH = 0.85
"""From what kappa on labels may be trained on."""
_NONE = ""


class Disagreement(msgspec.Struct, frozen=True):
    """A text that people labelled differently: who gave which label."""

    id: str
    text: str
    labels: Mapping[str, str]


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far people agree on the samples that all of them labelled.

    `kappa` is of intents, `span_kappa` of the kind of entity that each character belongs to; None where nobody gave
    any. `pairs` is Cohen's kappa of each two. `lowest_intents`: of each intent, the kappa of that intent against all
    others, the least first.
    """

    people: tuple[str, ...]
    samples: int
    kappa: float | None
    span_kappa: float | None
    pairs: Mapping[str, float]
    lowest_intents: Mapping[str, float]
    disagreements: tuple[Disagreement, ...]

    def is_enough(self, wanted: float = ENOUGH) -> bool:
        """Whether all that was labelled is agreed on enough."""
        found = [kappa for kappa in (self.kappa, self.span_kappa) if kappa is not None]
        return bool(found) and min(found) >= wanted


def agreement(tables: Mapping[str, Table]) -> Agreement:
    """Compare what several people made of the same samples.

    Raises:
        DataSettingError: it is one person only, or no sample was labelled by all.
    """
    if len(tables) < 2:
        raise DataSettingError("One person alone agrees with everybody: give the files of two or more.")
    by_id = [{sample.id: sample for sample in table} for table in tables.values()]
    shared = [id for id in by_id[0] if all(id in samples for samples in by_id)]
    labelled = [id for id in shared if all(samples[id].intent is not None for samples in by_id)]
    marked = [id for id in shared if any(samples[id].spans for samples in by_id)]
    if not labelled and not marked:
        raise DataSettingError(
            "No sample was labelled by all of them. Samples are told by their ids: label what"
            " `xiaoer data annotate export` wrote, the same file each."
        )
    intents = [[samples[id].intent or _NONE for samples in by_id] for id in labelled]
    characters = [kinds for id in marked for kinds in zip(*(_kinds(samples[id]) for samples in by_id), strict=False)]
    names = tuple(tables)
    return Agreement(
        people=names,
        samples=len(shared),
        kappa=_kappa(intents) if intents else None,
        span_kappa=_kappa(characters) if characters else None,
        pairs=_pairs(names, intents),
        lowest_intents=_by_intent(intents),
        disagreements=tuple(_disagreements(names, by_id, shared)),
    )


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float:
    """Give Cohen's kappa (1960) of two people; 1.0 where both use one and the same label throughout."""
    total = len(pairs)
    observed = sum(one == other for one, other in pairs) / total
    ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    return _beyond(observed, sum(ones[label] * others[label] for label in ones) / total**2)


def fleiss_kappa(ratings: Sequence[Sequence[str]]) -> float:
    """Give Fleiss' kappa (1971) of three people or more; each row has the labels of one thing, as many in each."""
    people, total = len(ratings[0]), len(ratings)
    counts = [Counter(row) for row in ratings]
    agreed = sum(count * (count - 1) for row in counts for count in row.values()) / (total * people * (people - 1))
    shares = [count / (total * people) for count in Counter(label for row in ratings for label in row).values()]
    return _beyond(agreed, sum(share**2 for share in shares))


def _beyond(observed: float, by_chance: float) -> float:
    return 1.0 if by_chance >= 1 - 1e-12 else (observed - by_chance) / (1 - by_chance)


def _kappa(ratings: Sequence[Sequence[str]]) -> float:
    if len(ratings[0]) == 2:
        return round(cohen_kappa([(one, other) for one, other in ratings]), 4)
    return round(fleiss_kappa(ratings), 4)


def _pairs(names: Sequence[str], intents: Sequence[Sequence[str]]) -> dict[str, float]:
    return {
        f"{names[one]} / {names[other]}": round(cohen_kappa([(row[one], row[other]) for row in intents]), 4)
        for one, other in combinations(range(len(names)), 2)
        if intents
    }


def _by_intent(intents: Sequence[Sequence[str]]) -> dict[str, float]:
    every = {label for row in intents for label in row}
    found = {name: _kappa([[str(label == name) for label in row] for row in intents]) for name in every}
    return dict(sorted(found.items(), key=lambda item: (item[1], item[0])))


def _kinds(sample: Sample) -> list[str]:
    kinds = [_NONE] * len(sample.text)
    for span in sample.spans:
        kinds[span.start : span.end] = [span.entity] * (span.end - span.start)
    return kinds


def _disagreements(
    names: Sequence[str], by_id: Sequence[Mapping[str, Sample]], shared: Sequence[str]
) -> list[Disagreement]:
    found = []
    for id in shared:
        given = [samples[id] for samples in by_id]
        if any((one.intent, one.spans) != (given[0].intent, given[0].spans) for one in given):
            labels = {name: _label(sample) for name, sample in zip(names, given, strict=True)}
            found.append(Disagreement(id, given[0].text, labels))
    return found


def _label(sample: Sample) -> str:
    marks = "".join(f" [{sample.text[span.start : span.end]}]({span.entity})" for span in sample.spans)
    return (sample.intent or "–") + marks
