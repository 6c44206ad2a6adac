import copy

import pytest
import torch

from tests.learn.compression.making import a_lesson
from xiaoer.learn.compression.distilling import TaughtCollator, TaughtRow, distillation_loss, folded, taught_by
from xiaoer.learn.compression.errors import CompressionError
from xiaoer.learn.compression.factorising import factorise
from xiaoer.learn.compression.pruning import layers_of, parameters
from xiaoer.learn.compression.pupil import evenly, pupil_of
from xiaoer.learn.full.dataset import Collator, Row
from xiaoer.learn.full.network import JointNetwork


def taught_loss(network: JointNetwork, batch: dict[str, torch.Tensor]) -> float:
    network.eval()
    with torch.no_grad():
        states = network.encoder(input_ids=batch["tokens"], attention_mask=batch["attention"]).last_hidden_state
        said = network.scores(batch["tokens"], batch["attention"], batch["grams"])
        return float(distillation_loss(said, states, batch))


def taught(collator: Collator) -> TaughtCollator:
    return TaughtCollator(collator.labels, collator.padding, collator.has_grams)


@pytest.mark.parametrize("share", [0.4, 0.6])
def test_a_pupil_has_its_share_of_the_parameters(share: float) -> None:
    lesson = a_lesson()
    pupil = pupil_of(lesson.network, share, lesson.seen.rows)
    assert parameters(lesson.network) * share * 0.6 < parameters(pupil) <= parameters(lesson.network) * share
    assert len(layers_of(pupil.encoder)) < 3
    assert len(layers_of(lesson.network.encoder)) == 3


def test_where_no_whole_layer_fits_it_is_cut() -> None:
    lesson = a_lesson()
    pupil = pupil_of(lesson.network, 0.25, lesson.seen.rows)
    assert parameters(pupil) <= parameters(lesson.network) * 0.25
    (layer,) = layers_of(pupil.encoder)
    assert layer.intermediate.dense.out_features < layers_of(lesson.network.encoder)[0].intermediate.dense.out_features


def test_a_share_that_leaves_no_layer_is_refused() -> None:
    lesson = a_lesson()
    with pytest.raises(CompressionError, match="too little"):
        pupil_of(lesson.network, 0.05, lesson.seen.rows)


@pytest.mark.parametrize(("layers", "count", "kept"), [(6, 2, [2, 5]), (6, 3, [1, 3, 5]), (4, 4, [0, 1, 2, 3])])
def test_layers_are_taken_evenly_and_end_with_the_last(layers: int, count: int, kept: list[int]) -> None:
    assert evenly(layers, count) == kept


def test_frequent_words_lose_least_of_their_vectors() -> None:
    torch.manual_seed(0)
    table, counts = torch.randn(50, 16), torch.zeros(50)
    counts[:8] = 1000.0
    lost = (factorise(table, 8, counts)(torch.arange(50)) - table).norm(dim=1)
    assert lost[:8].max() < lost[8:].mean() / 5


def test_the_teacher_itself_has_nothing_to_learn_but_the_labels() -> None:
    lesson = a_lesson()
    rows = taught_by(lesson.network, lesson.seen, lesson.collator)
    batch = taught(lesson.collator)(rows.rows[:6])
    own = taught_loss(lesson.network, batch)
    other = copy.deepcopy(lesson.network)
    torch.nn.init.normal_(other.intent.weight if other.intent is not None else torch.empty(0))
    for weights in other.encoder.parameters():
        weights.data += 0.05 * torch.randn_like(weights)
    assert own < taught_loss(other, batch)


def test_texts_of_other_lengths_are_filled_up_in_what_was_taught() -> None:
    lesson = a_lesson()
    rows = taught_by(lesson.network, lesson.seen, lesson.collator).rows
    short, long = min(rows, key=lambda row: len(row.tokens)), max(rows, key=lambda row: len(row.tokens))
    assert isinstance(short, TaughtRow)
    batch = taught(lesson.collator)([short, long])
    assert batch["taught_states"].shape == (*batch["tokens"].shape, 32)
    assert not batch["taught_states"][0, len(short.tokens) :].any()


def test_rows_that_nobody_taught_make_a_plain_batch() -> None:
    lesson = a_lesson()
    assert "taught_states" not in taught(lesson.collator)(lesson.away.rows[:2])


def test_folded_ngrams_find_the_mean_of_their_rows() -> None:
    lesson = a_lesson()
    pupil = pupil_of(lesson.network, 0.4, lesson.seen.rows)
    assert pupil.grams is not None
    assert lesson.network.grams is not None
    row: Row = lesson.seen.rows[0]
    moved = folded(lesson.seen, pupil.settings.ngrams.buckets).rows[0]
    before, after = row.grams[0], moved.grams[0]
    kin = [at for at in range(1, 65) if (at - 1) % 16 + 1 == after]
    assert pupil.settings.ngrams.buckets == 16
    assert before in kin
    torch.testing.assert_close(pupil.grams.weight[after], lesson.network.grams.weight[kin].mean(0))
