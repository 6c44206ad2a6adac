"""What the dialogue can decide: small records, matched by the turn that carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from xiaoer.events import AnyEvent, Choice, Claim, QuestionAsked
from xiaoer.ids import FrameId


@dataclass(frozen=True, slots=True)
class Record:
    """Something is so from now on."""

    event: AnyEvent


@dataclass(frozen=True, slots=True)
class Say:
    """Say a reply of the pack; `known` are the facts that its words may name, `choices` become buttons."""

    reply: str
    known: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    """Answer from an entry of the knowledge."""

    question: str
    entry: str
    score: float


@dataclass(frozen=True, slots=True)
class Act:
    """Have the shop do or look up something for a step of a frame."""

    frame: FrameId
    step: str
    action: str
    arguments: Mapping[str, str]
    name: str
    is_effect: bool


@dataclass(frozen=True, slots=True)
class Prove:
    """Have claims of who the customer is looked at; `question` stays open where they prove nobody."""

    claims: tuple[Claim, ...]
    question: QuestionAsked


@dataclass(frozen=True, slots=True)
class Wait:
    """It is the customer's turn."""


Move: TypeAlias = Record | Say | GiveAnswer | Act | Prove | Wait
