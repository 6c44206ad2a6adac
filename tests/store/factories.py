"""Turns to be stored, with everything at a sensible default."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from xiaoer.events import AnyEvent, MessageReceived, Replied, Reply
from xiaoer.ids import ConversationId, MessageId, ShopId
from xiaoer.store import OutboxItem, TurnAppend

SHOP = ShopId("shop")
TALK = ConversationId("c_talk")
NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def some_events(text: str = "我要退货", message_id: str | None = None) -> tuple[AnyEvent, ...]:
    received = MessageReceived(
        text=text, channel="web", message_id=None if message_id is None else MessageId(message_id)
    )
    return received, Replied(replies=(Reply(text=f"收到：{text}"),))


def a_turn(
    *,
    shop: ShopId = SHOP,
    conversation: ConversationId = TALK,
    after: int = 0,
    turn: int = 1,
    at: datetime = NOON,
    events: Sequence[AnyEvent] | None = None,
    message_id: str | None = None,
    outbox: Sequence[OutboxItem] = (),
    closes_journal: bool = False,
) -> TurnAppend:
    return TurnAppend(
        shop=shop,
        conversation=conversation,
        after=after,
        turn=turn,
        at=at,
        events=some_events(message_id=message_id) if events is None else events,
        channel="web",
        message_id=None if message_id is None else MessageId(message_id),
        outbox=outbox,
        closes_journal=closes_journal,
    )
