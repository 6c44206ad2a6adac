"""Where a frame stands in its flow: walk the steps from the top; the first that is not settled is what is needed.

Nothing remembers a position. A corrected slot makes what rested on it unsettled again, wherever the flow had got to.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

import msgspec

from xiaoer.dialogue.errors import UnconfirmedEffectError
from xiaoer.events import Facts, FlowEnd, Frame, Mention, SlotValue
from xiaoer.pack import (
    MISSING,
    NOT_THERE,
    ActionSpec,
    AnyStep,
    AskStep,
    ConfirmStep,
    DoStep,
    EndStep,
    Flow,
    HandOverStep,
    IfStep,
    OfferStep,
    SayStep,
    Slot,
    branches,
    look_up,
)

_LOOK_UP = ".find"
_THESE = "these"


@dataclass(frozen=True, slots=True)
class NeedProof:
    """Nothing more without knowing who the customer is."""


@dataclass(frozen=True, slots=True)
class NeedSlot:
    """A slot must be asked for; `found` is the look-up's outcome (`several`, `unmatched`), empty without one."""

    step: str
    slot: Slot
    found: str = ""


@dataclass(frozen=True, slots=True)
class TakeSlot:
    """A look-up found what is meant, be it several things: the slot is filled without asking."""

    slot: Slot
    choices: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DropSlot:
    """A slot was chosen among things that are no longer in question."""

    slot: Slot


@dataclass(frozen=True, slots=True)
class NeedAction:
    """An action must be run."""

    step: str
    action: str
    arguments: Mapping[str, str]
    name: str
    is_effect: bool


@dataclass(frozen=True, slots=True)
class NeedYes:
    """The customer must say yes or no to what the reply shows; `offer` names the flow that yes starts."""

    step: str
    digest: str
    reply: str
    offer: str = ""


@dataclass(frozen=True, slots=True)
class NeedSay:
    """A reply is due."""

    step: str
    digest: str
    reply: str


@dataclass(frozen=True, slots=True)
class StartOffered:
    """The customer took the flow that was offered; `given` are values of its slots that are known already."""

    flow: str
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NeedPerson:
    """The flow wants a person; `note` says what for."""

    note: str


@dataclass(frozen=True, slots=True)
class Over:
    """The flow has ended."""

    how: FlowEnd


Need: TypeAlias = (
    NeedProof | NeedSlot | TakeSlot | DropSlot | NeedAction | NeedYes | NeedSay | StartOffered | NeedPerson | Over
)


def next_need(
    flow: Flow,
    frame: Frame,
    specs: Mapping[str, ActionSpec],
    *,
    is_proved: bool,
    carried: Mapping[str, SlotValue] | None = None,
    takes_pictures: bool = False,
) -> Need:
    """Say what a frame needs next; pictures are asked for only where they can be sent (`takes_pictures`).

    Raises:
        UnconfirmedEffectError: the flow asks for a change of the shop that was not confirmed.
    """
    if flow.needs_proof and not is_proved:
        return NeedProof()
    return _Walk(flow, frame, specs, carried or {}, takes_pictures=takes_pictures).run()


def is_look_up(path: str) -> bool:
    """Say whether the path of a result is that of a slot's look-up."""
    return path.endswith(_LOOK_UP)


def known(frame: Frame) -> dict[str, Any]:
    """Give what replies and conditions may name: `trigger`, slots as `name` and `slots.name`, facts over them."""
    shown = {name: slot.shown for name, slot in frame.slots.items()}
    values = {name: slot.value for name, slot in frame.slots.items()}
    return {"trigger": frame.trigger, **values, "slots": shown, **frame.facts}


def step_at(flow: Flow, path: str) -> AnyStep | None:
    """Find a step of a flow by the path that a walk gives it: places in lists of steps, and branches between them."""
    steps, step = flow.steps, None
    for part in path.split("."):
        if part.isdecimal():
            step = steps[int(part)] if int(part) < len(steps) else None
        else:
            steps = _branch(flow, step, part)
    return step


def _branch(flow: Flow, step: AnyStep | None, name: str) -> tuple[AnyStep, ...]:
    if isinstance(step, AskStep):
        slot = flow.slot(step.ask)
        return slot.when_none if slot else ()
    return () if step is None else branches(step).get(name, ())


