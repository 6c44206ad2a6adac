"""Everything that can happen in a conversation, one immutable record each."""

from typing import Any, Literal, TypeAlias

from msgspec import Struct

from xiaoer.events.claims import Way
from xiaoer.events.reading import Entity, Reading
from xiaoer.events.replies import Reply
from xiaoer.ids import ActionKey, AttachmentId, CustomerId, FrameId, MessageId

Facts: TypeAlias = dict[str, Any]  # plain JSON: msgspec cannot read a recursive alias
"""What an action or a look-up found, as plain JSON: the names are the action's, documented in its specification."""

FlowEnd: TypeAlias = Literal["completed", "refused", "given_up", "handed_over"]
QuestionKind: TypeAlias = Literal["slot", "confirm", "offer", "proof", "clarify"]
HandOverReason: TypeAlias = Literal["asked", "angry", "not_understood", "flow", "failure", "alarm"]


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """The root of all events; where and when it happened is kept beside it (`store.StoredEvent`)."""


class Choice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the answers that a question offers."""

    value: str
    title: str
    says: tuple[str, ...] = ()


class MessageReceived(Event, frozen=True, kw_only=True, tag="message_received"):
    """The customer wrote something, or sent pictures (`attachments`), or both.

    `message_id` is the sender's own name for it: a repeat is not taken twice.
    `language` is that of the page or app that it was sent from, if that said so.
    """

    text: str
    channel: str
    message_id: MessageId | None = None
    attachments: tuple[AttachmentId, ...] = ()
    language: str = ""


class LanguageChanged(Event, frozen=True, kw_only=True, tag="language_changed"):
    """The conversation goes on in another language: open tasks go on in the pack of this version, which speaks it.

    `shown` is how the values of slots are called in it, by frame and slot; `choices` are the answers that the open
    question offers, in its words.
    """

    language: str
    pack: str
    shown: dict[FrameId, dict[str, str]] = {}
    choices: tuple[Choice, ...] = ()


class Understood(Event, frozen=True, kw_only=True, tag="understood"):
    """What the message says on its own, and which model said so: the light one's id, or both (`light+full`).

    `missed` names the full model that was asked and did not answer in time; the light reading stood.
    """

    reading: Reading
    model: str = ""
    missed: str = ""


class IdentityProved(Event, frozen=True, kw_only=True, tag="identity_proved"):
    """It is proved who the customer is; `by` names the proof."""

    customer: CustomerId
    by: str


class ProofRefused(Event, frozen=True, kw_only=True, tag="proof_refused"):
    """What was said to prove who the customer is proves nobody, or too much was tried (`why`) to look at all.

    What was said is not kept here.
    """

    by: Way
    why: Literal["wrong", "too_many"]


class FlowStarted(Event, frozen=True, kw_only=True, tag="flow_started"):
    """A task began: a frame is laid on top of the stack. `pack` is the version it will be finished on."""

    frame: FrameId
    flow: str
    pack: str
    trigger: str = ""


class SlotMentioned(Event, frozen=True, kw_only=True, tag="slot_mentioned"):
    """The customer said something by which a slot's value can be looked up among the shop's own things."""

    frame: FrameId
    slot: str
    text: str
    entities: tuple[Entity, ...] = ()


class SlotFilled(Event, frozen=True, kw_only=True, tag="slot_filled"):
    """A slot got its value, or another one. `shown` is how the value is called when speaking to the customer."""

    frame: FrameId
    slot: str
    value: str
    shown: str = ""
    source: Literal["customer", "shop", "carried"] = "customer"


class SlotCleared(Event, frozen=True, kw_only=True, tag="slot_cleared"):
    """A slot's value was taken back."""

    frame: FrameId
    slot: str


class QuestionAsked(Event, frozen=True, kw_only=True, tag="question_asked"):
    """The customer is asked something; the next message is read in its light.

    When it is asked which of two things was meant, `text` and `entities` keep the message that was unclear. When it is
    asked who the customer is, `facts` keep the pieces of a proof that were given so far, by their kind.
    """

    kind: QuestionKind
    frame: FrameId | None = None
    step: str = ""
    slot: str = ""
    digest: str = ""
    choices: tuple[Choice, ...] = ()
    text: str = ""
    entities: tuple[Entity, ...] = ()
    facts: dict[str, str] = {}


class Confirmed(Event, frozen=True, kw_only=True, tag="confirmed"):
    """The customer said yes or no to what a confirm or offer step showed; `digest` names what was shown."""

    frame: FrameId
    step: str
    digest: str
    yes: bool


class StepSaid(Event, frozen=True, kw_only=True, tag="step_said"):
    """A say step has spoken, for the facts that `digest` names."""

    frame: FrameId
    step: str
    digest: str


class ActionFinished(Event, frozen=True, kw_only=True, tag="action_finished"):
    """The shop did, refused or looked up something. A change of the shop carries its `key`."""

    frame: FrameId
    step: str
    action: str
    arguments: dict[str, str]
    outcome: str
    facts: Facts = {}
    name: str = ""
    key: ActionKey | None = None


class FlowResumed(Event, frozen=True, kw_only=True, tag="flow_resumed"):
    """An interrupted task is on top of the stack again."""

    frame: FrameId


class FlowEnded(Event, frozen=True, kw_only=True, tag="flow_ended"):
    """A task is over and its frame leaves the stack."""

    frame: FrameId
    how: FlowEnd


class WishDeferred(Event, frozen=True, kw_only=True, tag="wish_deferred"):
    """A second wish of a message waits until the first is served."""

    intent: str
    text: str
    entities: tuple[Entity, ...] = ()


class WishTaken(Event, frozen=True, kw_only=True, tag="wish_taken"):
    """The oldest waiting wish is served now."""


class Answered(Event, frozen=True, kw_only=True, tag="answered"):
    """A question was answered from knowledge; `entry` names the source, `score` how well it fits (0 to 1)."""

    question: str
    entry: str
    score: float


class NotUnderstood(Event, frozen=True, kw_only=True, tag="not_understood"):
    """Neither a flow nor the knowledge had anything for the message."""

    text: str


class HandedOver(Event, frozen=True, kw_only=True, tag="handed_over"):
    """A person shall go on; `note` says for that person what it is about."""

    reason: HandOverReason
    note: str = ""


class Replied(Event, frozen=True, kw_only=True, tag="replied"):
    """What the customer was told, in all bubbles of one turn."""

    replies: tuple[Reply, ...]


class Rated(Event, frozen=True, kw_only=True, tag="rated"):
    """The customer judged the service, from 1 (bad) to 5 (good)."""

    score: int
    comment: str = ""


class TurnFailed(Event, frozen=True, kw_only=True, tag="turn_failed"):
    """Something broke while the message was served; the customer got an apology and a person is called."""

    error: str


AnyEvent: TypeAlias = (
    MessageReceived
    | LanguageChanged
    | Understood
    | IdentityProved
    | ProofRefused
    | FlowStarted
    | SlotMentioned
    | SlotFilled
    | SlotCleared
    | QuestionAsked
    | Confirmed
    | StepSaid
    | ActionFinished
    | FlowResumed
    | FlowEnded
    | WishDeferred
    | WishTaken
    | Answered
    | NotUnderstood
    | HandedOver
    | Replied
    | Rated
    | TurnFailed
)
