"""What a short message means in the light of an open question: yes, no, give up, the second one, the white one."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from xiaoer.events import Choice
from xiaoer.pack import Phrases
from xiaoer.text import normalise

_NOISE = re.compile(r"[\s\W_]+")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Give the text normalised, without spaces, punctuation and emoji; the pack's phrases are asked for every turn."""
    return _NOISE.sub("", normalise(text).text)


def says_yes(text: str, phrases: Phrases) -> bool:
    """Say whether the whole message is a yes."""
    return _is_one_of(text, phrases.yes)


def says_no(text: str, phrases: Phrases) -> bool:
    """Say whether the whole message is a no."""
    return _is_one_of(text, phrases.no)


def gives_up(text: str, phrases: Phrases) -> bool:
    """Say whether the message, or a clause of it that marks cut off, drops the task."""
    return any(_is_one_of(clause, phrases.give_up) for clause in (text, *_NOISE.split(text)))


def opens_with_yes(text: str, phrases: Phrases) -> bool:
    """Say whether the message begins with a yes, whatever follows."""
    said = plain(text)
    return any(said.startswith(plain(phrase)) for phrase in phrases.yes if plain(phrase))


def denies(text: str, phrases: Phrases) -> bool:
    """Say whether a no stands anywhere in the message."""
    said = plain(text)
    return any(plain(phrase) in said for phrase in phrases.no)


def corrects(text: str, phrases: Phrases) -> bool:
    """Say whether the message takes back what was said before ("no, I meant …")."""
    said = plain(text)
    return any(plain(phrase) in said for phrase in phrases.corrects)


def _is_one_of(text: str, phrases: Iterable[str]) -> bool:
    said = plain(text)
    return bool(said) and any(said == plain(phrase) for phrase in phrases)


def choose(text: str, choices: Sequence[Choice], phrases: Phrases) -> Choice | None:
    """Find the one choice that the message means: by its place in the list, its value, its title or other words."""
    said = plain(text)
    if not said or not choices:
        return None
    by_place = _place(said, phrases, len(choices))
    if by_place is not None:
        return choices[by_place]
    exact = [c for c in choices if said in {plain(c.value), plain(c.title), *map(plain, c.says)}]
    if len(exact) == 1:
        return exact[0]
    scores = [(_overlap(said, choice), choice) for choice in choices]
    best = max(score for score, _ in scores)
    winners = [choice for score, choice in scores if score == best]
    return winners[0] if best > 0 and len(winners) == 1 else None


def _place(said: str, phrases: Phrases, count: int) -> int | None:
    """Find a whole-message ordinal or digit, or a longer ordinal inside ("就要第二个吧")."""
    if len(said) == 1 and said.isdecimal() and 1 <= int(said) <= count:
        return int(said) - 1
    for place, words in enumerate(phrases.ordinals[:count]):
        if any(said == plain(word) or (len(plain(word)) > 1 and plain(word) in said) for word in words):
            return place
    if any(plain(word) in said for word in phrases.last):
        return count - 1
    return None


def _overlap(said: str, choice: Choice) -> int:
    """Count the characters of the choice's words (two or more each) that stand in the message."""
    words = {plain(word) for word in (choice.title, *choice.says)}
    return max((len(word) for word in words if len(word) > 1 and word in said), default=0)
