"""What a flow may ask of the shop: the shape in which `shop` publishes its actions, checked against flows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action: its parameters, outcomes, the names of the facts it finds, and whether it changes the shop."""

    name: str
    about: str
    parameters: tuple[str, ...]
    outcomes: tuple[str, ...]
    facts: tuple[str, ...] = ()
    is_effect: bool = False
    optional: tuple[str, ...] = ()
