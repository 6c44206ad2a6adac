"""The slots of flows: whether they can ever be filled."""

from collections.abc import Iterator

from xiaoer.pack.flows import AskStep, Flow, Slot
from xiaoer.pack.lint.findings import Finding, error, warning
from xiaoer.pack.lint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find slots that no step asks for and no message fills, and those that rest on what is not there."""
    for flow in subject.pack.flows.values():
        asked = {step.ask for step in flow.walk() if isinstance(step, AskStep)}
        for index, slot in enumerate(flow.slots):
            if slot.name not in asked and not _is_volunteered(slot):
                place = subject.pack.place(f"flows:{flow.name}", "slots", index)
                message = f"nothing asks for the slot {slot.name} of {flow.name}: add `- ask: {slot.name}` or remove it"
                yield warning("slot.never_asked", place, message)
            yield from _unknown_references(subject, flow, index, slot)


def _is_volunteered(slot: Slot) -> bool:
    """Say whether a customer's words can fill the slot although nothing asks for it."""
    return slot.look_up is None and bool(slot.entities or slot.choices or slot.pictures)


def _unknown_references(subject: Subject, flow: Flow, index: int, slot: Slot) -> Iterator[Finding]:
    for reference in slot.with_.values():
        if flow.slot(reference) is None and not _is_named(flow, reference):
            place = subject.pack.place(f"flows:{flow.name}", "slots", index, "with")
            message = f"{reference} is no slot of the flow {flow.name} and no fact that a step of it finds"
            yield error("flow.unknown_name", place, message)


def _is_named(flow: Flow, reference: str) -> bool:
    root = reference.partition(".")[0]
    return any(getattr(step, "as_", None) == root for step in flow.walk())
