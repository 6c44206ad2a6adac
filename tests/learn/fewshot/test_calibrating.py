import numpy as np

from xiaoer.learn.fewshot.calibrating import sharpness
from xiaoer.understand import softmax


def test_few_texts_that_were_all_read_rightly_make_nothing_look_sure() -> None:
    labels = np.array([0, 1] * 4)
    scores = np.eye(2, dtype=np.float32)[labels]
    probabilities = softmax(scores * np.float32(sharpness(scores, labels)))
    np.testing.assert_allclose(probabilities.max(axis=1), 9 / 10, atol=0.01)


def test_scores_that_say_too_much_are_believed_less() -> None:
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 3, 600)
    scores = (np.eye(3)[labels] + chance.normal(0, 1, (600, 3))).astype(np.float32)  # right: the log-odds are these
    scale = sharpness(scores, labels)
    assert 0.85 < scale < 1.15
    np.testing.assert_allclose(sharpness(scores * 10, labels), scale / 10, rtol=0.02)
