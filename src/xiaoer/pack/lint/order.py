"""The order of steps: what is never reached, and what would be done without the customer's yes."""

from collections.abc import Iterator

from xiaoer.pack.flows import DoStep, Flow
from xiaoer.pack.lint.findings import Finding, error
from xiaoer.pack.lint.paths import visits
from xiaoer.pack.lint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find steps behind the end of a flow, and changes of the shop that some path reaches unconfirmed."""
    for flow in subject.pack.flows.values():
        yield from _flow(subject, flow)


def _flow(subject: Subject, flow: Flow) -> Iterator[Finding]:
    dead: set[tuple[str | int, ...]] = set()
    for visit in visits(flow, subject.actions):
        place = subject.pack.place(f"flows:{flow.name}", *visit.where)
        if not visit.is_reached and visit.where[:-1] not in dead:
            dead.add(visit.where[:-1])
            message = f"no path of the flow {flow.name} gets to this step: every one ends before it"
            yield error("flow.unreachable", place, message)
        spec = subject.actions.get(visit.step.do) if isinstance(visit.step, DoStep) else None
        if spec is not None and spec.is_effect and not visit.is_confirmed:
            message = (
                f"{spec.name} changes the shop, yet a path of the flow {flow.name} gets here without a confirm step"
            )
            yield error("flow.unconfirmed_effect", place, message)
