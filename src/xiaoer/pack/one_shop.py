"""One shop in two languages: a sister pack gives the words, the first pack gives the trade."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from xiaoer.pack.knowledge import Clause, FaqEntry
from xiaoer.pack.manifest import Identity, Manifest
from xiaoer.pack.model import Pack
from xiaoer.pack.replies import ReplyTemplate
from xiaoer.pack.rules import Rule
from xiaoer.pack.sisters import Sister
from xiaoer.pack.understanding import EntityKind

_Named = TypeVar("_Named", ReplyTemplate, FaqEntry)
_NUMBERS = ("postcode", "phone")


def of_one_shop(sister: Pack, first: Pack, said: Sister) -> Pack:
    """Give a sister pack as it serves the first pack's shop; `said` is what it says otherwise there.

    Currency, time zone, values of clauses, decision rules and who may prove what are the first pack's, and numbers are
    found as either pack finds them; all words are the sister's. An answer that rests on a clause with other values, and
    that nothing is `said` for, is left out: it would not be true here.
    """
    names = (sister.manifest.title, said.title or sister.manifest.title)
    return replace(
        sister,
        manifest=_manifest(sister.manifest, first.manifest, said),
        entities={name: _kind(kind, first.entities.get(name)) for name, kind in sister.entities.items()},
        replies={name: _renamed(reply, names) for name, reply in sister.replies.items()},
        words={**sister.words, **said.words},
        faq={name: _renamed(entry, names) for name, entry in _true_here(sister, first, said).items()},
        clauses={name: _clause(clause, sister.clauses.get(name), said) for name, clause in first.clauses.items()},
        rules={name: _rule(rule, sister.rules.get(name), said) for name, rule in first.rules.items()},
    )


def other_values(sister: Pack, first: Pack) -> frozenset[str]:
    """Name the clauses that have other values in the two packs, or stand in one of them alone."""
    names = sister.clauses.keys() | first.clauses.keys()
    return frozenset(name for name in names if _values(sister.clauses.get(name)) != _values(first.clauses.get(name)))


def _values(clause: Clause | None) -> Mapping[str, object] | None:
    return None if clause is None else clause.values


def _manifest(sister: Manifest, first: Manifest, said: Sister) -> Manifest:
    return sister.model_copy(
        update={
            "title": said.title or sister.title,
            "about": said.about or sister.about,
            "currency": first.currency,
            "timezone": first.timezone,
            "identity": _identity(sister.identity, first.identity),
        }
    )


def _identity(sister: Identity, first: Identity) -> Identity:
    """Take the first pack's rules, with the sister's look of names: numbers are the shop's country's."""
    numbers = {kind: like for kind, like in first.like.items() if kind in _NUMBERS}
    return first.model_copy(update={"like": {**sister.like, **numbers}})


def _kind(kind: EntityKind, first: EntityKind | None) -> EntityKind:
    """Find numbers and the like as either pack does; what stays as it is said (`as_is`) are words, and the sister's."""
    is_number = kind.normal != "as_is" and not (kind.is_trained or kind.needs_tag or kind.lexicon or kind.catalogue)
    if first is None or not is_number:
        return kind
    return kind.model_copy(
        update={
            "patterns": tuple(dict.fromkeys((*kind.patterns, *first.patterns))),
            "weak_patterns": tuple(dict.fromkeys((*kind.weak_patterns, *first.weak_patterns))),
        }
    )


def _renamed(part: _Named, names: tuple[str, str]) -> _Named:
    """Call the shop by the name that it has here, wherever the sister's words call it by hers."""
    before, here = names
    written = part.model_dump_json(by_alias=True)
    return part if before == here or before not in written else part.model_validate_json(written.replace(before, here))


def _true_here(sister: Pack, first: Pack, said: Sister) -> Mapping[str, FaqEntry]:
    others = other_values(sister, first)
    entries = {}
    for name, entry in sister.faq.items():
        answer = said.answers.get(name, "" if others.intersection(entry.clauses) else entry.answer)
        if answer:
            entries[name] = entry.model_copy(update={"answer": answer})
    return entries


def _clause(clause: Clause, sister: Clause | None, said: Sister) -> Clause:
    if sister is None:
        return clause.model_copy(update={"text": said.clauses.get(clause.id, clause.text)})
    return clause.model_copy(
        update={"title": sister.title, "text": said.clauses.get(clause.id, sister.text)},
    )


def _rule(rule: Rule, sister: Rule | None, said: Sister) -> Rule:
    """Take the first pack's decision in the sister's words, where she has the same one."""
    field = "words" if rule.then.refuse is not None else "person"
    words = said.rules.get(rule.id) or (getattr(sister.then, field) if sister is not None else None)
    return rule if words is None else rule.model_copy(update={"then": rule.then.model_copy(update={field: words})})
