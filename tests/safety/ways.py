"""Every way in which a customer can write, and all that comes back on it, word for word."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

import msgspec

from xiaoer.ids import ConversationId, CustomerId
from xiaoer.testing.server import socket_to

from .world import World

REST, CALLBACK_PATH = "/webhooks/rest/webhook", "/webhooks/callback/webhook"
CONVERSATIONS = "/api/v1/conversations"
_numbers = count()


class Way(Protocol):
    """One customer's conversation on one channel."""

    @property
    def conversation(self) -> ConversationId:
        """The conversation as it is stored."""
        ...

    async def say(self, text: str) -> str:
        """Send a message; give everything that came back, without the message itself."""
        ...


@dataclass(frozen=True, slots=True)
class OverRest:
    """Rasa's REST channel, or with `path` the one for callbacks; `customer` is who is signed in."""

    world: World
    sender: str
    customer: CustomerId | None
    path: str = REST

    @property
    def conversation(self) -> ConversationId:
        """The conversation as it is stored."""
        channel = self.path.split("/")[2]
        return ConversationId(
            f"{channel}+{self.customer}:{self.sender}" if self.customer else f"{channel}:{self.sender}"
        )

    async def say(self, text: str) -> str:
        """Send a message; give everything that came back, pushed answers too."""
        body: dict[str, object] = {"sender": self.sender, "message": text}
        if self.customer is not None:
            body["metadata"] = {"visitor_token": self.world.token(self.customer)}
        response = await self.world.client.post(self.path, json=body)
        assert response.status_code in (200, 202), response.text
        before = len(self.world.pushed)
        while await self.world.delivery.deliver_due():
            pass
        return response.text + "".join(self.world.pushed[before:])


@dataclass(frozen=True, slots=True)
class OverNative:
    """The native API; what a read of the history gives comes back as well."""

    world: World
    conversation: ConversationId

    async def say(self, text: str) -> str:
        """Send a message; give the answer, and what is new in the history from the shop."""
        path = f"{CONVERSATIONS}/{self.conversation}/messages"
        answer = await self.world.client.post(path, json={"text": text})
        assert answer.status_code == 200, answer.text
        history = (await self.world.client.get(path)).json()
        told = [message for message in history["messages"] if message["from"] == "shop"]
        return answer.text + str(told[-1:]) + str(history["person"])


@dataclass(frozen=True, slots=True)
class OverSocket:
    """The WebSocket."""

    world: World
    conversation: ConversationId
    numbers: Iterator[int] = field(default_factory=count)

    async def say(self, text: str) -> str:
        """Send a message; give the frames up to the next pong, without the message's own echo."""
        async with socket_to(self.world.app, f"{CONVERSATIONS}/{self.conversation}/socket") as socket:
            await socket.until("ready")
            await socket.send({"type": "message", "text": text, "message_id": f"m{next(self.numbers)}"})
            await socket.send({"type": "ping"})
            frames = await socket.until("pong")
        assert not [frame for frame in frames if frame["type"] == "error"], frames
        return msgspec.json.encode([frame for frame in frames if frame.get("from") != "customer"]).decode()


async def _rest(world: World, customer: CustomerId | None) -> Way:
    return OverRest(world, f"s{next(_numbers)}", customer)


async def _callback(world: World, customer: CustomerId | None) -> Way:
    return OverRest(world, f"s{next(_numbers)}", customer, CALLBACK_PATH)


async def _native(world: World, customer: CustomerId | None) -> Way:
    return OverNative(world, await world.open_conversation(customer))


async def _socket(world: World, customer: CustomerId | None) -> Way:
    return OverSocket(world, await world.open_conversation(customer))


WAYS: Mapping[str, Callable[[World, CustomerId | None], Awaitable[Way]]] = {
    "rest": _rest,
    "callback": _callback,
    "native": _native,
    "socket": _socket,
}
"""Each begins a conversation of its own for a customer who is signed in, or for nobody."""
PRIVATE_WAYS = ("native", "socket")
"""Where nobody can guess the conversation, so that words may prove who writes."""
