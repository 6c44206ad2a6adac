"""How flows begin: what triggers them, what offers them, what keeps them from ever starting."""

from collections.abc import Iterator

from xiaoer.pack.flows import Flow, OfferStep
from xiaoer.pack.lint.findings import Finding, error, warning
from xiaoer.pack.lint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find dead flows, triggers that are no intents, and flows that another one always comes before."""
    for flow in subject.pack.flows.values():
        yield from _unknown_intents(subject, flow)
        yield from _unknown_flows(subject, flow)
        yield from _shadows(subject, flow)
    yield from _dead(subject)


def _unknown_intents(subject: Subject, flow: Flow) -> Iterator[Finding]:
    fields = {
        "triggers": flow.triggers,
        "triggers_when_proved": flow.triggers_when_proved,
        "triggers_unanswered": flow.triggers_unanswered,
        "yields_to": flow.yields_to,
        "gives_up": flow.gives_up,
    }
    for field, intents in fields.items():
        for index, intent in enumerate(intents):
            if intent not in subject.pack.intents:
                place = subject.pack.place(f"flows:{flow.name}", field, index)
                message = f"the flow {flow.name} names the intent {intent}, which is not there; add it under intents/"
                yield error("flow.unknown_intent", place, message)


def _unknown_flows(subject: Subject, flow: Flow) -> Iterator[Finding]:
    for index, name in enumerate(flow.instead_of):
        if name not in subject.pack.flows:
            place = subject.pack.place(f"flows:{flow.name}", "instead_of", index)
            yield error("flow.unknown_flow", place, f"the flow {flow.name} names the flow {name}, which is not there")


def _shadows(subject: Subject, flow: Flow) -> Iterator[Finding]:
    """Find intents that an earlier flow takes in every case in which this one could."""
    before = list(subject.pack.flows.values())
    for other in before[: before.index(flow)]:
        if other.only_with:
            continue
        taken = {*other.triggers, *other.triggers_when_proved}
        doubled = taken.intersection(flow.triggers_when_proved) | set(other.triggers).intersection(flow.triggers)
        for intent in sorted(doubled):
            message = (
                f"the intent {intent} starts the flow {other.name} and so never {flow.name}; take it from one of them,"
                f" or give {other.name} `only_with`, or let {flow.name} stand first with `only_with`"
            )
            yield error("flow.shadowed", subject.pack.place(f"flows:{flow.name}"), message)


def _dead(subject: Subject) -> Iterator[Finding]:
    flows = subject.pack.flows
    offered = {
        step.offer
        for flow in flows.values()
        for step in flow.walk()
        if isinstance(step, OfferStep) and step.offer != flow.name
    }
    for flow in flows.values():
        if not flow.triggers and not flow.triggers_when_proved and flow.name not in offered:
            message = f"nothing starts the flow {flow.name}: give it `triggers`, offer it in another flow, or remove it"
            yield warning("flow.dead", subject.pack.place(f"flows:{flow.name}"), message)
