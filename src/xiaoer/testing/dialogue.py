"""Dialogues without a model: packs from text, messages with a hand-made reading, a scripted shop, a play of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent, indent
from typing import TypeAlias, assert_never

from xiaoer.dialogue import (
    Act,
    EndlessFlowError,
    GiveAnswer,
    Message,
    Move,
    Prove,
    Record,
    Say,
    Search,
    Stage,
    Wait,
    advance,
    after_proof,
    interpret,
)
from xiaoer.events import (
    ActionFinished,
    Answered,
    AnyEvent,
    Claim,
    Conversation,
    Entity,
    Facts,
    Hit,
    IdentityProved,
    IntentScore,
    MessageReceived,
    ProofRefused,
    Understood,
    Wish,
    apply,
    way_of,
)
from xiaoer.ids import AttachmentId, ConversationId, CustomerId, action_key
from xiaoer.pack import ActionSpec, Flow, Pack, Utterance, read_pack
from xiaoer.testing.events import a_reading
from xiaoer.testing.packs import write_pack

_MOST_MOVES = 100  # as many as a turn allows


def a_pack(**files: str) -> Pack:
    """Read a pack from the texts of its files, named as `write_pack` takes them.

    Raises:
        PackError: something in it is wrong.
    """
    with TemporaryDirectory() as folder:
        return read_pack(write_pack(Path(folder), **files))


def a_flow(body: str, *, name: str = "flow") -> Flow:
    """Read a flow from the YAML of its fields; name, title and what it is about are given."""
    head = f"flows:\n  - name: {name}\n    title: {name}\n    about: {name}\n"
    return a_pack(flows=head + indent(dedent(body), "    ")).flows[name]


def a_message(marked: str, *intents: str, confidence: float = 0.95, runner_up: IntentScore | None = None) -> Message:
    """Give a message with its reading.

    Entities are marked as in a pack, `退[1001](order_id)`; `|` parts the wishes, which have `intents` in that order.
    Without an intent the reading is unsure of what is wanted.
    """
    wanted = intents or ("unclear",)
    confidence = confidence if intents else 0.1
    text = ""
    entities: list[Entity] = []
    wishes: list[Wish] = []
    for intent, part in zip(wanted, marked.split("|"), strict=True):
        spoken = Utterance.parse(part)
        start, text = len(text), text + spoken.text
        entities.extend(
            Entity(entity=s.entity, value=spoken.text[s.start : s.end], start=start + s.start, end=start + s.end)
            for s in spoken.spans
        )
        wishes.append(Wish(intent=intent, confidence=confidence, start=start, end=len(text), runner_up=runner_up))
    return Message(text, a_reading(wanted[0], confidence, entities=tuple(entities), wishes=tuple(wishes)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scripted action gives: one of its outcomes, and facts as plain JSON."""

    outcome: str = "done"
    facts: Facts = field(default_factory=dict)


ScriptedAction: TypeAlias = Outcome | Callable[[Mapping[str, str]], Outcome]
"""What an action gives whatever it is asked, or a function of its arguments."""


def an_outcome(outcome: str = "done", **facts: object) -> Outcome:
    """Give an outcome with facts."""
    return Outcome(outcome, facts)


@dataclass(frozen=True, slots=True)
class ScriptedShop:
    """Actions by name: `finds` look something up, `effects` change the shop; `knows` says whom a claim fits."""

    finds: Mapping[str, ScriptedAction] = field(default_factory=dict)
    effects: Mapping[str, ScriptedAction] = field(default_factory=dict)
    knows: Callable[[Claim], CustomerId | None] = lambda claim: None

    @property
    def specs(self) -> Mapping[str, ActionSpec]:
        """The actions as flows see them."""
        return {name: _spec(name, is_effect=name in self.effects) for name in (*self.finds, *self.effects)}

    def run(self, action: str, arguments: Mapping[str, str]) -> Outcome:
        """Give what the script says; an action that is not in it is a `KeyError`."""
        scripted = {**self.finds, **self.effects}[action]
        return scripted if isinstance(scripted, Outcome) else scripted(arguments)


def _spec(name: str, *, is_effect: bool) -> ActionSpec:
    return ActionSpec(name, about=name, parameters=(), outcomes=(), is_effect=is_effect)


def nothing_found(question: str, intent: str) -> Sequence[Hit]:
    """Search that never finds an answer."""
    return ()


