"""The shop as the other rooms see it, whoever keeps its goods and orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from xiaoer.events import Claim, Facts
from xiaoer.ids import ActionKey, CustomerId
from xiaoer.pack import ActionSpec


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What came of an action: one of its specification's outcomes, and what it found as plain JSON."""

    outcome: str
    facts: Facts = field(default_factory=dict)


class Shop(Protocol):
    """Looks things up in a shop and changes them; who the customer is comes from a proof, never from arguments."""

    @property
    def specs(self) -> Mapping[str, ActionSpec]:
        """The actions, by name."""
        ...

    @property
    def can_identify(self) -> bool:
        """Whether `identify` can be asked; otherwise only a token proves who somebody is."""
        ...

    async def identify(self, claim: Claim) -> CustomerId | None:
        """Find the one customer whom a claim fits; none if it fits nobody, or more than one."""
        ...

    async def run(
        self,
        action: str,
        arguments: Mapping[str, str],
        *,
        customer: CustomerId | None,
        now: datetime,
        key: ActionKey | None = None,
    ) -> ActionResult:
        """Run an action; an effect needs a key, and the same key never changes the shop twice.

        Raises:
            UnknownActionError: there is no such action.
            BadRequestError: an argument or the key is missing.
        """
        ...

    async def words(self) -> Mapping[str, Mapping[str, str]]:
        """Give the words of the live goods by kind of entity: product, brand, colour, size, sku.

        Each maps what customers say to its value; a product word that names several products maps to itself.
        """
        ...
