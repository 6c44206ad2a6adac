"""Signs that are no words: punctuation that customers leave out, emoji that they put in."""

import unicodedata
from random import Random

from xiaoer.learn.data.augment_tables import augment_tables
from xiaoer.learn.data.edits import Edit
from xiaoer.learn.data.samples import Sample

_MOST_EMOJI = 3
_IN_WORDS = "'’-"


def bare(sample: Sample, _: Random) -> list[Edit]:
    """Leave out all punctuation, but for what stands inside numbers and words; letters that it parted stay apart."""
    text, edits = sample.text, []
    for at, character in enumerate(text):
        if not unicodedata.category(character).startswith("P"):
            continue
        before, behind = text[at - 1 : at], text[at + 1 : at + 2]
        is_between_latin = all(side.isascii() and side.isalnum() for side in (before, behind))
        if is_between_latin and (character in _IN_WORDS or before.isdigit() or behind.isdigit()):
            continue
        edits.append(Edit(at, at + 1, " " if is_between_latin else ""))
    return edits


def emoji(sample: Sample, chance: Random) -> list[Edit]:
    """Put one to three emoji of one kind, as customers type them, behind a text."""
    end = len(sample.text)
    return [Edit(end, end, chance.choice(augment_tables().emoji) * chance.randint(1, _MOST_EMOJI))]
