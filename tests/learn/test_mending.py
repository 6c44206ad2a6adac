from itertools import product

import numpy as np
import pytest

from xiaoer.learn.classifying import fit, mend_intents
from xiaoer.learn.mending import likelier

from .saying import BY_CHANCE, LEADS, THINGS, many, some_drawn_by_chance


@pytest.fixture(scope="module")
def taught() -> tuple[list[str], list[str], list[str]]:
    texts, meant = many()
    return texts, meant, some_drawn_by_chance(meant)


def test_labels_drawn_by_chance_are_counted_and_mended(taught: tuple[list[str], list[str], list[str]]) -> None:
    texts, meant, given = taught
    mended, noise = mend_intents(texts, given)
    assert noise == pytest.approx(BY_CHANCE, abs=0.05)
    assert np.mean([one == other for one, other in zip(mended, meant, strict=True)]) > 0.97


def test_a_classifier_taught_some_labels_by_chance_is_as_sure_as_it_is_right(
    taught: tuple[list[str], list[str], list[str]],
) -> None:
    texts, _, given = taught
    new = [f"{lead} this {thing}" for thing, lead in product(THINGS, LEADS)]
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


def test_no_intent_is_left_too_few_texts_whoever_takes_them_back() -> None:
    labels = np.array([0] * 3 + [1] * 3 + [2] * 30)
    meant = [1] * 3 + [2] * 3 + [2] * 30  # the first go to the second, which loses its own
    chances = np.full((len(labels), 3), 1e-9)
    chances[np.arange(len(labels)), meant] = 1.0
    assert likelier(labels, chances, 0.3).tolist() == labels.tolist()


def test_where_nothing_else_is_far_likelier_the_label_counts() -> None:
    labels = np.array([0] * 10 + [1] * 10)
    chances = np.tile([0.3, 0.7], (20, 1))
    assert likelier(labels, chances, 0.2).tolist() == labels.tolist()
    chances = np.tile([0.001, 0.999], (20, 1))
    chances[:7] = 1 - chances[:7]
    assert likelier(labels, chances, 0.2).tolist() == [0] * 7 + [1] * 13
