"""Where replies are said, and what is known there."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xiaoer.pack.flows import AskStep, ConfirmStep, DoStep, OfferStep, SayStep
from xiaoer.pack.lint.names import Known
from xiaoer.pack.lint.paths import Visit, visits
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Place
from xiaoer.pack.replies import BUILT_IN_REPLIES, PROOF_REPLIES

_WITH_QUESTIONS = frozenset({"found", "choices"})
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
    for name, facts in BUILT_IN_REPLIES.items():
        if name in PROOF_REPLIES and not pack.manifest.identity.by and name not in pack.replies:
            continue
        yield Use(name, pack.place("pack.yaml"), "the dialogue itself", Known(names=frozenset(facts)))
    yield Use(pack.manifest.welcome, pack.place("pack.yaml", "welcome"), "pack.yaml", Known())
    for route in pack.routes.values():
        if route.reply is not None:
            yield Use(route.reply, pack.place(f"routes:{route.intent}"), f"the route of {route.intent}", Known())
    for flow in pack.flows.values():
        for visit in visits(flow, subject.actions):
            yield from _of_step(subject, visit)


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
        case DoStep(do=action) if action in subject.actions and subject.actions[action].news:
            yield Use(subject.actions[action].news, place, f"the news that {action} asks for", _OF_NEWS)
        case _:
            return
