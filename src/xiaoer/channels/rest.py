"""The REST channel in Rasa's shape: `POST /webhooks/rest/webhook` with `{"sender", "message"}`.

A sender's name proves nothing. With `metadata.visitor_token` the message is the proved customer's, and belongs to a
conversation of its own: nobody who only knows the sender's name can go on with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from xiaoer.access import VisitorTokens
from xiaoer.channels.bodies import GivenName, MessageText, read_body
from xiaoer.clock import Clock
from xiaoer.events import Reply
from xiaoer.guard import RateLimit
from xiaoer.ids import ConversationId, MessageId
from xiaoer.turn import Incoming, TurnResult, Turns

CHANNEL = "rest"
CALLBACK_CHANNEL = "callback"
GUESSABLE_CHANNELS = frozenset({CHANNEL, CALLBACK_CHANNEL})
"""Where the client names the conversation, so that others may guess its name: nothing is proved by words there."""


@dataclass(frozen=True, slots=True)
class RestLimits:
    """How large a body may be, and where answers to callback messages are pushed (empty: nowhere)."""

    max_bytes: int
    callback_url: str = ""


class Metadata(Struct, frozen=True):
    """What may come along with a message."""

    visitor_token: str | None = None


class RestMessage(Struct, frozen=True):
    """A message in; `message_id` makes a repeat harmless."""

    sender: GivenName
    message: MessageText
    message_id: GivenName | None = None
    metadata: Metadata | None = None


class Button(Struct, frozen=True):
    """A button in Rasa's shape."""

    title: str
    payload: str


class Custom(Struct, frozen=True, omit_defaults=True):
    """What Rasa's shape has no field for."""

    name: str = ""
    cards: tuple[object, ...] = ()
    sources: tuple[object, ...] = ()


class RestReply(Struct, frozen=True, omit_defaults=True):
    """A message out."""

    recipient_id: str
    text: str
    buttons: tuple[Button, ...] = ()
    custom: Custom | None = None


class RestChannel:
    """Takes messages over REST; gives the answer in the response, or pushes it to the address set up for callbacks."""

    def __init__(self, turns: Turns, tokens: VisitorTokens, clock: Clock, rates: RateLimit, limits: RestLimits) -> None:
        self._turns = turns
        self._tokens = tokens
        self._clock = clock
        self._rates = rates
        self._limits = limits
        self._decoder = msgspec.json.Decoder(RestMessage)
        self._encoder = msgspec.json.Encoder()

    def routes(self) -> list[Route]:
        """Give the routes of the channel; the one for callbacks only if there is an address for them."""
        routes = [Route("/webhooks/rest/webhook", self.receive, methods=["POST"])]
        if self._limits.callback_url:
            routes.append(Route("/webhooks/callback/webhook", self.receive_for_callback, methods=["POST"]))
        return routes

    async def receive(self, request: Request) -> Response:
        """Take one message and answer it."""
        message, result = await self._taken(request, CHANNEL, reply_to="")
        body = self._encoder.encode(rest_replies(message.sender, result.replies))
        return Response(body, media_type="application/json")

    async def receive_for_callback(self, request: Request) -> Response:
        """Take one message; its answer is stored with it and pushed until it is taken."""
        await self._taken(request, CALLBACK_CHANNEL, reply_to=self._limits.callback_url)
        return Response(b'{"status":"accepted"}', 202, media_type="application/json")

    async def _taken(self, request: Request, channel: str, *, reply_to: str) -> tuple[RestMessage, TurnResult]:
        message = await read_body(request, self._decoder, self._limits.max_bytes)
        incoming = self._incoming(message, channel, reply_to)
        self._rates.admit(incoming.conversation, at=self._clock.now().timestamp())
        return message, await self._turns.take(incoming)

    def _incoming(self, message: RestMessage, channel: str, reply_to: str) -> Incoming:
        token = message.metadata.visitor_token if message.metadata else None
        customer = None if token is None else self._tokens.verify(token, now=self._clock.now())
        # Quoted, so that no customer's id and sender together name a conversation of another customer.
        begins = channel if customer is None else f"{channel}+{quote(customer, safe='')}"
        return Incoming(
            conversation=ConversationId(f"{begins}:{message.sender}"),
            text=message.message,
            channel=channel,
            message_id=MessageId(message.message_id) if message.message_id else None,
            customer=customer,
            proof="" if customer is None else "visitor_token",
            reply_to=reply_to,
            may_be_new=True,
        )


def rest_replies(sender: str, replies: Sequence[Reply]) -> list[RestReply]:
    """Give replies in Rasa's shape."""
    return [
        RestReply(
            recipient_id=sender,
            text=reply.text,
            buttons=tuple(Button(quick.title, quick.message) for quick in reply.quick_replies),
            custom=Custom(reply.name, reply.cards, reply.sources),
        )
        for reply in replies
    ]
