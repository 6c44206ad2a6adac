"""How Chinese characters sound, and which sounds many speakers do not part."""

from functools import cache

from pypinyin import lazy_pinyin

_BEGINNINGS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("l", "n"), ("r", "l"), ("h", "f"))
_ENDINGS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def sound_of(character: str) -> str:
    """Give how a character sounds, in letters without tones; of several ways the usual one."""
    return str(lazy_pinyin(character)[0])


@cache
def fuzzy(sound: str) -> str:
    """Give the form in which sounds that are taken for each other are equal."""
    for beginning, taken_for in _BEGINNINGS:
        if sound.startswith(beginning):
            sound = taken_for + sound.removeprefix(beginning)
            break
    for ending, taken_for in _ENDINGS:
        if sound.endswith(ending):
            return sound.removesuffix(ending) + taken_for
    return sound
