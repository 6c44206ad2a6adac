"""What can be seen in a text without any training: shapes and listed words; from it, what the models look at."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from xiaoer.pack import Pack
from xiaoer.understand.features import FeatureBlocks, Featurizer
from xiaoer.understand.patterns import PatternFinder
from xiaoer.understand.spans import Span, merge
from xiaoer.understand.word_finder import FoundWord, WordFinder, lexicon_words

_SURE = 0.9


@dataclass(frozen=True, slots=True)
class Analysis:
    """A normalised text with the matches of patterns (all, and those that stay) and its listed words.

    `is_by_words`: entities are looked for in the text word by word, as in English, not by characters. `names` are the
    entities whose words say nothing of what is wanted; the intent model sees their kinds alone.
    """

    text: str
    matches: tuple[Span, ...]
    spans: tuple[Span, ...]
    words: tuple[FoundWord, ...]
    is_by_words: bool = False
    names: tuple[Span, ...] = ()


class Analyser:
    """Looks at texts with a pack's patterns and lexicons; training and serving share it."""

    def __init__(self, pack: Pack) -> None:
        self._patterns = PatternFinder(pack.entities.values())
        self._words = WordFinder(lexicon_words(pack.entities, pack.lexicons))
        self._featurizer = Featurizer(tuple(pack.entities))
        self._is_by_words = pack.manifest.language == "en"
        self._masked = frozenset(kind.name for kind in pack.entities.values() if kind.is_masked)

    def analyse(self, text: str) -> Analysis:
        """Look at a normalised text."""
        matches = tuple(self._patterns.find(text))
        return Analysis(text, matches, tuple(merge(matches)), tuple(self._words.find(text)), self._is_by_words)

    def naming(self, analysis: Analysis, entities: Iterable[Span]) -> Analysis:
        """Give an analysis that knows which entities of the text are masked: those that surely are some.

        None of the entities overlaps another.
        """
        sure = (span for span in entities if span.confidence >= _SURE)
        return replace(analysis, names=tuple(span for span in sure if span.kind in self._masked))

    def part(self, analysis: Analysis, start: int, end: int) -> Analysis:
        """Look at a part of an analysed text, blanks around it left out, without finding anything twice."""
        cut = analysis.text[start:end]
        text = cut.strip()
        start += len(cut) - len(cut.lstrip())
        end = start + len(text)
        matches = tuple(span.moved(-start) for span in analysis.matches if start <= span.start and span.end <= end)
        words = tuple(
            FoundWord(word.start - start, word.end - start, word.labels)
            for word in analysis.words
            if start <= word.start and word.end <= end
        )
        names = tuple(name.moved(-start) for name in analysis.names if start <= name.start and name.end <= end)
        return Analysis(text, matches, tuple(merge(matches)), words, self._is_by_words, names)

    def features(self, analysis: Analysis) -> FeatureBlocks:
        """Give what the intent model looks at."""
        return self._featurizer.features(analysis.text, analysis.spans, analysis.words, analysis.names)
