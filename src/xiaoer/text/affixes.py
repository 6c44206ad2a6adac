"""Words before and behind a value that do not belong to it: "made out to Ann Lee, please"."""

from collections.abc import Iterable, Sequence


def lead_of(text: str, leads: Iterable[str], unbroken: Sequence[str] = ()) -> str:
    """Give what a text begins with of the first lead that it begins with, in any case; a Latin word stands whole.

    No lead ends inside a word that is `unbroken`: 写成 is none before 都, where 成都 is.
    """
    return next(
        (text[: len(lead)] for lead in leads if _is_lead(lead, text) and not _breaks(text, len(lead), unbroken)), ""
    )


def trail_of(text: str, trails: Iterable[str]) -> str:
    """Give what a text ends with of the first trail that it ends with, in any case; a Latin word stands whole."""
    return next((text[-len(trail) :] for trail in trails if _is_trail(trail, text)), "")


def _breaks(text: str, place: int, words: Sequence[str]) -> bool:
    """Say whether one of the words goes over a place in a text."""
    return any(text.startswith(word, at) for word in words for at in range(max(0, place - len(word) + 1), place))


def _is_lead(lead: str, text: str) -> bool:
    size = len(lead)
    return text[:size].casefold() == lead.casefold() and not (_is_latin(lead[-1:]) and _is_latin(text[size : size + 1]))


def _is_trail(trail: str, text: str) -> bool:
    rest = len(text) - len(trail)
    is_there = rest >= 0 and text[rest:].casefold() == trail.casefold()
    return is_there and not (_is_latin(trail[:1]) and _is_latin(text[max(0, rest - 1) : rest]))


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
