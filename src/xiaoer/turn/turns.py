"""Turns of conversations: take a message once, run it, store all its events together, deliver the answer."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import msgspec
import structlog

from xiaoer.events import (
    ActionFinished,
    Conversation,
    HandedOver,
    IdentityProved,
    MessageReceived,
    Rated,
    Replied,
    TurnFailed,
)
from xiaoer.guard import clean
from xiaoer.ids import ConversationId, CustomerId
from xiaoer.media import TooManyAttachmentsError, UnknownAttachmentError
from xiaoer.store import (
    JournalEntry,
    MessageRepeatedError,
    NoticeItem,
    OutboxItem,
    SequenceTakenError,
    StoredEvent,
    StoreError,
    TurnAppend,
    UnstorableTurnError,
)
from xiaoer.turn.draft import Draft
from xiaoer.turn.errors import BusyError, ConflictError, OtherCustomerError
from xiaoer.turn.incoming import Incoming, News, Outward, TurnResult
from xiaoer.turn.language import begun_in
from xiaoer.turn.memory import Memory
from xiaoer.turn.parts import Parts, Release
from xiaoer.turn.run import Run

_TRIES = 8
_NEVER_FINISHED = (
    msgspec.MsgspecError,
    OtherCustomerError,
    TooManyAttachmentsError,
    UnknownAttachmentError,
    UnstorableTurnError,
)
_REMEMBERED_MESSAGE_IDS = 50
_NOWHERE = Outward("")
_log = structlog.get_logger()


class Turns:
    """Runs the turns of one shop's conversations."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._memory = Memory(parts.conversations, parts.shop_id, capacity=parts.limits.remembered_conversations)
        self._running = 0

    async def take(self, incoming: Incoming) -> TurnResult:
        """Serve a message; when this returns, the message and its answer are stored.

        Raises:
            BusyError: too many turns run. ConflictError: others keep writing to the conversation.
            OtherCustomerError: the proof is of somebody else than the conversation's customer.
            UnknownAttachmentError: a picture that the message names is not there.
            StoreError: the database is away. In each case nothing of the turn was stored.
        """

        async def build(state: Conversation) -> Draft | TurnResult:
            if incoming.customer is not None:  # before a repeat, too: its answer is the conversation's customer's
                _refuse_other(state, incoming.customer)
            repeated = await self._answer_given_before(state, incoming)
            if repeated is None and (cut_off := await self._cut_off(state, incoming)) is not None:
                raise _CutOffError(cut_off)
            return repeated or await self._answered(state, incoming)

        while True:
            try:
                return await self._turn(incoming.conversation, build, incoming.outward, may_be_new=incoming.may_be_new)
            except _CutOffError as error:
                await self._finish(error.entry)

    async def open(
        self,
        conversation: ConversationId,
        channel: str,
        *,
        customer: CustomerId | None = None,
        proof: str = "",
        language: str | None = None,
    ) -> TurnResult:
        """Begin a conversation with the pack's welcome, in a language if the shop serves in it."""

        async def build(state: Conversation) -> Draft | TurnResult:
            draft = Draft(state)
            if customer is not None:
                draft.add(IdentityProved(customer=customer, by=proof))
            begun = await begun_in(self._parts.releases, language)
            release = self._parts.releases.current if begun is None else begun.release
            if begun is not None:
                draft.add(begun.event)
            draft.say(release.composer.say(release.pack.manifest.welcome, {}, turn=state.turns))
            draft.close()
            return draft

        return await self._turn(conversation, build, Outward(channel))

    async def sign_in(self, conversation: ConversationId, customer: CustomerId, *, proof: str) -> TurnResult:
        """Note who the customer is, and go on with a task that waited for that.

        Raises:
            OtherCustomerError: the conversation is another customer's.
        """
        proved = IdentityProved(customer=customer, by=proof)

        async def build(state: Conversation) -> Draft | TurnResult:
            _refuse_other(state, customer)
            if state.customer == customer:
                return TurnResult((), state.sequence, state.is_with_person, is_repeat=True)
            return await self._safely(state, conversation, proved, go_on)

        async def go_on(draft: Draft) -> None:
            draft.add(proved)
            if draft.state.frame is not None:
                release = await self._release(draft.state)
                draft.say(release.composer.say("signed_in", {}, turn=draft.state.turns))
                await self._run(release, conversation, _nothing).go_on(draft)
            draft.close()

        return await self._turn(conversation, build, _NOWHERE)

    async def tell(self, news: News) -> TurnResult:
        """Tell a customer something by itself, once: what has its key is not told again.

        Nothing is told in a conversation that is another customer's by now.
        """

        async def build(state: Conversation) -> Draft | TurnResult:
            told = await self._parts.conversations.turn_of_message(self._parts.shop_id, news.conversation, news.key)
            if told or state.customer != news.customer:
                return TurnResult((), state.sequence, state.is_with_person, is_repeat=True)
            release, draft = await self._release(state), Draft(state)
            draft.say(release.composer.say(news.reply, news.known, turn=state.turns))
            draft.close()
            return draft

        return await self._turn(news.conversation, build, Outward(news.channel, news.address, news.key))

    async def rate(self, conversation: ConversationId, score: int, comment: str) -> TurnResult:
        """Note the customer's judgement of the service (1 to 5)."""
        words = clean(comment, limit=self._parts.guard.max_message_characters)

        async def build(state: Conversation) -> Draft | TurnResult:
            draft = Draft(state)
            draft.add(Rated(score=score, comment=words))
            return draft

        return await self._turn(conversation, build, _NOWHERE)

    async def state(self, conversation: ConversationId) -> Conversation:
        """Give the state of a conversation as stored."""
        return await self._memory.state(conversation)

    # One turn: alone in its conversation, tried again when another process was faster

    async def _turn(
        self,
        conversation: ConversationId,
        build: Callable[[Conversation], Awaitable[Draft | TurnResult]],
        outward: Outward,
        *,
        may_be_new: bool = False,
    ) -> TurnResult:
        if self._running >= self._parts.limits.max_running:
            raise BusyError("Too many messages at once; try again in a moment.")
        self._running += 1
        try:
            async with self._memory.hold(conversation):
                for _ in range(_TRIES):
                    built = await build(await self._memory.state(conversation, may_be_new=may_be_new))
                    if isinstance(built, TurnResult):
                        return built
                    try:
                        return await self._store(conversation, built, outward)
                    except (SequenceTakenError, MessageRepeatedError):
                        self._memory.forget(conversation)
                    except StoreError:
                        if built.has_effect:  # the shop may have changed: the next message has to look
                            self._memory.forget(conversation)
                        raise
        finally:
            self._running -= 1
        raise ConflictError(f"Conversation {conversation} is being written to elsewhere; try again in a moment.")

    async def _store(self, conversation: ConversationId, draft: Draft, outward: Outward) -> TurnResult:
        now = self._parts.clock.now()
        snapshot = self._memory.due_snapshot(conversation, draft.state)
        turn = TurnAppend(
            shop=self._parts.shop_id,
            conversation=conversation,
            after=draft.after,
            turn=draft.after + 1,
            at=now,
            events=tuple(draft.events),
            message_id=outward.message_id,
            channel=outward.channel,
            outbox=_outbox(outward, draft),
            notices=self._notices(draft, outward),
            closes_journal=draft.has_effect,
            snapshot=snapshot,
        )
        await self._parts.conversations.append(turn)
        self._memory.keep(conversation, draft.state, snapshot)
        stored = [
            StoredEvent(sequence=draft.after + 1 + i, turn=turn.turn, at=now, event=event)
            for i, event in enumerate(draft.events)
        ]
        self._parts.deliver(conversation, stored)
        return TurnResult(tuple(draft.replies), draft.state.sequence, draft.state.is_with_person)

    def _notices(self, draft: Draft, outward: Outward) -> tuple[NoticeItem, ...]:
        """Give what the customer wants to be told of later, as the turn's actions have noted it."""
        customer, specs = draft.state.customer, self._parts.releases.current.shop.specs
        if customer is None or not draft.has_effect:
            return ()
        done = [event for event in draft.events if isinstance(event, ActionFinished) and event.outcome == "done"]
        asked = [(event, specs[event.action].awaits) for event in done if event.action in specs]
        return tuple(
            NoticeItem(customer, event.arguments[awaits], outward.address) for event, awaits in asked if awaits
        )

    # What a message brings about

    async def _answer_given_before(self, state: Conversation, incoming: Incoming) -> TurnResult | None:
        message_id = incoming.message_id
        if message_id is None:
            return None
        if message_id not in state.message_ids and state.turns < _REMEMBERED_MESSAGE_IDS:
            return None
        events = await self._parts.conversations.turn_of_message(self._parts.shop_id, incoming.conversation, message_id)
        if not events:
            return None
        replies = tuple(r for item in events if isinstance(item.event, Replied) for r in item.event.replies)
        return TurnResult(replies, events[-1].sequence, state.is_with_person, is_repeat=True)

    async def _answered(self, state: Conversation, incoming: Incoming) -> Draft:
        if incoming.attachments:
            await self._parts.attachments.require(incoming.conversation, incoming.attachments)

        async def note() -> None:
            message = msgspec.json.encode(incoming)
            await self._parts.journal.open(
                self._parts.shop_id, incoming.conversation, state.sequence + 1, message, self._parts.clock.now()
            )

        async def answer(draft: Draft) -> None:
            release = await self._release(draft.state)
            await self._run(release, incoming.conversation, note).answer(draft, incoming)

        received = incoming.received(clean(incoming.text, limit=self._parts.guard.max_message_characters))
        return await self._safely(state, incoming.conversation, received, answer)

    async def _safely(
        self,
        state: Conversation,
        conversation: ConversationId,
        cause: MessageReceived | IdentityProved,
        work: Callable[[Draft], Awaitable[None]],
    ) -> Draft:
        """Give a draft with the work done on it; if that fails, one with its cause and an apology alone."""
        draft = Draft(state)
        try:
            await work(draft)
        except StoreError:
            raise
        except Exception as error:  # the one place around a turn: the customer gets an apology and a person
            _log.exception("turn.failed", conversation=conversation, error=type(error).__name__)
            return await self._failed(state, cause, error, has_effect=draft.has_effect)
        return draft

    async def _failed(
        self, state: Conversation, cause: MessageReceived | IdentityProved, error: Exception, *, has_effect: bool
    ) -> Draft:
        draft = Draft(state)
        draft.has_effect = has_effect
        draft.add(cause)
        draft.add(TurnFailed(error=type(error).__name__))
        draft.add(HandedOver(reason="failure", note=type(error).__name__))
        release = await self._release(state)
        draft.say(release.composer.say("turn_failed", {}, turn=0))
        draft.close()
        return draft

    async def _release(self, state: Conversation) -> Release:
        """Give the release that speaks the language of a conversation."""
        return await self._parts.releases.speaking(state.speaks)

    def _run(self, release: Release, conversation: ConversationId, before_effect: Callable[[], Awaitable[None]]) -> Run:
        return Run(self._parts, release, conversation, self._parts.clock.now(), before_effect)

    # After a crash

    async def recover(self, *, older_than: datetime) -> int:
        """Finish the turns that were cut off after they had begun to change the shop; give their number.

        The shop knows their actions by key, so nothing is done twice.
        """
        finished = 0
        for entry in await self._parts.journal.unfinished(self._parts.shop_id):
            if entry.at > older_than:
                continue
            await self._finish(entry)
            finished += 1
        return finished

    async def _finish(self, entry: JournalEntry) -> None:
        try:
            await self.take(msgspec.json.decode(entry.message, type=Incoming))
        except _NEVER_FINISHED as error:
            _log.error("turn.unrecoverable", conversation=entry.conversation, error=type(error).__name__)
        # Run again, the turn may stand elsewhere in the conversation or change nothing: the note goes by itself.
        await self._parts.journal.close(self._parts.shop_id, entry.conversation, entry.turn)

    async def _cut_off(self, state: Conversation, incoming: Incoming) -> JournalEntry | None:
        """Find the turn that a message of before began and that never ended: it comes first.

        A state that is remembered was stored by this process, which has ended all its turns.
        """
        if state.sequence == 0 or self._memory.remembers(incoming.conversation):
            return None
        turn = state.sequence + 1
        noted = await self._parts.journal.find(self._parts.shop_id, incoming.conversation, turn)
        return None if noted is None or noted.message == msgspec.json.encode(incoming) else noted


class _CutOffError(Exception):
    """A turn was begun before and never ended."""

    def __init__(self, entry: JournalEntry) -> None:
        super().__init__()
        self.entry = entry


async def _nothing() -> None:
    """Nothing needs to be noted before a turn that no message asked for."""


def _refuse_other(state: Conversation, customer: CustomerId) -> None:
    if state.customer not in (None, customer):
        raise OtherCustomerError("This conversation belongs to another customer; begin a new one.")


def _outbox(outward: Outward, draft: Draft) -> tuple[OutboxItem, ...]:
    if not outward.address or not draft.replies:
        return ()
    return (OutboxItem(outward.channel, outward.address, msgspec.json.encode(draft.replies)),)
