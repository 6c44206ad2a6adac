"""The language of a message, by its script."""

import re

_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[a-z]{2,}")


def language_of(text: str, *, otherwise: str) -> str:
    """Say whether a normalised text is `zh` or `en`; a text without either script is taken for `otherwise`.

    A Han character weighs as much as a Latin word, so that a model's name does not make a message English.
    """
    han, latin = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    if han == latin:
        return otherwise if not han else "zh"
    return "zh" if han > latin else "en"
