"""Every action gives the same on the merchant's system as in our own database: nothing is written twice."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from xiaoer.ids import ActionKey, CustomerId, ProductId
from xiaoer.money import Money
from xiaoer.pack import Pack
from xiaoer.shop import ACTIONS, ActionResult, EmbeddedShop, Order, Records, Shop, StockNotice, Transaction
from xiaoer.shop.models import OrderLine
from xiaoer.store import Database
from xiaoer.testing.server import seed_usual_demo

from .factories import BERT, NOW, a_claim, an_order
from .merchants import OURS, THEIRS, a_merchant
from .test_embedded import _OF_ORDERS, _QUERIES, _WANTED

_FIRST, _MISSED = CustomerId("C1001"), ProductId("P1015")


def _arguments(action: str, order: Order) -> Iterator[dict[str, str]]:
    """Give what an action of a flow is asked with, for an order."""
    named = {"order": order.id} if "order" in ACTIONS[action].parameters else {}
    line = order.lines[-1]
    match action:
        case "order.find":
            yield {"scope": "cancellable"}
            yield {"scope": "any", "mention": line.title, "mention.order_id": order.id}
        case "line.find":
            yield {**named, "mention": line.title}
        case "product.find":
            yield from ({"mention": words} for words in (line.title, "什么都没有"))
        case "product.read":
            yield {"product": line.product, "colour": line.options.get("colour", "")}
            yield {"product": "P404"}
        case "order.check_cancel" | "order.cancel":
            wanted = _WANTED.get(action, {})
            yield {**named, **wanted, "lines": line.id}
            yield {**named, **wanted}
        case "claim.check" | "claim.open":
            yield {**named, "lines": line.id, "kind": "faulty", "wanted": "resend"}
            yield {**named, "kind": "damaged", "wanted": "refund"}
        case "return.check" | "return.open":
            yield {**named, "line": line.id, "reason": "quality"}
        case "order.check_options" | "order.change_options" | "exchange.check" | "exchange.open" | "variant.find":
            yield from ({**named, **wanted} for wanted in _swaps(action, line))
        case _:
            yield from ({**named, **wanted} for wanted in _of_cases(action, order))


def _of_cases(action: str, order: Order) -> list[dict[str, str]]:
    if action in ("stock.find", "stock.check_notice", "stock.notify"):
        known = {"product": _MISSED, "variant": f"{_MISSED}-01", "mention": "到货告诉我"}
        return [{name: value for name, value in known.items() if name in ACTIONS[action].parameters}]
    if action in ("stock.withdraw_notice", "stock.read_notice"):
        return [{"notice": f"{_MISSED}-02"}, {"notice": f"{_MISSED}-404"}]
    if action == "address.check_default":
        return [{}, _WANTED["address.change_default"], {"phone": "138 0000 9999"}]
    if action == "aftersale.find":
        return [{"scope": scope, "mention": order.lines[-1].title} for scope in ("open", "any")]
    if action.startswith("aftersale."):
        numbers = [*(item.id for item in order.returns), *(claim.id for claim in order.claims)]
        return [{"request": number} for number in numbers or ["R0"]]
    if action in ("order.check_quantity", "order.change_quantity"):
        return [{"line": order.lines[-1].id, "quantity": "1", "way": way} for way in ("fewer", "more")]
    return [_WANTED.get(action, {})]


def _swaps(action: str, line: OrderLine) -> Iterator[dict[str, str]]:
    known = {"line": line.id, "reason": "quality", "mention": "换大一码的白色"}
    for number in ("01", "02"):
        wanted = known | {"variant": f"{line.sku[:-2]}{number}"}
        yield {name: value for name, value in wanted.items() if name in ACTIONS[action].parameters}


async def _all(shop: Shop, action: str, orders: tuple[Order, ...], customer: CustomerId) -> list[ActionResult]:
    is_effect = shop.specs[action].is_effect
    return [
        await shop.run(
            action, arguments, customer=customer, now=NOW, key=ActionKey(f"{action}/{order.id}") if is_effect else None
        )
        for order in orders
        for arguments in _arguments(action, order)
    ]


async def _lived_with(records: Records) -> None:
    """Let all be in stock; orders have cost more, two days earlier, and those that came have an open claim."""
    orders = [
        msgspec.structs.replace(
            order,
            lines=tuple(
                msgspec.structs.replace(
                    line,
                    unit_price=line.unit_price + Money(500),
                    quantity=line.quantity + (order.state in ("unpaid", "paid")),
                )
                for line in order.lines
            ),
            payment=order.payment
            and msgspec.structs.replace(order.payment, paid_at=order.payment.paid_at - timedelta(days=2)),
            claims=(a_claim("missing", lines=(order.lines[0].id,)),) if order.state == "delivered" else (),
        )
        for order in await records.orders_of(_FIRST)
    ]

    products = [
        msgspec.structs.replace(
            product,
            variants=tuple(msgspec.structs.replace(item, stock=item.stock + 3) for item in product.variants),
        )
        for product in await records.products()
    ]

    async def work(transaction: Transaction) -> None:
        await transaction.store_orders(orders)
        await transaction.store_products(products)

    await records.change(work)
    await records.change(_miss_something)


async def _miss_something(transaction: Transaction) -> None:
    """Let one variant be out of stock, and the customer wait for another."""
    product, holder = await transaction.product(_MISSED), await transaction.customer(_FIRST)
    assert product is not None
    assert holder is not None
    gone, awaited, *others = product.variants
    variants = (msgspec.structs.replace(gone, stock=0), awaited, *others)
    await transaction.store_products([msgspec.structs.replace(product, variants=variants)])
    notice = StockNotice(sku=awaited.sku, product=product.id, asked_at=NOW)
    await transaction.store_customers([msgspec.structs.replace(holder, stock_notices=(notice,))])


@pytest.fixture(scope="module")
def two_shops(blank: Path, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database that holds the same shop twice."""
    file = tmp_path_factory.mktemp("two_shops") / blank.name
    shutil.copy(blank, file)
    asyncio.run(_make_two_shops(file, pack))
    return file


