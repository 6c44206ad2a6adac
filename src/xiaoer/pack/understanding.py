"""What a pack teaches the understanding: utterances of intents, kinds of entities, word lists."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from pydantic import Field, field_validator

from xiaoer.pack.parts import Name, Part, Words

_MARK = re.compile(r"\[([^\]]+)\]\(([a-z_]+)\)")
_LATIN = re.compile(r"[A-Za-z0-9' -]*[A-Za-z][A-Za-z0-9' -]*")


def says_any(words: tuple[str, ...], text: str) -> bool:
    """Say whether one of a pack's words stands in a text as received.

    Words of Latin letters stand there whole, in small letters or capitals: "how" is not in "shower".
    """
    return bool(words) and _anywhere(words).search(text) is not None


def spans_of(words: tuple[str, ...], text: str) -> list[tuple[int, int]]:
    """Give from and up to where a pack's words stand in a text as received, as `says_any` finds them."""
    return [match.span() for match in _anywhere(words).finditer(text)] if words else []


def without(words: tuple[str, ...], text: str) -> str:
    """Leave a pack's words out of a text as received, a blank in the place of each."""
    others, latin = _parted(words)
    for word in others:
        text = text.replace(word, " ")
    return text if latin is None else latin.sub(" ", text)


def ends_any(words: tuple[str, ...], marks: tuple[str, ...], text: str) -> bool:
    """Say whether one of a pack's words ends a text as received, or a clause of it that marks cut off, and is not all.

    `marks` are single characters.
    """
    return bool(words) and _ends(words, marks).search(text) is not None


@lru_cache(maxsize=64)
def _ends(words: tuple[str, ...], marks: tuple[str, ...]) -> re.Pattern[str]:
    cut = f"[{re.escape(''.join(marks))}]" if marks else "(?!)"
    return re.compile(f"(?!{cut}).(?:{'|'.join(map(re.escape, words))})(?:$|{cut})", re.DOTALL)


@lru_cache(maxsize=64)
def _anywhere(words: tuple[str, ...]) -> re.Pattern[str]:
    """Compile words into one expression: looking for each by itself takes three times as long."""
    others, latin = _parted(words)
    return re.compile("|".join([*map(re.escape, others), *([] if latin is None else [f"(?i:{latin.pattern})"])]))


@lru_cache(maxsize=64)
def _parted(words: tuple[str, ...]) -> tuple[tuple[str, ...], re.Pattern[str] | None]:
    """Part words into those that are found anywhere, and an expression of those of Latin letters."""
    latin = [word for word in words if _LATIN.fullmatch(word)]
    return tuple(word for word in words if word not in latin), _whole_words(latin)


def _whole_words(words: Sequence[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    either = "|".join(re.escape(word).replace("'", "['\u2019]").replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<![A-Za-z0-9])(?:{either})(?![A-Za-z0-9])", re.IGNORECASE)


class MarkedSpan(Part):
    """A slot marked in an utterance; `start` and `end` count characters of its plain text."""

    entity: str
    start: int
    end: int


class Utterance(Part):
    """A thing that a customer said, as plain text with its marked spans."""

    text: str
    spans: tuple[MarkedSpan, ...] = ()

    @classmethod
    def parse(cls, marked: str) -> "Utterance":
        """Read `到[成都](region)要几天` into plain text and spans."""
        text, spans, at = "", [], 0
        for mark in _MARK.finditer(marked):
            text += marked[at : mark.start()]
            spans.append(MarkedSpan(entity=mark[2], start=len(text), end=len(text) + len(mark[1])))
            text += mark[1]
            at = mark.end()
        return cls(text=text + marked[at:], spans=tuple(spans))


class Intent(Part):
    """What a customer may want; `utterances` is a block of text, one utterance a line."""

    name: Name
    about: Words
    utterances: str

    @field_validator("utterances")
    @classmethod
    def _has_utterances(cls, block: str) -> str:
        if not block.strip():
            raise ValueError("give at least one utterance, one a line")
        return block

    def examples(self) -> tuple[Utterance, ...]:
        """Give the utterances, parsed."""
        return tuple(Utterance.parse(line.strip()) for line in self.utterances.splitlines() if line.strip())


class IntentFile(Part):
    """A file under `intents/`."""

    intents: tuple[Intent, ...]


class ManyWishes(Part):
    """A message and the wishes that it holds, in the order in which they are said."""

    text: Words
    wishes: tuple[Name, ...] = Field(min_length=1)


class EntityKind(Part):
    """A kind of entity and where it is found.

    `patterns` are regular expressions (the group `value`, or all, is the span); `near` words that must stand in the
    message if a pattern alone would be too weak; `certain_patterns` those whose `value` can be of no other kind, as a
    number of pieces can that may be a size; `lexicon` names a word list; `catalogue` takes words from the shop's
    goods; `is_trained`: the sequence model learns it from marked utterances. `normal` says how a value is normalised
    (`fewer`: pieces that go, below zero; `size`: capitals, and 1米8 as 1.8米).
    `keeps_words`: the value is the word of the lexicon as said, not the normal form under which it stands there.
    `leads`, `trails`: words before and behind a value that do not belong to it, should a finder have taken them in;
    none is cut off inside one that is `unbroken`.
    `apart_from`: kinds that are no part of a value, though a finder took one in behind or before a mark (a comma, a
    blank); they count where a pattern shows them.
    `needs_tag`: patterns and lexicon count only where the sequence model agrees (坏了 is a reason only at times);
    they are what it looks at then.
    `is_masked`: the intent is read from what is said around such an entity, whatever its own words are: what is wanted
    of a thing does not hang on its name, nor a change of address on the street.
    `is_personal`: what was found is taken out where messages leave the conversation, to be trained on.
    """

    name: Name
    patterns: tuple[str, ...] = ()
    weak_patterns: tuple[str, ...] = ()
    certain_patterns: tuple[str, ...] = ()
    near: tuple[Words, ...] = ()
    lexicon: Name | None = None
    catalogue: Literal["product", "colour", "size", "sku", "brand"] | None = None
    is_trained: bool = False
    keeps_words: bool = False
    needs_tag: bool = False
    is_masked: bool = False
    is_personal: bool = False
    leads: tuple[Words, ...] = ()
    unbroken: tuple[Words, ...] = ()
    trails: tuple[Words, ...] = ()
    apart_from: tuple[Name, ...] = ()
    normal: Literal["as_is", "digits", "upper", "lower", "date", "time", "money", "quantity", "fewer", "size"] = "as_is"

    @field_validator("certain_patterns")
    @classmethod
    def _has_a_value(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            if "(?P<value>" not in pattern:
                raise ValueError(f"without the group `value`: {pattern}")
        return patterns

    @field_validator("patterns", "weak_patterns", "certain_patterns")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression ({error}): {pattern}") from error
        return patterns


class EntityFile(Part):
    """`entities.yaml`."""

    entities: tuple[EntityKind, ...]


class Lexicon(Part):
    """A file under `lexicons/`: normal forms, each with the words that mean it.

    `is_sense`: the normal forms are senses or shelves rather than names; the intent model sees them beside the words.
    """

    name: Name
    is_sense: bool = False
    entries: dict[Words, tuple[Words, ...]]


class MoodLexicon(Part):
    """`mood.yaml`: words and how they weigh on the mood, from -1 to 1; what turns it round; what strengthens it."""

    words: dict[Words, float]
    negations: tuple[Words, ...] = ()
    intensifiers: dict[Words, float] = Field(default_factory=dict)
