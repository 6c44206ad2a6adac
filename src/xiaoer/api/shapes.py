"""The bodies of the native API, as its OpenAPI document shows them."""

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

AttachmentName: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""The id of a picture."""


class Shape(BaseModel):
    """A body; unknown fields of requests are errors."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class NewConversation(Shape):
    """Begin a conversation; `visitor_token` proves who the customer is, if the shop's site knows.

    `language` is the page's: the shop greets in it, if it serves in it.
    """

    channel: Literal["web", "app"] = "web"
    language: Literal["zh", "en"] | None = None
    visitor_token: Annotated[str, Field(max_length=4000)] | None = None


class NewMessage(Shape):
    """A message; `message_id` is the client's own name for it: a repeat gives the first answer and runs nothing.

    `attachments` are ids of pictures that were sent to this conversation before; with some the text may be empty.
    `language` is the page's: a first message without a language of its own ("123") is answered in it.
    """

    text: Annotated[str, Field(max_length=100_000)]
    language: Literal["zh", "en"] | None = None
    message_id: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")] | None = None
    attachments: Annotated[tuple[AttachmentName, ...], Field(max_length=100)] = ()


class Identity(Shape):
    """Proof of who the customer is, given in the middle of a conversation."""

    visitor_token: Annotated[str, Field(max_length=4000)]


class Rating(Shape):
    """The customer's judgement."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Annotated[str, Field(max_length=2000)] = ""


class QuickReplyShape(Shape):
    """A button: `title` is shown, `message` is sent."""

    title: str
    message: str


class CardFieldShape(Shape):
    """A labelled line on a card."""

    label: str
    value: str


class CardShape(Shape):
    """An order or a product to look at or to choose."""

    kind: str
    id: str
    title: str
    subtitle: str = ""
    image: str = ""
    fields: tuple[CardFieldShape, ...] = ()
    message: str = ""


class SourceShape(Shape):
    """Where an answer comes from."""

    kind: str
    id: str
    title: str
    score: float = 0.0


class ReplyShape(Shape):
    """One bubble of an answer."""

    text: str
    name: str = ""
    quick_replies: tuple[QuickReplyShape, ...] = ()
    cards: tuple[CardShape, ...] = ()
    sources: tuple[SourceShape, ...] = ()


class Attachment(Shape):
    """A picture as it is kept: a JPEG without metadata; sizes are in pixels and bytes."""

    id: str
    media_type: str
    width: int
    height: int
    bytes: int


class AttachmentLimits(Shape):
    """What pictures may be sent: how large a file in bytes, and how many with one message."""

    max_bytes: int
    max_per_message: int


class Person(Shape):
    """Who the customer is proved to be."""

    name: str


class ConversationOpened(Shape):
    """A new conversation: to know its id is to be allowed into it, so keep it secret.

    `pictures` is null where the shop takes none.
    """

    id: str
    replies: tuple[ReplyShape, ...]
    sequence: int
    person: Person | None = None
    pictures: AttachmentLimits | None = None


class Answer(Shape):
    """The answer to a message; stored when you read it."""

    replies: tuple[ReplyShape, ...]
    sequence: int
    with_person: bool
    person: Person | None = None


class HistoryMessage(Shape):
    """A message of the history."""

    sequence: int
    at: str
    sender: Annotated[Literal["customer", "shop"], Field(alias="from")]
    type: Literal["message"] = "message"
    text: str
    message_id: str | None = None
    attachments: tuple[str, ...] = ()
    replies: tuple[ReplyShape, ...] = ()
    with_person: bool = False


class History(Shape):
    """What was said after a sequence, oldest first; ask again with the last `sequence` until `messages` is empty."""

    messages: tuple[HistoryMessage, ...]
    sequence: int
    with_person: bool
    person: Person | None = None
    pictures: AttachmentLimits | None = None


class ErrorBody(Shape):
    """What went wrong: a stable code (docs/reference/errors.md) and words for a person."""

    code: str
    message: str


class ErrorShape(Shape):
    """An error."""

    error: ErrorBody
