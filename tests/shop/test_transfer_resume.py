"""An import that was stopped goes on where it was, and the end is the same."""

import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from xiaoer.ids import ShopId
from xiaoer.shop import ImportResult, TransferProgress, import_shop
from xiaoer.store import Customers, Database, GroupWriter, StagedFault, StagedRows, Staging, StoreBusyError

from . import importing
from .conftest import SHOP
from .transfers import LINES, ORDERS, PRODUCTS, VARIANTS, Office, without_progress

MANY = {
    "products.csv": PRODUCTS,
    "products.variants.csv": VARIANTS,
    "customers.csv": "id,name,phone,email,points\n"
    + "".join(f"C{n},顾客{n},1,,{'x' if n % 97 == 0 else n}\n" for n in range(1, 1_400)),
    "orders.csv": ORDERS,
    "orders.lines.csv": LINES,
}
"""Three batches of customers, some of them broken."""


class StoppedError(Exception):
    """Stands for the end of the process."""


class _Writer:
    """Writes until the process ends: before a unit of a number, or after it was stored."""

    def __init__(self, writer: GroupWriter, *, units: int, stores_last: bool) -> None:
        self._writer = writer
        self._left = units
        self._stores_last = stores_last

    async def run(self, unit: Any) -> Any:  # noqa: ANN401  # whatever the unit gives
        self._left -= 1
        if self._left < 0:
            if self._stores_last:
                await self._writer.run(unit)
            raise StoppedError
        return await self._writer.run(unit)


class _Dying:
    """A database of a process that ends while it writes; everything else is as it is."""

    def __init__(self, database: Database, *, units: int, stores_last: bool) -> None:
        self._database = database
        self.dialect = database.dialect
        self.read = database.read
        self.writer = _Writer(database.writer, units=units, stores_last=stores_last)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


def _plain(result: ImportResult) -> ImportResult:
    return msgspec.structs.replace(result, is_resumed=False)


async def _undisturbed(tmp_path: Path, *, strict: bool = False) -> tuple[ImportResult, bytes]:
    """What an import comes to that nobody stops."""
    database = await Database.open(":memory:")
    office = Office(database, tmp_path)
    result = await office.take(MANY, strict=strict)
    await database.close()
    return result, (tmp_path / "report.csv").read_bytes()


@pytest.mark.parametrize("stores_last", [False, True], ids=["before it is stored", "after it was stored"])
@pytest.mark.parametrize("units", [0, 1, 2, 3, 4])
async def test_an_import_stopped_at_any_write_comes_to_the_same_end(
    office: Office, tmp_path: Path, units: int, *, stores_last: bool
) -> None:
    expected = await _undisturbed(tmp_path)
    inbox, setting = office.lay_out(MANY), office.setting()
    dying = cast("Database", _Dying(office.database, units=units, stores_last=stores_last))
    with pytest.raises(StoppedError):
        await import_shop(dying, SHOP, inbox, setting, without_progress)

    result = await import_shop(office.database, SHOP, inbox, setting, without_progress)

    assert result.is_resumed
    assert (_plain(result), (tmp_path / "report.csv").read_bytes()) == expected


@pytest.mark.parametrize("strict", [False, True])
async def test_an_import_stopped_after_any_batch_comes_to_the_same_end(
    office: Office, tmp_path: Path, *, strict: bool
) -> None:
    expected = await _undisturbed(tmp_path, strict=strict)
    inbox, setting = office.lay_out(MANY), office.setting(strict=strict)
    steps = list[TransferProgress]()

    def stop(told: TransferProgress) -> None:
        steps.append(told)
        raise StoppedError

    result = None
    while result is None:
        try:
            result = await import_shop(office.database, SHOP, inbox, setting, stop)
        except StoppedError:
            assert len(steps) < 50, "it does not come forward"

    assert len(steps) > 8
    assert [step.share for step in steps] == sorted(step.share for step in steps)
    assert (_plain(result), (tmp_path / "report.csv").read_bytes()) == expected


async def test_files_that_changed_meanwhile_are_read_from_the_beginning(office: Office) -> None:
    inbox, setting = office.lay_out(MANY), office.setting()
    dying = cast("Database", _Dying(office.database, units=2, stores_last=False))
    with pytest.raises(StoppedError):
        await import_shop(dying, SHOP, inbox, setting, without_progress)

    result = await office.take({**MANY, "products.csv": PRODUCTS.replace("云柔", "云朵")})

    assert not result.is_resumed
    assert [counts.changed for counts in result.records] == [1, 0, 0]


@pytest.mark.service
async def test_a_killed_import_goes_on_where_it_was(office: Office, tmp_path: Path) -> None:
    expected = await _undisturbed(tmp_path)
    inbox = office.lay_out(MANY)
    command = (sys.executable, "-m", f"{__package__}.importing", str(tmp_path), str(inbox))
    child = await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, cwd=Path(__file__).parents[2])
    assert child.stdin is not None
    assert child.stdout is not None
    for _ in range(7):
        child.stdin.write(b"go on\n")
        assert await child.stdout.readline()
    child.kill()
    await child.wait()

    database = await Database.open(importing.url_in(tmp_path))
    result = await import_shop(database, SHOP, inbox, office.setting(), without_progress)
    await database.close()

    assert result.is_resumed
    assert (_plain(result), (tmp_path / "report.csv").read_bytes()) == expected


# The staging


def _rows(record: str, *, kind: int = 0, part: int = 0) -> StagedRows:
    return StagedRows(kind, record, part, "", 0, "2", b"{}")


def test_what_was_committed_is_there_again_for_the_same_key(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging.db", "a key")
    staging.commit(b"state", rows=[_rows("b"), _rows("a"), _rows("a", part=1)], accepted=[(0, "b")])
    staging.close()

    staging = Staging(tmp_path / "staging.db", "a key")
    staging.index()

    assert staging.state == b"state"
    assert [[row.record for row in rows] for rows in staging.groups(0, after="", most=9)] == [["a", "a"], ["b"]]
    assert [[row.record for row in rows] for rows in staging.groups(0, after="a", most=1)] == [["b"]]
    assert staging.accepted_of(0, ["a", "b"]) == {"b"}
    assert staging.staged_of(0, ["a", "c"]) == {"a"}
    staging.remove()
    assert list(tmp_path.iterdir()) == []


def test_a_staging_of_another_import_is_begun_anew(tmp_path: Path) -> None:
    first = Staging(tmp_path / "staging.db", "a key")
    first.commit(b"state", faults=[StagedFault(0, 1, "", "id", "is empty", "Fill it in.")])
    first.close()

    other = Staging(tmp_path / "staging.db", "another key")

    assert (other.state, other.count_faults(), list(other.faults())) == (None, 0, [])
    other.close()


def test_a_file_that_is_no_staging_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "staging.db").write_bytes(b"no database " * 1_000)

    staging = Staging(tmp_path / "staging.db", "a key")

    assert staging.state is None
    staging.close()


def test_two_imports_do_not_share_a_staging(tmp_path: Path) -> None:
    staging = Staging(tmp_path / "staging.db", "a key")

    with pytest.raises(StoreBusyError, match="Another import"):
        Staging(tmp_path / "staging.db", "a key")

    staging.close()


async def test_many_documents_are_found_at_once(office: Office) -> None:
    await office.take(MANY)
    ids = [f"C{n}" for n in range(1, 3_000)]
    customers = Customers(office.database)
    assert len(await customers.find_known(SHOP, ids)) == len(await customers.find_all(SHOP, ids)) == 1_385
    assert await customers.find_known(ShopId("other"), ids) == frozenset()
