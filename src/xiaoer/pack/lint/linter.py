"""All checks, one after the other."""

from collections.abc import Callable, Collection, Iterator, Mapping

from xiaoer.pack.actions import ActionSpec
from xiaoer.pack.lint import (
    actions,
    conversations,
    entities,
    faq,
    order,
    placeholders,
    references,
    replies,
    routes,
    rules,
    sisters,
    slots,
    starts,
    utterances,
)
from xiaoer.pack.lint.findings import Finding
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Pack

_CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    starts.check,
    references.check,
    actions.check,
    slots.check,
    order.check,
    replies.check,
    placeholders.check,
    routes.check,
    faq.check,
    rules.check,
    utterances.check,
    entities.check,
    conversations.check,
    sisters.check,
)


def lint(pack: Pack, *, actions: Mapping[str, ActionSpec], answerable: Collection[str] = ()) -> list[Finding]:
    """Give everything that is wrong or doubtful in a pack, in the order of its files and lines.

    `actions` are the shop's, by name. `answerable` are the intents that something beyond flows, routes and FAQ
    entries answers (documents, recommendations): they need nothing in the pack.
    """
    subject = Subject(pack, actions, frozenset(answerable))
    found = {finding for check in _CHECKS for finding in check(subject)}
    return sorted(found, key=lambda finding: (finding.place.file, finding.place.line, finding.code, finding.message))
