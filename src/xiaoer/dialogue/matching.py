"""What the pack's phrases say of a short message: yes, no, give up, the second one, the white one."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import category

from xiaoer.events import Choice
from xiaoer.pack import Phrases
from xiaoer.text import normalise

_NOISE = re.compile(r"[\s\W_]+")
_LATIN = re.compile(r"[a-z0-9]")
_NEVER = re.compile(r"(?!)")
_FORMS = ("Sk", "Mn", "Cf")
"""Categories of characters that only shape the one before them."""


def plain(text: str) -> str:
    """Give the text normalised, without spaces, punctuation and emoji."""
    return "".join(clauses_of(text))


@lru_cache(maxsize=8192)
def clauses_of(text: str) -> tuple[str, ...]:
    """Give the plain clauses of a text: what stands between marks and spaces; asked for several times a turn."""
    return tuple(clause for clause in _NOISE.split(normalise(text).text) if clause)


@lru_cache(maxsize=256)
def plain_words(words: tuple[str, ...]) -> frozenset[str]:
    """Give a list of the pack as a set of plain words, to compare whole messages and clauses with."""
    return frozenset(plain(word) for word in words) - {""}


def says_yes(text: str, phrases: Phrases) -> bool:
    """Say whether the whole message is a yes."""
    return plain(text) in plain_words(phrases.yes) or _is_sign(text, phrases.yes)


def says_no(text: str, phrases: Phrases) -> bool:
    """Say whether the whole message is a no."""
    return plain(text) in plain_words(phrases.no) or _is_sign(text, phrases.no)


def _is_sign(text: str, words: tuple[str, ...]) -> bool:
    """Say whether a message is nothing but listed signs (emoji), in whatever colour of skin."""
    signs = [character for character in text if not character.isspace() and category(character) not in _FORMS]
    return bool(signs) and _signs(words).issuperset(signs)


@lru_cache(maxsize=64)
def _signs(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset("".join(word for word in words if not plain(word)))


def gives_up(text: str, phrases: Phrases) -> bool:
    """Say whether the message, or a clause of it that marks cut off, drops the task, a no behind it included."""
    words = plain_words(phrases.give_up)
    more = words | plain_words(phrases.no)
    return any(
        clause in words or any(clause.startswith(word) and clause[len(word) :] in more for word in words)
        for clause in (plain(text), *clauses_of(text))
    )


def denies(text: str, phrases: Phrases) -> bool:
    """Say whether a no stands anywhere in the message."""
    return _stands_in(phrases.no, text)


def corrects(text: str, phrases: Phrases) -> bool:
    """Say whether the message takes back what was said before ("no, I meant …")."""
    return _stands_in(phrases.corrects, text)


def has_question_mark(text: str, phrases: Phrases) -> bool:
    """Say whether a mark that makes a question stands in the message: "yes?" is no yes."""
    return any(mark in text for mark in _marks(phrases.questions))


@lru_cache(maxsize=64)
def _marks(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if not plain(word))


def _stands_in(words: tuple[str, ...], text: str) -> bool:
    inside, apart = _patterns(words)
    return bool(inside.search(plain(text)) or apart.search(" ".join(clauses_of(text))))


@lru_cache(maxsize=256)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile words that are found anywhere, and those of Latin letters, which stand apart: "no" is not in "know"."""
    spoken = [" ".join(clauses_of(word)) for word in words]
    inside = [word.replace(" ", "") for word in spoken if word and not _LATIN.search(word)]
    apart = [word for word in spoken if _LATIN.search(word)]
    return _any_of(inside, "{}"), _any_of(apart, r"(?<![a-z0-9])(?:{})(?![a-z0-9])")


def _any_of(words: Iterable[str], form: str) -> re.Pattern[str]:
    alternatives = "|".join(map(re.escape, words))
    return re.compile(form.format(alternatives)) if alternatives else _NEVER


def choose(text: str, choices: Sequence[Choice], phrases: Phrases, *, is_loose: bool = False) -> Choice | None:
    """Find the one choice that the message means: by its place in the list, its value, its title or other words.

    The message may hold such words or be a part of them; with `is_loose` it is enough that it shares a piece with them
    ("the glass one"), which suits names of things.
    """
    said = plain(text)
    if not said or not choices:
        return None
    by_place = _place(said, phrases, len(choices))
    if by_place is not None:
        return choices[by_place]
    likenesses = (_is_exact, _is_part, _overlap, *((_shared,) if is_loose else ()))
    for likeness in likenesses:
        scores = [(likeness(said, choice), choice) for choice in choices]
        best = max(score for score, _ in scores)
        winners = [choice for score, choice in scores if score == best]
        if best > 0 and len(winners) == 1:
            return winners[0]
    return None


def _place(said: str, phrases: Phrases, count: int) -> int | None:
    """Find a whole-message ordinal or digit, or a longer ordinal inside ("就要第二个吧")."""
    if len(said) == 1 and said.isdecimal() and 1 <= int(said) <= count:
        return int(said) - 1
    for place, words in enumerate(phrases.ordinals[:count]):
        if any(said == word or (len(word) > 1 and word in said) for word in plain_words(words)):
            return place
    return count - 1 if any(word in said for word in plain_words(phrases.last)) else None


def _is_exact(said: str, choice: Choice) -> bool:
    return said == plain(choice.value) or said in _words_of(choice)


def _is_part(said: str, choice: Choice) -> bool:
    return len(said) > 1 and any(said in word for word in _words_of(choice))


def _overlap(said: str, choice: Choice) -> int:
    """Count the characters of the choice's words (two or more each) that stand in the message."""
    return max((len(word) for word in _words_of(choice) if len(word) > 1 and word in said), default=0)


def _shared(said: str, choice: Choice) -> int:
    """Count the characters of the longest piece, two at least, that the message shares with the choice's words."""
    words = _words_of(choice)
    pieces = (said[at : at + size] for size in range(len(said), 1, -1) for at in range(len(said) - size + 1))
    return next((len(piece) for piece in pieces if any(piece in word for word in words)), 0)


def _words_of(choice: Choice) -> frozenset[str]:
    return plain_words((choice.title, *choice.says))
