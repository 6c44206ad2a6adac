"""Copies of texts as hurried customers type them: they say the same as what they were made of."""

from collections.abc import Mapping, Sequence

from xiaoer.learn.data.augmenting import AugmentSetting, Method, augment
from xiaoer.learn.data.samples import Sample
from xiaoer.text import normalise

_METHODS: tuple[Method, ...] = ("keyboard", "pinyin", "homophones", "noise")


def mistyped_copies(texts: Sequence[str], *, share: float, seed: int) -> Mapping[int, str]:
    """Give for about a `share` of the texts, by their numbers, a mistyped copy in normal form."""
    if not share:
        return {}
    table = tuple(Sample(id=str(number), text=text, intent=text) for number, text in enumerate(texts))
    setting = AugmentSetting(methods=_METHODS, share=share / 2, seed=seed)
    copies: dict[int, str] = {}
    for sample in augment(table, setting)[0][len(table) :]:
        number = int(sample.group)
        copies.setdefault(number, normalise(sample.text).text)
    return {number: text for number, text in copies.items() if text and text != texts[number]}
