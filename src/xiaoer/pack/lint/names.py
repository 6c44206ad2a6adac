"""What is known where a reply is said or a condition is tested."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ANYTHING = "*"
"""Stands for every fact of an action that the shop does not have: the action is an error of its own."""


@dataclass(frozen=True, slots=True)
class Known:
    """The names that may be known at a place: slots, facts by the name of their step, and `names` without parts."""

    slots: frozenset[str] = frozenset()
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def has(self, name: str) -> bool:
        """Say whether a condition or a placeholder may name this; what lies below a fact is the shop's affair."""
        root, _, rest = name.partition(".")
        if root in self.facts:
            return self._is_fact(name)
        if root == "slots" and rest:
            return rest in self.slots
        return name in self.slots or name in self.names

    def has_value(self, name: str) -> bool:
        """Say whether an action may be given this: a slot or a fact."""
        return name in self.slots or self._is_fact(name)

    def _is_fact(self, name: str) -> bool:
        root, _, rest = name.partition(".")
        facts = self.facts.get(root)
        return facts is not None and (not rest or ANYTHING in facts or rest.split(".")[0] in facts)
