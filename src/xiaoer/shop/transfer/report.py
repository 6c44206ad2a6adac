"""The report of an import: a table of what was wrong, and beside it a summary."""

import csv
from collections.abc import Iterable
from pathlib import Path

import msgspec

from xiaoer.shop.transfer.standing import ImportResult
from xiaoer.store import StagedFault

_COLUMNS = ("file", "line", "record", "field", "fault", "advice")


def write_report(path: Path, result: ImportResult, faults: Iterable[StagedFault]) -> None:
    """Write the faults as CSV to `path`, and the result as JSON beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    names = [file.file for file in result.files]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(_COLUMNS)
        writer.writerows((names[fault.file], *fault[1:]) for fault in faults)
    summary_of(path).write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")


def summary_of(report: Path) -> Path:
    """Give the file of the summary that lies beside a report."""
    return report.with_suffix(".json")
