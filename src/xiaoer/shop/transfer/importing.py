"""An import: the files of a folder, staged and judged, and the report of what was wrong."""

import hashlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from xiaoer import __version__
from xiaoer.ids import ShopId
from xiaoer.shop.transfer.files import TableFile, find_files
from xiaoer.shop.transfer.intake import take_in
from xiaoer.shop.transfer.judging import Judge
from xiaoer.shop.transfer.report import write_report
from xiaoer.shop.transfer.setting import ImportSetting
from xiaoer.shop.transfer.standing import FileCount, ImportResult, Standing, Tell, no_counts
from xiaoer.shop.transfer.tables import tables
from xiaoer.shop.transfer.values import Assumed
from xiaoer.store import Database, Staging


async def import_shop(
    database: Database, shop: ShopId, folder: Path, setting: ImportSetting, tell: Tell
) -> ImportResult:
    """Take the tables in a folder into a shop; records with the same id are replaced, a broken one is left out whole.

    A record that would undo what was done in a conversation is left out too, and the shop's is kept.
    Stopped at any moment, the same import goes on where it was. It keeps its thread busy, so that it wants a process,
    or a thread with an event loop, of its own.

    Raises:
        TransferFilesError: the folder holds no table, or a file that cannot be one; nothing was begun.
        StoreBusyError: another import is going on in the same workplace.
    """
    files = find_files(folder)
    with closing(Staging(setting.workplace / "staging.db", _key(shop, files, setting))) as staging:
        running = _Import(staging, _standing(staging, files), setting, tell)
        running.read(files)
        await running.judge(Judge(database, shop, staging, running.standing, setting))
        result = running.result()
        write_report(setting.report, result, staging.faults())
        staging.remove()
    return result


@dataclass(frozen=True, slots=True)
class _Import:
    staging: Staging
    standing: Standing
    setting: ImportSetting
    tell: Tell

    def read(self, files: Sequence[TableFile]) -> None:
        """Stage all rows that are not staged yet."""
        if self.standing.step == "read":
            assumed = Assumed(self.setting.currency, self.setting.timezone)
            take_in(self.staging, files, self.standing, assumed, self._part_of(0, 0.5))
            self._begin("check" if self._looks_first else "write")

    async def judge(self, judge: Judge) -> None:
        """Judge all records, and store them unless the shop is to be left as it is."""
        if self.standing.step == "check":
            await judge.go_through(self._part_of(0.5, 0.75 if self.setting.is_strict else 1), stores=False)
            is_kept = self.setting.is_strict and not self.setting.is_dry_run and not self.staging.count_faults()
            self._begin("write" if is_kept else "done")
        if self.standing.step == "write":
            await judge.go_through(self._part_of(0.75 if self._looks_first else 0.5, 1), stores=True)
            self.standing.is_kept = True
            self._begin("done")

    def result(self) -> ImportResult:
        """Say what came of it."""
        return ImportResult(
            files=tuple(self.standing.files),
            records=tuple(self.standing.counts),
            faults=self.staging.count_faults() - sum(counts.kept for counts in self.standing.counts),
            is_dry_run=self.setting.is_dry_run,
            is_strict=self.setting.is_strict,
            is_kept=self.standing.is_kept,
            is_resumed=self.standing.is_resumed,
            report=str(self.setting.report),
        )

    @property
    def _looks_first(self) -> bool:
        return self.setting.is_dry_run or self.setting.is_strict

    def _begin(self, step: Literal["check", "write", "done"]) -> None:
        if step == "write":
            self.staging.forget_accepted()
        self.standing.begin(step)
        self.staging.commit(self.standing.encoded())

    def _part_of(self, begin: float, end: float) -> Tell:
        return lambda told: self.tell(told._replace(share=begin + told.share * (end - begin)))


def _standing(staging: Staging, files: Sequence[TableFile]) -> Standing:
    state = staging.state
    if state is None:
        counts = [FileCount(file=file.path.name, table=file.table.name) for file in files]
        return Standing(files=counts, counts=no_counts())
    standing = msgspec.json.decode(state, type=Standing)
    standing.is_resumed = True
    return standing


def _key(shop: ShopId, files: Sequence[TableFile], setting: ImportSetting) -> str:
    """Name an import by all that its outcome depends on, but for what the shop holds."""
    columns = [[column.name for column in table.columns] for table in tables()]
    rules = (setting.currency, setting.timezone.key, setting.is_dry_run, setting.is_strict, setting.overwrites_changes)
    contents = [(file.path.name, file.digest) for file in files]
    return hashlib.sha256(msgspec.json.encode((__version__, shop, rules, columns, contents))).hexdigest()
