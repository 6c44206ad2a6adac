"""The WebSocket of a conversation: what was missed, then everything live, in order and each once."""

import asyncio
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from xiaoer.channels.bodies import AttachmentName, GivenName, MessageText
from xiaoer.channels.history import shown
from xiaoer.channels.live import Live, Watch
from xiaoer.clock import Clock
from xiaoer.errors import XiaoerError
from xiaoer.guard import RateLimit, TooManyMessagesError
from xiaoer.ids import AttachmentId, ConversationId, MessageId, ShopId
from xiaoer.store import Conversations, StoredEvent
from xiaoer.turn import Incoming, Turns

CHANNEL = "web"
_UNKNOWN_CONVERSATION = 4404
_TOO_SLOW = 4408
_BATCH = 200


class FromClient(Struct, frozen=True, tag_field="type"):
    """What a client may send."""


class Sent(FromClient, frozen=True, tag="message"):
    """A message with the client's own id for it, and the ids of pictures that it brings."""

    text: MessageText
    message_id: GivenName
    attachments: tuple[AttachmentName, ...] = ()


class Ping(FromClient, frozen=True, tag="ping"):
    """Is anybody there? Also brings what another process has stored meanwhile."""


_decoder: msgspec.json.Decoder[Sent | Ping] = msgspec.json.Decoder(Sent | Ping)


class SocketChannel:
    """Serves the sockets of conversations."""

    def __init__(
        self, shop: ShopId, turns: Turns, conversations: Conversations, live: Live, clock: Clock, rates: RateLimit
    ) -> None:
        self._shop = shop
        self._turns = turns
        self._conversations = conversations
        self._live = live
        self._clock = clock
        self._rates = rates

    async def serve(self, socket: WebSocket, conversation: ConversationId, after: int) -> None:
        """Serve one socket until it closes."""
        await socket.accept()
        if await self._conversations.find(self._shop, conversation) is None:
            await socket.close(_UNKNOWN_CONVERSATION)
            return
        with self._live.watch(conversation) as watch:
            line = _Line(self, socket, conversation, watch, after)
            await line.run()

    async def take(self, conversation: ConversationId, sent: Sent) -> bool:
        """Run the turn of a message; say whether it had been taken before."""
        self._rates.admit(conversation, at=self._clock.now().timestamp())
        incoming = Incoming(
            conversation=conversation,
            text=sent.text,
            channel=CHANNEL,
            message_id=MessageId(sent.message_id),
            is_private=True,
            attachments=tuple(AttachmentId(name) for name in dict.fromkeys(sent.attachments)),
        )
        return (await self._turns.take(incoming)).is_repeat

    async def missed(self, conversation: ConversationId, after: int) -> Sequence[StoredEvent]:
        """Give what was stored after a sequence."""
        return await self._conversations.after(self._shop, conversation, after, limit=_BATCH)

    async def turn_of(self, conversation: ConversationId, message_id: str) -> Sequence[StoredEvent]:
        """Give the turn of a message taken before."""
        return await self._conversations.turn_of_message(self._shop, conversation, MessageId(message_id))


class _Line:
    """One open socket."""

    def __init__(
        self, channel: SocketChannel, socket: WebSocket, conversation: ConversationId, watch: Watch, after: int
    ) -> None:
        self._channel = channel
        self._socket = socket
        self._conversation = conversation
        self._watch = watch
        self._cursor = after
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        await self._catch_up()
        await self._send({"type": "ready", "sequence": self._cursor})
        pump = asyncio.create_task(self._pump())
        try:
            await self._receive()
        except WebSocketDisconnect:
            return
        finally:
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def _pump(self) -> None:
        """Send what is stored live; a line that cannot keep up is closed and resumes by its sequence."""
        while not self._watch.is_lost:
            await self._show(await self._watch.next())
        await self._socket.close(_TOO_SLOW)

    async def _receive(self) -> None:
        while (frame := await self._socket.receive())["type"] != "websocket.disconnect":
            try:
                match _decoder.decode(frame.get("text") or frame.get("bytes") or b""):
                    case Ping():
                        await self._catch_up()
                        await self._send({"type": "pong"})
                    case Sent() as sent:
                        await self._take(sent)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
                await self._error("http.bad_body", str(error), None)

    async def _take(self, sent: Sent) -> None:
        await self._send({"type": "typing"})
        try:
            if await self._channel.take(self._conversation, sent):
                await self._show(await self._channel.turn_of(self._conversation, sent.message_id), is_again=True)
        except TooManyMessagesError as error:
            await self._error(error.code, str(error), sent.message_id, retry_after=error.retry_after_seconds)
        except XiaoerError as error:
            await self._error(error.code, str(error), sent.message_id)

    async def _catch_up(self) -> None:
        while events := await self._channel.missed(self._conversation, self._cursor):
            await self._show(events)

    async def _show(self, events: Sequence[StoredEvent], *, is_again: bool = False) -> None:
        """Send stored events; one that was sent before is sent again only on demand."""
        for message in shown(events):
            if is_again or message.sequence > self._cursor:
                await self._send(message)
        self._cursor = max([self._cursor, *(item.sequence for item in events)])

    async def _error(self, code: str, message: str, message_id: str | None, **more: object) -> None:
        await self._send({"type": "error", "code": code, "message": message, "message_id": message_id, **more})

    async def _send(self, message: object) -> None:
        async with self._sending:
            if self._socket.application_state is WebSocketState.CONNECTED:
                await self._socket.send_text(msgspec.json.encode(message).decode())
