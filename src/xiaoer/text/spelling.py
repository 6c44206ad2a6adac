"""How a message is spelt: words left in pinyin and characters that only sound alike are found and mended.

A noisy channel (Shannon, 1948; Kernighan, Church and Gale, 1990): of what may have been meant, what the texts of the
trade say most often. What these texts say often anyway is never touched.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby, pairwise
from math import inf, log
from pathlib import Path
from typing import NamedTuple
from zipfile import BadZipFile

import numpy as np

from xiaoer.text.normal import Normalised
from xiaoer.text.packing import packed, unpacked
from xiaoer.text.segment import listed_words

SPELLING_FILE = "spelling.npz"
BEGIN, END = "\x02", "\x03"
"""Stand beside the first and the last character of a text."""
SURE_ENOUGH = 0.8
"""A text as it was meant is taken if a model is surer than this share of how sure it is of the text as it is."""

_USUAL = 3
"""Neighbours that stand together so often are as they should be."""
_NUMERALS = frozenset("〇零一二两三四五六七八九十百千万亿几半")
"""Are never mended, nor what is mended to: nobody's amounts are guessed."""
_GAIN = 2.2
"""By so much (in logarithms of counts) a character that sounds alike has to fit better."""
_TYPED = re.compile(r"[!-~]+")
_LETTERS = re.compile(r"[a-z]{2,}")
_JOINED = frozenset("@/_\\=&%#+-:'")
"""What stands between the parts of codes, links and addresses."""
_LONGEST_WORD = 24
_MOST_LETTERS = 100
_MOST_ODD = 40
"""Of longer messages no more is mended: what is looked at is looked at within milliseconds."""
_LONGEST_SLIPPED = 12
_LONGEST_RUN_SLIPPED = 32
_FITTING = 0.7
"""How much neighbours say, beside how often a word is said at all;"""
_STRANGE = -2.0
"""and what it costs that two of them never stood together."""


class _Reading(NamedTuple):
    """How letters are read: how many a word and a run have at least that may hold a slip, and what that costs.

    What comes out less likely (logarithm a letter) than the last is none of the trade's words in pinyin.
    """

    shortest_slipped: int
    shortest_run_slipped: int
    slip: float
    least_per_letter: float


_BESIDE_CHINESE = _Reading(4, 0, -4.0, -2.8)
_ALONE = _Reading(4, 10, -4.0, -2.1)
"""A text in which nothing is Chinese may be in another language, and fewer letters are as likely a name as a slip: Wang
Wei is a letter from 防伪."""
_BOLD = _Reading(2, 0, -2.0, -6.0)