class Play:
    """One conversation, played turn by turn; `events` is its log, `spoken` what the last turn said.

    A turn ends when the dialogue waits for the customer, as a real one does.
    """

    def __init__(
        self,
        pack: Pack,
        shop: ScriptedShop,
        *,
        search: Search = nothing_found,
        customer: str = "",
        takes_pictures: bool = True,
    ) -> None:
        self._shop = shop
        self._packs = {pack.version: pack}
        ways = pack.manifest.identity.by
        self._stage = Stage(pack, self._packs.get, shop.specs, search, ways, takes_pictures=takes_pictures)
        self._sent = 0
        self.state = Conversation()
        self.events: list[AnyEvent] = []
        self.spoken: list[Say | GiveAnswer] = []
        if customer:
            self._add(IdentityProved(customer=CustomerId(customer), by="test"))

    @property
    def flow(self) -> str:
        """The name of the task under way; empty without one."""
        return self.state.frame.flow if self.state.frame else ""

    @property
    def slots(self) -> dict[str, str]:
        """The values of the filled slots of the task under way."""
        return {name: slot.value for name, slot in self.state.frame.slots.items()} if self.state.frame else {}

    @property
    def actions(self) -> list[ActionFinished]:
        """All actions that were run, oldest first; those that changed the shop carry a key."""
        return [event for event in self.events if isinstance(event, ActionFinished)]

    @property
    def effects(self) -> list[ActionFinished]:
        """The actions that changed the shop, oldest first."""
        return [action for action in self.actions if action.key is not None]

    def release(self, pack: Pack) -> None:
        """Serve from now on with another pack; the earlier ones stay known."""
        self._packs[pack.version] = pack
        self._stage = replace(self._stage, pack=pack)

    def say(self, marked: str, *intents: str) -> list[str]:
        """Play a turn on a message as `a_message` takes it; give the names of the replies said."""
        return self.hear(a_message(marked, *intents))

    def send(self, pictures: int, marked: str = "", *intents: str) -> list[str]:
        """Play a turn on a message with pictures; give the names of the replies said."""
        return self.hear(replace(a_message(marked, *intents), pictures=pictures))

    def hear(self, message: Message) -> list[str]:
        """Play a turn on a message; give the names of the replies said, an answer as `answer:` and its entry.

        Raises:
            EndlessFlowError: the dialogue does not come to wait for the customer.
        """
        self.spoken = []
        first, self._sent = self._sent, self._sent + message.pictures
        pictures = tuple(AttachmentId(f"{number:032x}") for number in range(first, self._sent))
        self._add(MessageReceived(text=message.text, channel="test", attachments=pictures))
        if message.text or not pictures:
            self._add(Understood(reading=message.reading))
        for move in interpret(self.state, message, self._stage):
            self._carry_out(move)
        return self._go_on()

    def sign_in(self, customer: str) -> list[str]:
        """Prove who the customer is and go on with what waited for that; give the names of the replies said."""
        self.spoken = []
        self._add(IdentityProved(customer=CustomerId(customer), by="test"))
        return self._go_on()

    def _go_on(self) -> list[str]:
        for _ in range(_MOST_MOVES):
            for move in advance(self.state, self._stage):
                if isinstance(move, Wait):
                    return [_name(spoken) for spoken in self.spoken]
                self._carry_out(move)
        raise EndlessFlowError(f"The turn took over {_MOST_MOVES} moves; the last events: {self.events[-4:]}")

    def _carry_out(self, move: Move) -> None:
        match move:
            case Record(event=event):
                self._add(event)
            case Say():
                self.spoken.append(move)
            case GiveAnswer(question=question, entry=entry, score=score):
                self.spoken.append(move)
                self._add(Answered(question=question, entry=entry, score=score))
            case Act():
                self._add(self._act(move))
            case Prove():
                outcome = self._proved(move)
                self._add(outcome)
                for following in after_proof(move, outcome, self._stage):
                    self._carry_out(following)
            case Wait():
                return
            case other:
                assert_never(other)

    def _proved(self, move: Prove) -> IdentityProved | ProofRefused:
        for claim in move.claims:
            if (customer := self._shop.knows(claim)) is not None:
                return IdentityProved(customer=customer, by=f"conversation:{way_of(claim)}")
        return ProofRefused(by=way_of(move.claims[0]), why="wrong")

    def _act(self, act: Act) -> ActionFinished:
        result = self._shop.run(act.action, act.arguments)
        return ActionFinished(
            frame=act.frame,
            step=act.step,
            action=act.action,
            arguments=dict(act.arguments),
            outcome=result.outcome,
            facts=result.facts,
            name=act.name,
            key=action_key(ConversationId("play"), act.frame, act.step, act.action) if act.is_effect else None,
        )

    def _add(self, event: AnyEvent) -> None:
        self.events.append(event)
        self.state = apply(self.state, event)


def _name(spoken: Say | GiveAnswer) -> str:
    return spoken.reply if isinstance(spoken, Say) else f"answer:{spoken.entry}"
