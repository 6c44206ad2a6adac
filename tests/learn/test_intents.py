import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.learn.examples import examples_of_pack
from xiaoer.learn.intents import fit_intents
from xiaoer.learn.vectors import Vocabulary
from xiaoer.pack import Pack
from xiaoer.text import normalise
from xiaoer.understand import Analyser, IntentModel


def fitted(pack: Pack) -> tuple[Vocabulary, IntentModel]:
    examples = examples_of_pack(pack, Analyser(pack))
    texts = [example.features for example in examples]
    return Vocabulary.count(texts), fit_intents(texts, [example.intent for example in examples])


def test_serving_scores_a_text_as_training_does(tiny_pack: Pack) -> None:
    vocabulary, model = fitted(tiny_pack)
    analyser = Analyser(tiny_pack)
    coefficients = model.weights / (vocabulary.idf * vocabulary.block_weights)[:, None]
    for text in ("取消取消我的订单20260912450067", "快递呢", "xyz", ""):
        features = analyser.features(analyser.analyse(text))
        expected = vocabulary.matrix([features]) @ coefficients + model.bias
        np.testing.assert_allclose(model.scores(features), np.asarray(expected)[0], rtol=1e-4, atol=1e-5)


@given(text=st.text(max_size=30))
def test_probabilities_add_up_to_one(tiny_model: IntentModel, tiny_analyser: Analyser, text: str) -> None:
    features = tiny_analyser.features(tiny_analyser.analyse(normalise(text).text))
    probabilities = tiny_model.probabilities(features)
    assert probabilities.shape == (len(tiny_model.names),)
    assert abs(float(probabilities.sum()) - 1) < 1e-4


def test_numbers_are_not_learnt_by_heart(tiny_pack: Pack, tiny_model: IntentModel) -> None:
    assert not any("2026" in feature or "13900" in feature for feature in tiny_model.vocabulary)
