"""What may be taken out of a text without loss: markup of pages, characters that nobody sees, white space."""

import html
import re
import unicodedata
from collections.abc import Iterator

from xiaoer.learn.data.edits import Edit, edited
from xiaoer.learn.data.samples import Sample

_MARKUP = re.compile(
    r"<!--.*?-->|<(?P<kind>script|style)\b[^>]*>.*?</(?P=kind)\s*>|</?[a-z][a-z0-9-]*(?:\s[^<>]*)?/?>",
    re.IGNORECASE | re.DOTALL,
)
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|td|h[1-6])\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_WHITE = re.compile(r"\s+")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS = frozenset("\u200c\u200d")
"""They hold emoji together, and letters of some scripts apart."""


def without_markup(sample: Sample) -> Sample:
    """Take HTML out of a text: tags, comments, scripts; references such as `&amp;` become what they mean.

    A text of which a mark would be cut stays as it is.
    """
    return edited(sample, _markup(sample.text)) or sample


def tidied(sample: Sample) -> Sample:
    """Take out what nobody sees and superfluous white space."""
    return edited(sample, [*_unseen(sample.text), *_white(sample.text)]) or sample


def _markup(text: str) -> Iterator[Edit]:
    if "<" in text:
        for tag in _MARKUP.finditer(text):
            yield Edit(tag.start(), tag.end(), " " if _BREAK.match(tag[0]) else "")
    if "&" in text:
        for reference in _REFERENCE.finditer(text):
            meant = html.unescape(reference[0])
            if meant != reference[0] and not any(
                tag.start() <= reference.start() < tag.end() for tag in _MARKUP.finditer(text)
            ):
                yield Edit(reference.start(), reference.end(), meant)


def _unseen(text: str) -> Iterator[Edit]:
    for at, character in enumerate(text):
        is_unseen = unicodedata.category(character) in _UNSEEN and character not in _JOINERS
        if is_unseen and not character.isspace():
            yield Edit(at, at + 1, "")


def _white(text: str) -> Iterator[Edit]:
    for white in _WHITE.finditer(text):
        is_at_an_end = white.start() == 0 or white.end() == len(text)
        wanted = "" if is_at_an_end else " "
        if white[0] != wanted:
            yield Edit(white.start(), white.end(), wanted)
