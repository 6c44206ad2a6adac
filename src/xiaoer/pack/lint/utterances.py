"""The utterances of intents: doubled, claimed by two intents, wrongly marked, too few."""

from collections.abc import Iterator
from dataclasses import dataclass

from xiaoer.pack.lint.findings import Finding, error, warning
from xiaoer.pack.lint.plain import plain
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Place
from xiaoer.pack.understanding import Intent, Utterance

_FEWEST = 40
_LARGEST_RATIO = 3


@dataclass(frozen=True, slots=True)
class _Example:
    intent: str
    utterance: Utterance
    place: Place


def check(subject: Subject) -> Iterator[Finding]:
    """Find what would teach the models something wrong, or too little."""
    examples = [example for intent in subject.pack.intents.values() for example in _examples(subject, intent)]
    yield from _doubled(examples)
    for example in examples:
        yield from _marks(subject, example)
    yield from _sizes(subject)


def _examples(subject: Subject, intent: Intent) -> Iterator[_Example]:
    """Give the utterances with their lines: the block begins on the line after its field."""
    block = subject.pack.place(f"intents:{intent.name}", "utterances")
    for offset, line in enumerate(intent.utterances.splitlines(), start=1):
        if line.strip():
            yield _Example(intent.name, Utterance.parse(line.strip()), Place(block.file, block.line + offset))


def _doubled(examples: list[_Example]) -> Iterator[Finding]:
    first: dict[str, _Example] = {}
    for example in examples:
        text = example.utterance.text
        other = first.setdefault(plain(text), example)
        if other is example:
            continue
        if other.intent == example.intent:
            message = f"{text!r} stands at {other.place} already; the models learn nothing from it twice"
            yield warning("utterance.doubled", example.place, message)
        else:
            message = f"{text!r} is an utterance of {other.intent} too ({other.place}); leave it with one of them"
            yield error("utterance.two_intents", example.place, message)


def _marks(subject: Subject, example: _Example) -> Iterator[Finding]:
    for span in example.utterance.spans:
        if span.entity not in subject.pack.entities:
            message = f"the mark names the entity {span.entity}, which entities.yaml does not have"
            yield error("utterance.unknown_entity", example.place, message)
    if "](" in example.utterance.text:
        message = f"a mark is written [words](entity), the entity in small letters: {example.utterance.text}"
        yield error("utterance.broken_mark", example.place, message)


def _sizes(subject: Subject) -> Iterator[Finding]:
    sizes = {intent.name: len(intent.examples()) for intent in subject.pack.intents.values()}
    for name, size in sizes.items():
        if size < _FEWEST:
            message = f"{name} has {size} utterances; the models need {_FEWEST} or more to tell it from the others"
            yield warning("intent.few_utterances", subject.pack.place(f"intents:{name}", "utterances"), message)
    if not sizes:
        return
    largest, smallest = max(sizes, key=lambda name: sizes[name]), min(sizes, key=lambda name: sizes[name])
    if sizes[smallest] * _LARGEST_RATIO < sizes[largest]:
        message = (
            f"{largest} has {sizes[largest]} utterances, {smallest} only {sizes[smallest]}: over {_LARGEST_RATIO} to 1,"
            " the models lean towards the larger one"
        )
        yield warning("intent.uneven", subject.pack.place(f"intents:{largest}", "utterances"), message)
