"""Conversation tests: whether what they expect can come at all."""

from collections.abc import Iterator

from xiaoer.pack.conversations import ConversationTest, Expectation, ExpectTurn
from xiaoer.pack.lint.findings import Finding, error
from xiaoer.pack.lint.subject import Subject

_NO_FLOW = "none"
_FAQ_ANSWER = "answer"
"""The name under which an answer from the knowledge is said."""


def check(subject: Subject) -> Iterator[Finding]:
    """Find tests that expect unknown flows, replies, slots or sources."""
    for test in subject.pack.tests:
        for index, turn in enumerate(test.talk):
            if isinstance(turn, ExpectTurn):
                yield from _expectation(subject, test, index, turn.expect)


def _expectation(subject: Subject, test: ConversationTest, index: int, expected: Expectation) -> Iterator[Finding]:
    pack = subject.pack
    flows = [flow for flow in pack.flows.values() if expected.flow in (None, _NO_FLOW, flow.name)]
    slots = {slot.name for flow in flows for slot in flow.slots}
    named = [
        *(("replies", "reply", reply, pack.replies) for reply in expected.replies or () if reply != _FAQ_ANSWER),
        *(("includes", "reply", reply, pack.replies) for reply in expected.includes if reply != _FAQ_ANSWER),
        *(("flow", "flow", flow, pack.flows) for flow in (expected.flow,) if flow not in (None, _NO_FLOW)),
        *(("slots", "slot", slot, slots) for slot in expected.slots),
        *(("source", "source", source, {**pack.faq, **pack.clauses}) for source in (expected.source,) if source),
    ]
    for field, kind, name, existing in named:
        if name not in existing:
            place = pack.place(f"conversations:{test.name}", "talk", index, "expect", field)
            message = f"the test {test.name!r} expects the {kind} {name}, which the pack does not have"
            yield error(f"test.unknown_{kind}", place, message)