class Form(NamedTuple):
    """What letters may stand for, and the logarithm of how likely that is."""

    written: str
    chance: float


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the words of a trade are typed, and which characters stand together there.

    `forms` is letters → what they are typed for, the likeliest first; `sounds` character → how it sounds, in a form in
    which sounds that are taken for each other are equal; `pairs` two neighbours → how often they stand together. All
    are empty where nothing is typed by sound, as in English.
    """

    forms: Mapping[str, tuple[Form, ...]] = field(default_factory=dict)
    sounds: Mapping[str, str] = field(default_factory=dict)
    pairs: Mapping[str, int] = field(default_factory=dict)
    _alike: Mapping[str, Sequence[str]] = field(init=False, repr=False)
    _shortened: Mapping[str, Sequence[str]] = field(init=False, repr=False)
    """What is left of letters without one of them → what they were."""

    def __post_init__(self) -> None:
        shortened = defaultdict[str, list[str]](list)
        for letters in self.forms:
            for rest in _without_one(letters) if len(letters) <= _LONGEST_SLIPPED + 1 else ():
                shortened[rest].append(letters)
        object.__setattr__(self, "_shortened", dict(shortened))
        alike = defaultdict[str, list[str]](list)
        for character in dict.fromkeys(pair[0] for pair in self.pairs):
            if (sound := self.sounds.get(character)) and character not in _NUMERALS:
                alike[sound].append(character)
        object.__setattr__(self, "_alike", dict(alike))

    # Characters that sound alike

    def by_sound(self, normal: Normalised, kept: Sequence[tuple[int, int]] = ()) -> Normalised:
        """Give a text with the characters that were meant; the same object where none is suspicious.

        Characters within the `kept` places stay.
        """
        if not self.sounds:
            return normal
        text = normal.text
        framed = f"{BEGIN}{text}{END}"
        beside = [self.pairs.get(framed[at : at + 2], 0) for at in range(len(text) + 1)]
        odd = [
            at
            for at, (before, behind) in enumerate(pairwise(beside))
            if (before < _USUAL or behind < _USUAL) and text[at] in self.sounds and text[at] not in _NUMERALS
        ][:_MOST_ODD]
        if not odd:
            return normal
        alone, characters = _alone(text), list(framed)
        for at in odd:
            if at in alone and not any(start <= at < end for start, end in kept):
                characters[at + 1] = self._fitting(*characters[at : at + 3])
        mended = "".join(characters[1:-1])
        return normal if mended == text else Normalised(normal.source, mended, normal.starts, normal.ends)

    def _fitting(self, before: str, character: str, behind: str) -> str:
        """Give what fits between two characters far better than the one there and sounds alike, or that one."""
        least = self._fit(before, character, behind) + _GAIN
        alike = self._alike.get(self.sounds[character], ())
        best = max(alike, key=lambda one: self._fit(before, one, behind), default=character)
        return best if self._fit(before, best, behind) > least else character

    def _fit(self, before: str, character: str, behind: str) -> float:
        return log(1 + self.pairs.get(before + character, 0)) + log(1 + self.pairs.get(character + behind, 0))

    # Letters that were typed for characters

    def in_characters(self, normal: Normalised, known: Collection[str] = (), *, is_bold: bool = False) -> Normalised:
        """Give a text with words in place of letters typed for them; the same object where there are none.

        Letters that are one of the `known` words stay. A bold guess is for who can tell a good one from a bad one:
        beside Chinese a slip is forgiven in the shortest word, and what is hardly likely is taken.
        """
        text = normal.text
        runs = list(_runs(text, known)) if self.forms else []
        if not runs or sum(end - start for start, end in runs) > _MOST_LETTERS:
            return normal
        is_foreign = not any(character in self.sounds for character in text)
        if is_foreign and sum(map(str.isalpha, text)) > sum(text[at] != " " for run in runs for at in range(*run)):
            return normal  # some words are none of those that are typed for characters: neither are the others
        how = _ALONE if is_foreign else _BOLD if is_bold else _BESIDE_CHINESE
        read = [self._written(text, start, end, how) for start, end in runs]
        edits = [edit for run in read for edit in run if edit[2] != text[edit[0] : edit[1]]]
        if not edits or (is_foreign and not all(read)):
            return normal
        mended: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for start, end, written in (*edits, (len(text), len(text), "")):
            mended += text[at:start]
            starts += normal.starts[at:start]
            ends += normal.ends[at:start]
            first, last = normal.source_span(start, end)
            mended += written
            starts += [first] * len(written)
            ends += [last] * len(written)
            at = end
        return Normalised(normal.source, "".join(mended), tuple(starts), tuple(ends))

    def _written(self, text: str, start: int, end: int, how: _Reading) -> list[tuple[int, int, str]]:
        """Give what stands for each typed word and where; nothing if they are none, surely none in another language."""
        before, behind = text[start - 1 : start] or BEGIN, text[end : end + 1] or END
        places = [at for at in range(start, end) if text[at] != " "]
        letters = "".join(text[at] for at in places)
        may_slip = how.shortest_run_slipped <= len(letters) <= _LONGEST_RUN_SLIPPED
        best = self._meant(letters, before, behind, how if may_slip else None)
        if best.chance < how.least_per_letter * len(letters):
            return []
        ends = [places[to - 1] + 1 for to, _ in best.words]
        edits = [(at, to, written) for at, to, (_, written) in zip([start, *ends], ends, best.words, strict=False)]
        return [part for edit in edits for part in _without_blank(text, *edit)]

    def _meant(self, letters: str, before: str, behind: str, how: _Reading | None) -> "_Path":
        """Give what letters stand for between two characters, with one slip of the fingers at most if one may be."""
        paths = [_Path((), before, 0.0), *[_NO_PATH] * len(letters)]
        slipped = [_NO_PATH] * len(paths)
        for at in range(len(letters)):
            for end in range(at + 1, min(len(letters), at + _LONGEST_WORD) + 1):
                part = letters[at:end]
                for form in self.forms.get(part, ()):
                    paths[end] = self._on(paths[at], end, form, paths[end])
                    slipped[end] = self._on(slipped[at], end, form, slipped[end])
                if how and how.shortest_slipped <= end - at <= _LONGEST_SLIPPED and paths[at].chance > -inf:
                    for form in self._slipped(part, how.slip):
                        slipped[end] = self._on(paths[at], end, form, slipped[end])
        return max((self._to(path, behind) for path in (paths[-1], slipped[-1])), key=_chance)

    def _on(self, path: "_Path", end: int, form: Form, other: "_Path") -> "_Path":
        """Give a path with one word more, or the other path to there if that is as likely."""
        chance = path.chance + form.chance + self._beside(path.last, form.written[0])
        if chance <= other.chance:
            return other
        return _Path((*path.words, (end, form.written)), form.written[-1], chance)

    def _to(self, path: "_Path", behind: str) -> "_Path":
        return path._replace(chance=path.chance + self._beside(path.last, behind))

    def _beside(self, one: str, other: str) -> float:
        together = self.pairs.get(one + other, 0)
        return _FITTING * log(together) if together else _STRANGE

    def _slipped(self, letters: str, slip: float) -> Iterator[Form]:
        for meant in self._one_slip_away(letters):
            for form in self.forms[meant]:
                yield Form(form.written, form.chance + slip)

    def _one_slip_away(self, letters: str) -> list[str]:
        """Give the forms of which letters have one wrong, missing or too much, or two turned round.

        Words that are near are found by what is left of both without one letter, as SymSpell does (Garbe, 2012).
        """
        rests = _without_one(letters)
        near = {*rests & self.forms.keys(), *self._shortened.get(letters, ())}
        for rest in rests:
            near.update(form for form in self._shortened.get(rest, ()) if _differ_by_a_slip(form, letters))
        return sorted(near - {letters})

    # As a file

    def save(self, folder: Path) -> None:
        """Write it into a model's folder."""
        forms = [(letters, form) for letters, forms in self.forms.items() for form in forms]
        by_sound = defaultdict[str, list[str]](list)
        for character, sound in self.sounds.items():
            by_sound[sound].append(character)
        np.savez(
            folder / SPELLING_FILE,
            letters=packed(letters for letters, _ in forms),
            written=packed(form.written for _, form in forms),
            chances=np.array([form.chance for _, form in forms], dtype=np.float32),
            sounds=packed(f"{sound} {''.join(characters)}" for sound, characters in by_sound.items()),
            pairs=packed(self.pairs),
            counts=np.array([*self.pairs.values()], dtype=np.int32),
        )

    @classmethod
    def find(cls, folder: Path) -> "Spelling":
        """Read what a model's folder holds, once for all who ask; an empty one if it holds none.

        Raises:
            ValueError: the file is damaged.
        """
        path = folder / SPELLING_FILE
        try:
            return _loaded(folder, path.stat().st_mtime_ns) if path.is_file() else cls()
        except (EOFError, KeyError, OSError, ValueError, BadZipFile) as error:
            raise ValueError(f"{path} cannot be read: {error}") from error

    @classmethod
    def load(cls, folder: Path) -> "Spelling":
        """Read what `save` wrote."""
        with (folder / SPELLING_FILE).open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            letters, written = unpacked(arrays["letters"]), unpacked(arrays["written"])
            lines, pairs = unpacked(arrays["sounds"]), unpacked(arrays["pairs"])
            chances, counts = arrays["chances"].tolist(), arrays["counts"].tolist()
        forms = zip(letters, map(Form, written, chances), strict=False)  # of nothing one empty name is unpacked
        sounds = [line.split(" ") for line in lines if line]
        return cls(
            forms={typed: tuple(form for _, form in own) for typed, own in groupby(forms, key=lambda one: one[0])},
            sounds={character: sound for sound, characters in sounds for character in characters},
            pairs=dict(zip(pairs, counts, strict=False)),
        )


