from pathlib import Path

import numpy as np
import pytest

from xiaoer.understand import GramNetwork, Mixing, grams_of, in_steps

WORD = "\x04"


def a_network() -> GramNetwork:
    places, steps = in_steps(np.array([[1, 0], [0, 2], [3, 3]], dtype=np.float32))
    return GramNetwork(
        vocabulary={"a": 0, "b": 1, f"{WORD}ab": 2},
        idf=np.array([1, 2, 3], dtype=np.float32),
        places=places,
        steps=steps,
        directions=np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32),
        bias=np.array([0, 0, 0.5], dtype=np.float32),
    )


def test_grams_are_characters_up_to_five_and_words_alone_and_in_pairs() -> None:
    characters, words = grams_of("pay it")
    assert {" ", "p", "it", " pay ", "y it ", "ay it"} <= set(characters)
    assert max(map(len, characters)) == 5
    assert "pay it" not in characters
    assert words == [f"{WORD}pay", f"{WORD}it", f"{WORD}pay it"]
    assert {f"{WORD}发票", f"{WORD}怎么"} <= set(grams_of("发票怎么开")[1])


def test_each_view_of_a_text_is_brought_to_one_length() -> None:
    # "a" and "b" once each: (1, 2 · 1) by √(1² + 2²), and the word alone; both by √2
    scores = a_network().scores((["a", "b"], [f"{WORD}ab"]))
    characters, word = np.array([1, 2]) / 5**0.5, np.array([1, 1])
    np.testing.assert_allclose(scores, [*(characters + word) / 2**0.5, 0.5], rtol=0.02)


def test_a_text_of_which_nothing_is_known_makes_no_intent_likelier() -> None:
    assert a_network().scores((["x"], [])).tolist() == [0, 0, 0]


def test_a_network_is_read_as_it_was_written(tmp_path: Path) -> None:
    a_network().save(tmp_path / "n.npz")
    loaded = GramNetwork.load(tmp_path / "n.npz")
    given = (["b", "b", "a"], [f"{WORD}ab"])
    np.testing.assert_allclose(loaded.scores(given), a_network().scores(given), rtol=1e-6)


def test_scores_are_mixed_and_what_is_left_to_one_is_none_of_the_intents() -> None:
    linear, network = np.array([[1.0, 0.0]]), np.array([[0.0, 4.0]])
    chances = Mixing(2.0, 0.5, 1.0).probabilities(linear, network, None)
    three = np.exp([2.0, 2.0, 1.0])
    np.testing.assert_allclose(chances[0], (three / three.sum())[:2], rtol=1e-6)
    whole = Mixing(2.0, 0.5, -np.inf).probabilities(linear, network, None)
    assert whole.sum() == pytest.approx(1)


def test_the_rest_goes_to_the_intent_that_is_out_of_scope() -> None:
    scores = np.array([[0.0, 0.0]])
    chances = Mixing(1.0, 1.0, 0.0).probabilities(scores, scores, 1)
    np.testing.assert_allclose(chances, [[1 / 3, 2 / 3]], rtol=1e-6)
