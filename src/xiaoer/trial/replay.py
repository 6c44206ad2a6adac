"""Replay: run the messages of a stored conversation again and show, event by event, what comes out otherwise.

Nothing is changed: the shop answers from the log, the clock shows the time of the log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby, zip_longest

from msgspec import structs

from xiaoer.access import Admission, ProofLimits
from xiaoer.channels import GUESSABLE_CHANNELS
from xiaoer.events import (
    ActionFinished,
    AnyEvent,
    Claim,
    Conversation,
    IdentityProved,
    MessageReceived,
    ProofRefused,
    Reading,
    Understood,
    encode,
    fold,
    way_of,
)
from xiaoer.ids import ActionKey, ConversationId, CustomerId
from xiaoer.pack import ActionSpec, Pack
from xiaoer.shop import ActionResult, Shop
from xiaoer.turn import SPOKEN, Draft, FullReader, Incoming, Parts, Release, Releases, Run, both


@dataclass(frozen=True, slots=True)
class Difference:
    """An event that came out otherwise: `before` and `after` as JSON, empty where there is none."""

    turn: int
    sequence: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What came of a replay; it was the same if there are no differences."""

    conversation: ConversationId
    turns: int
    events: int
    differences: tuple[Difference, ...]


class RecordedShop:
    """A shop that answers what the log says it answered; what was not asked then is `not_recorded`."""

    can_identify = True

    def __init__(
        self, specs: Mapping[str, ActionSpec], recorded: Sequence[ActionFinished], proved: IdentityProved | None = None
    ) -> None:
        self.specs = specs
        self._recorded = list(recorded)
        self._proved = proved

    async def identify(self, claim: Claim) -> CustomerId | None:
        """Give the recorded customer, if this way was the proof."""
        proved = self._proved
        return proved.customer if proved is not None and proved.by == f"{SPOKEN}{way_of(claim)}" else None

    async def run(
        self,
        action: str,
        arguments: Mapping[str, str],
        *,
        customer: CustomerId | None,
        now: datetime,
        key: ActionKey | None = None,
    ) -> ActionResult:
        """Give the recorded result of this action with these arguments."""
        for index, event in enumerate(self._recorded):
            if event.action == action and event.arguments == dict(arguments):
                del self._recorded[index]
                return ActionResult(event.outcome, event.facts)
        return ActionResult("not_recorded", {})

    async def words(self) -> Mapping[str, Mapping[str, str]]:
        """Give no words: the reader is built already."""
        return {}


@dataclass(frozen=True, slots=True)
class RecordedProofs:
    """Lets proofs be tried as the log says, and counts nothing."""

    refused: ProofRefused | None

    async def admit(self, conversation: ConversationId, target: str, limits: ProofLimits, *, at: datetime) -> Admission:
        """Refuse what was refused for too many tries."""
        return "closed" if self.refused is not None and self.refused.why == "too_many" else "open"

    async def succeeded(self, target: str) -> None:
        """Forget nothing."""


@dataclass(frozen=True, slots=True)
class RecordedFull:
    """A full model that answers what the log says it answered, or that it did not, if it was this one with this light.

    What it says of a text in a batch depends, in the last digits, on the others in it; and it may have been away.
    """

    full: FullReader
    recorded: Understood

    @property
    def model_id(self) -> str:
        """Name the model."""
        return self.full.model_id

    def escalates(self, text: str, light: Reading, *, has_task: bool) -> bool:
        """Say whether a message is read again, as the limits are now."""
        return self.full.escalates(text, light, has_task=has_task)

    async def read(self, text: str, light: Understood, *, now: datetime) -> Understood:
        """Give what was read then, with the entities and the mood of the light reading now; or read it now."""
        then = self.recorded
        if then.model == light.model and then.missed == self.model_id:
            return structs.replace(light, missed=then.missed)
        if then.model != both(light.model, self.model_id):
            return await self.full.read(text, light, now=now)
        said = then.reading
        reading = structs.replace(
            light.reading,
            intent=said.intent,
            intent_ranking=said.intent_ranking,
            wishes=said.wishes,
            is_in_scope=said.is_in_scope,
        )
        return structs.replace(light, reading=reading, model=then.model)


