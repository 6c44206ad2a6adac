"""The kinds of entities: what they rest on, and who names kinds that are not there."""

from collections.abc import Iterator

from xiaoer.pack.lint.findings import Finding, error
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.manifest import PIECES


def check(subject: Subject) -> Iterator[Finding]:
    """Find entities whose lexicon is missing, and flows and ways of proof that wait for unknown entities."""
    pack = subject.pack
    for kind in pack.entities.values():
        if kind.lexicon is not None and kind.lexicon not in pack.lexicons:
            place = pack.place(f"entities:{kind.name}", "lexicon")
            message = f"the entity {kind.name} needs the lexicon {kind.lexicon}, which is not under lexicons/"
            yield error("entity.unknown_lexicon", place, message)
    for flow in pack.flows.values():
        part = f"flows:{flow.name}"
        starts = {"only_with": flow.only_with, "not_with": flow.not_with}
        named = [(each, pack.place(part, key, at)) for key, kinds in starts.items() for at, each in enumerate(kinds)]
        for index, slot in enumerate(flow.slots):
            named.extend((entity, pack.place(part, "slots", index, "entities")) for entity in slot.entities)
        for entity, place in named:
            if entity not in pack.entities:
                message = f"the flow {flow.name} names the entity {entity}, which entities.yaml does not have"
                yield error("entity.unknown", place, message)
    for way in pack.manifest.identity.by:
        for entity in (entity for entity in PIECES[way] if entity not in pack.entities):
            message = f"the proof by {way} needs the entity {entity}, which entities.yaml does not have"
            yield error("entity.unknown", pack.place("pack.yaml", "identity"), message)
