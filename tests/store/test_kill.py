import asyncio
import random
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from xiaoer.events import MessageReceived
from xiaoer.ids import ConversationId, MessageId
from xiaoer.store import Conversations, Database, MessageRepeatedError

from . import appending
from .factories import SHOP, a_turn

_ROUNDS = 10
_Acknowledged = tuple[ConversationId, int, MessageId]


@pytest.mark.service
async def test_after_a_kill_every_acknowledged_turn_is_there_whole_and_once(url: str) -> None:
    instants = random.Random(20261001)  # noqa: S311 - chooses instants
    for number in range(_ROUNDS):
        acknowledged = await _kill_after(url, f"c{number}", instants.randrange(1, 1500))
        database = await Database.open(url)
        for turn in instants.sample(acknowledged, min(40, len(acknowledged))):
            await _expect_whole_and_once(Conversations(database), turn)
        await _expect_no_torn_turn(Conversations(database), f"c{number}", acknowledged)
        await database.close()


async def _kill_after(url: str, prefix: str, lines: int) -> list[_Acknowledged]:
    """Let a process append and kill it as soon as that many turns were acknowledged; give all that were."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, Path(appending.__file__), url, prefix, stdout=PIPE, limit=2**20
    )
    assert child.stdout is not None
    told = [await child.stdout.readline() for _ in range(lines)]
    child.kill()
    rest = await child.stdout.read()
    await child.wait()
    told += [line for line in rest.splitlines(keepends=True) if line.endswith(b"\n")]
    acknowledged: list[_Acknowledged] = []
    for line in told:
        conversation, turn, message = line.decode().split()
        acknowledged.append((ConversationId(conversation), int(turn), MessageId(message)))
    return acknowledged


async def _expect_whole_and_once(conversations: Conversations, acknowledged: _Acknowledged) -> None:
    conversation, number, message = acknowledged
    stored = await conversations.turn_of_message(SHOP, conversation, message)
    first = (number - 1) * appending.EVENTS_OF_A_TURN + 1
    assert [event.sequence for event in stored] == list(range(first, first + appending.EVENTS_OF_A_TURN))
    received = stored[0].event
    assert isinstance(received, MessageReceived)
    assert received.text.startswith(f"{conversation} {message}")
    with pytest.raises(MessageRepeatedError) as refused:
        await conversations.append(a_turn(conversation=conversation, after=10**6, turn=10**6, message_id=message))
    assert refused.value.turn == number


async def _expect_no_torn_turn(conversations: Conversations, prefix: str, acknowledged: list[_Acknowledged]) -> None:
    """Turns that were not acknowledged may be there or not, but not in part."""
    for row in await conversations.list(SHOP, limit=1000):
        if not row.id.startswith(f"{prefix}_"):
            continue
        last = max((turn for conversation, turn, _ in acknowledged if conversation == row.id), default=0)
        stored = await conversations.load(SHOP, row.id)
        assert [event.sequence for event in stored] == list(range(1, len(stored) + 1))
        assert len(stored) == row.turns * appending.EVENTS_OF_A_TURN
        assert last <= row.turns <= last + 1
