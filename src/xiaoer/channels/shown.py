"""How stored events are shown to a customer's client: messages of the customer and answers of the shop."""

from collections.abc import Iterable

from msgspec import Struct

from xiaoer.events import MessageReceived, Replied, Reply
from xiaoer.store import StoredEvent


class ShownMessage(Struct, frozen=True, kw_only=True, rename={"sender": "from"}):
    """One message of a conversation; `at` is in ISO 8601."""

    sequence: int
    at: str
    sender: str
    type: str = "message"
    text: str = ""
    message_id: str | None = None
    replies: tuple[Reply, ...] = ()


def shown(events: Iterable[StoredEvent]) -> list[ShownMessage]:
    """Give what a customer may see of stored events, in order."""
    return [message for item in events if (message := _shown(item)) is not None]


def _shown(item: StoredEvent) -> ShownMessage | None:
    at = item.at.isoformat()
    match item.event:
        case MessageReceived(text=text, message_id=message_id):
            return ShownMessage(sequence=item.sequence, at=at, sender="customer", text=text, message_id=message_id)
        case Replied(replies=replies):
            text = "\n".join(reply.text for reply in replies)
            return ShownMessage(sequence=item.sequence, at=at, sender="shop", text=text, replies=replies)
        case _:
            return None
