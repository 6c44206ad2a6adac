"""The REST channel in Rasa's shape: `POST /webhooks/rest/webhook` with `{"sender", "message"}`.

A sender's name proves nothing. With `metadata.visitor_token` the message is the proved customer's, and belongs to a
conversation of its own: nobody who only knows the sender's name can go on with it.
"""

from collections.abc import Sequence

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
from xiaoer.turn import Incoming, Turns

CHANNEL = "rest"


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
    """Takes messages over REST and gives the answer in the response."""

    def __init__(self, turns: Turns, tokens: VisitorTokens, clock: Clock, rates: RateLimit, max_bytes: int) -> None:
        self._turns = turns
        self._tokens = tokens
        self._clock = clock
        self._rates = rates
        self._max_bytes = max_bytes
        self._decoder = msgspec.json.Decoder(RestMessage)
        self._encoder = msgspec.json.Encoder()

    def routes(self) -> list[Route]:
        """Give the routes of the channel."""
        return [Route("/webhooks/rest/webhook", self.receive, methods=["POST"])]

    async def receive(self, request: Request) -> Response:
        """Take one message."""
        message = await read_body(request, self._decoder, self._max_bytes)
        incoming = self._incoming(message)
        now = self._clock.now()
        self._rates.admit(incoming.conversation, at=now.timestamp())
        result = await self._turns.take(incoming)
        body = self._encoder.encode(rest_replies(message.sender, result.replies))
        return Response(body, media_type="application/json")

    def _incoming(self, message: RestMessage) -> Incoming:
        token = message.metadata.visitor_token if message.metadata else None
        message_id = MessageId(message.message_id) if message.message_id else None
        if token is None:
            conversation = ConversationId(f"{CHANNEL}:{message.sender}")
            return Incoming(conversation=conversation, text=message.message, channel=CHANNEL, message_id=message_id)
        customer = self._tokens.verify(token, now=self._clock.now())
        return Incoming(
            conversation=ConversationId(f"{CHANNEL}+{customer}:{message.sender}"),
            text=message.message,
            channel=CHANNEL,
            message_id=message_id,
            customer=customer,
            proof="visitor_token",
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
