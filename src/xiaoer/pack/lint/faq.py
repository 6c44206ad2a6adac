"""FAQ entries: what they name, and questions that two of them claim."""

from collections.abc import Iterator

from xiaoer.pack.knowledge import FaqEntry
from xiaoer.pack.lint.findings import Finding, error
from xiaoer.pack.lint.plain import plain
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Place


def check(subject: Subject) -> Iterator[Finding]:
    """Find entries with unknown intents or clauses, and phrasings that stand in two entries."""
    first: dict[str, tuple[str, Place]] = {}
    for entry in subject.pack.faq.values():
        yield from _unknown(subject, entry)
        for text, place in _phrasings(subject, entry):
            owner, there = first.setdefault(plain(text), (entry.id, place))
            if owner != entry.id:
                message = f"{text!r} stands in {owner} too ({there}); leave it in the entry that answers it best"
                yield error("faq.doubled_phrasing", place, message)


def _unknown(subject: Subject, entry: FaqEntry) -> Iterator[Finding]:
    pack = subject.pack
    for index, intent in enumerate(entry.intents):
        if intent not in pack.intents:
            place = pack.place(f"entries:{entry.id}", "intents", index)
            yield error("faq.unknown_intent", place, f"{entry.id} names the intent {intent}, which is not there")
    for index, clause in enumerate(entry.clauses):
        if clause not in pack.clauses:
            place = pack.place(f"entries:{entry.id}", "clauses", index)
            message = f"{entry.id} rests on the clause {clause}, which is not there; add it under policies/"
            yield error("faq.unknown_clause", place, message)


def _phrasings(subject: Subject, entry: FaqEntry) -> Iterator[tuple[str, Place]]:
    part = f"entries:{entry.id}"
    yield entry.question, subject.pack.place(part, "question")
    for index, phrasing in enumerate(entry.phrasings):
        yield phrasing, subject.pack.place(part, "phrasings", index)
