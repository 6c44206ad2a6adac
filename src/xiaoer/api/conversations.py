"""The native API of conversations: begin, write, read back, prove who one is, rate; and the socket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Path, Query, WebSocket
from starlette.responses import Response

from xiaoer.access import BadVisitorTokenError, VisitorTokens
from xiaoer.api.attachments import add_attachment_routes, limits_shown
from xiaoer.api.shapes import (
    Answer,
    ConversationOpened,
    ErrorShape,
    History,
    Identity,
    NewConversation,
    NewMessage,
    Rating,
)
from xiaoer.channels import Live, SocketChannel, shown
from xiaoer.clock import Clock
from xiaoer.errors import XiaoerError
from xiaoer.events import Reply
from xiaoer.guard import RateLimit
from xiaoer.ids import AttachmentId, ConversationId, CustomerId, MessageId, ShopId, new_conversation_id
from xiaoer.media import Album
from xiaoer.settings import AttachmentSettings
from xiaoer.shop import Records
from xiaoer.store import Conversations
from xiaoer.turn import Incoming, Turns

_PAGE = 200
_PROOF = "visitor_token"
_Id = Annotated[str, Path(pattern=r"^c_[A-Za-z0-9_-]{22}$", description="the conversation's id, a secret")]


class UnknownConversationError(XiaoerError):
    """There is no conversation of this id."""

    code = "conversation.unknown"
    status = 404


@dataclass(frozen=True, slots=True)
class ConversationParts:
    """What the API of conversations is joined to."""

    shop: ShopId
    turns: Turns
    conversations: Conversations
    tokens: VisitorTokens
    clock: Clock
    rates: RateLimit
    live: Live
    records: Records
    album: Album
    attachments: AttachmentSettings


def conversation_routes(parts: ConversationParts) -> APIRouter:
    """Give the routes of conversations."""
    api = _ConversationApi(parts)
    router = APIRouter(prefix="/conversations", tags=["conversations"])
    failed = {"model": ErrorShape}
    router.add_api_route(
        "", api.open, methods=["POST"], status_code=201, responses={201: {"model": ConversationOpened}, 401: failed}
    )
    router.add_api_route(
        "/{conversation}/messages", api.history, methods=["GET"], responses={200: {"model": History}, 404: failed}
    )
    router.add_api_route(
        "/{conversation}/messages",
        api.write,
        methods=["POST"],
        responses={200: {"model": Answer}, 404: failed, 429: failed},
    )
    router.add_api_route(
        "/{conversation}/identity",
        api.identify,
        methods=["POST"],
        responses={200: {"model": Answer}, 401: failed, 404: failed, 409: failed},
    )
    router.add_api_route("/{conversation}/rating", api.rate, methods=["POST"], status_code=204, responses={404: failed})
    add_attachment_routes(router, api.known, parts)
    router.add_api_websocket_route("/{conversation}/socket", api.socket)
    return router


class _ConversationApi:
    def __init__(self, parts: ConversationParts) -> None:
        self._parts = parts
        self._socket = SocketChannel(parts.shop, parts.turns, parts.conversations, parts.live, parts.clock, parts.rates)

    async def open(self, body: NewConversation) -> Response:
        """Begin a conversation; the answer holds the shop's welcome."""
        customer = None
        if body.visitor_token is not None:
            customer = await self._proved(body.visitor_token)
        conversation = new_conversation_id()
        result = await self._parts.turns.open(
            conversation, body.channel, customer=customer, proof=_PROOF, language=body.language
        )
        opened = {"id": conversation, "replies": result.replies, "sequence": result.sequence}
        pictures = limits_shown(self._parts.attachments)
        return _json({**opened, "person": await self._person(customer), "pictures": pictures}, status=201)

    async def history(self, conversation: _Id, after: Annotated[int, Query(ge=0)] = 0) -> Response:
        """Read what was said, oldest first."""
        known = await self.known(conversation)
        events = await self._parts.conversations.after(self._parts.shop, known, after, limit=_PAGE)
        state = await self._parts.turns.state(known)
        body = {"messages": shown(events), "sequence": events[-1].sequence if events else after}
        person = await self._person(state.customer)
        pictures = limits_shown(self._parts.attachments)
        return _json({**body, "with_person": state.is_with_person, "person": person, "pictures": pictures})

    async def write(self, conversation: _Id, body: NewMessage) -> Response:
        """Send a message and get the answer."""
        known = await self.known(conversation)
        self._parts.rates.admit(known, at=self._parts.clock.now().timestamp())
        message_id = MessageId(body.message_id) if body.message_id else None
        result = await self._parts.turns.take(
            Incoming(
                conversation=known,
                text=body.text,
                channel="web",
                message_id=message_id,
                is_private=True,
                attachments=tuple(AttachmentId(name) for name in dict.fromkeys(body.attachments)),
                language=body.language or "",
            )
        )
        return _answer(result.replies, result.sequence, is_with_person=result.is_with_person)

    async def identify(self, conversation: _Id, body: Identity) -> Response:
        """Prove who the customer is; a task that waited for this goes on."""
        known = await self.known(conversation)
        customer = await self._proved(body.visitor_token)
        result = await self._parts.turns.sign_in(known, customer, proof=_PROOF)
        person = await self._person(customer)
        return _answer(result.replies, result.sequence, is_with_person=result.is_with_person, person=person)

    async def rate(self, conversation: _Id, body: Rating) -> Response:
        """Judge the service."""
        known = await self.known(conversation)
        await self._parts.turns.rate(known, body.score, body.comment)
        return Response(status_code=204)

    async def socket(self, websocket: WebSocket, conversation: _Id, after: Annotated[int, Query(ge=0)] = 0) -> None:
        """Follow a conversation live."""
        await self._socket.serve(websocket, ConversationId(conversation), after)

    async def known(self, conversation: str) -> ConversationId:
        """Make sure that there is such a conversation.

        Raises:
            UnknownConversationError: there is none.
        """
        known = ConversationId(conversation)
        if await self._parts.conversations.find(self._parts.shop, known) is None:
            raise UnknownConversationError("There is no such conversation; begin a new one.")
        return known

    async def _proved(self, token: str) -> CustomerId:
        customer = self._parts.tokens.verify(token, now=self._parts.clock.now())
        if await self._parts.records.customer(customer) is None:
            raise BadVisitorTokenError("The visitor token names a customer whom the shop does not know.")
        return customer

    async def _person(self, customer: CustomerId | None) -> dict[str, str] | None:
        known = None if customer is None else await self._parts.records.customer(customer)
        return None if known is None else {"name": known.name}


def _answer(
    replies: Sequence[Reply], sequence: int, *, is_with_person: bool, person: dict[str, str] | None = None
) -> Response:
    return _json({"replies": replies, "sequence": sequence, "with_person": is_with_person, "person": person})


def _json(body: object, *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
