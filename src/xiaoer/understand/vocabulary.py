"""Which language a message is in, by the words that packs know: for shops that serve in more than one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from xiaoer.events import Entity
from xiaoer.pack import Pack
from xiaoer.text import normalise

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"(?<![a-z0-9])[a-z]+(?:['’][a-z]+)?(?![a-z0-9])")
_MARK = re.compile(r"\[([^\]]+)\]\([a-z_]+\)")
_ADDRESS = re.compile(r"[!-~]*(?:://|www\.|@)[!-~]*")
"""What is written the same in every language: links and mail addresses."""
_NAMED_BY = ("pattern", "lexicon")
_FEW_WORDS = 2
_MUCH_MORE = 4


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a pack's language: what it is written in, and which words of Latin letters it knows.

    `loans` are the words of another script that stand in its own sentences (`vip`, `wifi`, `ok`).
    """

    language: str
    words: frozenset[str] = frozenset()
    loans: frozenset[str] = frozenset()

    @classmethod
    def of_pack(cls, pack: Pack) -> "Vocabulary":
        """Gather the words of a pack's utterances, questions and phrases."""
        lines = [line for intent in pack.intents.values() for line in intent.utterances.splitlines()]
        lines += [entry.question for entry in pack.faq.values()]
        lines += [*pack.phrases.yes, *pack.phrases.no, *pack.phrases.give_up]
        spoken = [_MARK.sub(r"\1", line).casefold() for line in lines]
        language = pack.manifest.language
        if language == "en":
            return cls(language, words=_latin(spoken))
        signs = (*pack.phrases.yes, *pack.phrases.no)
        return cls(language, loans=_latin([*(line for line in spoken if _HAN.search(line)), *signs]))

    def weigh(self, text: str, *, but: frozenset[str] = frozenset()) -> float:
        """Count the words of this language in a normalised text, `but` for some; two Han characters are a word.

        Words of Latin letters most of which are unknown are of some other language, or Chinese in pinyin.
        """
        if self.language == "zh":
            return len(_HAN.findall(text)) / 2
        said = [word for word in _LATIN_WORD.findall(text) if word not in but]
        known = sum(word in self.words for word in said)
        return known if 2 * known >= len(said) else 0


def without_names(text: str, entities: Iterable[Entity]) -> str:
    """Give a text, normalised, without what names something whatever the language: goods, numbers, addresses, links.

    `entities` are those found in it; the tagger's are not trusted, it may never have seen the language.
    """
    for entity in sorted(entities, key=lambda entity: -entity.start):
        if entity.extractor in _NAMED_BY:
            text = f"{text[: entity.start]} {text[entity.end :]}"
    return _ADDRESS.sub(" ", normalise(text).text)


def may_be_foreign(text: str, own: Vocabulary, *, is_first: bool) -> bool:
    """Say whether a text without names holds anything that is not of a language: a look that needs no other pack."""
    if own.language == "zh":
        return any(is_first or word not in own.loans for word in _LATIN_WORD.findall(text))
    return _HAN.search(text) is not None


def is_foreign(text: str, own: Vocabulary, other: Vocabulary, *, is_first: bool) -> bool:
    """Say whether a text without names is in the `other` language rather than in the conversation's `own`.

    Words borrowed from the other language count for nothing in a conversation under way, or beside a word of its own
    ("XL换L"), and a few words of its own hold it where it is, so that an address written in the other script does not
    carry it away.
    """
    here = own.weigh(text)
    there = other.weigh(text, but=frozenset() if is_first and not here else own.loans)
    if not is_first and here >= _FEW_WORDS and there <= _MUCH_MORE * here:
        return False
    return there > here


def _latin(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in _LATIN_WORD.findall(line))