class _Walk:
    def __init__(
        self,
        flow: Flow,
        frame: Frame,
        specs: Mapping[str, ActionSpec],
        carried: Mapping[str, SlotValue],
        *,
        takes_pictures: bool,
    ) -> None:
        self._flow = flow
        self._frame = frame
        self._specs = specs
        self._carried = carried
        self._takes_pictures = takes_pictures
        self._known = known(frame)
        self._trail: list[tuple[str, ...]] = []
        self._is_confirmed = False

    def run(self) -> Need:
        return self._steps(self._flow.steps, "") or Over("completed")

    def _steps(self, steps: tuple[AnyStep, ...], path: str) -> Need | None:
        for index, step in enumerate(steps):
            need = self._step(step, f"{path}{index}")
            if need is not None:
                return need
        return None

    def _step(self, step: AnyStep, path: str) -> Need | None:
        match step:
            case AskStep():
                return self._ask(step, path)
            case DoStep():
                return self._do(step, path)
            case ConfirmStep():
                return self._confirm(step, path)
            case OfferStep():
                return self._offer(step, path)
            case SayStep(say=reply):
                digest = self._digest()
                return None if self._frame.said.get(path) == digest else NeedSay(path, digest, reply)
            case IfStep(if_=condition, then=then, else_=otherwise):
                holds = condition.holds(self._known)
                return self._steps(then, f"{path}.then.") if holds else self._steps(otherwise, f"{path}.else.")
            case HandOverStep(hand_over=note):
                return NeedPerson(note)
            case EndStep(end=how):
                return Over(how)
            case other:
                assert_never(other)

    def _ask(self, step: AskStep, path: str) -> Need | None:
        slot = self._flow.slot(step.ask)
        if slot is None or (step.when is not None and not step.when.holds(self._known)):
            return None
        filled = self._frame.slots.get(slot.name)
        if slot.look_up is not None:
            need = self._looked_up(slot, slot.look_up, path, held=filled)
            if need is not None:
                return need
        if filled is None:
            is_left = slot.optional or (slot.pictures and not self._takes_pictures)
            return None if is_left else NeedSlot(path, slot)
        self._trail.append((slot.name, filled.value))
        return None

    def _looked_up(self, slot: Slot, action: str, path: str, *, held: SlotValue | None) -> Need | None:
        """Find what a slot is about; what it holds stays as long as it is among what is found."""
        find_path = f"{path}{_LOOK_UP}"
        result = self._frame.results.get(find_path)
        choices = self._frame.facts.get(find_path, {}).get("choices", [])
        fixed = self._arguments(slot.with_)
        if held is not None and (result is None or all(result.arguments.get(k) == v for k, v in fixed.items())):
            return None if result is None or _is_among(held, choices) else DropSlot(slot)
        arguments = self._mentioned(slot) | fixed
        if result is None or result.arguments != arguments:
            return NeedAction(find_path, action, arguments, find_path, is_effect=False)
        if result.outcome == "one" or (result.outcome == _THESE and (slot.several or slot.each)):
            return TakeSlot(slot, choices)
        if slot.optional and result.outcome != "several":
            return None
        if result.outcome == "none" or not choices:
            return self._steps(slot.when_none, f"{path}.none.") or Over("refused")
        return NeedSlot(path, slot, result.outcome)

    def _mentioned(self, slot: Slot) -> dict[str, str]:
        mention = self._frame.mentions.get(slot.name, Mention(""))
        arguments = {"mention": mention.text} if mention.text else {}
        for entity in mention.entities:
            if entity.entity not in slot.not_of:
                arguments.setdefault(f"mention.{entity.entity}", entity.value)
        for kind in slot.not_of:
            if said := dict.fromkeys(entity.value for entity in mention.entities if entity.entity == kind):
                arguments[f"wanted.{kind}"] = ",".join(said)
        if slot.several or slot.each:
            arguments["several"] = "yes"
        scope = slot.scopes.get(self._frame.trigger, slot.scope)
        if scope:
            arguments["scope"] = scope
        if slot.name in self._carried:
            arguments["context"] = self._carried[slot.name].value
        return arguments

    def _do(self, step: DoStep, path: str) -> Need | None:
        arguments = self._arguments(step.with_)
        is_effect = self._specs[step.do].is_effect
        result = self._frame.results.get(path)
        if result is None or (not is_effect and result.arguments != arguments):
            if is_effect and not self._is_confirmed:
                raise UnconfirmedEffectError(
                    f"Flow {self._flow.name}, step {path}: {step.do} changes the shop; no confirm step is before it."
                )
            return NeedAction(path, step.do, arguments, step.as_ or "", is_effect)
        self._trail.append((path, result.outcome, *sorted(f"{k}={v}" for k, v in result.arguments.items())))
        if result.outcome == NOT_THERE and NOT_THERE not in step.on:
            return self._gone(f"{path}.{NOT_THERE}")
        return self._steps(step.on.get(result.outcome, ()), f"{path}.{result.outcome}.")

    def _gone(self, path: str) -> Need:
        """Say that something is not there any more, and end."""
        digest = self._digest()
        return Over("refused") if self._frame.said.get(path) == digest else NeedSay(path, digest, reply="gone")

    def _arguments(self, references: Mapping[str, str]) -> dict[str, str]:
        found = {parameter: self._value(reference) for parameter, reference in references.items()}
        return {parameter: value for parameter, value in found.items() if value is not None}

    def _value(self, reference: str) -> str | None:
        slot = self._frame.slots.get(reference)
        if slot is not None:
            return slot.value
        fact = look_up(self._frame.facts, reference)
        return None if fact is MISSING or fact is None else str(fact)

    def _confirm(self, step: ConfirmStep, path: str) -> Need | None:
        digest = self._digest(*self._volunteered())
        answer = self._frame.confirmations.get(path)
        if answer is None or answer.digest != digest:
            return NeedYes(path, digest, step.confirm)
        if not answer.yes:
            return self._steps(step.on_no, f"{path}.no.") or Over("given_up")
        self._is_confirmed = True
        return None

    def _offer(self, step: OfferStep, path: str) -> Need | None:
        digest = self._digest()
        answer = self._frame.confirmations.get(path)
        if answer is None or answer.digest != digest:
            return NeedYes(path, digest, step.say, step.offer)
        return StartOffered(step.offer, self._arguments(step.with_)) if answer.yes else None

    def _volunteered(self) -> list[tuple[str, ...]]:
        """Give the slots that were filled without being asked for: a confirmation shows them too."""
        asked = {step[0] for step in self._trail}
        return sorted((name, slot.value) for name, slot in self._frame.slots.items() if name not in asked)

    def _digest(self, *more: tuple[str, ...]) -> str:
        return hashlib.blake2s(msgspec.json.encode([*self._trail, *more]), digest_size=8).hexdigest()


def _is_among(held: SlotValue, choices: Iterable[Facts]) -> bool:
    """Say whether all that a slot holds was found."""
    return {*held.value.split(",")} <= {str(choice["value"]) for choice in choices}