@lru_cache(maxsize=4)
def _loaded(folder: Path, _: int) -> Spelling:
    return Spelling.load(folder)


class _Path(NamedTuple):
    """What letters up to here were typed for: words by their last letter's place, the last character, how likely."""

    words: tuple[tuple[int, str], ...]
    last: str
    chance: float


_NO_PATH = _Path((), "", -inf)


def _chance(path: _Path) -> float:
    return path.chance


def _without_blank(text: str, start: int, end: int, written: str) -> Iterator[tuple[int, int, str]]:
    """Part a word from the blank before it, which goes before Chinese."""
    if text[start] == " ":
        yield start, start + 1, " " if written.isascii() else ""
        start += 1
    yield start, end, written


def _alone(text: str) -> set[int]:
    """Give the places of characters that are in no word of the dictionary with others."""
    places, at = set[int](), 0
    for word in listed_words(text):
        if len(word) == 1:
            places.add(at)
        at += len(word)
    return places


def _runs(text: str, known: Collection[str]) -> Iterator[tuple[int, int]]:
    """Give where words of Latin letters stand, single blanks between them; no links, addresses, codes, known words."""
    run: tuple[int, int] | None = None
    for typed in _TYPED.finditer(text):
        letters = _LETTERS.search(typed[0])
        is_typed = letters is not None and not (letters[0] in known or _is_code(typed[0], letters[0]))
        start, end = (typed.start() + at for at in (letters.span() if letters and is_typed else (0, 0)))
        if run and is_typed and text[run[1] : start] == " ":
            run = run[0], end
            continue
        if run:
            yield run
        run = (start, end) if is_typed else None
    if run:
        yield run


def _is_code(typed: str, letters: str) -> bool:
    """Say whether letters are a part of something else: of a code, a link, an address."""
    before, _, behind = typed.partition(letters)
    return behind[:1].isdigit() or any(one.isalpha() or one in _JOINED for one in before + behind)


def _without_one(letters: str) -> set[str]:
    return {letters[:at] + letters[at + 1 :] for at in range(len(letters))}


def _differ_by_a_slip(one: str, other: str) -> bool:
    """Say whether one letter is another, or two neighbours are turned round."""
    if len(one) != len(other):
        return False
    differing = [at for at in range(len(one)) if one[at] != other[at]]
    if len(differing) != 2:
        return len(differing) == 1
    first, second = differing
    return second == first + 1 and one[first] == other[second] and one[second] == other[first]
