"""The station `clean`: takes out what would teach a model something wrong, or the same thing twice."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

import msgspec

from xiaoer.learn.data.label_noise import Suspect
from xiaoer.learn.data.near import near_groups
from xiaoer.learn.data.relabelling import doubtful, relabelled
from xiaoer.learn.data.samples import Sample, Table, key_of
from xiaoer.learn.data.tidying import tidied, without_markup
from xiaoer.learn.telling import Tell, say_nothing
from xiaoer.text import normalise
from xiaoer.understand import language_of

Reason: TypeAlias = Literal["missing", "noise", "language", "conflict", "duplicate", "near_duplicate", "label"]


class CleanSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is cleaned.

    `markup`: take HTML out. `noise`: leave out texts of over `longest` characters, and those without a letter or a
    digit, unless somebody gave them an intent ("???" may have one). `language`: keep this one only (`zh` or `en`).
    `needs_intent`: leave out what has none. `conflicts`: of one text under several intents keep those of the
    `majority` (none, if there is none), none (`drop`), or all (`keep`). `near`: how much two texts of one intent may be
    alike (0 to 1); 0 keeps near duplicates. `labels`: `relabel` samples of which models of the others say that another
    intent is more than `odds` times as likely, `drop` them, or `keep` all; `folds`, `rounds`, `seed` are of the models.
    """

    markup: bool = True
    noise: bool = True
    longest: int = 500
    language: Literal["zh", "en"] | None = None
    needs_intent: bool = False
    conflicts: Literal["majority", "drop", "keep"] = "majority"
    duplicates: bool = True
    near: float = 0.85
    labels: Literal["keep", "relabel", "drop"] = "keep"
    odds: Annotated[float, msgspec.Meta(ge=1)] = 10.0
    folds: Annotated[int, msgspec.Meta(ge=2)] = 5
    rounds: Annotated[int, msgspec.Meta(ge=1)] = 1
    seed: int = 0


class LeftOut(msgspec.Struct, frozen=True):
    """A sample that was left out, why, and the id of the one that it yielded to, if any."""

    id: str
    text: str
    intent: str | None
    reason: Reason
    beside: str = ""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """A table in figures; lengths are in characters."""

    samples: int
    intents: int
    unlabelled: int
    different_texts: int
    texts_of_several_intents: int
    mean_length: float
    smallest_intent: int
    largest_intent: int


class CleanReport(msgspec.Struct, frozen=True):
    """What cleaning did: figures before and after, how many texts were changed, what was left out and why.

    `relabelled` are the samples that were given another intent.
    """

    before: Figures
    after: Figures
    changed: int
    left_out: tuple[LeftOut, ...]
    relabelled: tuple[Suspect, ...] = ()

    @property
    def by_reason(self) -> dict[str, int]:
        """How many samples were left out for each reason, the most frequent first."""
        return dict(Counter(one.reason for one in self.left_out).most_common())


def clean(table: Table, setting: CleanSetting | None = None, *, tell: Tell | None = None) -> tuple[Table, CleanReport]:
    """Clean a table; what stays keeps its order. Mending labels takes models to be trained, which `tell` is told of.

    Raises:
        DataSettingError: labels shall be mended, and fewer than two intents have enough samples to judge by.
    """
    setting = setting or CleanSetting()
    made = tuple(tidied(without_markup(sample) if setting.markup else sample) for sample in table)
    left_out: list[LeftOut] = []
    kept = made
    for step in (_unfit, _conflicts, _duplicates, _near_duplicates):
        kept = _without(kept, step(kept, setting), left_out)
    kept, mended = _mended(kept, setting, left_out, tell or say_nothing)
    changed = sum(old.text != new.text for old, new in zip(table, made, strict=True))
    return kept, CleanReport(figures_of(table), figures_of(kept), changed, tuple(left_out), mended)


def _without(table: Table, found: Iterable[LeftOut], left_out: list[LeftOut]) -> Table:
    out = {one.id: one for one in found}
    left_out += out.values()
    return tuple(sample for sample in table if sample.id not in out)


