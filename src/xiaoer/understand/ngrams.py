"""N-grams of a text as rows of a hashed table (Weinberger et al., 2009): what a network sees beside its encoder."""

import re
from itertools import pairwise
from zlib import crc32

_WORD = re.compile(r"[^\W_]+")
_LONGEST_GRAM = 4
_MOST_GRAMS = 512


def gram_rows(text: str, buckets: int) -> list[int]:
    """Give the rows of a normalised text's n-grams in a table of so many buckets, from 1; row 0 is padding.

    Characters up to four in a row, within the marks of the text's ends, and words alone and in pairs; each n-gram
    once. Two n-grams may share a row. Of a very long text the first n-grams count.
    """
    framed = f"\x02{text}\x03"
    grams = dict.fromkeys(
        framed[start : start + length]
        for start in range(len(framed))
        for length in range(1, min(_LONGEST_GRAM, len(framed) - start) + 1)
    )
    cut = _WORD.findall(text)
    grams.update(dict.fromkeys(f"\x04{word}" for word in cut))
    grams.update(dict.fromkeys(f"\x05{one} {two}" for one, two in pairwise(cut)))
    return [crc32(gram.encode()) % buckets + 1 for gram in list(grams)[:_MOST_GRAMS]]
