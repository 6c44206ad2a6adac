from collections.abc import Sequence
from random import Random

import pytest

from xiaoer.app import Joined
from xiaoer.events import ActionFinished, Confirmed, MessageReceived, QuestionAsked, Rated, decode_state, fold
from xiaoer.ids import ConversationId, OrderId
from xiaoer.store import Snapshot, StoredEvent, TurnAppend
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, Guest
from xiaoer.turn import Turns

YES, NO = ("确认", "好的", "嗯"), ("不要", "算了")
WISHES = ("取消订单", "我要退货", "改地址 寄到浙江省杭州市西湖区文三路5号", "开发票")
_TEXTS = (
    *YES,
    *NO,
    *WISHES,
    "手机13800001234",
    "我的快递到哪了",
    "第一个",
    "最后一个",
    "拍错了",
    "不想要了",
    "个人",
    "你好",
    "是包邮吗",
    "取消订单，另外开发票",
    "asdf",
    "",
    "确认吗？还是先改地址吧",
)


async def converse(joined: Joined, chance: Random, *, turns: int) -> tuple[ConversationId, list[StoredEvent]]:
    """Play a conversation of a customer with many orders, who often takes what is offered; give its log."""
    numbers = [order.id for order in await joined.records.orders_of(FIRST_CUSTOMER)]
    guest = Guest(joined.turns, ConversationId(f"c_{chance.random()}"), FIRST_CUSTOMER)
    offered: list[str] = []
    for _ in range(turns):
        free = " ".join(chance.sample([chance.choice(_TEXTS), chance.choice(numbers)], chance.choice((1, 2))))
        result = await guest.say(chance.choice(offered) if offered and chance.random() < 0.7 else free)
        cards = [card.message for reply in result.replies for card in reply.cards]
        offered = cards + [button.message for reply in result.replies for button in reply.quick_replies]
    return guest.conversation, await joined.conversations.load(DEMO_SHOP, guest.conversation)


@pytest.mark.parametrize("seed", range(4))
async def test_the_state_in_memory_is_the_fold_of_the_log(joined: Joined, seed: int) -> None:
    conversation, log = await converse(joined, Random(seed), turns=40)  # noqa: S311 - chooses messages
    assert await joined.turns.state(conversation) == fold(item.event for item in log)
    assert await Turns(joined.turn_parts).state(conversation) == fold(item.event for item in log)
    assert [item.sequence for item in log] == list(range(1, len(log) + 1))


@pytest.mark.parametrize("seed", range(2))
async def test_a_long_conversation_goes_on_from_a_snapshot_as_from_its_whole_log(joined: Joined, seed: int) -> None:
    conversation, log = await converse(joined, Random(seed), turns=60)  # noqa: S311 - chooses messages
    kept = await joined.conversations.snapshot(DEMO_SHOP, conversation)
    assert kept is not None
    assert decode_state(kept.state) == fold(item.event for item in log[: kept.sequence])
    assert 0 <= len(log) - kept.sequence < 50
    tail = await joined.conversations.load(DEMO_SHOP, conversation, after=kept.sequence)
    assert tail == log[kept.sequence :]
    assert await Turns(joined.turn_parts).state(conversation) == fold(item.event for item in log)


async def test_what_another_fold_has_kept_does_not_count(joined: Joined) -> None:
    guest = Guest(joined.turns, ConversationId("c_kept"), FIRST_CUSTOMER)
    await guest.say("你好")
    state = await joined.turns.state(guest.conversation)
    strange = Snapshot(state.sequence, "another fold", b'{"turns": "many"}')
    turn = TurnAppend(
        shop=DEMO_SHOP,
        conversation=guest.conversation,
        after=state.sequence,
        turn=state.sequence + 1,
        at=joined.clock.now(),
        events=(Rated(score=5),),
        channel="test",
        snapshot=strange,
    )
    await joined.conversations.append(turn)
    assert await joined.conversations.snapshot(DEMO_SHOP, guest.conversation) == strange
    log = await joined.conversations.load(DEMO_SHOP, guest.conversation)
    assert await Turns(joined.turn_parts).state(guest.conversation) == fold(item.event for item in log)


async def test_no_order_changes_without_a_yes_to_the_question_shown_or_the_same_wish_again(joined: Joined) -> None:
    orders = {order.id: order for order in await joined.records.orders()}
    allowed: set[OrderId] = set()
    for seed in range(100, 106):
        _, log = await converse(joined, Random(seed), turns=50)  # noqa: S311 - chooses messages
        allowed |= changed_after_a_yes(log)
    changed = {order.id for order in await joined.records.orders() if order != orders[order.id]}
    assert changed
    assert changed <= allowed
    assert all(orders[order].customer == FIRST_CUSTOMER for order in allowed)


def changed_after_a_yes(log: Sequence[StoredEvent]) -> set[OrderId]:
    """Give the orders that were to be changed; fail where the yes before was none, or one to something else."""
    allowed: set[OrderId] = set()
    question, text = None, ""
    for event in (item.event for item in log):
        match event:
            case QuestionAsked():
                question = event
            case MessageReceived(text=text):
                pass
            case Confirmed(yes=True, digest=digest, step=step) if question and question.kind == "confirm":
                assert (question.digest, question.step) == (digest, step)
                assert text.startswith((*YES, *WISHES))
                assert "吗" not in text
            case ActionFinished(key=key, arguments=arguments) if key is not None:
                allowed.add(OrderId(arguments["order"]))
            case _:
                pass
    return allowed