def _mended(
    table: Table, setting: CleanSetting, left_out: list[LeftOut], tell: Tell
) -> tuple[Table, tuple[Suspect, ...]]:
    """Mend labels; what has another intent now may be doubled."""
    if setting.labels == "keep":
        return table, ()
    models = {"folds": setting.folds, "rounds": setting.rounds, "seed": setting.seed}
    found = doubtful(table, odds=setting.odds, **models, tell=tell)
    if setting.labels == "drop":
        return _without(table, (LeftOut(one.id, one.text, one.intent, "label") for one in found), left_out), ()
    kept = relabelled(table, found)
    for step in (_duplicates, _near_duplicates):
        kept = _without(kept, step(kept, setting), left_out)
    return kept, found


def figures_of(table: Table) -> Figures:
    """Sum a table up."""
    sizes = Counter(sample.intent for sample in table if sample.intent is not None)
    intents_of = _intents_of_keys(table)
    return Figures(
        samples=len(table),
        intents=len(sizes),
        unlabelled=len(table) - sizes.total(),
        different_texts=len({key_of(sample.text) for sample in table}),
        texts_of_several_intents=sum(len(intents) > 1 for intents in intents_of.values()),
        mean_length=round(sum(len(sample.text) for sample in table) / max(1, len(table)), 2),
        smallest_intent=min(sizes.values(), default=0),
        largest_intent=max(sizes.values(), default=0),
    )


def _unfit(table: Table, setting: CleanSetting) -> Iterator[LeftOut]:
    """Find the samples that are unfit by themselves."""
    for sample in table:
        reason = next((reason for reason, is_so in _UNFIT.items() if is_so(sample, setting)), None)
        if reason is not None:
            yield LeftOut(sample.id, sample.text, sample.intent, reason)


def _is_missing(sample: Sample, setting: CleanSetting) -> bool:
    return not sample.text or (setting.needs_intent and sample.intent is None)


def _is_noise(sample: Sample, setting: CleanSetting) -> bool:
    is_mute = sample.intent is None and not any(map(str.isalnum, sample.text))
    return setting.noise and (is_mute or len(sample.text) > setting.longest)


def _is_foreign(sample: Sample, setting: CleanSetting) -> bool:
    wanted = setting.language
    return wanted is not None and language_of(normalise(sample.text).text, otherwise=wanted) != wanted


_UNFIT: MappingProxyType[Reason, Callable[[Sample, CleanSetting], bool]] = MappingProxyType(
    {"missing": _is_missing, "noise": _is_noise, "language": _is_foreign}
)


def _conflicts(table: Table, setting: CleanSetting) -> Iterator[LeftOut]:
    if setting.conflicts == "keep":
        return
    several = {key: intents for key, intents in _intents_of_keys(table).items() if len(intents) > 1}
    for sample in table:
        intents = several.get(key_of(sample.text))
        if intents is not None and sample.intent is not None:
            (first, most), (_, next_most) = intents.most_common(2)
            is_kept = setting.conflicts == "majority" and most > next_most and sample.intent == first
            if not is_kept:
                yield LeftOut(sample.id, sample.text, sample.intent, "conflict")


def _intents_of_keys(table: Table) -> dict[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sample in table:
        if sample.intent is not None:
            found[key_of(sample.text)][sample.intent] += 1
    return found


def _duplicates(table: Table, setting: CleanSetting) -> Iterable[LeftOut]:
    return _doubled(table, [key_of(one.text) for one in table], "duplicate") if setting.duplicates else ()


def _near_duplicates(table: Table, setting: CleanSetting) -> Iterable[LeftOut]:
    if not setting.near:
        return ()
    groups = near_groups([key_of(sample.text) for sample in table], likeness=setting.near)
    return _doubled(table, groups, "near_duplicate")


def _doubled(table: Table, groups: Iterable[object], reason: Reason) -> Iterator[LeftOut]:
    """Give all of a group and an intent but the one with the most marks; what has no intent yields to what has one."""
    members: defaultdict[object, list[Sample]] = defaultdict(list)
    for sample, group in zip(table, groups, strict=True):
        members[group].append(sample)
    for group in members.values():
        best: dict[str | None, Sample] = {}
        for sample in sorted(group, key=lambda one: -len(one.spans)):
            best.setdefault(sample.intent, sample)
        labelled = next((one for one in group if one.intent is not None), None)
        for sample in group:
            other = labelled if sample.intent is None and labelled else best[sample.intent]
            if other is not sample:
                yield LeftOut(sample.id, sample.text, sample.intent, reason, other.id)
