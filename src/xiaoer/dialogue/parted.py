"""Values that are made of parts said in one message or in several: a province, a city, a district."""

import re
from collections.abc import Sequence

_LONGEST_LEAD = 4


def front_of(parts: Sequence[str], words: str) -> str:
    """Give the beginning of the words that the parts match, each at most once and in their order."""
    return "".join(_split(parts, words))


def without_lead(parts: Sequence[str], words: str) -> str:
    """Cut off a few characters before a value, where none of it begins at once and two parts of it follow on them."""
    if any(_split(parts, words)):
        return words
    places = range(min(_LONGEST_LEAD, len(words)), 0, -1)
    return words[next((at for at in places if _count(_split(parts, words[at:])) > 1), 0) :]


def _count(parts: Sequence[str]) -> int:
    return sum(map(bool, parts))


def joined(parts: Sequence[str], old: str, new: str) -> str:
    """Put what is said now behind what was said before: a part takes the place of the old one and of those after it.

    What no part matches is a value of its own; only a last part said later is put behind it.
    """
    before, now = _split(parts, old), _split(parts, new)
    first = next((place for place, part in enumerate(now) if part), 0)
    if first == 0:
        return new
    if any(before):
        return "".join(before[:first]) + new
    return old + new if first == len(parts) - 1 else new


def _split(parts: Sequence[str], words: str) -> list[str]:
    found, at = [], 0
    for part in parts:
        match = re.compile(part).match(words, at)
        found.append(match[0] if match else "")
        at = match.end() if match else at
    return found
