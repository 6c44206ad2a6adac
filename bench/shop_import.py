"""Measures `xiaoer shop import` and `export`: orders a second, and the most memory that each held.

`python -m bench.shop_import [--orders 100000] [--formats csv jsonl]` makes a shop of that many orders in a temporary
folder, exports it, and imports the files into an empty shop; the CSV files are imported once more, which changes
nothing. It prints a table, and writes bench/results/shop_import.json and docs/reference/import-speed.md, where what was
measured for another number of orders stays.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.ids import CustomerId, OrderId, ProductId, ShopId, SkuId
from xiaoer.money import Money
from xiaoer.shop import (
    Address,
    Customer,
    HistoryEntry,
    Order,
    OrderLine,
    Payment,
    Product,
    Records,
    Shipment,
    Trace,
    Transaction,
    Variant,
)
from xiaoer.store import Database

_PAGE = Path(__file__).parent.parent / "docs" / "reference" / "import-speed.md"
_NAME = "shop_import"
_FORMATS = ("csv", "jsonl")
_MILLION = 1_000_000
_SHOP = ShopId("demo")
_PRODUCTS = 2_000
_ORDERS_OF_A_CUSTOMER = 5
_BATCH = 1_000
_BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
_WAY = ("picked_up", "in_transit", "arrived", "out_for_delivery", "signed")


@dataclass(frozen=True, slots=True)
class Run:
    """What one command took; CPU is that of all its threads."""

    what: str
    seconds: float
    cpu_seconds: float
    orders_per_second: int
    peak_megabytes: int


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000, help="how many orders the shop has")
    parser.add_argument("--formats", nargs="+", choices=_FORMATS, default=_FORMATS, help="which formats are measured")
    parser.add_argument("--folder", type=Path, help="where to work: the disk matters")
    parser.add_argument("--make", type=Path, help="only make the shop in this data folder")
    arguments = parser.parse_args()
    if arguments.make:
        asyncio.run(make_shop(arguments.make, arguments.orders))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        result = measure(Path(folder), arguments.orders, arguments.formats)
    results = merged(result)
    write_result(_NAME, results)
    write_page(_PAGE, page(results))
    print(page(results))


def merged(result: dict[str, Any]) -> dict[str, Any]:
    """Give what was measured before, by number of orders, with this result in its place."""
    path = RESULTS / f"{_NAME}.json"
    before = json.loads(path.read_text()) if path.exists() else {}
    sizes = {**before.get("sizes", {}), str(result["orders"]): result}
    return {"sizes": dict(sorted(sizes.items(), key=lambda item: int(item[0])))}


def measure(folder: Path, orders: int, formats: Sequence[str]) -> dict[str, Any]:
    """Make the shop and run the commands."""
    # In a process of its own: a process that is begun by a large one counts its memory as its own peak.
    made = [sys.executable, "-m", "bench.shop_import", "--orders", str(orders), "--make", str(folder / "shop")]
    subprocess.run(made, check=True)
    place = {**machine(), "load_before": round(os.getloadavg()[0], 1), "niceness": os.nice(0)}
    runs: list[Run] = []
    for kind in formats:
        runs += measure_format(folder, orders, kind)
    files = [path for kind in formats for path in (folder / kind).iterdir()]
    return {
        "machine": place,
        "orders": orders,
        "megabytes": {kind: megabytes(folder / kind) for kind in formats},
        "csv_rows": sum(rows_of(path) for path in files if path.suffix == ".csv"),
        "runs": [asdict(one) for one in runs],
    }


def measure_format(folder: Path, orders: int, kind: str) -> list[Run]:
    """Export the shop in a format, and import that; CSV twice."""
    files, into, name = folder / kind, folder / f"from-{kind}", {"csv": "CSV", "jsonl": "JSON lines"}[kind]
    runs = [
        run(f"export to {name}", orders, "export", files, "--format", kind, "--data", folder / "shop"),
        run(f"import of {name}", orders, "import", files, "--data", into),
    ]
    if kind == "csv":
        runs.append(run(f"import of the same {name} again", orders, "import", files, "--data", into))
    return runs


def megabytes(folder: Path) -> float:
    """Give the size of the files in a folder."""
    return round(sum(path.stat().st_size for path in folder.iterdir()) / 1e6, 1)


def rows_of(path: Path) -> int:
    """Count the lines of a file without its header."""
    with path.open("rb") as lines:
        return sum(1 for _ in lines) - 1


def run(what: str, orders: int, *words: str | Path) -> Run:
    """Run a `xiaoer shop` command as a process of its own."""
    command = [sys.executable, "-m", "xiaoer.cli", "shop", *map(str, words), "--json"]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{what}: exit {process.returncode}")
    seconds = time.perf_counter() - began
    cpu_seconds = usage.ru_utime + usage.ru_stime
    peak_megabytes = usage.ru_maxrss / 1024
    return Run(what, round(seconds, 1), round(cpu_seconds, 1), round(orders / seconds), round(peak_megabytes))


async def make_shop(folder: Path, orders: int) -> None:
    """Fill a shop with invented goods, customers and orders."""
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/xiaoer.db")
    records, chance = Records(database, _SHOP), random.Random(5)  # noqa: S311  # a load, not a secret
    products = [a_product(number, chance) for number in range(_PRODUCTS)]
    customers = [a_customer(number) for number in range(orders // _ORDERS_OF_A_CUSTOMER + 1)]
    made = (an_order(number, customers, products, chance) for number in range(orders))
    try:
        await records.change(lambda transaction: transaction.store_products(products))
        await records.change(lambda transaction: transaction.store_customers(customers))
        for batch in _batches(made):
            await records.change(lambda transaction, batch=batch: _store(transaction, batch))  # type: ignore[misc]
    finally:
        await database.close()


async def _store(transaction: Transaction, orders: list[Order]) -> None:
    await transaction.store_orders(orders)


def _batches(orders: Iterator[Order]) -> Iterator[list[Order]]:
    while batch := list(islice(orders, _BATCH)):
        yield batch


def a_product(number: int, chance: random.Random) -> Product:
    """Make a product of three sizes."""
    price = chance.randrange(900, 90_000)
    variants = tuple(
        Variant(
            sku=SkuId(f"P{number:05d}-{size}"), options={"size": size}, price=Money(price), stock=chance.randrange(200)
        )
        for size in "SML"
    )
    return Product(
        id=ProductId(f"P{number:05d}"),
        title=f"青禾 第{number}号好物",
        names=(f"好物{number}",),
        brand="青禾",
        category="home",
        attributes={"材质": "棉"},
        variants=variants,
    )


def a_customer(number: int) -> Customer:
    """Make a customer with an address."""
    return Customer(
        id=CustomerId(f"C{number:07d}"),
        name=f"顾客{number}",
        phone=f"1380000{number % 10_000:04d}",
        email=f"c{number}@example.com",
        addresses=(_address(number),),
    )


def _address(number: int) -> Address:
    return Address(
        person=f"顾客{number}",
        phone=f"1380000{number % 10_000:04d}",
        region="浙江省杭州市西湖区",
        street=f"青梧路{number % 300}号",
    )


def an_order(number: int, customers: list[Customer], products: list[Product], chance: random.Random) -> Order:
    """Make an order of one to three lines that was paid and delivered."""
    id, placed_at = OrderId(f"{20250000000000 + number}"), _BEGAN + timedelta(seconds=30 * number)
    buyer, hour = chance.randrange(len(customers)), timedelta(hours=1)
    lines = tuple(_line(id, place, chance.choice(products), chance) for place in range(1, chance.choice((2, 2, 3, 4))))
    return Order(
        id=id,
        customer=customers[buyer].id,
        state="completed",
        placed_at=placed_at,
        lines=lines,
        freight=Money(800),
        address=_address(buyer),
        payment=Payment(method="wechat", amount=sum((line.amount for line in lines), Money(800)), paid_at=placed_at),
        shipments=(
            Shipment(
                carrier="zto",
                tracking_no=f"77{number:011d}",
                shipped_at=placed_at + 20 * hour,
                delivered_at=placed_at + 60 * hour,
                traces=tuple(
                    Trace(at=placed_at + (20 + 8 * place) * hour, place="杭州", what=what)
                    for place, what in enumerate(_WAY)
                ),
            ),
        ),
        completed_at=placed_at + 200 * hour,
        history=tuple(
            HistoryEntry(at=placed_at + place * hour, by="shop", action=action)
            for place, action in enumerate(("pay", "pack", "ship"))
        ),
    )


def _line(order: str, place: int, product: Product, chance: random.Random) -> OrderLine:
    variant = chance.choice(product.variants)
    return OrderLine(
        id=f"{order}-{place}",
        sku=variant.sku,
        product=product.id,
        title=product.title,
        category=product.category,
        options=variant.options,
        quantity=chance.randrange(1, 4),
        unit_price=variant.price,
    )


def page(results: dict[str, Any]) -> str:
    """Make the page."""
    return f"""# Moving a shop in and out

