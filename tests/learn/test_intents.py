import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.learn.examples import examples_of_pack
from xiaoer.learn.intents import fit_intents
from xiaoer.learn.vectors import Counts, Weighting
from xiaoer.pack import Pack
from xiaoer.text import normalise
from xiaoer.understand import Analyser, FeatureBlocks, IntentModel, in_steps


def test_serving_scores_a_text_as_training_does(
    tiny_pack: Pack, tiny_analyser: Analyser, tiny_model: IntentModel
) -> None:
    seen = [example.features for example in examples_of_pack(tiny_pack, tiny_analyser)]
    texts = ("取消取消我的订单20260912450067", "快递呢", "取消", "")
    unseen = [tiny_analyser.features(tiny_analyser.analyse(text)) for text in texts]
    counts = Counts.of([*seen, *unseen])
    weighting = Weighting.seen_in(counts, np.arange(len(seen)))
    rows = [tiny_model.vocabulary[counts.features[column]] for column in weighting.columns]
    votes = (tiny_model.votes * np.array(tiny_model.steps)[:, None])[rows]
    coefficients = votes / (weighting.idf * weighting.block_weights)[:, None]
    matrix = weighting.weigh(counts, np.arange(len(seen), len(seen) + len(unseen)))
    for features, expected in zip(unseen, matrix @ coefficients + tiny_model.bias, strict=True):
        np.testing.assert_allclose(tiny_model.scores(features), expected, rtol=1e-4, atol=1e-5)


def test_votes_in_whole_steps_are_off_by_half_a_step_at_most() -> None:
    weights = np.random.default_rng(3).normal(size=(40, 7)).astype(np.float32)
    votes, steps = in_steps(weights)
    assert votes.dtype == np.int8
    assert np.all(np.abs(votes * steps[:, None] - weights) <= steps[:, None] * 0.501)


def test_of_many_features_the_most_telling_are_kept() -> None:
    told = {"a": "xyz", "b": "uvw"}
    texts: list[FeatureBlocks] = [
        ([letter, f"rare{number % 9}", "common"], [], [], [])
        for letters in told.values()
        for number in range(9)
        for letter in letters
    ]
    intents = [name for name, letters in told.items() for _ in range(9) for _ in letters]
    model = fit_intents(texts, intents, most_features=6)
    assert set(model.vocabulary) == {*"xyzuvw"}
    scores = model.scores((["x"], [], [], []))
    assert scores[0] > scores[1]


@given(text=st.text(max_size=30))
def test_probabilities_add_up_to_one(tiny_model: IntentModel, tiny_analyser: Analyser, text: str) -> None:
    features = tiny_analyser.features(tiny_analyser.analyse(normalise(text).text))
    probabilities = tiny_model.probabilities(features)
    assert probabilities.shape == (len(tiny_model.names),)
    assert abs(float(probabilities.sum()) - 1) < 1e-4


def test_numbers_are_not_learnt_by_heart(tiny_pack: Pack, tiny_model: IntentModel) -> None:
    assert not any("2026" in feature or "13900" in feature for feature in tiny_model.vocabulary)
