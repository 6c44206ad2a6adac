import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.events import ActionFinished, AnyEvent, FlowResumed, MessageReceived
from xiaoer.ids import ConversationId, FrameId, MessageId, ShopId
from xiaoer.store import (
    Conversations,
    Database,
    MessageRepeatedError,
    SequenceTakenError,
    StoredEvent,
    UnstorableTurnError,
)

from .factories import NOON, SHOP, TALK, a_turn, later, some_events


@pytest.fixture
def conversations(database: Database) -> Conversations:
    return Conversations(database)


async def test_a_stored_turn_is_loaded_as_it_was(conversations: Conversations) -> None:
    events = some_events("跑鞋 👟 退货", "m1")
    await conversations.append(a_turn(events=events, message_id="m1"))
    assert await conversations.load(SHOP, TALK) == [
        StoredEvent(1, 1, NOON, events[0]),
        StoredEvent(2, 1, NOON, events[1]),
    ]


async def test_a_moment_keeps_its_microseconds(conversations: Conversations) -> None:
    at = NOON + timedelta(microseconds=1)
    await conversations.append(a_turn(at=at))
    assert {stored.at for stored in await conversations.load(SHOP, TALK)} == {at}


async def test_an_unknown_conversation_has_no_events(conversations: Conversations) -> None:
    assert await conversations.load(SHOP, TALK) == []


async def test_only_events_after_the_asked_one_are_given_and_no_more_than_the_limit(
    conversations: Conversations,
) -> None:
    for turn in range(3):
        await conversations.append(a_turn(after=2 * turn, turn=turn + 1))
    given_events = await conversations.after(SHOP, TALK, 1, limit=3)
    assert [stored.sequence for stored in given_events] == [2, 3, 4]


async def test_a_taken_sequence_is_refused_and_nothing_of_the_turn_is_stored(conversations: Conversations) -> None:
    await conversations.append(a_turn())
    with pytest.raises(SequenceTakenError):
        await conversations.append(a_turn(after=1, turn=2, events=(*some_events("a"), *some_events("b"))))
    assert [stored.sequence for stored in await conversations.load(SHOP, TALK)] == [1, 2]


async def test_a_repeated_message_is_refused_with_the_turn_that_took_it(conversations: Conversations) -> None:
    await conversations.append(a_turn(message_id="m1"))
    await conversations.append(a_turn(after=2, turn=2, message_id="m2"))
    with pytest.raises(MessageRepeatedError) as refused:
        await conversations.append(a_turn(after=4, turn=3, message_id="m2"))
    assert refused.value.turn == 2


async def test_a_repeat_at_a_taken_sequence_counts_as_a_repeat(conversations: Conversations) -> None:
    await conversations.append(a_turn(message_id="m1"))
    with pytest.raises(MessageRepeatedError):
        await conversations.append(a_turn(message_id="m1"))


async def test_two_conversations_may_use_the_same_message_id(conversations: Conversations) -> None:
    await conversations.append(a_turn(message_id="m1"))
    await conversations.append(a_turn(message_id="m1", conversation=ConversationId("c_other")))


async def test_a_turn_is_found_by_its_message_with_all_its_events(conversations: Conversations) -> None:
    for turn in range(3):
        await conversations.append(a_turn(after=2 * turn, turn=turn + 1, message_id=f"m{turn}"))
    found = await conversations.turn_of_message(SHOP, TALK, MessageId("m1"))
    assert [(stored.sequence, stored.turn) for stored in found] == [(3, 2), (4, 2)]


async def test_a_message_that_was_never_taken_has_no_turn(conversations: Conversations) -> None:
    await conversations.append(a_turn(message_id="m1"))
    assert await conversations.turn_of_message(SHOP, TALK, MessageId("m2")) == []


async def test_one_shop_never_sees_another_shops_conversation(conversations: Conversations) -> None:
    other = ShopId("other")
    await conversations.append(a_turn(message_id="m1"))
    assert await conversations.load(other, TALK) == []
    assert await conversations.after(other, TALK, 0, limit=9) == []
    assert await conversations.turn_of_message(other, TALK, MessageId("m1")) == []
    assert await conversations.find(other, TALK) is None
    assert await conversations.list(other) == []


async def test_a_conversation_knows_its_age_and_turns(conversations: Conversations) -> None:
    await conversations.append(a_turn())
    await conversations.append(a_turn(after=2, turn=2, at=later(60)))
    row = await conversations.find(SHOP, TALK)
    assert row is not None
    assert (row.id, row.channel, row.created, row.updated, row.turns) == (TALK, "web", NOON, later(60), 2)