Written by `python -m bench.shop_import`; do not edit. A shop of 2,000 products and of customers with orders of lines,
payment, parcel, five traces and three entries of history each. The last column is the time measured, for a million
orders. A time far above that of the CPU says that the machine had other work; a niceness above 0, that others went
before. Rows are read, checked and stored in batches, so memory does not grow with their number.
{"".join(section(one) for one in results["sizes"].values())}"""


def section(result: dict[str, Any]) -> str:
    """Write what was measured for one number of orders."""
    place, orders = result["machine"], result["orders"]
    rows = "\n".join(
        f"| {one['what']} | {one['seconds']:,} | {one['cpu_seconds']:,} | {one['orders_per_second']:,} "
        f"| {one['peak_megabytes']:,} | {one['seconds'] * _MILLION / orders / 60:.1f} |"
        for one in result["runs"]
    )
    sizes = ", ".join(f"{size:,} MB of {kind}" for kind, size in result["megabytes"].items())
    if result["csv_rows"]:
        sizes += f" ({result['csv_rows']:,} rows in CSV)"
    return f"""
## {orders:,} orders

Files: {sizes}. Machine: {place["cpu"]}, {place["cores"]}
cores, Python {place["python"]}; commit {place["commit"]}; {place["date"]}; load before the run
{place.get("load_before", "unknown")}, niceness {place.get("niceness", 0)}.

| command | seconds | CPU seconds | orders/s | peak resident MB | minutes for a million orders |
| --- | ---: | ---: | ---: | ---: | ---: |
{rows}
"""


if __name__ == "__main__":
    main()
