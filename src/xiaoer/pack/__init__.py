"""A shop as a folder: read, check and lint a pack; the grammar of flows, replies, policies and conversation tests."""

from xiaoer.pack.actions import ActionSpec, DecisionFact
from xiaoer.pack.conditions import MISSING, Condition, look_up
from xiaoer.pack.conversations import (
    ConversationTest,
    Expectation,
    ExpectTurn,
    Given,
    GivenCoupon,
    GivenLine,
    GivenMethod,
    GivenOrder,
    SayTurn,
    SignInTurn,
)
from xiaoer.pack.customers import Manner, SpokenCustomers, SpokenTask
from xiaoer.pack.errors import Fault, NewPackError, PackError, PackNotFoundError
from xiaoer.pack.flows import (
    AnyStep,
    AskStep,
    ChoiceOption,
    ConfirmStep,
    DoStep,
    EndStep,
    Flow,
    HandOverStep,
    IfStep,
    OfferStep,
    SayStep,
    Slot,
    branches,
)
from xiaoer.pack.knowledge import Clause, FaqEntry
from xiaoer.pack.lint import Finding, lint
from xiaoer.pack.manifest import PIECES, HandOver, Identity, Knowledge, Manifest, Phrases, Route, Understanding
from xiaoer.pack.model import Pack, Place
from xiaoer.pack.one_shop import of_one_shop
from xiaoer.pack.reader import content_hash, read_manifest, read_pack
from xiaoer.pack.replies import (
    BUILT_IN_REPLIES,
    FORMATS,
    PLACEHOLDER,
    Button,
    ReplyCase,
    ReplyTemplate,
    Tone,
    Wording,
)
from xiaoer.pack.rules import Rule, RuleResult
from xiaoer.pack.scaffold import new_pack
from xiaoer.pack.sisters import Sister
from xiaoer.pack.understanding import EntityKind, Intent, Lexicon, ManyWishes, MarkedSpan, MoodLexicon, Utterance

__all__ = [
    "BUILT_IN_REPLIES",
    "FORMATS",
    "MISSING",
    "PIECES",
    "PLACEHOLDER",
    "ActionSpec",
    "AnyStep",
    "AskStep",
    "Button",
    "ChoiceOption",
    "Clause",
    "Condition",
    "ConfirmStep",
    "ConversationTest",
    "DecisionFact",
    "DoStep",
    "EndStep",
    "EntityKind",
    "ExpectTurn",
    "Expectation",
    "FaqEntry",
    "Fault",
    "Finding",
    "Flow",
    "Given",
    "GivenCoupon",
    "GivenLine",
    "GivenMethod",
    "GivenOrder",
    "HandOver",
    "HandOverStep",
    "Identity",
    "IfStep",
    "Intent",
    "Knowledge",
    "Lexicon",
    "Manifest",
    "Manner",
    "ManyWishes",
    "MarkedSpan",
    "MoodLexicon",
    "NewPackError",
    "OfferStep",
    "Pack",
    "PackError",
    "PackNotFoundError",
    "Phrases",
    "Place",
    "ReplyCase",
    "ReplyTemplate",
    "Route",
    "Rule",
    "RuleResult",
    "SayStep",
    "SayTurn",
    "SignInTurn",
    "Sister",
    "Slot",
    "SpokenCustomers",
    "SpokenTask",
    "Tone",
    "Understanding",
    "Utterance",
    "Wording",
    "branches",
    "content_hash",
    "lint",
    "look_up",
    "new_pack",
    "of_one_shop",
    "read_manifest",
    "read_pack",
]
