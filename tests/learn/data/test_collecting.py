from datetime import timedelta

import pytest

from xiaoer.events import AnyEvent, Entity, IntentScore, MessageReceived, Reading, Replied, Reply, Understood
from xiaoer.ids import ConversationId, ShopId
from xiaoer.learn.data import Table, collect
from xiaoer.store import Conversations, Database

from ...store.factories import NOON, SHOP, a_turn

_TEXT = "改到星河区银杏里8号，王小禾，13900000000"
_ADDRESS, _NAME = "星河区银杏里8号", "王小禾"


def _said(text: str, *entities: tuple[str, str]) -> tuple[AnyEvent, ...]:
    found = tuple(
        Entity(entity=kind, value=words, start=text.index(words), end=text.index(words) + len(words))
        for kind, words in entities
    )
    reading = Reading(intent=IntentScore("order.change_address", 0.9), entities=found)
    return (
        MessageReceived(text=text, channel="web"),
        Understood(reading=reading),
        Replied(replies=(Reply(text=f"好的：{text}"),)),
    )


async def _collected(
    *turns: tuple[str, tuple[AnyEvent, ...]], since_days: int | None = None, shop: ShopId = SHOP
) -> Table:
    """Store one turn a day, each in the conversation that it names, and collect what a shop's customers wrote."""
    database = await Database.open(":memory:")
    try:
        conversations, stored = Conversations(database), dict[str, int]()
        for day, (name, events) in enumerate(turns):
            turn = sum(earlier == name for earlier, _ in turns[:day]) + 1
            await conversations.append(
                a_turn(
                    conversation=ConversationId(name),
                    after=stored.get(name, 0),
                    turn=turn,
                    events=events,
                    at=NOON + timedelta(days=day),
                )
            )
            stored[name] = stored.get(name, 0) + len(events)
        since = None if since_days is None else NOON + timedelta(days=since_days)
        return await collect(conversations, shop, personal={"address", "person"}, since=since)
    finally:
        await database.close()


async def test_what_customers_wrote_is_taken_and_what_the_shop_said_is_not() -> None:
    table = await _collected(("a", _said("快递到哪了")), ("a", _said("好的")), ("b", _said("在吗")))
    assert {sample.text for sample in table} == {"好的", "在吗", "快递到哪了"}
    assert all(sample.intent is None and sample.source == "conversations" for sample in table)


async def test_what_is_personal_is_hidden_whether_it_has_a_shape_or_was_understood() -> None:
    table = await _collected(("a", _said(_TEXT, ("address", _ADDRESS), ("person", _NAME))))
    assert [sample.text for sample in table] == ["改到***，***，139****0000"]


async def test_kinds_that_are_not_personal_stay() -> None:
    table = await _collected(("a", _said("毛衣退了", ("product", "毛衣"))))
    assert [sample.text for sample in table] == ["毛衣退了"]


async def test_a_conversation_is_a_group_under_a_name_that_tells_nothing() -> None:
    table = await _collected(
        ("rest:13900000000", _said("在吗")), ("rest:13900000000", _said("退货")), ("b", _said("喂"))
    )
    groups = {sample.text: sample.group for sample in table}
    assert groups["在吗"] == groups["退货"] != groups["喂"]
    assert not any("13900000000" in sample.group or "13900000000" in sample.id for sample in table)
    assert len({sample.id for sample in table}) == 3


@pytest.mark.parametrize(
    ("since", "texts"), [(None, {"一", "二", "三"}), (1, {"一", "二", "三"}), (2, {"一", "三"}), (3, set())]
)
async def test_of_conversations_that_went_on_since_a_day_all_is_taken(since: int | None, texts: set[str]) -> None:
    table = await _collected(("a", _said("一")), ("b", _said("二")), ("a", _said("三")), since_days=since)
    assert {sample.text for sample in table} == texts


async def test_another_shops_conversations_are_not_taken() -> None:
    assert await _collected(("a", _said("在吗")), shop=ShopId("other")) == ()


async def test_more_conversations_than_a_page_holds_are_all_taken() -> None:
    table = await _collected(*((f"c{at}", _said(f"第{at}句")) for at in range(230)))
    assert len(table) == 230
