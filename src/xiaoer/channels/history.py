"""How stored events are shown to a customer's client: messages of the customer and answers of the shop."""

from collections.abc import Iterable

from msgspec import Struct

from xiaoer.events import HandedOver, MessageReceived, Replied, Reply
from xiaoer.ids import AttachmentId
from xiaoer.store import StoredEvent


class ShownMessage(Struct, frozen=True, kw_only=True, rename={"sender": "from"}):
    """One message of a conversation; `at` is in ISO 8601. `with_person`: with this answer a person was called."""

    sequence: int
    at: str
    sender: str
    type: str = "message"
    text: str = ""
    message_id: str | None = None
    attachments: tuple[AttachmentId, ...] = ()
    replies: tuple[Reply, ...] = ()
    with_person: bool = False


def shown(events: Iterable[StoredEvent]) -> list[ShownMessage]:
    """Give what a customer may see of stored events, in order."""
    listed = tuple(events)
    called_in = frozenset(item.turn for item in listed if isinstance(item.event, HandedOver))
    messages = (_shown(item, is_person_called=item.turn in called_in) for item in listed)
    return [message for message in messages if message is not None]


def _shown(item: StoredEvent, *, is_person_called: bool) -> ShownMessage | None:
    at = item.at.isoformat()
    match item.event:
        case MessageReceived(text=text, message_id=message_id, attachments=attachments):
            return ShownMessage(
                sequence=item.sequence,
                at=at,
                sender="customer",
                text=text,
                message_id=message_id,
                attachments=attachments,
            )
        case Replied(replies=replies):
            text = "\n".join(reply.text for reply in replies)
            return ShownMessage(
                sequence=item.sequence,
                at=at,
                sender="shop",
                text=text,
                replies=replies,
                with_person=is_person_called,
            )
        case _:
            return None
