"""The station `annotate`: samples to people and back, through Doccano."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import msgspec

from xiaoer.learn.data.errors import DataFileError, RowFault
from xiaoer.learn.data.formats.doccano import doccano_row, read_doccano
from xiaoer.learn.data.formats.rows import Rows
from xiaoer.learn.data.samples import Sample, Table

V = TypeVar("V")
Kind: TypeAlias = Literal["classes", "spans", "both"]


def for_doccano(table: Sequence[Sample], kind: Kind) -> bytes:
    """Write samples as JSON lines for a Doccano project of a kind; what they are labelled with goes along."""
    return b"".join(msgspec.json.encode(doccano_row(sample, kind)) + b"\n" for sample in table)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A table with what people said of it: how many samples they changed, and the rows that could not be taken."""

    table: Table
    changed: int
    faults: tuple[RowFault, ...]


def labelled_in(path: Path) -> Rows:
    """Read what one person labelled."""
    rows = read_doccano(path)
    if not rows.samples:
        raise DataFileError(f"{path}: no row could be taken.{f' {rows.faults[0]}' if rows.faults else ''}")
    return rows


def with_labels(table: Table, paths: Sequence[Path], kind: Kind) -> Labelled:
    """Take the labels that people gave into a table; a sample that several labelled takes what most of them say.

    Where they are at odds without a majority, and where nobody labelled, a sample stays as it was. A row of another
    text, or of a sample that the table does not have, is noted.
    """
    own = {sample.id: sample for sample in table}
    votes: dict[str, list[Sample]] = {}
    faults: list[RowFault] = []
    for path in paths:
        rows = labelled_in(path)
        faults += rows.faults
        for line, sample in zip(rows.lines, rows.samples, strict=True):
            here = own.get(sample.id)
            if here is None or here.text != sample.text:
                what = "is no sample of this data" if here is None else "has another text than in this data"
                faults.append(RowFault(path.name, line, "sample", f"{sample.id} {what}"))
            else:
                votes.setdefault(sample.id, []).append(sample)
    made = tuple(_with(sample, votes.get(sample.id, []), kind) for sample in table)
    changed = sum(old != new for old, new in zip(table, made, strict=True))
    return Labelled(made, changed, tuple(faults))


def _with(sample: Sample, votes: Sequence[Sample], kind: Kind) -> Sample:
    intent, spans = sample.intent, sample.spans
    if kind != "spans":
        intent = _most([vote.intent for vote in votes if vote.intent is not None], intent)
    if kind != "classes":
        spans = _most([vote.spans for vote in votes], spans)
    return msgspec.structs.replace(sample, intent=intent, spans=spans)


def _most(votes: Sequence[V], otherwise: V) -> V:
    """Give what more than any other was said; what was there before, if two were said as often."""
    ranked = Counter(votes).most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return otherwise
    return ranked[0][0]
