"""What was done in a conversation is not undone by files that do not know of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from xiaoer.ids import OrderId
from xiaoer.shop import Customer, ExportFormat, HistoryEntry, ImportResult, Order, export_shop, import_shop
from xiaoer.shop.reach import reach_of
from xiaoer.shop.states import ORDER_STATES, OrderState
from xiaoer.shop.transfer.carrying import Undone, carried_over
from xiaoer.store import Database, GroupWriter

from .conftest import SHOP
from .factories import ANNA, NOW, NUMBER, a_cancelled_order, a_holder, a_product, an_invoice, an_order
from .shops import Counter
from .test_embedded import _WANTED
from .transfers import Office, without_progress

_OTHER = "20260000000002"
_IN_OUR_BOOKS_ALONE = {"order.urge", "stock.notify", "stock.withdraw_notice", "invoice.resend"}
"""What these note has no place in other systems: it stays, and no file is against it."""
_CANCEL = {"reason": "not_wanted"}


@dataclass(frozen=True)
class Files:
    """Files of the shop as it was, which are imported into the shop as it is."""

    office: Office
    file_format: ExportFormat = "csv"

    async def write(self) -> None:
        """Write the files of the shop as it is now."""
        await export_shop(self.office.database, SHOP, self._folder, self.file_format, without_progress)

    def change(self, table: str, old: str, new: str) -> None:
        """Change a piece of a file."""
        path = self._folder / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def drop(self, *tables: str) -> None:
        """Take files away."""
        for table in tables:
            (self._folder / f"{table}.csv").unlink()

    async def take(
        self, database: Database | None = None, *, dry: bool = False, strict: bool = False, overwrites: bool = False
    ) -> ImportResult:
        """Import the files."""
        setting = self.office.setting(dry=dry, strict=strict, overwrites=overwrites)
        return await import_shop(database or self.office.database, SHOP, self._folder, setting, without_progress)

    @property
    def _folder(self) -> Path:
        return self.office.folder / f"files.{self.file_format}"


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path)


@pytest.fixture
def files(office: Office) -> Files:
    return Files(office)


async def _records(counter: Counter) -> tuple[object, object]:
    return await counter.records.orders(), await counter.records.customers()


def _of(result: ImportResult, kind: str) -> tuple[int, int, int, int]:
    """How many records of a kind were new, changed, unchanged and kept."""
    counts = next(one for one in result.records if one.kind == kind)
    return counts.new, counts.changed, counts.unchanged, counts.kept


# Whatever is done


@pytest.mark.parametrize("action", sorted(_WANTED))
async def test_old_files_undo_nothing(counter: Counter, files: Files, action: str) -> None:
    await counter.lay_for(action)
    await files.write()
    assert (await counter.ask(action, _WANTED[action])).outcome == "done"
    done = await _records(counter)

    result = await files.take()

    assert await _records(counter) == done
    assert (result.faults, result.kept) == (0, 0 if action in _IN_OUR_BOOKS_ALONE else 1)
    assert len(files.office.report) == result.kept


@pytest.mark.parametrize("action", sorted(_WANTED))
async def test_files_that_know_of_it_are_taken(counter: Counter, files: Files, action: str) -> None:
    await counter.lay_for(action)
    assert (await counter.ask(action, _WANTED[action])).outcome == "done"
    await files.write()

    result = await files.take()

    assert (result.faults, result.kept, result.changes) == (0, 0, 0)


@pytest.mark.parametrize("action", sorted(_WANTED))
async def test_what_an_action_changes_is_known(counter: Counter, action: str) -> None:
    await counter.lay_for(action)
    order, holder = await counter.order(), await counter.holder()
    await counter.ask(action, _WANTED[action])
    pairs: list[tuple[Order | Customer, Order | Customer]] = [
        (order, await counter.order()),
        (holder, await counter.holder()),
    ]

    for old, new in pairs:
        changed = {name for name in old.__struct_fields__ if getattr(old, name) != getattr(new, name)} - {"history"}
        noted = new.history[len(old.history) :]
        known = {field for entry in noted for field in reach_of(entry, type(new)).fields}
        assert changed <= known
        assert len(known) < len(old.__struct_fields__) - 2, "an action that is not listed counts as changing anything"


# An order that was cancelled


async def test_an_order_that_was_cancelled_is_not_paid_again(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id=_OTHER))
    await files.write()
    await counter.ask("order.cancel", _CANCEL)
    files.change("customers", "林小满", "林大满")

    result = await files.take()

    order = await counter.order()
    assert (order.state, len(order.refunds)) == ("cancelled", 1)
    assert _of(result, "orders") == (0, 0, 1, 1)
    assert _of(result, "customers") == (0, 1, 0, 0)
    (row,) = files.office.report
    assert (row["file"], row["line"], row["record"], row["field"]) == ("orders.csv", "3", NUMBER, "state")
    assert row["fault"].startswith("would undo what was done since: cancel on 2026-06-15 10:00 ")
    assert f"by customer:{ANNA} (not_wanted, refund: F{NUMBER}01)" in row["fault"]
    assert "--overwrite-changes" in row["advice"]


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
async def test_overwriting_takes_the_record_as_the_files_have_it(
    counter: Counter, office: Office, file_format: ExportFormat
) -> None:
    files = Files(office, file_format)
    await counter.lay(an_order("paid"))
    await files.write()
    await counter.ask("order.cancel", _CANCEL)

    result = await files.take(overwrites=True)

    assert _of(result, "orders") == (0, 1, 0, 0)
    assert await counter.order() == an_order("paid")
    assert (await files.take()).changes == 0


async def test_a_dry_run_counts_what_would_be_kept(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await files.write()
    await counter.ask("order.cancel", _CANCEL)
    done = await _records(counter)

    dry = await files.take(dry=True)

    assert await _records(counter) == done
    assert dry.records == (await files.take()).records
    assert (dry.kept, dry.faults) == (1, 0)


async def test_a_strict_import_takes_nothing_while_something_would_be_undone(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await files.write()
    await counter.ask("order.cancel", _CANCEL)
    files.change("customers", "林小满", "林大满")

    strict = await files.take(strict=True)

    assert (strict.is_kept, strict.kept, strict.faults) == (False, 1, 0)
    assert (await counter.holder()).name == "林小满"
    assert (await files.take(strict=True, overwrites=True)).is_kept


async def test_a_cancellation_made_in_the_merchants_system_too_is_no_conflict(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await files.write()
    await counter.ask("order.cancel", _CANCEL)
    files.change("orders", ",paid,", ",cancelled,")
    files.drop("orders.refunds", "orders.history")
    done = await counter.order()

    assert _of(await files.take(), "orders") == (0, 0, 1, 0)
    assert await counter.order() == done


async def test_the_refund_of_a_cancelled_order_may_be_paid_by_a_file(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await counter.ask("order.cancel", _CANCEL)
    await files.write()
    files.drop("orders.history")
    files.change("orders.refunds", ",processing,", ",paid,")

    assert _of(await files.take(), "orders") == (0, 1, 0, 0)
    order = await counter.order()
    assert [refund.state for refund in order.refunds] == ["paid"]
    assert [entry.action for entry in order.history] == ["cancel"]


async def test_a_refund_of_another_number_is_not_added_to_that_of_the_shop(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await counter.ask("order.cancel", _CANCEL)
    await files.write()
    files.drop("orders.history")
    files.change("orders.refunds", f"F{NUMBER}01", "RF-77")

    assert _of(await files.take(), "orders") == (0, 0, 0, 1)
    assert [refund.id for refund in (await counter.order()).refunds] == [f"F{NUMBER}01"]


async def test_an_order_that_was_restored_is_not_cancelled_again(counter: Counter, files: Files) -> None:
    await counter.lay(a_cancelled_order())
    await files.write()
    await counter.ask("order.restore")
    assert _of(await files.take(), "orders") == (0, 0, 0, 1)
    assert (await counter.order()).state == "paid"


# Files that go on


async def test_an_order_goes_on_once_the_files_know_its_new_address(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await files.write()
    await counter.ask("order.change_address", {"address": "青梧路99号"})
    files.drop("orders.history")
    files.change("orders", ",paid,", ",packing,")
    assert _of(await files.take(), "orders") == (0, 0, 0, 1)
    files.change("orders", "青梧路18号2幢301室", (await counter.order()).address.street)

    assert _of(await files.take(), "orders") == (0, 1, 0, 0)
    order = await counter.order()
    assert (order.state, [entry.action for entry in order.history]) == ("packing", ["change_address"])


async def test_the_old_address_is_still_a_conflict_after_the_new_one_was_taken(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await files.write()
    await counter.ask("order.change_address", {"address": "青梧路99号"})
    street = (await counter.order()).address.street
    files.change("orders", "青梧路18号2幢301室", street)
    await files.take()
    files.change("orders", street, "青梧路18号2幢301室")
    assert _of(await files.take(), "orders") == (0, 0, 0, 1)


async def test_an_urged_order_goes_on_and_stays_urged(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"))
    await files.write()
    await counter.ask("order.urge")
    files.change("orders", ",paid,", ",packing,")
    await files.take()
    order = await counter.order()
    assert (order.state, [entry.action for entry in order.history]) == ("packing", ["urge_shipping"])


async def test_a_day_of_delivery_stays_with_an_order_that_was_delivered(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("shipped"))
    await files.write()
    await counter.ask("delivery.schedule", {"day": "2026-06-20", "part": "morning"})
    chosen = (await counter.order()).appointment
    assert chosen is not None
    assert _of(await files.take(), "orders")[3] == 1

    files.change("orders", ",shipped,", ",delivered,")
    await files.take()

    order = await counter.order()
    assert (order.state, order.appointment) == ("delivered", chosen)


async def test_a_way_chosen_for_an_unpaid_order_gives_way_to_its_payment(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("unpaid"))
    paid = an_order("paid")
    await files.write()
    await counter.ask("order.change_payment", {"method": "M2"})
    held = await counter.order()
    assert isinstance(carried_over(held, an_order("unpaid")), Undone)
    taken = carried_over(held, paid)
    assert isinstance(taken, Order)
    assert (taken.state, taken.payment, taken.pay_with) == ("paid", paid.payment, "M2")


async def test_an_invoice_asked_for_in_a_conversation_may_be_issued_by_a_file(counter: Counter) -> None:
    await counter.lay(an_order("completed"))
    await counter.ask("invoice.request", {"kind": "personal", "title": "林小满", "email": "lin@example.com"})
    held = await counter.order()
    issued = msgspec.structs.replace(an_order("completed"), invoice=an_invoice("issued"))
    another = msgspec.structs.replace(an_invoice("issued"), title="林大满")
    taken = carried_over(held, issued)
    assert isinstance(taken, Order)
    assert taken.invoice == issued.invoice
    assert isinstance(carried_over(held, msgspec.structs.replace(issued, invoice=another)), Undone)


@pytest.mark.parametrize(("state", "goes_on"), [("opened", True), ("received", True), ("withdrawn", False)])
async def test_a_return_goes_on_but_is_not_taken_back(counter: Counter, state: str, *, goes_on: bool) -> None:
    await counter.lay_for("return.open")
    before = await counter.order()
    await counter.ask("return.open", _WANTED["return.open"])
    held = await counter.order()
    item = msgspec.structs.replace(held.returns[0], state=cast("Any", state), changed_at=NOW + timedelta(days=1))
    given = msgspec.structs.replace(before, lines=held.lines, returns=(item,))

    assert isinstance(carried_over(held, given), Order) == goes_on
    assert isinstance(carried_over(held, before), Undone)


@pytest.mark.parametrize(
    ("state", "later", "leads"),
    [
        ("paid", "paid", True),
        ("paid", "delivered", True),
        ("unpaid", "completed", True),
        ("paid", "unpaid", False),
        ("paid", "cancelled", False),
        ("cancelled", "paid", False),
        ("completed", "shipped", False),
    ],
)
def test_a_state_leads_on_to_those_that_take_nothing_back(state: OrderState, later: OrderState, *, leads: bool) -> None:
    assert ORDER_STATES.leads_on(state, later) == leads


# Customers and goods


async def test_a_balance_that_paid_an_order_is_not_filled_up_again(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"), holders=(a_holder(50_000),))
    await files.write()
    await counter.ask("order.change_payment", {"method": "G1"})
    spent = await counter.balance()
    assert spent < 50_000

    result = await files.take()

    assert await counter.balance() == spent
    assert (_of(result, "customers"), _of(result, "orders")) == ((0, 0, 0, 1), (0, 0, 0, 1))
    told = next(row["fault"] for row in files.office.report if row["record"] == ANNA)
    assert f"move_balance on 2026-06-15 10:00 by customer:{ANNA} (order: {NUMBER}, G1: " in told


async def test_a_change_that_moves_no_balance_leaves_the_customer_alone(counter: Counter) -> None:
    await counter.lay(an_order("paid"), holders=(a_holder(50_000),))
    before = await counter.holder()
    await counter.ask("order.change_payment", {"method": "M2"})
    assert await counter.holder() == before


async def test_files_change_a_customer_whose_notice_they_do_not_know(counter: Counter, files: Files) -> None:
    await counter.lay_for("stock.notify")
    await files.write()
    await counter.ask("stock.notify", _WANTED["stock.notify"])
    files.change("customers", "林小满", "林大满")

    result = await files.take()

    holder = await counter.holder()
    assert (holder.name, [notice.sku for notice in holder.stock_notices]) == ("林大满", ["P1-1"])
    assert _of(result, "customers") == (0, 1, 0, 0)


async def test_the_stock_is_what_the_files_say(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"), goods=(a_product(stock=5),))
    await files.write()
    await counter.ask("order.cancel", _CANCEL)
    assert await counter.stock() == 11

    await files.take()

    assert await counter.stock() == 10


# Changes of others


def test_what_the_shops_own_systems_noted_keeps_nothing() -> None:
    noted = HistoryEntry(at=NOW, by="shop", action="cancel")
    held = msgspec.structs.replace(an_order("cancelled", is_paid=True), history=(noted,))
    assert carried_over(held, an_order("paid")) == an_order("paid")


def test_a_change_of_a_later_version_counts_as_one_of_anything() -> None:
    noted = HistoryEntry(at=NOW, by=f"customer:{ANNA}", action="gild")
    held = msgspec.structs.replace(an_order("paid"), history=(noted,))
    assert carried_over(held, an_order("paid")) == held
    dearer = msgspec.structs.replace(an_order("paid"), freight=an_order("paid").total)
    assert carried_over(held, dearer) == Undone((noted,), "freight")


# Changes while an import is going on


class _Busy:
    """A database in which something else is written just before the units of an import."""

    def __init__(self, database: Database, meanwhile: Callable[[], Awaitable[object]], *, dies: bool = False) -> None:
        self.dialect = database.dialect
        self.read = database.read
        self.writer = self
        self._writer: GroupWriter = database.writer
        self._meanwhile = meanwhile
        self._dies = dies

    async def run(self, unit: Any) -> Any:  # noqa: ANN401  # whatever the unit gives
        await self._meanwhile()
        done = await self._writer.run(unit)
        if self._dies:
            raise ConnectionError
        return done


async def _lay_to_be_changed(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id=_OTHER))
    await files.write()
    files.change("orders", "林小满", "林大满")


async def test_what_is_cancelled_between_judging_and_storing_is_kept(counter: Counter, files: Files) -> None:
    await _lay_to_be_changed(counter, files)
    busy = _Busy(files.office.database, lambda: counter.ask("order.cancel", _CANCEL))

    result = await files.take(cast("Database", busy))

    assert ((await counter.order()).state, (await counter.order(_OTHER)).address.person) == ("cancelled", "林大满")
    assert _of(result, "orders") == (0, 1, 0, 1)
    assert [(row["record"], row["field"]) for row in files.office.report] == [(NUMBER, "state")]


async def test_what_was_kept_at_the_last_moment_is_told_after_a_stop_too(counter: Counter, files: Files) -> None:
    await _lay_to_be_changed(counter, files)
    busy = _Busy(files.office.database, lambda: counter.ask("order.cancel", _CANCEL), dies=True)
    with pytest.raises(ConnectionError):
        await files.take(cast("Database", busy))

    result = await files.take()

    assert result.is_resumed
    assert (await counter.order()).state == "cancelled"
    assert _of(result, "orders") == (0, 1, 0, 1)
    assert [row["record"] for row in files.office.report] == [NUMBER]


async def test_what_was_kept_before_a_stop_is_told_once(counter: Counter, files: Files) -> None:
    await _lay_to_be_changed(counter, files)
    await counter.ask("order.cancel", _CANCEL)
    busy = _Busy(files.office.database, counter.order, dies=True)
    with pytest.raises(ConnectionError):
        await files.take(cast("Database", busy))

    result = await files.take()

    assert (result.is_resumed, _of(result, "orders")) == (True, (0, 1, 0, 1))
    assert [row["record"] for row in files.office.report] == [NUMBER]


async def test_what_is_wrong_is_counted_apart_from_what_is_kept(counter: Counter, files: Files) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id=_OTHER))
    await files.write()
    await counter.ask("order.cancel", _CANCEL)
    files.change("orders", f"{_OTHER},{ANNA}", f"{_OTHER},C404")

    result = await files.take()

    assert (result.faults, result.kept, len(files.office.report)) == (1, 1, 2)
    assert _of(result, "orders") == (0, 0, 0, 1)
    assert OrderId(_OTHER) in {order.id for order in await counter.records.orders()}
