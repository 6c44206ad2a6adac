"""Every way through a flow at once: for each step, what may be known before it and whether a yes is certain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, assert_never

from xiaoer.pack.actions import NOT_THERE, ActionSpec
from xiaoer.pack.flows import (
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
)
from xiaoer.pack.lint.names import ANYTHING, Known

Where: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """A step as some path reaches it; `where` is its path in the file, inside the flow.

    `is_confirmed`: every path to it passes a confirm step. `is_reached`: some path does not end before it.
    """

    flow: Flow
    step: AnyStep
    where: Where
    known: Known
    is_confirmed: bool
    is_reached: bool


def visits(flow: Flow, actions: Mapping[str, ActionSpec]) -> list[Visit]:
    """Give every step of a flow, in the order in which they stand in it; the steps of a look-up at its ask step."""
    walk = _Walk(flow, actions)
    walk.steps(flow.steps, ("steps",), _State())
    return walk.visits


@dataclass(frozen=True, slots=True)
class _State:
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_confirmed: bool = False


class _Walk:
    def __init__(self, flow: Flow, actions: Mapping[str, ActionSpec]) -> None:
        self.visits: list[Visit] = []
        self._flow = flow
        self._actions = actions
        self._slots = frozenset(slot.name for slot in flow.slots)

    def steps(self, steps: Iterable[AnyStep], where: Where, state: _State) -> _State | None:
        """Walk steps and give the state after them; None if every path ends in them."""
        is_reached = True
        for index, step in enumerate(steps):
            at = (*where, index)
            known = Known(self._slots, state.facts, frozenset({"trigger"}))
            self.visits.append(Visit(self._flow, step, at, known, state.is_confirmed, is_reached))
            after = self._after(step, at, state)
            is_reached = is_reached and after is not None
            state = after or state
        return state if is_reached else None

    def _after(self, step: AnyStep, at: Where, state: _State) -> _State | None:
        match step:
            case AskStep():
                self._nothing_found(step, state)
                return state
            case DoStep():
                return self._after_action(step, at, state)
            case ConfirmStep(on_no=on_no):
                self.steps(on_no, (*at, "on_no"), state)  # a no ends the flow, with or without steps of its own
                return replace(state, is_confirmed=True)
            case IfStep(then=then, else_=otherwise):
                return _joined(
                    [self.steps(then, (*at, "then"), state), self.steps(otherwise, (*at, "else"), state)],
                )
            case OfferStep() | SayStep():
                return state
            case HandOverStep() | EndStep():
                return None
            case other:
                assert_never(other)

    def _nothing_found(self, step: AskStep, state: _State) -> None:
        """Walk the steps of a look-up that finds nothing; after them the flow ends."""
        for index, slot in enumerate(self._flow.slots):
            if slot.name == step.ask:
                self.steps(slot.when_none, ("slots", index, "when_none"), state)

    def _after_action(self, step: DoStep, at: Where, state: _State) -> _State | None:
        spec = self._actions.get(step.do)
        if step.as_ is not None:
            found = frozenset({ANYTHING}) if spec is None else frozenset(spec.facts)
            before = state.facts.get(step.as_, frozenset())
            state = replace(state, facts={**state.facts, step.as_: before | found})
        branches = [self.steps(branch, (*at, "on", outcome), state) for outcome, branch in step.on.items()]
        goes_on = spec is None or not {*spec.outcomes} - {NOT_THERE} <= {*step.on}
        return _joined([*branches, state] if goes_on else branches)


def _joined(states: Iterable[_State | None]) -> _State | None:
    """Join the states of several ways: what one of them may know, and a yes if all of them have it."""
    live = [state for state in states if state is not None]
    if not live:
        return None
    names = {name for state in live for name in state.facts}
    facts = {name: frozenset().union(*(state.facts.get(name, frozenset()) for state in live)) for name in names}
    return _State(facts, all(state.is_confirmed for state in live))