@dataclass(frozen=True, slots=True)
class RecordedReleases:
    """The releases of a replay: `first` stands for the shop's current one, and every shop answers from the log."""

    releases: Releases
    first: Release
    recorded: Sequence[ActionFinished]
    proved: IdentityProved | None
    understood: Understood | None = None

    @property
    def current(self) -> Release:
        """The release replayed against."""
        return self._on_the_log(self.first)

    @property
    def languages(self) -> Sequence[str]:
        """The languages that the shop serves in."""
        return self.releases.languages

    async def speaking(self, language: str) -> Release:
        """Give the release that speaks a language."""
        release = await self.releases.speaking(language)
        return self.current if release is self.releases.current else self._on_the_log(release)

    def pack(self, version: str) -> Pack | None:
        """Find a pack by its version."""
        return self.releases.pack(version)

    def _on_the_log(self, release: Release) -> Release:
        shop: Shop = RecordedShop(release.shop.specs, self.recorded, self.proved)
        full = RecordedFull(release.full, self.understood) if release.full and self.understood else release.full
        return replace(release, shop=shop, full=full)


class Replayer:
    """Replays conversations against a release."""

    def __init__(self, parts: Parts, release: Release) -> None:
        self._parts = parts
        self._release = release

    async def replay(self, conversation: ConversationId) -> ReplayReport:
        """Replay one conversation.

        Turns without a message (the welcome, a sign-in, a rating) are taken over as they stand.
        """
        stored = await self._parts.conversations.load(self._parts.shop_id, conversation)
        state, turns, differences = Conversation(), 0, []
        for turn, group in groupby(stored, key=lambda item: item.turn):
            events = [item.event for item in group]
            if any(isinstance(event, MessageReceived) for event in events):
                turns += 1
                at = next(item.at for item in stored if item.turn == turn)
                again = await self._again(conversation, state, events, at)
                differences.extend(_differences(turn, events, again))
            state = fold(events, state)
        return ReplayReport(conversation, turns, len(stored), tuple(differences))

    async def _again(
        self, conversation: ConversationId, state: Conversation, events: Sequence[AnyEvent], at: datetime
    ) -> list[AnyEvent]:
        recorded = [event for event in events if isinstance(event, ActionFinished)]
        understood = next((event for event in events if isinstance(event, Understood)), None)
        releases = RecordedReleases(self._parts.releases, self._release, recorded, _proof(events), understood)
        refused = next((event for event in events if isinstance(event, ProofRefused)), None)
        draft = Draft(state)
        parts = replace(self._parts, releases=releases, proofs=RecordedProofs(refused))
        run = Run(parts, await releases.speaking(state.speaks), conversation, at, _nothing)
        await run.answer(draft, _incoming(conversation, events))
        return draft.events


def _incoming(conversation: ConversationId, events: Sequence[AnyEvent]) -> Incoming:
    received = next(event for event in events if isinstance(event, MessageReceived))
    proof = _proof(events)
    if proof is not None and proof.by.startswith(SPOKEN):
        proof = None
    return Incoming(
        conversation=conversation,
        text=received.text,
        channel=received.channel,
        message_id=received.message_id,
        language=received.language,
        customer=proof.customer if proof else None,
        proof=proof.by if proof else "",
        is_private=received.channel not in GUESSABLE_CHANNELS,
        attachments=received.attachments,
    )


def _proof(events: Sequence[AnyEvent]) -> IdentityProved | None:
    return next((event for event in events if isinstance(event, IdentityProved)), None)


def _differences(turn: int, before: Sequence[AnyEvent], after: Sequence[AnyEvent]) -> list[Difference]:
    pairs = zip_longest(map(_shown, before), map(_shown, after), fillvalue="")
    return [Difference(turn, turn + index, old, new) for index, (old, new) in enumerate(pairs) if old != new]


def _shown(event: AnyEvent) -> str:
    return encode(event).decode()


async def _nothing() -> None:
    """A replay notes nothing."""
