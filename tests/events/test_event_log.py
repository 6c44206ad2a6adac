"""The log as bytes and its fold, for any events at all."""

import json
from typing import TypeAlias, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.errors import XiaoerError
from xiaoer.events import (
    ActionFinished,
    Answered,
    AnyEvent,
    Card,
    CardField,
    Choice,
    Confirmed,
    Conversation,
    Entity,
    FlowEnded,
    FlowResumed,
    FlowStarted,
    HandedOver,
    IdentityProved,
    IntentScore,
    LanguageChanged,
    MessageReceived,
    NotUnderstood,
    ProofRefused,
    QuestionAsked,
    QuickReply,
    Rated,
    Reading,
    Replied,
    Reply,
    SlotCleared,
    SlotFilled,
    SlotMentioned,
    Source,
    StepSaid,
    TurnFailed,
    Understood,
    UnreadableEventError,
    WaitingWish,
    Wish,
    WishDeferred,
    WishTaken,
    decode,
    encode,
    fold,
)
from xiaoer.ids import ActionKey, AttachmentId, CustomerId, FrameId, MessageId

Json: TypeAlias = bool | int | str | list["Json"] | dict[str, "Json"] | None

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.sampled_from(["order", "line", "reason"])
steps = st.sampled_from(["0", "1", "1.find", "2.allowed.0"])
frames = st.sampled_from([FrameId("f1"), FrameId("f2"), FrameId("f3")])
shares = st.floats(0, 1)
counts = st.integers(0, 40)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)