async def test_conversations_are_listed_newest_first_page_by_page_also_where_they_began_at_once(
    conversations: Conversations,
) -> None:
    names = [ConversationId(f"c_{number}") for number in range(5)]
    for number, name in enumerate(names):
        await conversations.append(a_turn(conversation=name, at=later(number // 2)))
    first = await conversations.list(SHOP, limit=2)
    second = await conversations.list(SHOP, limit=2, before=first[-1].id)
    third = await conversations.list(SHOP, limit=2, before=second[-1].id)
    assert [row.id for row in (*first, *second, *third)] == names[::-1]


async def test_a_turn_without_events_is_refused(conversations: Conversations) -> None:
    with pytest.raises(UnstorableTurnError):
        await conversations.append(a_turn(events=()))


async def test_an_id_with_a_nul_is_refused(conversations: Conversations) -> None:
    with pytest.raises(UnstorableTurnError):
        await conversations.append(a_turn(message_id="m\0"))


async def test_of_turns_for_one_place_that_come_at_once_the_first_wins_and_bystanders_are_stored(
    conversations: Conversations,
) -> None:
    bystanders = [a_turn(conversation=ConversationId(f"c_{number}")) for number in range(9)]
    rivals = [a_turn(message_id=f"m{number}") for number in range(3)]
    turns = [*bystanders[:4], rivals[0], *bystanders[4:], rivals[1], rivals[2]]
    outcomes = await asyncio.gather(*map(conversations.append, turns), return_exceptions=True)
    refused = [turn.message_id for turn, outcome in zip(turns, outcomes, strict=True) if outcome is not None]
    assert refused == ["m1", "m2"]
    assert all(outcome is None or isinstance(outcome, SequenceTakenError) for outcome in outcomes)
    assert len(await conversations.list(SHOP)) == 10


_texts = st.text(st.characters(codec="utf-8"), max_size=20)
_scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_facts = st.dictionaries(
    _texts, st.recursive(_scalars | _texts, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
)


@st.composite
def _an_event(draw: st.DrawFn) -> AnyEvent:
    kind = draw(st.sampled_from([0, 1, 2]))
    if kind == 0:
        return MessageReceived(text=draw(_texts), channel=draw(_texts), message_id=MessageId(draw(_texts)))
    if kind == 1:
        return FlowResumed(frame=FrameId(draw(_texts)))
    return ActionFinished(
        frame=FrameId("f"), step=draw(_texts), action="a", arguments={}, outcome="done", facts=draw(_facts, "facts")
    )


@given(events=st.lists(_an_event(), min_size=1, max_size=6))
@settings(max_examples=40)
async def test_any_event_comes_back_as_it_went_in(events: list[AnyEvent]) -> None:
    database = await Database.open(":memory:")
    await Conversations(database).append(a_turn(events=events))
    loaded = await Conversations(database).load(SHOP, TALK)
    await database.close()
    assert [stored.event for stored in loaded] == events


_attempts = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 3), st.sampled_from(["m1", "m2", "m3", None]), st.booleans()),
    max_size=25,
)


@given(rounds=st.lists(_attempts, max_size=4))
@settings(max_examples=40)
async def test_any_interleaving_of_appends_leaves_what_a_model_of_the_log_holds(
    rounds: list[list[tuple[str, int, str | None, bool]]],
) -> None:
    """Each round's appends come at once; the last field says whether one comes with a place known to be stale."""
    database = await Database.open(":memory:")
    conversations = Conversations(database)
    model: dict[str, list[tuple[int, str | None]]] = {"a": [], "b": [], "c": []}
    for attempts in rounds:
        turns, expected = [], []
        for name, size, message, is_stale in attempts:
            log = model[name]
            after = max(len(log) - 1, 0) if is_stale else len(log)
            turn = a_turn(conversation=ConversationId(name), after=after, turn=len(log) + 1, message_id=message)
            turns.append(replace(turn, events=[FlowResumed(frame=FrameId("f"))] * size))
            expected.append(_expect(log, size, after, message))
        outcomes = await asyncio.gather(*map(conversations.append, turns), return_exceptions=True)
        assert [None if outcome is None else type(outcome) for outcome in outcomes] == expected
    for name, log in model.items():
        loaded = await conversations.load(SHOP, ConversationId(name))
        assert [stored.sequence for stored in loaded] == list(range(1, len(log) + 1))
        assert [stored.turn for stored in loaded] == [turn for turn, _ in log]
    await database.close()


def _expect(log: list[tuple[int, str | None]], size: int, after: int, message: str | None) -> type[Exception] | None:
    if message is not None and message in [known for _, known in log]:
        return MessageRepeatedError
    if after < len(log):
        return SequenceTakenError
    number = len(log) + 1
    log += [(number, message if place == 0 else None) for place in range(size)]
    return None
