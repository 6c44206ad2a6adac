"""What is done for intents: routes of intents that are not there, intents that nothing serves."""

from collections.abc import Iterator

from xiaoer.pack.lint.findings import Finding, error, warning
from xiaoer.pack.lint.subject import Subject


def check(subject: Subject) -> Iterator[Finding]:
    """Find routes and wishes of unknown intents, and intents with neither flow, route nor FAQ entry."""
    pack = subject.pack
    for intent in pack.routes:
        if intent not in pack.intents:
            message = f"there is no intent {intent} to route; add it under intents/, or remove the route"
            yield error("route.unknown_intent", pack.place(f"routes:{intent}", "intent"), message)
    for index, example in enumerate(pack.wishes):
        for intent in example.wishes:
            if intent not in pack.intents:
                message = f"there is no intent {intent} to wish for; add it under intents/"
                yield error("wish.unknown_intent", pack.place("wishes.yaml", index, "wishes"), message)
    yield from _unserved(subject)


def _unserved(subject: Subject) -> Iterator[Finding]:
    pack = subject.pack
    in_faq = {intent for entry in pack.faq.values() for intent in entry.intents}
    started = {intent for flow in pack.flows.values() if not flow.only_with for intent in flow.triggers}
    routed = {route.intent for route in pack.routes.values() if route.reply or route.hand_over}
    for intent in pack.intents:
        if intent not in in_faq | started | routed | subject.answerable:
            message = (
                f"nothing serves the intent {intent}: trigger a flow by it, answer it in faq/, or route it to a reply"
            )
            yield warning("intent.unserved", pack.place(f"intents:{intent}"), message)
