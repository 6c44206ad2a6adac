"""Looking at what a customer says to prove who they are: counted first, then compared with the shop's records."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from xiaoer.access import ProofLimits
from xiaoer.events import Claim, EmailClaim, IdentityProved, NameClaim, OrderClaim, ProofRefused, way_of
from xiaoer.ids import ConversationId, CustomerId
from xiaoer.pack import Identity
from xiaoer.text import email_key, name_key
from xiaoer.turn.parts import Parts, Release

SPOKEN = "conversation:"
"""What stands before the way in `IdentityProved.by` where words were the proof."""


@dataclass(frozen=True, slots=True)
class Proving:
    """Looks at claims in one turn of a conversation."""

    parts: Parts
    release: Release
    conversation: ConversationId
    now: datetime

    async def outcome(self, claims: tuple[Claim, ...]) -> IdentityProved | ProofRefused:
        """Give whom the first claim that fits proves, or why none does."""
        refused = ProofRefused(by=way_of(claims[0]), why="too_many")
        for claim in claims:
            target = target_of(claim)
            limits = limits_of(self.release.pack.manifest.identity)
            # Counted before it is looked at: what runs at the same time, or is cut off, is counted all the same.
            admission = await self.parts.proofs.admit(self.conversation, target, limits, at=self.now)
            if admission == "closed":
                return ProofRefused(by=way_of(claim), why="too_many")
            customer = await self._identified(claim)
            if customer is not None:
                await self.parts.proofs.succeeded(target)
                return IdentityProved(customer=customer, by=f"{SPOKEN}{way_of(claim)}")
            refused = ProofRefused(by=way_of(claim), why="too_many" if admission == "last" else "wrong")
        return refused

    async def _identified(self, claim: Claim) -> CustomerId | None:
        async with asyncio.timeout(self.parts.limits.action_timeout_seconds):
            return await self.release.shop.identify(claim)


def limits_of(identity: Identity) -> ProofLimits:
    """Give the limits that a pack sets."""
    return ProofLimits(identity.attempts, timedelta(minutes=identity.wait_minutes))


def target_of(claim: Claim) -> str:
    """Name whose tries a claim counts to: the account, the name or the order, whatever else is claimed of it."""
    match claim:
        case EmailClaim(email=email):
            return f"email/{email_key(email)}"
        case NameClaim(name=name):
            return f"name/{name_key(name)}"
        case OrderClaim(order=order):
            return f"order/{order.strip()}"
        case other:
            assert_never(other)
