from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from xiaoer.ids import ActionKey, CustomerId, ShopId
from xiaoer.pack import Pack, Sister
from xiaoer.shop import EmbeddedShop, Records, seed_demo
from xiaoer.store import Database

from .conftest import SHOP
from .factories import NOW, an_order
from .shops import Counter

_PACK = Path(__file__).parents[2] / "packs" / "shop_zh"
_NEXT_DAY = NOW + timedelta(days=1, hours=1)


async def test_an_empty_shop_is_filled_once(database: Database, pack: Pack, records: Records) -> None:
    assert await seed_demo(database, SHOP, pack, now=NOW)
    orders = await records.orders()
    assert not await seed_demo(database, SHOP, pack, now=NOW + timedelta(hours=20))
    assert await records.orders() == orders
    assert len(await records.products()) >= 100
    customers = await records.customers()
    assert len(customers) >= 50
    assert await records.customer(customers[3].id) == customers[3]
    assert await records.customer(CustomerId("C404")) is None


async def test_an_unused_demo_of_yesterday_is_made_anew(database: Database, pack: Pack, records: Records) -> None:
    await seed_demo(database, SHOP, pack, now=NOW)
    numbers = [order.id for order in await records.orders()]
    assert await seed_demo(database, SHOP, pack, now=_NEXT_DAY)
    orders = await records.orders()
    assert [order.id for order in orders] == numbers
    assert _NEXT_DAY - max(order.placed_at for order in orders) <= timedelta(minutes=10)


async def test_a_demo_that_a_customer_changed_is_left(database: Database, pack: Pack, records: Records) -> None:
    await seed_demo(database, SHOP, pack, now=NOW)
    paid = next(order for order in await records.orders() if order.state == "paid")
    shop = EmbeddedShop(database, SHOP, pack, now=NOW)
    arguments = {"order": paid.id, "reason": "not_wanted"}
    await shop.run("order.cancel", arguments, customer=paid.customer, now=NOW, key=ActionKey("k"))
    assert not await seed_demo(database, SHOP, pack, now=_NEXT_DAY)


async def test_a_shop_with_orders_of_its_own_is_left(database: Database, pack: Pack, counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    assert not await seed_demo(database, SHOP, pack, now=NOW + timedelta(days=30))
    assert [order.state for order in await counter.records.orders()] == ["paid"]


async def test_goods_are_found_by_the_names_of_a_sister_too(database: Database, pack: Pack, records: Records) -> None:
    with_sister = replace(pack, folder=_PACK, sisters=(Sister(language="en", pack="../shop_en"),))
    await seed_demo(database, SHOP, with_sister, now=NOW)
    desk = next(product for product in await records.products() if "书桌" in product.names)
    assert "desk" in desk.names
    assert desk.title.startswith("栎木间")


async def test_shops_do_not_see_each_other(database: Database, pack: Pack) -> None:
    await seed_demo(database, SHOP, pack, now=NOW)
    other = Records(database, ShopId("other"))
    assert await other.is_empty()
    assert await other.orders() == ()
