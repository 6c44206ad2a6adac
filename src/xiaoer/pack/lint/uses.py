"""Where replies are said, and what is known there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xiaoer.pack.flows import AskStep, ConfirmStep, DoStep, Flow, OfferStep, SayStep
from xiaoer.pack.lint.names import Known
from xiaoer.pack.lint.paths import Visit, visits
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Place
from xiaoer.pack.replies import BUILT_IN_REPLIES, PROOF_REPLIES, REASON_REPLIES

_WITH_QUESTIONS = frozenset({"found", "choices"})
_OF_EACH = frozenset({"titles"})
"""What a reply may name besides when it asks for a slot: the outcome of its look-up, and the candidates."""

_OF_NEWS = Known(names=frozenset({"title", "stock"}))
"""What is known where a customer is told of something later: what it is, and how much there is of it."""


@dataclass(frozen=True, slots=True)
class Use:
    """A reply that is said: from where, by whom, and what may be known then."""

    reply: str
    place: Place
    by: str
    known: Known


def uses(subject: Subject) -> Iterator[Use]:
    """Give every use of a reply: by the dialogue itself, the manifest, routes and flows."""
    pack = subject.pack
    needless = frozenset() if pack.manifest.identity.by else PROOF_REPLIES
    needless |= frozenset() if pack.phrases.whys else REASON_REPLIES
    for name, facts in BUILT_IN_REPLIES.items():
        if name in needless and name not in pack.replies:
            continue
        yield Use(name, pack.place("pack.yaml"), "the dialogue itself", Known(names=frozenset(facts)))
    yield Use(pack.manifest.welcome, pack.place("pack.yaml", "welcome"), "pack.yaml", Known())
    for route in pack.routes.values():
        if route.reply is not None:
            yield Use(route.reply, pack.place(f"routes:{route.intent}"), f"the route of {route.intent}", Known())
    for index, alarm in enumerate(pack.phrases.alarms):
        yield Use(alarm.reply, pack.place("phrases.yaml", "alarms", index, "reply"), "an alarm", Known())
    for flow in pack.flows.values():
        for visit in visits(flow, subject.actions):
            yield from _of_step(subject, visit)
        yield from _told(subject, flow)


def _told(subject: Subject, flow: Flow) -> Iterator[Use]:
    """Give the replies to questions about a task: they may come whenever it runs."""
    visited = [visit.known for visit in visits(flow, subject.actions)]
    names = {name for known in visited for name in known.facts}
    facts = {name: frozenset().union(*(known.facts.get(name, ()) for known in visited)) for name in names}
    known = replace(visited[0], facts=facts)
    for index, telling in enumerate(flow.tells):
        place = subject.pack.place(f"flows:{flow.name}", "tells", index)
        yield Use(telling.say, place, f"the flow {flow.name}", known)


def _of_step(subject: Subject, visit: Visit) -> Iterator[Use]:
    by = f"the flow {visit.flow.name}"
    place = subject.pack.place(f"flows:{visit.flow.name}", *visit.where)
    match visit.step:
        case SayStep(say=reply) | ConfirmStep(confirm=reply) | OfferStep(say=reply):
            yield Use(reply, place, by, visit.known)
        case AskStep(ask=name):
            for index, slot in enumerate(visit.flow.slots):
                if slot.name == name:
                    asked = subject.pack.place(f"flows:{visit.flow.name}", "slots", index, "ask")
                    known = replace(visit.known, names=visit.known.names | _WITH_QUESTIONS)
                    yield Use(slot.question, asked, by, known)
                    if slot.each:
                        each = subject.pack.place(f"flows:{visit.flow.name}", "slots", index, "each")
                        yield Use(slot.each, each, by, replace(visit.known, names=visit.known.names | _OF_EACH))
        case DoStep(do=action) if action in subject.actions and subject.actions[action].news:
            yield Use(subject.actions[action].news, place, f"the news that {action} asks for", _OF_NEWS)
        case _:
            return
