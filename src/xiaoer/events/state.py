"""The state of a conversation: what the fold over its events has found so far."""

from collections.abc import Mapping

from msgspec import Struct, field

from xiaoer.events.reading import Entity
from xiaoer.events.records import Facts, QuestionAsked
from xiaoer.ids import AttachmentId, CustomerId, FrameId, MessageId


class SlotValue(Struct, frozen=True):
    """A slot's value and how it is called when speaking to the customer."""

    value: str
    shown: str


class Mention(Struct, frozen=True):
    """What the customer said about a slot whose value must be looked up."""

    text: str
    entities: tuple[Entity, ...] = ()


class Result(Struct, frozen=True):
    """What an action of a step gave, and for which arguments."""

    arguments: Mapping[str, str]
    outcome: str
    is_effect: bool


class Confirmation(Struct, frozen=True):
    """A yes or no, and the digest of what it was said to."""

    digest: str
    yes: bool


class Frame(Struct, frozen=True):
    """One task under way. Steps are named by their path in the flow; facts by the name their step gave them."""

    id: FrameId
    flow: str
    pack: str
    trigger: str = ""
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    mentions: Mapping[str, Mention] = field(default_factory=dict)
    results: Mapping[str, Result] = field(default_factory=dict)
    facts: Mapping[str, Facts] = field(default_factory=dict)
    confirmations: Mapping[str, Confirmation] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    is_suspended: bool = False


class WaitingWish(Struct, frozen=True):
    """A wish that was said but not yet served."""

    intent: str
    text: str
    entities: tuple[Entity, ...] = ()


class SentPicture(Struct, frozen=True):
    """A picture that the customer sent, and in which turn."""

    id: AttachmentId
    turn: int


class Conversation(Struct, frozen=True):
    """Where a conversation stands after `sequence` events.

    `frames` is a stack, the last one is active. `carried` holds the last values given to slots of ended tasks,
    by slot name, so that the next task knows what the conversation was about; `last_flow` is the one that ended last.
    `question_turn` is the turn in which the open question was asked last. `pictures` are those sent lately that no
    ended task has made use of; `channel` is where the customer wrote last. `language` is that of the last message;
    `speaks` the one in which the conversation goes on, empty until another than the shop's first was chosen. `spoken`
    is the last message as long as no task took anything of it, `unserved` the one before if none did. `told` are the
    entries of the knowledge that were given as answers, the last ones; `offered` is the
    intent that a yes to the last reply asks for, `rests_on` are the clauses of policies by which what was wanted was
    refused in the last turn; `is_refused`: the task that ended last in this one was.
    """

    sequence: int = 0
    turns: int = 0
    customer: CustomerId | None = None
    frames: tuple[Frame, ...] = ()
    frames_started: int = 0
    question: QuestionAsked | None = None
    question_turn: int = 0
    waiting: tuple[WaitingWish, ...] = ()
    carried: Mapping[str, SlotValue] = field(default_factory=dict)
    last_flow: str = ""
    misunderstandings: int = 0
    is_with_person: bool = False
    language: str = "zh"
    speaks: str = ""
    last_text: str = ""
    last_intent: str = ""
    previous_intent: str = ""
    rating: int | None = None
    said_names: Mapping[str, int] = field(default_factory=dict)
    message_ids: tuple[MessageId, ...] = ()
    channel: str = ""
    pictures: tuple[SentPicture, ...] = ()
    spoken: Mention | None = None
    unserved: Mention | None = None
    told: tuple[str, ...] = ()
    offered: str = ""
    rests_on: tuple[str, ...] = ()
    is_refused: bool = False

    @property
    def frame(self) -> Frame | None:
        """The active task, if any."""
        return self.frames[-1] if self.frames else None
