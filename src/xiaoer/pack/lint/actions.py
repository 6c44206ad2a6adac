"""What flows ask of the shop: actions, parameters, outcomes, as the shop's specifications have them."""

from collections.abc import Collection, Iterator, Mapping

from xiaoer.pack.actions import ActionSpec
from xiaoer.pack.flows import DoStep, Flow, Slot
from xiaoer.pack.lint.findings import Finding, error
from xiaoer.pack.lint.paths import Visit, visits
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Place

_GIVEN_TO_LOOK_UPS = frozenset({"mention", "context"})
_MENTIONED = "mention."


def check(subject: Subject) -> Iterator[Finding]:
    """Find unknown actions, outcomes and parameters, missing parameters, and look-ups that list nothing."""
    for flow in subject.pack.flows.values():
        for visit in visits(flow, subject.actions):
            if isinstance(visit.step, DoStep):
                yield from _do(subject, visit, visit.step)
        for index, slot in enumerate(flow.slots):
            if slot.look_up is not None:
                place = subject.pack.place(f"flows:{flow.name}", "slots", index, "look_up")
                yield from _look_up(subject.actions, flow, slot, place)


def _do(subject: Subject, visit: Visit, step: DoStep) -> Iterator[Finding]:
    part, where = f"flows:{visit.flow.name}", visit.where
    spec = subject.actions.get(step.do)
    if spec is None:
        yield _unknown(step.do, subject.actions, subject.pack.place(part, *where, "do"))
        return
    for outcome in step.on:
        if outcome not in spec.outcomes:
            message = f"the action {spec.name} has no outcome {outcome}, only {', '.join(spec.outcomes)}"
            yield error("action.unknown_outcome", subject.pack.place(part, *where, "on", outcome), message)
    yield from _parameters(spec, set(step.with_), subject.pack.place(part, *where, "with"))


def _look_up(actions: Mapping[str, ActionSpec], flow: Flow, slot: Slot, place: Place) -> Iterator[Finding]:
    spec = actions.get(slot.look_up or "")
    if spec is None:
        yield _unknown(slot.look_up or "", actions, place)
        return
    if "choices" not in spec.facts or spec.is_effect or not set(spec.parameters) >= _GIVEN_TO_LOOK_UPS:
        message = f"the slot {slot.name} of {flow.name} cannot be looked up by {spec.name}: it lists no candidates"
        yield error("action.no_look_up", place, message)
        return
    own = {*slot.with_, *(("several",) if slot.several else ())} | ({"scope"} if slot.scope or slot.scopes else set())
    mentioned = {name for name in spec.parameters if name.startswith(_MENTIONED)}
    yield from _parameters(spec, own | _GIVEN_TO_LOOK_UPS | mentioned, place)
    for scope in sorted({*slot.scopes.values(), *((slot.scope,) if slot.scope else ())} - set(spec.scopes)):
        if "scope" in spec.parameters:
            message = f"the action {spec.name} has no scope {scope}, only {', '.join(spec.scopes)}"
            yield error("action.unknown_scope", place, message)


def _unknown(action: str, actions: Mapping[str, ActionSpec], place: Place) -> Finding:
    return error("action.unknown", place, f"the shop has no action {action}; it has {', '.join(sorted(actions))}")


def _parameters(spec: ActionSpec, given: Collection[str], place: Place) -> Iterator[Finding]:
    for parameter in sorted(set(given) - set(spec.parameters)):
        message = f"the action {spec.name} has no parameter {parameter}, only {', '.join(spec.parameters)}"
        yield error("action.unknown_parameter", place, message)
    for parameter in spec.parameters:
        if parameter not in given and parameter not in spec.optional:
            yield error(
                "action.missing_parameter", place, f"the action {spec.name} needs {parameter}: add it to `with`"
            )