def tuples_of(item: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(item, max_size=3).map(tuple)


entities = tuples_of(
    st.builds(Entity, entity=names, value=words, start=counts, end=counts, confidence=shares, extractor=words)
)
scores = st.builds(IntentScore, words, shares)
wishes = st.builds(Wish, intent=words, confidence=shares, start=counts, end=counts, runner_up=st.none() | scores)
readings = st.builds(
    Reading,
    intent=scores,
    intent_ranking=tuples_of(scores),
    entities=entities,
    wishes=tuples_of(wishes),
    sentiment=st.floats(-1, 1),
    is_in_scope=st.booleans(),
    language=st.sampled_from(["zh", "en"]),
)
choices = tuples_of(st.builds(Choice, value=words, title=words, says=tuples_of(words)))
cards = st.builds(
    Card,
    kind=words,
    id=words,
    title=words,
    subtitle=words,
    image=words,
    fields=tuples_of(st.builds(CardField, words, words)),
    message=words,
)
replies = st.builds(
    Reply,
    text=words,
    name=names,
    quick_replies=tuples_of(st.builds(QuickReply, words, words)),
    cards=tuples_of(cards),
    sources=tuples_of(st.builds(Source, kind=words, id=words, title=words, score=shares)),
)
questions = st.builds(
    QuestionAsked,
    kind=st.sampled_from(["slot", "confirm", "offer", "proof", "clarify"]),
    frame=st.none() | frames,
    step=steps,
    slot=names,
    digest=words,
    choices=choices,
    text=words,
    entities=entities,
    facts=st.dictionaries(names, words),
)
message_ids = st.none() | words.map(MessageId)
finished = st.builds(
    ActionFinished,
    frame=frames,
    step=steps,
    action=names,
    arguments=st.dictionaries(names, words),
    outcome=words,
    facts=st.dictionaries(words, json_values, max_size=3),
    name=names,
    key=st.none() | words.map(ActionKey),
)
kinds: dict[type[AnyEvent], st.SearchStrategy[AnyEvent]] = {
    MessageReceived: st.builds(
        MessageReceived,
        text=words,
        channel=words,
        message_id=message_ids,
        attachments=tuples_of(words.map(AttachmentId)),
        language=st.sampled_from(["", "zh", "en"]),
    ),
    LanguageChanged: st.builds(
        LanguageChanged,
        language=st.sampled_from(["zh", "en"]),
        pack=words,
        shown=st.dictionaries(frames, st.dictionaries(names, words, max_size=2), max_size=2),
        choices=choices,
    ),
    Understood: st.builds(Understood, reading=readings, model=words),
    IdentityProved: st.builds(IdentityProved, customer=words.map(CustomerId), by=words),
    ProofRefused: st.builds(
        ProofRefused,
        by=st.sampled_from(["email", "name_and_postcode", "order_and_phone"]),
        why=st.sampled_from(["wrong", "too_many"]),
    ),
    FlowStarted: st.builds(FlowStarted, frame=frames, flow=names, pack=words, trigger=words),
    SlotMentioned: st.builds(SlotMentioned, frame=frames, slot=names, text=words, entities=entities),
    SlotFilled: st.builds(
        SlotFilled,
        frame=frames,
        slot=names,
        value=words,
        shown=words,
        source=st.sampled_from(["customer", "shop", "carried"]),
    ),
    SlotCleared: st.builds(SlotCleared, frame=frames, slot=names),
    QuestionAsked: questions,
    Confirmed: st.builds(Confirmed, frame=frames, step=steps, digest=words, yes=st.booleans()),
    StepSaid: st.builds(StepSaid, frame=frames, step=steps, digest=words),
    ActionFinished: finished,
    FlowResumed: st.builds(FlowResumed, frame=frames),
    FlowEnded: st.builds(
        FlowEnded, frame=frames, how=st.sampled_from(["completed", "refused", "given_up", "handed_over"])
    ),
    WishDeferred: st.builds(WishDeferred, intent=words, text=words, entities=entities),
    WishTaken: st.builds(WishTaken),
    Answered: st.builds(Answered, question=words, entry=words, score=shares),
    NotUnderstood: st.builds(NotUnderstood, text=words),
    HandedOver: st.builds(
        HandedOver, reason=st.sampled_from(["asked", "angry", "not_understood", "flow", "failure"]), note=words
    ),
    Replied: st.builds(Replied, replies=tuples_of(replies)),
    Rated: st.builds(Rated, score=st.integers(1, 5), comment=words),
    TurnFailed: st.builds(TurnFailed, error=words),
}
any_event = st.one_of(*kinds.values())
logs = st.lists(any_event, max_size=25)


def test_every_kind_of_event_is_tried() -> None:
    assert set(kinds) == set(get_args(AnyEvent))


@pytest.mark.parametrize("kind", list(kinds), ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_an_event_of_each_kind_is_read_as_it_was_written(kind: type[AnyEvent], data: st.DataObject) -> None:
    event = data.draw(kinds[kind])
    written = encode(event)
    assert decode(written) == event
    assert decode(written.decode()) == event


@given(any_event)
def test_a_written_event_names_its_kind(event: AnyEvent) -> None:
    assert json.loads(encode(event))["type"] == type(event).__struct_config__.tag


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"not json",
        b"{}",
        b'{"type": "who_knows"}',
        b'{"type": "rated"}',
        b'{"type": "rated", "score": "five"}',
        b'{"type": "handed_over", "reason": "bored"}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_event_of_this_version_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableEventError) as refused:
        decode(data)
    assert isinstance(refused.value, XiaoerError)
    assert refused.value.code == "events.unreadable"


@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_garbage_is_refused_and_never_breaks_otherwise(data: bytes) -> None:
    with pytest.raises(UnreadableEventError):
        decode(data)


@given(logs, st.integers(0, 25))
def test_the_fold_of_a_log_is_the_fold_of_its_parts(log: list[AnyEvent], cut: int) -> None:
    assert fold(log[cut:], fold(log[:cut])) == fold(log)


@given(logs)
def test_the_sequence_counts_the_events(log: list[AnyEvent]) -> None:
    assert fold(log).sequence == len(log)


@given(logs)
def test_a_log_read_back_gives_the_same_state(log: list[AnyEvent]) -> None:
    assert fold(decode(encode(event)) for event in log) == fold(log)


@given(logs)
def test_a_fold_leaves_the_state_it_began_with_as_it_was(log: list[AnyEvent]) -> None:
    start = Conversation(sequence=3, waiting=(WaitingWish("greet", "hi"),), carried={}, said_names={"hi": 1})
    before = repr(start)
    fold(log, start)
    assert repr(start) == before
