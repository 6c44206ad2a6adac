"""How an import is done."""

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSetting:
    """How an import is done.

    `currency` and `timezone` count where a file does not say. With `is_dry_run` the shop is left as it is; with
    `is_strict` it is left as it is if anything is wrong, or would undo what was done in a conversation. With
    `overwrites_changes` such a record is replaced, otherwise it is kept. `workplace` is the folder of the staging,
    `report` the file that lists what was wrong and what was kept.
    """

    currency: str
    timezone: ZoneInfo
    workplace: Path
    report: Path
    is_dry_run: bool = False
    is_strict: bool = False
    overwrites_changes: bool = False
