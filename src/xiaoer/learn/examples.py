"""Training examples: utterances in their normal form, analysed, with their marks moved along."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xiaoer.pack import MarkedSpan, Pack, Utterance
from xiaoer.text import Normalised, normalise
from xiaoer.understand import Analyser, Analysis, FeatureBlocks, Span


@dataclass(frozen=True, slots=True)
class Example:
    """An utterance as the models see it: its intent, what was seen in it, and its marks in the normalised text."""

    intent: str
    analysis: Analysis
    features: FeatureBlocks
    marks: tuple[tuple[str, int, int], ...] = ()


def examples_of_pack(pack: Pack, analyser: Analyser) -> list[Example]:
    """Give every utterance of a pack, in the order of its files."""
    return [
        _example(utterance, intent.name, analyser)
        for intent in pack.intents.values()
        for utterance in intent.examples()
    ]


def examples_of_knowledge(pack: Pack, analyser: Analyser) -> list[Example]:
    """Give the questions of a pack's knowledge that come under one intent only, as further examples of it."""
    asked = (
        (words, entry.intents[0])
        for entry in pack.faq.values()
        if len(entry.intents) == 1 and entry.intents[0] in pack.intents
        for words in (entry.question, *entry.phrasings)
    )
    return examples_of_pairs(asked, analyser)


def examples_of_pairs(pairs: Iterable[tuple[str, str]], analyser: Analyser) -> list[Example]:
    """Give examples from texts and their intents."""
    return examples_of_utterances(((Utterance(text=text), intent) for text, intent in pairs), analyser)


def examples_of_utterances(pairs: Iterable[tuple[Utterance, str]], analyser: Analyser) -> list[Example]:
    """Give examples from utterances, with what is marked in them, and their intents."""
    return [_example(utterance, intent, analyser) for utterance, intent in pairs]


def _example(utterance: Utterance, intent: str, analyser: Analyser) -> Example:
    normal = normalise(utterance.text)
    marks = tuple(marks_in(normal, utterance.spans))
    named = (Span(kind, start, end, 1.0, "tagger") for kind, start, end in marks)
    analysis = analyser.naming(analyser.analyse(normal.text), named)
    return Example(intent, analysis, analyser.features(analysis), marks)


def marks_in(normal: Normalised, marks: Iterable[MarkedSpan]) -> Iterator[tuple[str, int, int]]:
    """Give marks of a text as spans of its normal form; a mark of which nothing is left is left out."""
    for mark in marks:
        inside = [
            at
            for at, (start, end) in enumerate(zip(normal.starts, normal.ends, strict=True))
            if start >= mark.start and end <= mark.end
        ]
        if inside:
            yield mark.entity, inside[0], inside[-1] + 1
