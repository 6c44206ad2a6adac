from itertools import product

import numpy as np
import pytest

from xiaoer.learn.classifying import fit, mend_intents

_THINGS = ("invoice", "coupon", "warranty", "repair", "parcel", "refund", "account", "size")
_LEADS = (
    *("please tell me of", "something about", "a question on", "i need help with", "where is", "what of", "let us see"),
    *("can you look at", "i write about", "it is about", "could we talk of", "nothing works with", "any news of"),
)
_WHOSE = ("the", "my", "our")
_TAILS = ("", "of last week", "please")
_WRONG = 0.3


def texts_and_what_is_meant() -> tuple[list[str], list[str]]:
    rows = [
        (f"{lead} {whose} {thing} {tail}", thing)
        for thing, lead, whose, tail in product(_THINGS, _LEADS, _WHOSE, _TAILS)
    ]
    return [text for text, _ in rows], [thing for _, thing in rows]


def some_drawn_by_chance(intents: list[str]) -> list[str]:
    chance = np.random.default_rng(5)
    drawn = chance.choice(_THINGS, len(intents)).tolist()
    is_wrong = chance.random(len(intents)) < _WRONG
    return [other if wrong else own for own, other, wrong in zip(intents, drawn, is_wrong, strict=True)]


@pytest.fixture(scope="module")
def taught() -> tuple[list[str], list[str], list[str]]:
    texts, meant = texts_and_what_is_meant()
    return texts, meant, some_drawn_by_chance(meant)


def test_labels_drawn_by_chance_are_counted_and_mended(taught: tuple[list[str], list[str], list[str]]) -> None:
    texts, meant, given = taught
    mended, noise = mend_intents(texts, given)
    assert noise == pytest.approx(_WRONG, abs=0.05)
    assert np.mean([one == other for one, other in zip(mended, meant, strict=True)]) > 0.97


def test_a_classifier_taught_some_labels_by_chance_is_as_sure_as_it_is_right(
    taught: tuple[list[str], list[str], list[str]],
) -> None:
    texts, _, given = taught
    new = [f"{lead} this {thing}" for thing, lead in product(_THINGS, _LEADS)]
    fitted = fit(texts, given)
    chances = fitted.classifier.probabilities(new)
    right = [fitted.classifier.names[at] for at in chances.argmax(axis=1)]
    assert np.mean([one == text.split()[-1] for one, text in zip(right, new, strict=True)]) > 0.97
    assert chances.max(axis=1).mean() > 0.85


def test_labels_that_are_right_stay(taught: tuple[list[str], list[str], list[str]]) -> None:
    texts, meant, _ = taught
    assert mend_intents(texts, meant) == (tuple(meant), 0.0)
    assert fit(texts, meant).noise == 0.0


def test_of_few_texts_no_label_is_doubted(taught: tuple[list[str], list[str], list[str]]) -> None:
    texts, _, given = taught
    assert mend_intents(texts[::2], given[::2]) == (tuple(given[::2]), 0.0)
