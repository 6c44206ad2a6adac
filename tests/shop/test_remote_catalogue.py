"""The copy of the merchant's goods: kept fresh with few questions, served as it is while there is no answer."""

from pathlib import Path

import msgspec
import pytest

from xiaoer.ids import ProductId
from xiaoer.pack import Pack
from xiaoer.shop import BadAnswerError, Product, Records, ShopAwayError
from xiaoer.shop.remote.catalogue import CatalogueCopy, CopyRules
from xiaoer.shop.remote.merchant import GoodsPage, Since
from xiaoer.shop.remote.merchant import Merchant as Asked
from xiaoer.store import Database
from xiaoer.testing.shop_faults import Fault

from .factories import a_product
from .merchants import THEIRS, HandTime, Merchant, a_merchant

_KINDS = [{}, {"has_etag": True}, {"keeps_account": True}, {"keeps_account": True, "has_etag": True}]


def some_products(count: int) -> tuple[Product, ...]:
    return tuple(a_product(f"P{number:04}") for number in range(count))


async def seen_later(merchant: Merchant, seconds: float = 60) -> tuple[Product, ...]:
    merchant.time.seconds += seconds
    return await merchant.remote.products()


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: "+".join(kind) or "plain")
async def test_all_pages_are_read_and_changes_are_seen(database: Database, pack: Pack, kind: dict[str, bool]) -> None:
    async with a_merchant(database, pack, server=kind) as merchant:
        goods = some_products(250)
        await merchant.lay(goods=goods)
        assert await merchant.remote.products() == goods
        assert merchant.faults.asked.count("GET /products") == 3

        dearer = a_product("P0007", title="穗棉坞 冬款四件套")
        await merchant.lay(goods=(dearer, a_product("P9999")))
        seen = await seen_later(merchant)
        assert {product.id: product for product in seen} == {
            **{product.id: product for product in goods},
            dearer.id: dearer,
            ProductId("P9999"): a_product("P9999"),
        }
        assert await seen_later(merchant) == seen


@pytest.mark.parametrize("kind", _KINDS[1:], ids="+".join)
async def test_unchanged_goods_cost_one_question(database: Database, pack: Pack, kind: dict[str, bool]) -> None:
    async with a_merchant(database, pack, server=kind) as merchant:
        await merchant.lay(goods=some_products(250))
        first = await merchant.remote.products()
        assert await merchant.remote.products() is first
        assert await seen_later(merchant, 59) is first
        assert merchant.faults.asked.count("GET /products") == 3
        assert await seen_later(merchant, 1) is first
        assert merchant.faults.asked.count("GET /products") == 4


class Shelf(Records):
    """A merchant's records from which a product can be taken."""

    def __init__(self, database: Database) -> None:
        super().__init__(database, THEIRS)
        self.taken = ""

    async def products(self) -> tuple[Product, ...]:
        return tuple(product for product in await super().products() if product.id != self.taken)


@pytest.mark.parametrize("kind", _KINDS, ids=lambda kind: "+".join(kind) or "plain")
async def test_a_product_no_longer_sold_is_forgotten(database: Database, pack: Pack, kind: dict[str, bool]) -> None:
    shelf = Shelf(database)
    async with a_merchant(database, pack, server={"records": shelf, **kind}) as merchant:
        await merchant.lay(goods=some_products(3))
        assert len(await merchant.remote.products()) == 3
        shelf.taken = "P0001"
        assert [product.id for product in await seen_later(merchant)] == ["P0000", "P0002"]


async def test_stale_goods_are_served_while_the_system_is_away_and_fresh_ones_after(
    database: Database, pack: Pack
) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:
        await merchant.lay(goods=some_products(2))
        known = await merchant.remote.products()
        merchant.faults.add(Fault.FAILS, times=2)
        await merchant.lay(goods=some_products(3))
        assert await seen_later(merchant) == known
        assert await seen_later(merchant) == known
        assert len(await seen_later(merchant)) == 3


