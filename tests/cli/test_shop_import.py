"""`xiaoer shop import`, `export` and `schema`, as typed."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner, Result

from tests.logs import set_up_test_logs
from tests.shop.transfers import A_SHOP, PAID
from xiaoer.cli import main
from xiaoer.ids import ActionKey, CustomerId, ShopId
from xiaoer.pack import read_pack
from xiaoer.settings import load_settings
from xiaoer.shop import EmbeddedShop
from xiaoer.store import Database

_PAGE = Path(__file__).parents[2] / "docs" / "do" / "import-a-shop.md"
_FILE = re.compile(r"^`([\w.]+\.csv)`:\n\n```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
CUSTOMERS = "id,name,phone,email\nC1,林小满,13800001234,c1@example.com\nC2,范沐阳,13800001235,\n"


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """The command line sets up the log of its process, which here is the tests'."""
    yield
    set_up_test_logs()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the data in `data` and files in `inbox`."""
    monkeypatch.setenv("XIAOER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XIAOER_PACK", str(Path(__file__).parents[2] / "packs" / "shop_zh"))
    (tmp_path / "inbox").mkdir()
    return tmp_path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["shop", *map(str, words)])


def json_of(*words: str | Path, exits: int = 0) -> Any:  # noqa: ANN401  # whatever the command prints
    result = run(*words, "--json")
    assert result.exit_code == exits, result.output
    return msgspec.json.decode(result.stdout)


def test_an_import_counts_what_it_took(place: Path) -> None:
    (place / "inbox" / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")

    shown = run("import", place / "inbox")

    assert shown.exit_code == 0, shown.output
    assert re.search(r"customers +2 +0 +0 +0", shown.stdout)
    assert json_of("show")["customers"] == 2
    assert "a second" in shown.stderr


def test_customers_and_orders_are_counted_however_many_there_are(place: Path) -> None:
    rows = "".join(f"K{n},顾客,1,\n" for n in range(600))
    (place / "inbox" / "customers.csv").write_text(CUSTOMERS + rows, encoding="utf-8")
    run("demo")
    before = json_of("show")

    run("import", place / "inbox")

    assert json_of("show") == {**before, "customers": before["customers"] + 602}
    assert before["orders"] == sum(count for what, count in before.items() if what.startswith("orders "))


def test_an_import_again_says_that_nothing_was_changed(place: Path) -> None:
    (place / "inbox" / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    run("import", place / "inbox")

    assert "holds all of it already" in run("import", place / "inbox").stdout


def test_what_was_left_out_is_not_said_to_be_in_the_shop(place: Path) -> None:
    broken = CUSTOMERS + ",谁也不是,13800001236,\n"
    (place / "inbox" / "customers.csv").write_text(broken, encoding="utf-8")
    run("import", place / "inbox")
    again = run("import", place / "inbox").stdout
    assert "Nothing was changed." in again
    assert "holds all of it already" not in again


def test_refused_rows_are_reported_and_the_exit_status_is_1(place: Path) -> None:
    (place / "inbox" / "customers.csv").write_text(CUSTOMERS + "C2,a,1,\n", encoding="utf-8")

    result = json_of("import", place / "inbox", "--report", place / "wrong.csv", exits=1)

    assert (result["faults"], result["report"]) == (1, str(place / "wrong.csv"))
    assert "customers.csv,4,C2,id" in (place / "wrong.csv").read_text(encoding="utf-8")
    assert (place / "wrong.json").is_file()


@pytest.mark.parametrize("option", ["--dry-run", "--strict"])
def test_with_a_fault_neither_a_dry_run_nor_a_strict_import_changes_anything(place: Path, option: str) -> None:
    (place / "inbox" / "customers.csv").write_text(CUSTOMERS + ",a,1,\n", encoding="utf-8")

    shown = run("import", place / "inbox", option)

    assert shown.exit_code == 1
    assert "othing was changed" in shown.stdout
    assert json_of("show")["customers"] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("import", "no-such-folder"),
        ("import", "."),
        ("import", ".", "--currency", "yuan"),
        ("import", ".", "--timezone", "Asia/Nowhere"),
        ("export", "."),
        ("export", "new", "--format", "xlsx"),
        ("schema", "order"),
    ],
    ids=" ".join,
)
def test_wrong_use_exits_with_2(place: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    monkeypatch.chdir(place)

    assert run(*words).exit_code == 2


def test_a_header_that_is_wrong_exits_with_2_and_says_where(place: Path) -> None:
    (place / "inbox" / "customers.csv").write_text("id,name,phone,mail\n", encoding="utf-8")

    shown = run("import", place / "inbox")

    assert shown.exit_code == 2
    assert "customers.csv:1" in shown.stderr
    assert "'email'" in shown.stderr


@pytest.mark.parametrize("file_format", ["csv", "jsonl"])
def test_an_export_is_taken_by_an_import(place: Path, monkeypatch: pytest.MonkeyPatch, file_format: str) -> None:
    run("demo")
    written = json_of("export", place / "out", "--format", file_format)["rows"]
    monkeypatch.setenv("XIAOER_DATA", str(place / "other"))

    taken = {counts["kind"]: counts["new"] for counts in json_of("import", place / "out")["records"]}

    assert taken == {kind: written[kind] for kind in taken}
    assert all(taken.values())


def test_the_schema_has_every_column_that_an_export_writes(place: Path) -> None:
    run("demo")
    run("export", place / "out")

    tables = json_of("schema")["tables"]

    written = {path.stem: path.read_text(encoding="utf-8") for path in (place / "out").iterdir()}
    files = {name: text.splitlines()[0].split(",") for name, text in written.items()}
    assert files.keys() == tables.keys()
    for name, header in files.items():
        patterns = tables[name].get("patternProperties", {})
        known = [c for c in header if c in tables[name]["properties"] or any(re.search(p, c) for p in patterns)]
        assert known == header
        assert set(tables[name]["required"]) <= set(header)


def test_the_schema_of_some_tables_is_shown_to_people_too() -> None:
    shown = run("schema", "orders.lines", "--format", "markdown")

    assert shown.exit_code == 0
    assert shown.stdout.startswith("## orders.lines\n")
    assert "| `quantity` | whole number | yes |" in shown.stdout
    assert list(json_of("schema", "orders")["documents"]) == ["orders"]


def test_the_files_of_the_guide_can_be_imported(place: Path) -> None:
    files = dict(_FILE.findall(_PAGE.read_text(encoding="utf-8")))
    assert len(files) >= 3
    for name, text in files.items():
        (place / "inbox" / name).write_text(text, encoding="utf-8")

    assert json_of("import", place / "inbox")["faults"] == 0


GOODS = {
    "products": "id,title,names,brand,category\nP1,云柔四件套,四件套,穗棉坞,bedding\n",
    "products.variants": "product,sku,price,stock,options.colour\nP1,P1-1,100.00,{stock},雾蓝\nP1,P1-2,100.00,0,米白\n",
    "customers": CUSTOMERS,
    "customers.stock_notices": "customer,sku,product,asked_at\n"
    "C1,P1-1,P1,2026-06-14T10:00:00+08:00\nC2,P1-2,P1,2026-06-14T11:00:00+08:00\n",
    "customers.addresses": "customer,person,phone,region,street,label\n"
    "C1,林小满,13800001234,浙江省杭州市,文三路5号,家\n",
}


def _lay(place: Path, stock: int) -> None:
    for name, text in GOODS.items():
        (place / "inbox" / f"{name}.csv").write_text(text.replace("{stock}", str(stock)), encoding="utf-8")
    done = run("import", place / "inbox")
    assert done.exit_code == 0, done.output


def test_notices_are_due_once_goods_are_imported(place: Path) -> None:
    _lay(place, 0)
    assert json_of("notices") == []
    _lay(place, 4)
    (due,) = json_of("notices")
    assert (due["customer"], due["sku"], due["title"], due["stock"]) == ("C1", "P1-1", "云柔四件套 雾蓝", 4)
    assert "P1-1" in run("notices").stdout


def test_what_is_kept_of_customers_comes_back_from_an_export(place: Path) -> None:
    _lay(place, 4)
    run("export", place / "out")
    for name in ("customers.stock_notices", "customers.addresses"):
        (place / "inbox" / f"{name}.csv").unlink()
    run("import", place / "inbox")
    assert json_of("notices") == []
    assert run("import", place / "out").exit_code == 0
    assert [due["sku"] for due in json_of("notices")] == ["P1-1"]
    assert "家" in (place / "out" / "customers.addresses.csv").read_text(encoding="utf-8-sig")


def _cancel(place: Path, order: str) -> None:
    """Cancel an order as a customer does in a conversation."""

    async def work() -> None:
        database = await Database.open(load_settings(data=place / "data").store_url)
        try:
            pack, now = read_pack(Path(__file__).parents[2] / "packs" / "shop_zh"), datetime(2026, 6, 15, 4, tzinfo=UTC)
            shop = EmbeddedShop(database, ShopId("demo"), pack, now=now)
            wanted = {"order": order, "reason": "not_wanted"}
            done = await shop.run("order.cancel", wanted, customer=CustomerId("C1"), now=now, key=ActionKey("k"))
            assert done.outcome == "done"
        finally:
            await database.close()

    asyncio.run(work())


def _lay_orders(place: Path) -> None:
    for name, text in A_SHOP.items():
        (place / "inbox" / name).write_text(text, encoding="utf-8")
    assert run("import", place / "inbox").exit_code == 0


def test_a_cancelled_order_is_kept_counted_and_listed(place: Path) -> None:
    _lay_orders(place)
    _cancel(place, PAID)

    shown = run("import", place / "inbox")

    assert shown.exit_code == 1
    assert re.search(r"what +new +changed +unchanged +kept +left out\n", shown.stdout)
    assert re.search(r"orders +0 +0 +1 +1 +0\n", shown.stdout)
    assert "Kept, because the files would undo what customers had changed: 1" in shown.stdout
    assert json_of("show")["orders cancelled"] == 1
    report = (place / "data" / "imports" / "report.csv").read_text(encoding="utf-8")
    assert (
        f'orders.csv,2,{PAID},state,"would undo what was done since: cancel on 2026-06-15 12:00 by customer:C1'
        in report
    )


def test_a_kept_record_keeps_a_strict_import_from_the_shop(place: Path) -> None:
    _lay_orders(place)
    _cancel(place, PAID)
    shown = run("import", place / "inbox", "--strict")
    assert shown.exit_code == 1
    assert "Nothing was changed, because something was kept (--strict)." in shown.stdout


def test_changes_are_overwritten_when_it_is_asked_for(place: Path) -> None:
    _lay_orders(place)
    _cancel(place, PAID)

    result = json_of("import", place / "inbox", "--overwrite-changes")

    assert [(one["changed"], one["kept"]) for one in result["records"]] == [(1, 0), (0, 0), (1, 0)]
    assert "orders cancelled" not in json_of("show")
