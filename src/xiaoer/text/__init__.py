"""Text as the other rooms work on it: normalised with a map back, mended, segmented, numbers read, data masked.

Everything here is a pure function of its input and survives any string.
"""

from xiaoer.text.affixes import lead_of, trail_of
from xiaoer.text.english_numerals import ENGLISH_NUMBER, read_english_number
from xiaoer.text.likeness import digits_of, email_key, name_key
from xiaoer.text.masking import mask
from xiaoer.text.normal import Normalised, normalise
from xiaoer.text.numerals import NUMBER, read_number, with_lengths_read
from xiaoer.text.packing import packed, unpacked
from xiaoer.text.segment import listed_words, tagged_words, words
from xiaoer.text.selecting import Selector
from xiaoer.text.spelling import BEGIN, END, SPELLING_FILE, SURE_ENOUGH, Form, Spelling

__all__ = [
    "BEGIN",
    "END",
    "ENGLISH_NUMBER",
    "NUMBER",
    "SPELLING_FILE",
    "SURE_ENOUGH",
    "Form",
    "Normalised",
    "Selector",
    "Spelling",
    "digits_of",
    "email_key",
    "lead_of",
    "listed_words",
    "mask",
    "name_key",
    "normalise",
    "packed",
    "read_english_number",
    "read_number",
    "tagged_words",
    "trail_of",
    "unpacked",
    "with_lengths_read",
    "words",
]