async def test_without_goods_ever_seen_the_system_is_away(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:
        await merchant.lay(goods=some_products(2))
        merchant.faults.add(Fault.FAILS)
        with pytest.raises(ShopAwayError):
            await merchant.remote.products()
        assert len(await merchant.remote.products()) == 2


async def test_goods_outlast_a_restart_while_the_system_is_away(database: Database, pack: Pack, tmp_path: Path) -> None:
    copy = tmp_path / "goods.json"
    async with a_merchant(database, pack, copy=copy) as merchant:
        await merchant.lay(goods=some_products(2))
        known = await merchant.remote.products()
    async with a_merchant(database, pack, copy=copy, retries=0) as merchant:
        merchant.faults.add(Fault.FAILS)
        assert await merchant.remote.products() == known


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff"])
async def test_a_spoilt_file_is_no_copy(database: Database, pack: Pack, tmp_path: Path, content: bytes) -> None:
    copy = tmp_path / "goods.json"
    copy.write_bytes(content)
    async with a_merchant(database, pack, copy=copy, retries=0) as merchant:
        await merchant.lay(goods=some_products(2))
        merchant.faults.add(Fault.FAILS)
        with pytest.raises(ShopAwayError):
            await merchant.remote.products()
        assert len(await merchant.remote.products()) == 2


async def test_a_file_that_cannot_be_written_changes_nothing(database: Database, pack: Pack, tmp_path: Path) -> None:
    async with a_merchant(database, pack, copy=tmp_path / "no folder" / "goods.json") as merchant:
        await merchant.lay(goods=some_products(2))
        assert len(await merchant.remote.products()) == 2


async def test_a_slow_look_keeps_nobody_waiting_who_can_have_the_copy(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(goods=some_products(2))
        rules = CopyRules(None, 60, merchant.time, patience_seconds=0.05)
        catalogue = CatalogueCopy(merchant.remote.merchant, rules)
        known = await catalogue.products()
        merchant.faults.add(Fault.HANGS, times=9)
        merchant.time.seconds += 60
        assert await catalogue.products() is known
        assert await catalogue.products() is known
        assert merchant.faults.asked.count("GET /products") == 2
        await catalogue.close()


class GivenPages(Asked):
    """A merchant's system that gives pages made by hand."""

    def __init__(self, *pages: GoodsPage | None) -> None:
        self.pages = list(pages)
        self.asked: list[Since] = []

    async def goods(self, since: Since, *, after: str = "") -> GoodsPage | None:
        self.asked.append(since)
        return self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]


def a_page(*products: Product, as_of: str = "", next: str = "", etag: str = "") -> GoodsPage:
    return GoodsPage(products, (), Since(as_of, etag), next)


async def test_a_catalogue_without_an_end_is_refused() -> None:
    catalogue = CatalogueCopy(GivenPages(a_page(a_product(), next="again")), CopyRules(None, 60, HandTime()))
    with pytest.raises(BadAnswerError, match="1000 pages"):
        await catalogue.products()


async def test_now_and_then_everything_is_looked_at_again() -> None:
    time = HandTime()
    asked = GivenPages(
        a_page(a_product(), as_of="1", etag="e"), a_page(as_of="2"), a_page(as_of="3"), a_page(as_of="9")
    )
    catalogue = CatalogueCopy(asked, CopyRules(None, 60, time, whole_look_seconds=600))
    for seconds in (0, 60, 60, 600):
        time.seconds += seconds
        await catalogue.products()
    assert asked.asked == [Since(), Since("1", "e"), Since("2"), Since()]


async def test_a_product_that_is_wrong_does_not_spoil_the_others(database: Database, pack: Pack) -> None:
    class Wrong(Records):
        async def products(self) -> tuple[Product, ...]:
            bare = msgspec.structs.replace(a_product("P2"), variants=())
            odd = msgspec.structs.replace(a_product("P3"), brand=7)
            return (a_product(), bare, odd)

    async with a_merchant(database, pack, server={"records": Wrong(database, THEIRS)}) as merchant:
        assert await merchant.remote.products() == (a_product(),)
