"""One message's way from being received to being answered, before anything is stored: read `answer` downwards."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from msgspec import structs

from xiaoer.dialogue import (
    Act,
    EndlessFlowError,
    GiveAnswer,
    Message,
    Move,
    Prove,
    Record,
    Say,
    Stage,
    Wait,
    advance,
    after_proof,
    interpret,
)
from xiaoer.events import ActionFinished, Answered, IdentityProved, Understood
from xiaoer.guard import clean
from xiaoer.ids import ConversationId, action_key
from xiaoer.turn.draft import Draft
from xiaoer.turn.incoming import Incoming
from xiaoer.turn.language import switched
from xiaoer.turn.parts import Parts, Release
from xiaoer.turn.proving import Proving

_MOST_MOVES = 100
_STORED_RANKS = 3

BeforeEffect = Callable[[], Awaitable[None]]
"""Called before the shop is changed, so that a crash in between is found and mended."""


class Run:
    """Runs one turn on a draft."""

    def __init__(
        self, parts: Parts, release: Release, conversation: ConversationId, now: datetime, before_effect: BeforeEffect
    ) -> None:
        self._parts = parts
        self._conversation = conversation
        self._now = now
        self._before_effect = before_effect
        self._use(release)

    def _use(self, release: Release) -> None:
        """Go on with a release, in its words."""
        self._release = release
        self._stage = Stage(release.pack, self._parts.releases.pack, release.shop.specs, release.found)
        self._proving = Proving(self._parts, release, self._conversation, self._now)

    async def answer(self, draft: Draft, incoming: Incoming) -> None:
        """Guard, understand, decide, act and say: everything that one message brings about."""
        text = clean(incoming.text, limit=self._parts.guard.max_message_characters)
        if incoming.customer is not None and draft.state.customer is None:
            draft.add(IdentityProved(customer=incoming.customer, by=incoming.proof))
        draft.add(incoming.received(text))
        understood = await self._read(draft, text, incoming.language)
        if incoming.is_private and self._release.shop.can_identify:
            self._stage = replace(self._stage, ways=self._release.pack.manifest.identity.by)
        if text or not incoming.attachments:
            draft.add(self._kept(understood))
        self._stage = self._stage_at(draft)
        message = Message(text, understood.reading, len(incoming.attachments))
        for move in interpret(draft.state, message, self._stage):
            await self._carry_out(draft, move)
        await self.go_on(draft)
        if not draft.replies:
            self._say(draft, Say("nothing_more"))
        draft.close()

    async def _read(self, draft: Draft, text: str, hint: str) -> Understood:
        """Understand the message in the conversation's language, or in the one that it goes on in."""
        reading = self._release.reader.read(text, now=self._now)
        switch = await switched(self._parts.releases, self._release, draft.state, reading, hint)
        if switch is not None:
            draft.add(switch.event)
            self._use(switch.release)
            reading = self._release.reader.read(text, now=self._now)
        has_task = draft.state.frame is not None
        return await self._release.understood(text, reading, now=self._now, has_task=has_task)

    def _kept(self, understood: Understood) -> Understood:
        """Give what is stored: the first ranks of a light reading, which can be had again; all of a full one."""
        if understood.model != self._release.reader.model_id:
            return understood
        reading = understood.reading
        kept = structs.replace(reading, intent_ranking=reading.intent_ranking[:_STORED_RANKS])
        return structs.replace(understood, reading=kept)

    async def go_on(self, draft: Draft) -> None:
        """Let the dialogue go on by itself until it is the customer's turn."""
        self._stage = self._stage_at(draft)
        for _ in range(_MOST_MOVES):
            for move in advance(draft.state, self._stage):
                if isinstance(move, Wait):
                    return
                await self._carry_out(draft, move)
        raise EndlessFlowError(
            f"Conversation {self._conversation}: a turn took over {_MOST_MOVES} moves; see its flow."
        )

    def _stage_at(self, draft: Draft) -> Stage:
        """Give the stage where the customer writes: not everywhere can pictures be sent."""
        takes_pictures = draft.state.channel in self._parts.picture_channels
        is_set = self._stage.takes_pictures == takes_pictures
        return self._stage if is_set else replace(self._stage, takes_pictures=takes_pictures)

    async def _carry_out(self, draft: Draft, move: Move) -> None:
        match move:
            case Record(event=event):
                draft.add(event)
            case Say():
                self._say(draft, move)
            case GiveAnswer(question=question, entry=entry, score=score):
                draft.add(Answered(question=question, entry=entry, score=round(score, 4)))
                draft.say(self._release.composer.answer(entry, score, now=self._now))
            case Act():
                draft.add(await self._act(draft, move))
            case Prove(claims=claims):
                outcome = await self._proving.outcome(claims)
                draft.add(outcome)
                for following in after_proof(move, outcome, self._stage):
                    await self._carry_out(draft, following)
            case Wait():
                return
            case other:
                assert_never(other)

    def _say(self, draft: Draft, move: Say) -> None:
        turn = draft.state.said_names.get(move.reply, 0) + draft.state.turns
        draft.say(self._release.composer.say(move.reply, move.known, move.choices, turn=turn))

    async def _act(self, draft: Draft, act: Act) -> ActionFinished:
        key = None
        if act.is_effect:
            key = action_key(self._conversation, act.frame, act.step, act.action)
            await self._before_effect()
            draft.has_effect = True
        async with asyncio.timeout(self._parts.limits.action_timeout_seconds):
            result = await self._release.shop.run(
                act.action, act.arguments, customer=draft.state.customer, now=self._now, key=key
            )
        return ActionFinished(
            frame=act.frame,
            step=act.step,
            action=act.action,
            arguments=dict(act.arguments),
            outcome=result.outcome,
            facts=result.facts,
            name=act.name,
            key=key,
        )
