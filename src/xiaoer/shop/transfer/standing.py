"""How far an import is, kept with its staging, and what comes of it."""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from xiaoer.shop.transfer.kinds import KINDS


class Counts(msgspec.Struct, kw_only=True):
    """What became of the records of a kind.

    `kept` are those that the shop holds as they were, because the files would undo what was done in a conversation.
    """

    kind: str
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    kept: int = 0
    refused: int = 0

    def count(self, outcome: Literal["new", "changed", "unchanged", "kept"]) -> None:
        """Count a record that may stand."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def keep_after_all(self) -> None:
        """Count one as kept that was counted as something else."""
        if self.changed:
            self.changed -= 1
        elif self.new:
            self.new -= 1
        else:
            self.unchanged -= 1
        self.kept += 1


class FileCount(msgspec.Struct, kw_only=True):
    """How many rows of a file have been read."""

    file: str
    table: str
    rows: int = 0


class Standing(msgspec.Struct, kw_only=True):
    """How far an import is. Not frozen: it moves on with every batch, and is stored with it.

    `kind` is the one whose records are being judged, the last of them `after`; `before` is where the last batch
    began, whose records may not be in the shop yet.
    """

    files: list[FileCount]
    counts: list[Counts]
    step: Literal["read", "check", "write", "done"] = "read"
    kind: int = 0
    before: str = ""
    after: str = ""
    is_kept: bool = False
    is_resumed: bool = False

    def begin(self, step: Literal["check", "write", "done"]) -> None:
        """Go on to the next step, from its beginning."""
        self.step, self.kind, self.before, self.after = step, 0, "", ""
        if step == "write":
            self.counts = no_counts()

    @property
    def share_judged(self) -> float:
        """The share of the records that have been judged in this step; those that no file begins are left out."""
        names = {kind.name for kind in KINDS}
        total = sum(file.rows for file in self.files if file.table in names)
        return min(1.0, self.judged / max(1, total))

    @property
    def judged(self) -> int:
        """How many records have been judged in this step."""
        return sum(one.new + one.changed + one.unchanged + one.kept + one.refused for one in self.counts)

    def encoded(self) -> bytes:
        """Write it as it is stored."""
        return msgspec.json.encode(self)


def no_counts() -> list[Counts]:
    """Begin to count."""
    return [Counts(kind=kind.name) for kind in KINDS]


class TransferProgress(NamedTuple):
    """How far it is now: what is worked at, how many rows or records are through, and the share of all work."""

    what: str
    done: int
    share: float


Tell: TypeAlias = Callable[[TransferProgress], None]


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an import. `faults` counts what was wrong; `report` is the file that lists it, and what was kept.

    `is_kept` says whether the shop was allowed to change: not in a dry run, nor in a strict import with a fault.
    """

    files: tuple[FileCount, ...]
    records: tuple[Counts, ...]
    faults: int
    is_dry_run: bool
    is_strict: bool
    is_kept: bool
    is_resumed: bool
    report: str

    @property
    def changes(self) -> int:
        """How many records are new or changed."""
        return sum(counts.new + counts.changed for counts in self.records)

    @property
    def kept(self) -> int:
        """How many records of the shop were kept as they were, because the files would undo what was done to them."""
        return sum(counts.kept for counts in self.records)
