"""How often somebody may try to prove by words who they are: so often, and then not for a while that grows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeAlias

from xiaoer.ids import ConversationId, ShopId
from xiaoer.store import Tries, TryCount

_LONGEST_WAIT = timedelta(days=1)
_FORGOTTEN_AFTER = timedelta(days=7)

Admission: TypeAlias = Literal["open", "last", "closed"]
"""Whether a try may be made: yes, yes but it is the last one for now, or no."""


@dataclass(frozen=True, slots=True)
class ProofLimits:
    """After `most` tries that prove nothing there is a first wait of `wait`; each further one is twice as long."""

    most: int
    wait: timedelta


class Proofs(Protocol):
    """Lets proofs be tried, and counts them."""

    async def admit(self, conversation: ConversationId, target: str, limits: ProofLimits, *, at: datetime) -> Admission:
        """Count a try at a target in a conversation and say whether it may be made; it counts before it is made."""
        ...

    async def succeeded(self, target: str) -> None:
        """Forget the tries at a target whose customer was proved."""
        ...


class CountedProofs:
    """Implements `Proofs`: counts by target over all conversations, and by conversation over all targets."""

    def __init__(self, tries: Tries, shop: ShopId) -> None:
        self._tries = tries
        self._shop = shop

    async def admit(self, conversation: ConversationId, target: str, limits: ProofLimits, *, at: datetime) -> Admission:
        """Count a try at a target in a conversation and say whether it may be made; it counts before it is made."""
        admissions: list[Admission] = []

        def recount(before: Mapping[str, TryCount]) -> Mapping[str, TryCount]:
            judged = {subject: after_try(count, limits, at) for subject, count in before.items()}
            closed = {subject for subject, (_, admission) in judged.items() if admission == "closed"}
            admissions[:] = [admission for _, admission in judged.values()]
            # What is not looked at, because the other is closed, is no try at it.
            return {subject: count for subject, (count, _) in judged.items() if not closed or subject in closed}

        subjects = (subject_of("target", target), subject_of("conversation", conversation))
        await self._tries.recount(self._shop, subjects, recount, at)
        return "closed" if "closed" in admissions else "last" if "last" in admissions else "open"

    async def succeeded(self, target: str) -> None:
        """Forget the tries at a target whose customer was proved."""
        await self._tries.forget(self._shop, [subject_of("target", target)])


def subject_of(kind: str, name: str) -> str:
    """Name what is counted so that nothing of it can be read."""
    return hashlib.sha256(f"{kind}/{name}".encode("utf-8", "surrogatepass")).hexdigest()


def after_try(before: TryCount, limits: ProofLimits, at: datetime) -> tuple[TryCount, Admission]:
    """Give the count after one more try, and whether that may be made; pure.

    What was left alone for a week is forgotten, so that whoever goes on slowly gets a few tries a week.
    """
    if at >= max(before.last_at, before.closed_until or before.last_at) + _FORGOTTEN_AFTER:
        before = TryCount(0, 0, at)
    if before.closed_until is not None:
        if at < before.closed_until:
            return replace(before, count=before.count + 1, last_at=at), "closed"
        before = replace(before, count=0, closed_until=None)
    count = before.count + 1
    if count < limits.most:
        return replace(before, count=count, last_at=at), "open"
    # The exponent is bounded: no wait is longer than the longest anyway.
    wait = min(limits.wait * 2 ** min(before.waits, 12), _LONGEST_WAIT)
    return TryCount(count, before.waits + 1, at, at + wait), "last"
