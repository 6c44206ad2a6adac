"""How customers mistype: keys beside the right one, letters left as typed, characters of the same sound."""

import re
from collections import Counter, defaultdict
from random import Random

import opencc

from xiaoer.learn.data.augment_tables import augment_tables
from xiaoer.learn.data.edits import Edit
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.data.wording import Maker, placed_words, some_of
from xiaoer.learn.sounds import fuzzy, sound_of

_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SEEN_OFTEN = 3


def keyboard(share: float) -> Maker:
    """Mistype a share of the Latin words (one at least): a key beside it, one too few, two the wrong way round."""

    def make(sample: Sample, chance: Random) -> list[Edit]:
        found = [(word.start(), word[0]) for word in _LATIN_WORD.finditer(sample.text)]
        return [
            Edit(start, start + len(word), _mistyped(word, chance)) for start, word in some_of(found, share, chance)
        ]

    return make


def pinyin() -> Maker:
    """Leave one Chinese word as the letters that were typed for it, at times mistyped."""

    def make(sample: Sample, chance: Random) -> list[Edit]:
        places = [(at, word) for at, word in placed_words(sample.text) if len(word) > 1 and all(map(_HAN.match, word))]
        if not places:
            return []
        start, word = chance.choice(places)
        letters = "".join(map(sound_of, word))
        return [Edit(start, start + len(word), _mistyped(letters, chance) if chance.random() < 0.5 else letters)]

    return make


def homophones(table: Table, share: float) -> Maker:
    """Put characters that sound alike, tones aside, in place of a share of the characters (one at least).

    They are drawn from those that the data has often, as an input method offers them first; sounds that many speakers
    do not part (zh and z, n and l) count as alike.
    """
    counts = Counter(character for sample in table for character in sample.text if _HAN.match(character))
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for character, count in counts.items():
        if count >= _SEEN_OFTEN:
            alike[fuzzy(sound_of(character))].append(character)

    def make(sample: Sample, chance: Random) -> list[Edit]:
        found = []
        for at, character in enumerate(sample.text):
            others = (
                [one for one in alike[fuzzy(sound_of(character))] if one != character] if _HAN.match(character) else []
            )
            if others:
                found.append((at, others))
        return [
            Edit(at, at + 1, chance.choices(others, [counts[one] for one in others])[0])
            for at, others in some_of(found, share, chance)
        ]

    return make


def traditional() -> Maker:
    """Write a text in traditional characters, where that leaves its length as it is."""
    converter = opencc.OpenCC("s2t")

    def make(sample: Sample, _: Random) -> list[Edit]:
        written: str = converter.convert(sample.text)
        if len(written) != len(sample.text):
            return []
        pairs = enumerate(zip(sample.text, written, strict=True))
        return [Edit(at, at + 1, new) for at, (old, new) in pairs if old != new]

    return make


def _mistyped(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    beside = augment_tables().neighbours(word[at].lower())
    match chance.randrange(3):
        case 0 if beside:
            return word[:at] + chance.choice(beside) + word[at + 1 :]
        case 1 if len(word) > at + 1 and word[at] != word[at + 1]:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case _:
            return word[:at] + word[at + 1 :]
