"""Files of a small shop, and an office that takes them in."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from xiaoer.ids import OrderId
from xiaoer.shop import ImportResult, ImportSetting, Order, Records, import_shop
from xiaoer.store import Database

from .conftest import SHOP

PRODUCTS = "id,title,names,brand,category,attributes.材质\nP1,云柔四件套,四件套|床品,穗棉坞,bedding,棉\n"
VARIANTS = "product,sku,options.colour,price,stock\nP1,P1-1,雾蓝,129.00,5\nP1,P1-2,米白,139.5,0\n"
CUSTOMERS = "id,name,phone,email\nC1,林小满,13800001234,c1@example.com\n"
ORDERS = (
    "id,customer,state,placed_at,freight,address.person,address.phone,address.region,address.street,"
    "payment.method,payment.amount,payment.paid_at\n"
    "20260615000011,C1,paid,2026-06-15T10:00:00+08:00,0,林小满,13800001234,浙江省杭州市,青梧路18号,"
    "wechat,258.00,2026-06-15T10:05:00+08:00\n"
    "20260615000012,C1,unpaid,2026-06-15 11:30,8.00,林小满,13800001234,浙江省杭州市,青梧路18号,,,\n"
)
LINES = (
    "order,id,sku,product,title,category,options.colour,quantity,unit_price.minor\n"
    "20260615000011,1,P1-1,P1,云柔四件套,bedding,雾蓝,2,12900\n"
    "20260615000012,1,P1-2,P1,云柔四件套,bedding,米白,1,13950\n"
)
GOODS_AND_CUSTOMERS = {"products.csv": PRODUCTS, "products.variants.csv": VARIANTS, "customers.csv": CUSTOMERS}
A_SHOP = {**GOODS_AND_CUSTOMERS, "orders.csv": ORDERS, "orders.lines.csv": LINES}
PAID, UNPAID = OrderId("20260615000011"), OrderId("20260615000012")


def without_progress(_told: object) -> None:
    """Take no notice of progress."""


@dataclass(frozen=True)
class Office:
    """Where files are laid out and taken into a shop."""

    database: Database
    folder: Path

    def lay_out(self, files: Mapping[str, str | bytes]) -> Path:
        """Write files into the inbox, in place of those before."""
        inbox = self.folder / "inbox"
        inbox.mkdir(exist_ok=True)
        for path in inbox.iterdir():
            path.unlink()
        for name, text in files.items():
            (inbox / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return inbox

    def setting(self, *, dry: bool = False, strict: bool = False, overwrites: bool = False) -> ImportSetting:
        """How files are imported."""
        return ImportSetting(
            currency="CNY",
            timezone=ZoneInfo("Asia/Shanghai"),
            workplace=self.folder / "work",
            report=self.folder / "report.csv",
            is_dry_run=dry,
            is_strict=strict,
            overwrites_changes=overwrites,
        )

    async def take(self, files: Mapping[str, str | bytes], *, dry: bool = False, strict: bool = False) -> ImportResult:
        """Write files and import them."""
        inbox, setting = self.lay_out(files), self.setting(dry=dry, strict=strict)
        return await import_shop(self.database, SHOP, inbox, setting, without_progress)

    @property
    def report(self) -> list[dict[str, str]]:
        """What the report of the last import lists."""
        with (self.folder / "report.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @property
    def faults(self) -> list[tuple[str, int, str, str]]:
        """File, line, field and fault of what the report lists."""
        return [(row["file"], int(row["line"]), row["field"], row["fault"]) for row in self.report]

    async def orders(self) -> dict[str, Order]:
        """The shop's orders."""
        return {order.id: order for order in await Records(self.database, SHOP).orders()}


def with_change(text: str, line: int, old: str, new: str) -> str:
    """Change a piece of a line; lines count from 1."""
    lines = text.split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    return "\n".join(lines)


def new(result: ImportResult) -> dict[str, int]:
    """How many records of each kind were new."""
    return {counts.kind: counts.new for counts in result.records}


def refused(result: ImportResult) -> dict[str, int]:
    """How many records of each kind were left out."""
    return {counts.kind: counts.refused for counts in result.records}