async def _make_two_shops(file: Path, pack: Pack) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    for shop in (THEIRS, OURS):
        await seed_usual_demo(database, shop, pack, now=NOW, seed=7)
        await _lived_with(Records(database, shop))
    await database.close()


@pytest.fixture
async def lived_in(two_shops: Path, tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{shutil.copy(two_shops, tmp_path)}")
    yield database
    await database.close()


@pytest.mark.parametrize("action", sorted(ACTIONS))
async def test_an_action_gives_the_same_embedded_and_remote(lived_in: Database, pack: Pack, action: str) -> None:
    database, own = lived_in, Records(lived_in, OURS)
    orders = await own.orders_of(_FIRST)
    embedded = await _all(EmbeddedShop(database, OURS, pack, now=NOW), action, orders, _FIRST)

    async with a_merchant(database, pack) as merchant:
        remote = await _all(merchant.shop, action, orders, _FIRST)

        assert remote == embedded
        assert {result.outcome for result in remote} - {"missing", "refused"}
        assert await merchant.records.orders_of(_FIRST) == await own.orders_of(_FIRST)
        assert await merchant.records.products() == await own.products()
        assert await merchant.records.customers() == await own.customers()


async def test_the_words_are_the_same_embedded_and_remote(database: Database, pack: Pack) -> None:
    for shop in (THEIRS, OURS):
        await seed_usual_demo(database, shop, pack, now=NOW, seed=7)
    async with a_merchant(database, pack) as merchant:
        assert await merchant.shop.words() == await EmbeddedShop(database, OURS, pack, now=NOW).words()


async def test_a_remote_shop_is_a_shop(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        shop: Shop = merchant.shop
        assert shop.specs == ACTIONS


@pytest.mark.parametrize("action", sorted(_WANTED))
async def test_the_same_key_changes_a_remote_shop_once(database: Database, pack: Pack, action: str) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay_for(action)
        first = await merchant.ask(action, _WANTED[action], key="k1")
        after_first = await merchant.books()
        second = await merchant.ask(action, _WANTED[action], key="k1")
        assert first.outcome == "done"
        assert second == first
        assert await merchant.books() == after_first


async def test_of_two_remote_cancellations_at_once_one_is_done(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order("paid"))
        results = await asyncio.gather(
            *(merchant.ask("order.cancel", {"reason": "not_wanted"}, key=f"k{n}") for n in range(6))
        )
        assert sorted(result.outcome for result in results) == ["done", *["refused"] * 5]
        order = await merchant.order()
        assert (len(order.refunds), len(order.history), await merchant.stock()) == (1, 1, 11)


@pytest.mark.parametrize("customer", [BERT, CustomerId("C404"), None, CustomerId("../C1"), CustomerId("..")])
async def test_a_strangers_order_and_an_absent_one_are_the_same_remotely(
    database: Database, pack: Pack, customer: CustomerId | None
) -> None:
    async with a_merchant(database, pack) as merchant:
        own = an_order("paid")
        await merchant.lay(own, an_order("paid", id="20260000000002", customer=BERT))
        for action in (*_QUERIES, *_OF_ORDERS):
            wanted = _WANTED.get(action, {})
            foreign = await merchant.ask(action, wanted, customer=customer, key=f"foreign/{action}")
            absent = await merchant.ask(
                action, {**wanted, "order": "20269999999999"}, customer=customer, key=f"absent/{action}"
            )
            assert foreign == absent
            assert "13800001234" not in str(foreign)
        assert await merchant.order() == own
