"""Conversations again in a shop whose orders vanish: what was spoken of must be missed in words, never by a failure."""

from collections.abc import Iterable, Iterator

from xiaoer.pack import ConversationTest, ExpectTurn, Meanwhile, MeanwhileTurn, SayTurn, TalkTurn


def vanishing(tests: Iterable[ConversationTest]) -> Iterator[ConversationTest]:
    """Give each conversation about orders once for every message but the first, with all orders gone before it.

    Nothing is expected of them but that no turn fails; what happens in the shop afterwards is left out.
    """
    for test in tests:
        messages = [(place, turn.say) for place, turn in enumerate(test.talk) if isinstance(turn, SayTurn)]
        for place, text in messages[1:] if test.given.orders else ():
            yield test.model_copy(
                update={"name": f"{test.name} ({text})", "talk": _vanished_before(test, place), "not_yet": None}
            )


def _vanished_before(test: ConversationTest, place: int) -> tuple[TalkTurn, ...]:
    before = [turn for turn in test.talk[:place] if not isinstance(turn, ExpectTurn)]
    after = [turn for turn in test.talk[place:] if not isinstance(turn, ExpectTurn | MeanwhileTurn)]
    lost = {number for turn in before if isinstance(turn, MeanwhileTurn) for number in turn.meanwhile.gone}
    gone = tuple(order.number for order in test.given.orders if order.number not in lost)
    return (*before, MeanwhileTurn(meanwhile=Meanwhile(gone=gone)), *after)
