import asyncio

import pytest

from xiaoer.ids import ActionKey, CustomerId, ShopId
from xiaoer.pack import Pack
from xiaoer.shop import ACTIONS, BadRequestError, ClauseMissingError, EmbeddedShop, Shop, UnknownActionError
from xiaoer.store import Database

from .factories import ANNA, BERT, NOW, NUMBER, a_product, an_order, an_order_for
from .shops import Counter

_WANTED = {
    "order.cancel": {"reason": "not_wanted"},
    "order.change_address": {"address": "青梧路99号"},
    "order.change_options": {"line": f"{NUMBER}-1", "variant": a_product().variants[1].sku},
    "return.open": {"line": f"{NUMBER}-1", "reason": "quality"},
    "exchange.open": {"line": f"{NUMBER}-1", "variant": a_product().variants[1].sku, "reason": "quality"},
    "invoice.request": {"kind": "personal", "title": "林小满", "email": "lin@example.com"},
    "invoice.change": {"title": "林小曼"},
    "invoice.resend": {},
    "claim.open": {"kind": "damaged", "wanted": "resend", "words": "碗碎了"},
    "order.change_quantity": {"line": f"{NUMBER}-1", "quantity": "3"},
    "order.restore": {},
    "order.extend": {},
    "delivery.schedule": {"day": "2026-06-20", "part": "morning"},
    "aftersale.withdraw": {"request": f"R{NUMBER}01"},
    "order.urge": {},
    "order.protect_price": {},
    "order.change_payment": {"method": "M2"},
    "order.note": {"text": "请放门口"},
    "address.change_default": {"region": "浙江省杭州市西湖区", "address": "青梧路99号"},
    "stock.notify": {"product": "P1", "variant": "P1-1"},
    "stock.withdraw_notice": {"notice": "P1-1"},
}
_OF_ORDERS = sorted(action for action in _WANTED if "order" in ACTIONS[action].parameters)
_QUERIES = (
    "order.read",
    "order.check_cancel",
    "order.check_restore",
    "order.check_extend",
    "delivery.check_schedule",
    "order.check_address",
    "line.find",
    "refund.read",
    "invoice.read",
    "invoice.check_change",
    "invoice.check_resend",
    "claim.check",
    "order.check_urge",
    "order.check_price",
    "order.check_note",
    "order.check_payment",
    "wallet.find",
)


def test_the_embedded_shop_is_a_shop(counter: Counter) -> None:
    shop: Shop = counter.shop
    assert {name for name, spec in shop.specs.items() if spec.is_effect} == set(_WANTED)


def test_no_action_takes_a_customer_from_its_arguments(counter: Counter) -> None:
    assert not [spec for spec in counter.shop.specs.values() if "customer" in " ".join(spec.parameters)]


@pytest.mark.parametrize("action", sorted(_WANTED))
async def test_the_same_key_changes_the_shop_once(counter: Counter, action: str) -> None:
    await counter.lay_for(action)
    first = await counter.ask(action, _WANTED[action], key="k1")
    after_first = await counter.books()
    second = await counter.ask(action, _WANTED[action], key="k1")
    assert first.outcome == "done"
    assert second == first
    assert await counter.books() == after_first


async def test_of_two_cancellations_at_once_one_is_done(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    results = await asyncio.gather(
        *(counter.ask("order.cancel", {"reason": "not_wanted"}, key=f"k{n}") for n in range(6))
    )
    assert sorted(result.outcome for result in results) == ["done", *["refused"] * 5]
    order = await counter.order()
    assert (len(order.refunds), len(order.history), await counter.stock()) == (1, 1, 11)


@pytest.mark.parametrize("customer", [BERT, CustomerId("C404"), None])
@pytest.mark.parametrize("action", [*_QUERIES, *_OF_ORDERS])
async def test_a_strangers_order_and_an_absent_one_are_the_same(
    counter: Counter, action: str, customer: CustomerId | None
) -> None:
    own = an_order_for(action)
    await counter.lay(own, an_order("paid", id="20260000000002", customer=BERT))
    foreign = await counter.ask(action, _WANTED.get(action), customer=customer, key="foreign")
    absent = await counter.ask(
        action, {**_WANTED.get(action, {}), "order": "20269999999999"}, customer=customer, key="absent"
    )
    assert foreign == absent
    assert await counter.order() == own
    assert "13800001234" not in str(foreign)


async def test_a_strangers_number_does_not_find_an_order(counter: Counter) -> None:
    await counter.lay(an_order("paid"), an_order("paid", id="20260000000002", customer=BERT))
    foreign = await counter.ask("order.find", {"scope": "any", "mention.order_id": NUMBER}, customer=BERT)
    absent = await counter.ask("order.find", {"scope": "any", "mention.order_id": "20269999999999"}, customer=BERT)
    assert foreign == absent
    assert NUMBER not in str(foreign)


async def test_an_effect_without_a_key_is_refused_before_anything_is_changed(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    with pytest.raises(BadRequestError, match="key"):
        await counter.shop.run("order.cancel", {"order": NUMBER, "reason": "x"}, customer=ANNA, now=NOW)
    assert (await counter.order()).state == "paid"


@pytest.mark.parametrize(
    "arguments", [{"order": NUMBER}, {"order": NUMBER, "reason": " "}, {"order": NUMBER, "reason": "x", "to": "y"}]
)
async def test_an_action_with_wrong_arguments_is_refused(counter: Counter, arguments: dict[str, str]) -> None:
    with pytest.raises(BadRequestError):
        await counter.shop.run("order.cancel", arguments, customer=ANNA, now=NOW, key=ActionKey("k"))


async def test_an_unknown_scope_is_refused(counter: Counter) -> None:
    await counter.lay(an_order("paid"))
    with pytest.raises(BadRequestError, match="cancellable"):
        await counter.ask("order.find", {"scope": "everything"})


async def test_an_unknown_action_is_refused(counter: Counter) -> None:
    with pytest.raises(UnknownActionError, match=r"order\.explode"):
        await counter.shop.run("order.explode", {}, customer=ANNA, now=NOW)


async def test_a_shop_without_a_clause_does_not_start(database: Database, pack: Pack) -> None:
    bare = Pack(folder=pack.folder, version=pack.version, manifest=pack.manifest)
    with pytest.raises(ClauseMissingError, match=r"order\.cancel"):
        EmbeddedShop(database, ShopId("shop_zh"), bare, now=NOW)


async def test_the_words_are_those_of_the_live_goods(counter: Counter) -> None:
    assert (await counter.shop.words())["product"] == {}
    await counter.lay()
    words = await counter.shop.words()
    assert words["product"]["四件套"] == "P1"
    assert words["colour"]["雾蓝"] == "雾蓝"
