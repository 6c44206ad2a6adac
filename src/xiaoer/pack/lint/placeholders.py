"""The names in replies: what none of the flows that say them can know."""

from collections import defaultdict
from collections.abc import Iterator

from xiaoer.pack.lint.findings import Finding, error
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.lint.uses import Use, uses
from xiaoer.pack.model import Place
from xiaoer.pack.replies import PLACEHOLDER, ReplyTemplate, Wording


def check(subject: Subject) -> Iterator[Finding]:
    """Find placeholders, cards and clauses that a use of the reply cannot fill, and cases that no use can meet."""
    by_reply: dict[str, list[Use]] = defaultdict(list)
    for use in uses(subject):
        by_reply[use.reply].append(use)
    for reply in subject.pack.replies.values():
        yield from _general(subject, reply, by_reply[reply.name])
        yield from _cases(subject, reply, by_reply[reply.name])


def _general(subject: Subject, reply: ReplyTemplate, said: list[Use]) -> Iterator[Finding]:
    for place, name in _placeholders(subject, reply, reply, ()):
        yield from (_unknown(reply, name, use, place) for use in said if not use.known.has(name))
    fields = {"cards": reply.cards, "clause": reply.clause}
    for field, named in fields.items():
        if named is not None and said and not any(use.known.has(named) for use in said):
            yield _unknown(reply, named, said[0], subject.pack.place(f"replies:{reply.name}", field))


def _cases(subject: Subject, reply: ReplyTemplate, said: list[Use]) -> Iterator[Finding]:
    """A case counts where its condition can be met; where it cannot, the general wording is said."""
    for index, case in enumerate(reply.cases):
        names = case.when.names()
        meeting = [use for use in said if all(use.known.has(name) for name in names)]
        if said and not meeting:
            unknown = sorted(name for name in names if not said[0].known.has(name))
            place = subject.pack.place(f"replies:{reply.name}", "cases", index, "when")
            yield _unknown(reply, ", ".join(unknown), said[0], place)
        for place, name in _placeholders(subject, reply, case, ("cases", index)):
            yield from (_unknown(reply, name, use, place) for use in meeting if not use.known.has(name))


def _placeholders(
    subject: Subject, reply: ReplyTemplate, wording: Wording, where: tuple[str | int, ...]
) -> Iterator[tuple[Place, str]]:
    for tone, number, text in wording.texts():
        place = subject.pack.place(f"replies:{reply.name}", *where, tone, number)
        yield from ((place, placeholder[1]) for placeholder in PLACEHOLDER.finditer(text))


def _unknown(reply: ReplyTemplate, name: str, use: Use, place: Place) -> Finding:
    message = f"{reply.name} names {name}, which {use.by} cannot know when it says this ({use.place})"
    return error("reply.unknown_name", place, message)
