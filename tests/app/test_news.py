"""Who waits for something is told once it is back, in the conversation in which they asked, whatever brings it back."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from xiaoer.app.news import NoticeDelivery
from xiaoer.events import Replied
from xiaoer.ids import ConversationId, MessageId
from xiaoer.shop import Customer, Product, Transaction
from xiaoer.store import Notices
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import DEMO_SHOP
from xiaoer.turn import News

from ..safety.ways import WAYS, OverNative, Way
from ..safety.world import ATTACKER as HOLDER
from ..safety.world import VICTIM, World

pytestmark = pytest.mark.asyncio(loop_scope="module")

_NONE_LEFT = 0


async def one_sold_out(world: World) -> Product:
    """Have one product with one variant that is sold out, and all else in stock; nobody waits for anything."""
    first, *others = await world.books.products()
    gone, *rest = [structs.replace(variant, stock=9) for variant in first.variants]
    product = structs.replace(first, variants=(structs.replace(gone, stock=_NONE_LEFT), *rest))
    full = [structs.replace(p, variants=tuple(structs.replace(v, stock=9) for v in p.variants)) for p in others]
    holder = structs.replace(await holder_in(world), stock_notices=())

    async def lay(transaction: Transaction) -> None:
        await transaction.store_products([product, *full])
        await transaction.store_customers([holder])

    await world.books.change(lay)
    let_time_pass(world)
    notices = Notices(world.joined.database)
    for row in await notices.list(DEMO_SHOP, limit=100):
        await notices.forget(DEMO_SHOP, row)
    return product


async def restock(world: World, product: Product, stock: int = 7) -> None:
    variants = (structs.replace(product.variants[0], stock=stock), *product.variants[1:])
    fresh = structs.replace(product, variants=variants)
    await world.books.change(lambda transaction: transaction.store_products([fresh]))
    let_time_pass(world)


def let_time_pass(world: World) -> None:
    """Let the shop look at its goods anew: it does so once a minute."""
    assert isinstance(world.joined.clock, HandClock)
    world.joined.clock.forward(timedelta(minutes=2))
    world.time.seconds += 120


async def holder_in(world: World) -> Customer:
    holder = await world.books.customer(HOLDER)
    assert holder is not None
    return holder


async def asked_for(world: World, way: str = "native") -> Way:
    """Have the customer ask to be told of the one thing that is sold out."""
    asking = await WAYS[way](world, HOLDER)
    assert "stock_notice_done" in await said(asking, "到货通知我", "第一个", "确认")
    return asking


async def said(way: Way, *texts: str) -> str:
    """Say one thing after the other; give the last answer."""
    *first, last = texts
    for text in first:
        await way.say(text)
    return await way.say(last)


async def told_in(world: World, conversation: ConversationId) -> list[str]:
    log = await world.joined.conversations.load(DEMO_SHOP, conversation)
    replies = [reply for item in log if isinstance(item.event, Replied) for reply in item.event.replies]
    return [reply.text for reply in replies if reply.name == "stock_back"]


async def test_what_is_back_is_told_once_and_waited_for_no_more(world: World) -> None:
    product = await one_sold_out(world)
    asking = await asked_for(world)
    assert await world.joined.news.tell_due() == 0
    assert len((await holder_in(world)).stock_notices) == 1
    await restock(world, product)
    assert [await world.joined.news.tell_due() for _ in range(2)] == [1, 0]
    (text,) = await told_in(world, asking.conversation)
    assert product.title in text
    assert "7" in text
    assert (await holder_in(world)).stock_notices == ()
    last = (await holder_in(world)).history[-1]
    assert (last.by, last.details["because"]) == ("shop", "told")


async def test_an_order_that_is_cancelled_brings_it_back_too(own: World) -> None:
    product = await one_sold_out(own)
    asking = await asked_for(own)
    order = next(one for one in await own.books.orders_of(HOLDER) if one.state == "paid")
    line = structs.replace(order.lines[0], sku=product.variants[0].sku, product=product.id, quantity=1)
    bought = structs.replace(order, lines=(line,))
    await own.books.change(lambda transaction: transaction.store_orders([bought]))
    cancelling = OverNative(own, await own.open_conversation(HOLDER))
    assert "cancel_done" in await said(cancelling, f"取消订单 {order.id}", "拍错了", "确认")
    assert await own.joined.news.tell_due() == 1
    assert len(await told_in(own, asking.conversation)) == 1
    assert await told_in(own, cancelling.conversation) == []


async def test_it_is_pushed_where_answers_are_pushed(own: World) -> None:
    product = await one_sold_out(own)
    await asked_for(own, "callback")
    await restock(own, product)
    before = len(own.pushed)
    await own.joined.news.tell_due()
    while await own.delivery.deliver_due():
        pass
    (body,) = own.pushed[before:]
    assert product.title in body


async def test_all_who_wait_for_the_same_are_told_though_one_is_looked_at(own: World) -> None:
    product = await one_sold_out(own)
    asking = await asked_for(own)
    other = await WAYS["native"](own, VICTIM)
    assert "stock_notice_done" in await said(other, "到货通知我", "第一个", "确认")
    assert await own.joined.news.tell_due(looks_at_all=False) == 0
    await restock(own, product)
    assert await own.joined.news.tell_due(looks_at_all=False) == 2
    assert [len(await told_in(own, way.conversation)) for way in (asking, other)] == [1, 1]


async def test_who_has_taken_it_back_is_not_told(world: World) -> None:
    product = await one_sold_out(world)
    asking = await asked_for(world)
    answer = await said(asking, "取消到货", "确认")
    assert "notice_withdrawn" in answer
    assert product.title in answer
    await restock(world, product)
    assert [await world.joined.news.tell_due() for _ in range(2)] == [1, 0]
    assert await told_in(world, asking.conversation) == []


async def test_who_asks_again_is_told_again(own: World) -> None:
    product = await one_sold_out(own)
    asking = await asked_for(own)
    await restock(own, product)
    await own.joined.news.tell_due()
    await restock(own, product, _NONE_LEFT)
    await said(asking, "到货通知我", "第一个", "确认")
    await restock(own, product)
    await own.joined.news.tell_due()
    assert len(await told_in(own, asking.conversation)) == 2


class BreaksOff(Exception):  # noqa: N818  # no error of a program: the process is gone
    """The process ends here."""


class OneStep(NoticeDelivery):
    """A delivery that breaks off before the shop is asked to forget a notice."""

    async def _run(self, action: str, row: object, **more: str) -> object:  # type: ignore[override]  # any of them
        if more:
            raise BreaksOff
        return await super()._run(action, row, **more)  # type: ignore[arg-type]  # as it came


async def test_what_broke_off_after_it_was_told_is_not_told_again(world: World) -> None:
    product = await one_sold_out(world)
    asking = await asked_for(world)
    await restock(world, product)
    news = world.joined.news
    with pytest.raises(BreaksOff):
        await OneStep(news.shop, news.notices, news.releases, news.turns, news.clock).tell_due()
    assert len(await told_in(world, asking.conversation)) == 1
    assert len((await holder_in(world)).stock_notices) == 1
    assert await news.tell_due() == 1
    assert len(await told_in(world, asking.conversation)) == 1
    assert (await holder_in(world)).stock_notices == ()


async def test_nothing_is_told_while_a_summary_waits_for_its_yes(own: World) -> None:
    product = await one_sold_out(own)
    asking = await asked_for(own)
    order = next(one for one in await own.books.orders_of(HOLDER) if one.state == "packing")
    await asking.say(f"{order.id} 备注 写放门口")
    await restock(own, product)
    assert await own.joined.news.tell_due() == 0
    await asking.say("确认")
    assert await own.joined.news.tell_due() == 1
    assert len(await told_in(own, asking.conversation)) == 1


async def test_a_notice_of_long_ago_expires_and_nothing_is_told(own: World) -> None:
    product = await one_sold_out(own)
    asking = await asked_for(own)
    later = HandClock(own.joined.clock.now() + timedelta(days=91))
    assert await replace(own.joined.news, clock=later).tell_due() == 1
    assert (await holder_in(own)).stock_notices == ()
    assert (await holder_in(own)).history[-1].details["because"] == "expired"
    await restock(own, product)
    assert await own.joined.news.tell_due() == 0
    assert await told_in(own, asking.conversation) == []


async def test_nobody_else_is_told(own: World) -> None:
    await one_sold_out(own)
    asking = await asked_for(own)
    (row,) = await Notices(own.joined.database).list(DEMO_SHOP, limit=10)
    assert (row.customer, row.conversation) == (HOLDER, asking.conversation)
    before = await own.joined.conversations.load(DEMO_SHOP, asking.conversation)
    known = {"title": "x", "stock": 1}
    news = News(
        conversation=row.conversation,
        customer=VICTIM,
        key=MessageId("k"),
        reply="stock_back",
        known=known,
        channel="web",
    )
    assert (await own.joined.turns.tell(news)).is_repeat
    assert await own.joined.conversations.load(DEMO_SHOP, asking.conversation) == before
