"""The station `collect`: what customers wrote in the shop's own conversations, without what is personal in it."""

import hashlib
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from datetime import datetime

from xiaoer.events import Entity, MessageReceived, Understood
from xiaoer.ids import ConversationId, ShopId
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.store import ConversationRow, Conversations, StoredEvent
from xiaoer.text import mask

SOURCE = "conversations"
_PAGE = 200
_HIDDEN = "***"
_HASH_DIGITS = 12


async def collect(
    conversations: Conversations, shop: ShopId, *, personal: Collection[str], since: datetime | None = None
) -> Table:
    """Take all that customers wrote, not labelled yet, the newest conversation first.

    Each conversation is a group, named by a hash; of conversations that went on after `since` (aware) all is taken.
    Numbers and addresses that have a usual mask are masked; what was understood as an entity of a `personal` kind is
    replaced by three stars.
    """
    table: list[Sample] = []
    async for row in _rows(conversations, shop):
        if since is None or row.updated >= since:
            events = await conversations.load(shop, row.id)
            table.extend(_samples(row.id, events, frozenset(personal)))
    return tuple(table)


async def _rows(conversations: Conversations, shop: ShopId) -> AsyncIterator[ConversationRow]:
    before: ConversationId | None = None
    while page := await conversations.list(shop, limit=_PAGE, before=before):
        for row in page:
            yield row
        before = page[-1].id


def _samples(conversation: ConversationId, events: Sequence[StoredEvent], personal: frozenset[str]) -> Iterator[Sample]:
    # The id may be a name or number of the customer's, where the channel's client chose it.
    group = hashlib.sha256(conversation.encode()).hexdigest()[:_HASH_DIGITS]
    entities = {stored.turn: stored.event.reading.entities for stored in events if isinstance(stored.event, Understood)}
    for stored in events:
        if isinstance(stored.event, MessageReceived) and stored.event.text.strip():
            found = [entity for entity in entities.get(stored.turn, ()) if entity.entity in personal]
            yield Sample(
                id=f"{group}:{stored.turn}",
                text=mask(_without(stored.event.text, found)),
                source=SOURCE,
                group=group,
                time=stored.at,
            )


def _without(text: str, entities: Sequence[Entity]) -> str:
    for entity in sorted(entities, key=lambda entity: entity.start, reverse=True):
        text = f"{text[: entity.start]}{_HIDDEN}{text[entity.end :]}"
    return text
