import math
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.learn.fewshot.making import SAID, UNSEEN, pairs, some_examples
from xiaoer.learn.errors import TooFewUtterancesError
from xiaoer.learn.fewshot.contrastive import contrastive_loss, learn_by_contrast, usual_tuning
from xiaoer.learn.fewshot.encoders import load_encoder
from xiaoer.learn.fewshot.errors import EncoderUnfitError, PatternError
from xiaoer.learn.fewshot.examples import Examples, FewShot
from xiaoer.learn.fewshot.prompts import learn_by_prompts
from xiaoer.learn.fewshot.prototypes import learn_by_prototypes
from xiaoer.learn.fewshot.settings import Prompt
from xiaoer.learn.fewshot.tuning import Tuning, balanced_batches

SHORT = Tuning(steps=30, batch=8, rate=3e-3)


def share_right(learnt: FewShot) -> float:
    texts, intents = pairs(UNSEEN)
    names = some_examples().names
    return float(
        np.mean([names[at] == intent for at, intent in zip(learnt.scores(texts).argmax(1), intents, strict=True)])
    )


def test_the_nearest_prototype_is_meant(headless_folder: Path) -> None:
    examples = some_examples()
    learnt = learn_by_prototypes(examples, headless_folder)
    vectors = load_encoder(headless_folder).encode(examples.texts)
    means = [vectors[examples.labels == at].mean(axis=0) for at in (0, 1)]
    texts, _ = pairs(UNSEEN)
    unseen = load_encoder(headless_folder).encode(texts)
    nearest = np.argmin([[np.linalg.norm(vector - mean) for mean in means] for vector in unseen], axis=1)
    np.testing.assert_array_equal(learnt.scores(texts).argmax(1), nearest)


def test_one_example_of_an_intent_is_a_prototype(headless_folder: Path) -> None:
    learnt = learn_by_prototypes(Examples.of(["pay later", "my parcel"], ["payment", "tracking"]), headless_folder)
    assert learnt.scores(["pay later", "my parcel"]).argmax(1).tolist() == [0, 1]


def test_contrast_brings_texts_of_one_intent_together(headless_folder: Path) -> None:
    examples = some_examples()
    labels = torch.from_numpy(examples.labels)
    before = contrastive_loss(torch.from_numpy(load_encoder(headless_folder).encode(examples.texts)), labels)
    learnt = learn_by_contrast(examples, headless_folder, tuning=SHORT)
    after = contrastive_loss(torch.from_numpy(learnt.encoder.encode(examples.texts)), labels)
    nearest = math.log(3)  # each chooses among the three others of its intent by chance, and no other
    assert nearest <= after < nearest + 0.05 < before
    assert share_right(learnt) == 1.0


def test_texts_that_are_as_near_as_all_others_are_chosen_by_chance() -> None:
    vectors = torch.tensor([[1.0, 0.0]] * 5)
    assert float(contrastive_loss(vectors, torch.tensor([0, 0, 0, 1, 1]))) == pytest.approx(math.log(4))


def test_a_batch_without_a_pair_teaches_nothing() -> None:
    vectors = torch.ones((3, 2), requires_grad=True)
    loss = contrastive_loss(vectors, torch.tensor([0, 1, 2]))
    torch.autograd.backward(loss)
    assert vectors.grad is not None
    assert not vectors.grad.any()


def test_more_examples_are_tuned_longer_up_to_a_bound() -> None:
    assert [usual_tuning(examples).steps for examples in (10, 200, 1000)] == [20, 50, 60]


def test_prompts_are_tuned_to_say_the_words_of_the_label(masked_folder: Path) -> None:
    assert share_right(learn_by_prompts(some_examples(), masked_folder, tuning=SHORT)) == 1.0


def test_without_tuning_a_prompt_says_what_the_head_says_against_an_empty_text(masked_folder: Path) -> None:
    learnt = learn_by_prompts(some_examples(), masked_folder, tuning=Tuning(0, 8, 0))
    np.testing.assert_allclose(learnt.scores([""]), 0, atol=1e-5)
    assert np.abs(learnt.scores(["how can i pay"])).max() > 1e-4


def test_given_words_stand_for_a_label(masked_folder: Path) -> None:
    untuned = Tuning(0, 8, 0)
    by_name = learn_by_prompts(some_examples(), masked_folder, tuning=untuned)
    said = Prompt(words={"payment": ["pay", "card"]})
    by_words = learn_by_prompts(some_examples(), masked_folder, prompt=said, tuning=untuned)
    assert not np.allclose(by_name.directions[:, 0], by_words.directions[:, 0])
    np.testing.assert_allclose(by_name.directions[:, 1], by_words.directions[:, 1])


@pytest.mark.parametrize("pattern", ["{text}", "[MASK]", "[MASK] {text} [MASK]"])
def test_a_pattern_without_its_two_places_is_refused(masked_folder: Path, pattern: str) -> None:
    with pytest.raises(PatternError, match="once each"):
        learn_by_prompts(some_examples(), masked_folder, prompt=Prompt(pattern))


def test_a_label_that_the_encoder_has_no_token_for_needs_words(masked_folder: Path) -> None:
    examples = Examples.of(["pay later", "my parcel"], ["退款", "tracking"])
    with pytest.raises(PatternError, match="退款"):
        learn_by_prompts(examples, masked_folder)


def test_prompts_refuse_an_encoder_without_a_masked_language_head(headless_folder: Path) -> None:
    with pytest.raises(EncoderUnfitError, match="no masked-language head"):
        learn_by_prompts(some_examples(), headless_folder)


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderUnfitError, match="no folder of an encoder"):
        load_encoder(tmp_path)


def test_the_mask_may_stand_behind_the_text(masked_folder: Path) -> None:
    learnt = learn_by_prompts(some_examples(), masked_folder, prompt=Prompt("{text} : [MASK]"), tuning=SHORT)
    ids, _, weights = learnt.encoder.framer.batch(["pay later", "where is my parcel"])
    assert (ids[weights == 1] == learnt.encoder.framer.frame.mask).all()
    assert weights.sum(axis=1).tolist() == [1, 1]
    assert share_right(learnt) == 1.0


def test_one_intent_is_nothing_to_learn() -> None:
    with pytest.raises(TooFewUtterancesError):
        Examples.of(["a", "b"], ["one", "one"])


def test_each_intent_is_as_frequent_in_the_batches_whatever_its_examples() -> None:
    labels = np.array([0] * 30 + [1] * 3)
    batches = balanced_batches(labels, 6, np.random.default_rng(0))
    drawn = np.concatenate([labels[next(batches)] for _ in range(20)])
    assert np.bincount(drawn).tolist() == [60, 60]


def test_the_same_seed_learns_the_same(headless_folder: Path) -> None:
    first, second = (learn_by_contrast(some_examples(), headless_folder, tuning=SHORT, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first.directions, second.directions)
    assert len(SAID) == first.directions.shape[1]
