"""Pictures of a conversation: sent in as a bare body, and given back to who knows the conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Protocol, TypeAlias

from fastapi import APIRouter, Path, Request
from starlette.responses import FileResponse, JSONResponse, Response

from xiaoer.api.shapes import Attachment, ErrorShape
from xiaoer.clock import Clock
from xiaoer.guard import RateLimit
from xiaoer.ids import ConversationId
from xiaoer.media import MEDIA_TYPE, Album, AttachmentsOffError, UnknownAttachmentError
from xiaoer.settings import AttachmentSettings

_Conversation = Annotated[str, Path(pattern=r"^c_[A-Za-z0-9_-]{22}$", description="the conversation's id, a secret")]
_Picture = Annotated[str, Path(max_length=64, description="the picture's id")]
Known: TypeAlias = Callable[[str], Awaitable[ConversationId]]
"""Makes sure that there is a conversation; raises where there is none."""

_HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",  # the widget stands on the merchant's page
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_BODY = {"requestBody": {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}}


class AttachmentParts(Protocol):
    """What the routes of pictures are joined to."""

    @property
    def album(self) -> Album:
        """Where pictures are kept."""
        ...

    @property
    def attachments(self) -> AttachmentSettings:
        """What may be sent."""
        ...

    @property
    def rates(self) -> RateLimit:
        """How often somebody may send."""
        ...

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...


def add_attachment_routes(router: APIRouter, known: Known, parts: AttachmentParts) -> None:
    """Add the routes of pictures to those of conversations."""
    api = _AttachmentApi(known, parts)
    failed = {"model": ErrorShape}
    router.add_api_route(
        "/{conversation}/attachments",
        api.send,
        methods=["POST"],
        status_code=201,
        responses={201: {"model": Attachment}, **dict.fromkeys((403, 404, 409, 413, 422, 429), failed)},
        openapi_extra=_BODY,
    )
    router.add_api_route(
        "/{conversation}/attachments/{attachment}",
        api.give,
        methods=["GET"],
        response_class=Response,
        responses={200: {"content": {MEDIA_TYPE: {}}}, 404: failed},
    )


def limits_shown(limits: AttachmentSettings) -> dict[str, int] | None:
    """Tell a client what may be sent; None where nothing may."""
    if not limits.enabled:
        return None
    return {"max_bytes": limits.max_bytes, "max_per_message": limits.max_per_message}


@dataclass(frozen=True, slots=True)
class _AttachmentApi:
    known: Known
    parts: AttachmentParts

    async def send(self, conversation: _Conversation, request: Request) -> Response:
        """Send a picture (JPEG, PNG, WebP or GIF) as the body; a message names it afterwards by its id."""
        known = await self.known(conversation)
        if not self.parts.attachments.enabled:
            raise AttachmentsOffError("This shop takes no pictures.")
        self.parts.rates.admit(known, at=self.parts.clock.now().timestamp())
        picture = await self.parts.album.keep(known, await request.body())
        sizes = {"width": picture.width, "height": picture.height, "bytes": len(picture.data)}
        return JSONResponse({"id": picture.id, "media_type": MEDIA_TYPE, **sizes}, 201)

    async def give(self, conversation: _Conversation, attachment: _Picture) -> Response:
        """Read a picture of this conversation."""
        path = await self.parts.album.find(await self.known(conversation), attachment)
        if path is None:
            raise UnknownAttachmentError("There is no such picture; send it again.")
        return FileResponse(path, media_type=MEDIA_TYPE, headers=_HEADERS, filename=f"picture-{attachment}.jpg")
