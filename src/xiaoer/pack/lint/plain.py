"""When two texts count as the same."""

import re

from xiaoer.text import normalise

_NOISE = re.compile(r"[\s\W_]+")


def plain(text: str) -> str:
    """Give a text normalised, without spaces and punctuation; one that is nothing else stays as it is."""
    normal = normalise(text).text
    return _NOISE.sub("", normal) or normal
