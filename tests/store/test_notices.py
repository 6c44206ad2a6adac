"""Who wants to be told of what: stored with the turn, listed in pages, gone once it was told."""

from dataclasses import replace

from xiaoer.ids import ConversationId, CustomerId, ShopId
from xiaoer.store import Conversations, Database, NoticeItem, Notices

from .factories import SHOP, TALK, a_turn, later

_ANNA, _BERT = CustomerId("C1"), CustomerId("C2")


async def ask(database: Database, customer: CustomerId, subject: str, *, after: int = 0, talk: str = TALK) -> None:
    turn = a_turn(conversation=ConversationId(talk), after=after, turn=after + 1, at=later(after))
    await Conversations(database).append(replace(turn, notices=(NoticeItem(customer, subject),)))


async def test_notices_are_listed_page_by_page_with_their_conversations(database: Database) -> None:
    for number, (customer, subject) in enumerate([(_BERT, "a"), (_ANNA, "b"), (_ANNA, "a")]):
        await ask(database, customer, subject, after=2 * number)
    notices = Notices(database)
    first = await notices.list(SHOP, limit=2)
    rest = await notices.list(SHOP, limit=2, after=first[-1])
    assert [(row.customer, row.subject) for row in (*first, *rest)] == [(_ANNA, "a"), (_ANNA, "b"), (_BERT, "a")]
    assert {(row.conversation, row.channel, row.address) for row in first} == {(TALK, "web", "")}
    assert await notices.list(ShopId("another"), limit=2) == []


async def test_what_was_asked_for_anew_elsewhere_is_told_there_and_outlives_the_older_wish(database: Database) -> None:
    notices = Notices(database)
    await ask(database, _ANNA, "a")
    (old,) = await notices.list(SHOP, limit=9)
    await ask(database, _ANNA, "a", after=0, talk="c_other")
    await ask(database, _ANNA, "a", after=2, talk="c_other")
    (new,) = await notices.list(SHOP, limit=9)
    assert (new.conversation, new.asked_at) == ("c_other", later(2))
    await notices.forget(SHOP, old)
    assert await notices.list(SHOP, limit=9) == [new]
    await notices.forget(SHOP, new)
    assert await notices.list(SHOP, limit=9) == []
