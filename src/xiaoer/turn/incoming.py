"""What comes in, and what a turn gives back."""

from dataclasses import dataclass

from msgspec import Struct

from xiaoer.events import Facts, MessageReceived, Reply
from xiaoer.ids import AttachmentId, ConversationId, CustomerId, MessageId


@dataclass(frozen=True, slots=True)
class Outward:
    """How a turn goes out: on which channel, pushed to which address, under which name it is known again."""

    channel: str
    address: str = ""
    message_id: MessageId | None = None


class Incoming(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message of a customer. `customer` is set only where the channel has proof; `proof` names it.

    `may_be_new`: the channel cannot tell whether the conversation was begun before. `reply_to` is the address at which
    the channel wants the answer pushed, if it is not the response itself. `is_private`: nobody but the visitor knows
    the conversation's id, so that what is proved in it is proved of them alone. `attachments` are pictures that were
    sent to this conversation before. `language` is that of the page or app that it was sent from, if that says so.
    """

    conversation: ConversationId
    text: str
    channel: str
    message_id: MessageId | None = None
    customer: CustomerId | None = None
    proof: str = ""
    reply_to: str = ""
    may_be_new: bool = False
    is_private: bool = False
    attachments: tuple[AttachmentId, ...] = ()
    language: str = ""

    @property
    def outward(self) -> Outward:
        """Give how the answer goes out."""
        return Outward(self.channel, self.reply_to, self.message_id)

    def received(self, text: str) -> MessageReceived:
        """Give the event of this message, with its text as it may pass."""
        return MessageReceived(
            text=text,
            channel=self.channel,
            message_id=self.message_id,
            attachments=self.attachments,
            language=self.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Something that a customer is told without having written, in a conversation; `key` names it among all others.

    It is the reply of this name, said with what is `known`. On a channel that pushes answers it goes to the `address`.
    """

    conversation: ConversationId
    customer: CustomerId
    key: MessageId
    reply: str
    known: Facts
    channel: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class TurnResult:
    """The answer of a turn, stored; `sequence` is the last event's. `is_repeat`: it is the answer given before."""

    replies: tuple[Reply, ...]
    sequence: int
    is_with_person: bool
    is_repeat: bool = False
