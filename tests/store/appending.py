"""Appends turns of many conversations as fast as it can and prints each that was acknowledged, until it is killed.

`python appending.py URL PREFIX`: a line is a conversation, the turn's number and its message id.
"""

import asyncio
import sys

from xiaoer.clock import SystemClock
from xiaoer.events import FlowResumed, MessageReceived
from xiaoer.ids import ConversationId, FrameId, MessageId, ShopId
from xiaoer.store import Conversations, Database, TurnAppend

EVENTS_OF_A_TURN = 3


async def append_for_ever(conversations: Conversations, conversation: ConversationId) -> None:
    number = 0
    while True:
        message = MessageId(f"m{number}")
        received = MessageReceived(text=f"{conversation} {message}" + "退货" * 100, channel="web", message_id=message)
        turn = TurnAppend(
            shop=ShopId("shop"),
            conversation=conversation,
            after=number * EVENTS_OF_A_TURN,
            turn=number + 1,
            at=SystemClock().now(),
            events=(received, FlowResumed(frame=FrameId("a")), FlowResumed(frame=FrameId("b"))),
            channel="web",
            message_id=message,
        )
        await conversations.append(turn)
        number += 1
        sys.stdout.write(f"{conversation} {number} {message}\n")
        sys.stdout.flush()


async def main(url: str, prefix: str) -> None:
    conversations = Conversations(await Database.open(url))
    names = [ConversationId(f"{prefix}_{number}") for number in range(16)]
    await asyncio.gather(*(append_for_ever(conversations, name) for name in names))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
