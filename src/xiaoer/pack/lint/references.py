"""What the steps of a flow name: slots, flows, facts."""

from collections.abc import Iterator

from xiaoer.pack.flows import AskStep, DoStep, IfStep, OfferStep
from xiaoer.pack.lint.findings import Finding, error
from xiaoer.pack.lint.paths import Visit, visits
from xiaoer.pack.lint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find steps that ask for no slot, offer no flow, test or hand over what cannot be known there."""
    for flow in subject.pack.flows.values():
        for visit in visits(flow, subject.actions):
            yield from _step(subject, visit)


def _step(subject: Subject, visit: Visit) -> Iterator[Finding]:
    match visit.step:
        case AskStep(ask=name, when=when):
            slot = visit.flow.slot(name)
            if slot is None:
                message = f"the flow {visit.flow.name} has no slot {name}; add it under its `slots`"
                yield _error(subject, visit, "flow.unknown_slot", message)
            shown_when = (option.when for option in slot.choices) if slot else ()
            for condition in (when, *shown_when):
                yield from _unknown_names(subject, visit, frozenset() if condition is None else condition.names())
        case OfferStep(offer=flow) if flow not in subject.pack.flows:
            yield _error(subject, visit, "flow.unknown_flow", f"there is no flow {flow} to offer; add it under flows/")
        case OfferStep() as offer:
            yield from _handed_over(subject, visit, offer)
        case IfStep(if_=condition):
            yield from _unknown_names(subject, visit, condition.names())
        case DoStep(with_=given):
            for parameter, name in given.items():
                if not visit.known.has_value(name):
                    message = f"{parameter}: {name} is no slot of the flow {visit.flow.name} and no fact found before"
                    yield _error(subject, visit, "flow.unknown_name", message)
        case _:
            return


def _handed_over(subject: Subject, visit: Visit, offer: OfferStep) -> Iterator[Finding]:
    offered = subject.pack.flows[offer.offer]
    for slot_name, name in offer.with_.items():
        taken = offered.slot(slot_name)
        if taken is None or not taken.choices:
            message = f"{slot_name} is no slot with choices of the flow {offered.name}: it can be given nothing"
            yield _error(subject, visit, "flow.unknown_slot", message)
        elif not visit.known.has_value(name):
            message = f"{slot_name}: {name} is no slot of the flow {visit.flow.name} and no fact found before"
            yield _error(subject, visit, "flow.unknown_name", message)


def _unknown_names(subject: Subject, visit: Visit, names: frozenset[str]) -> Iterator[Finding]:
    for name in sorted(names):
        if not visit.known.has(name):
            message = f"the condition names {name}, which is no slot of the flow {visit.flow.name} and no fact found"
            yield _error(subject, visit, "flow.unknown_name", f"{message} before; it can never hold as it is meant")


def _error(subject: Subject, visit: Visit, code: str, message: str) -> Finding:
    return error(code, subject.pack.place(f"flows:{visit.flow.name}", *visit.where), message)
