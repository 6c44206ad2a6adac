"""What a flow may ask of the shop: the shape in which `shop` publishes its actions, checked against flows."""

from dataclasses import dataclass
from typing import Literal

NOT_THERE = "missing"
"""The outcome of an action where what it is about is not there any more: a flow ends, if it does nothing else then."""


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """Something that a pack's decision rules may look at: a number (`unit` says of what) or a word.

    `values` are all the words that it can be, or empty where the pack has codes of its own.
    """

    name: str
    about: str
    kind: Literal["number", "word"] = "word"
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action: its parameters, outcomes, the names of the facts it finds, and whether it changes the shop.

    `rule_facts` are what decision rules for it may look at (none: rules have no say). `decides`: the action whose rules
    this one answers for, as a question before a change does; empty for its own. `scopes`: what its parameter `scope`
    may be. `awaits` is the parameter that names what the customer is to be told of later, in the same conversation,
    by the reply `news`.
    """

    name: str
    about: str
    parameters: tuple[str, ...]
    outcomes: tuple[str, ...]
    facts: tuple[str, ...] = ()
    is_effect: bool = False
    optional: tuple[str, ...] = ()
    rule_facts: tuple[DecisionFact, ...] = ()
    decides: str = ""
    scopes: tuple[str, ...] = ()
    awaits: str = ""
    news: str = ""
