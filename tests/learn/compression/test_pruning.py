import pytest
import torch
from torch import Tensor, nn
from transformers import DistilBertConfig, DistilBertModel

from tests.learn.compression.making import a_lesson
from xiaoer.learn.compression.errors import CompressionError
from xiaoer.learn.compression.pruning import Importance, keep_layers, layers_of, magnitudes, measure, parameters, prune
from xiaoer.learn.full.station import Lesson


@pytest.fixture
def lesson() -> Lesson:
    lesson = a_lesson()
    lesson.network.eval()
    return lesson


def loss_of(lesson: Lesson) -> Tensor:
    loss: Tensor = lesson.network(**lesson.collator(lesson.seen.rows[:8]))["loss"]
    return loss


def measured(lesson: Lesson) -> Importance:
    return measure(lesson.network.encoder, [lambda: loss_of(lesson)])


def test_a_head_that_says_nothing_is_worth_nothing(lesson: Lesson) -> None:
    layer = layers_of(lesson.network.encoder)[1]
    with torch.no_grad():
        layer.attention.output.dense.weight[:, 8:16] = 0
    importance = measured(lesson)
    assert importance.heads[1].argmin() == 1
    assert importance.heads[1][1] == 0
    assert (importance.heads[0] > 0).all()


def test_a_cut_of_what_says_nothing_changes_nothing(lesson: Lesson) -> None:
    for layer in layers_of(lesson.network.encoder):
        with torch.no_grad():
            layer.attention.output.dense.weight[:, :16] = 0
            layer.output.dense.weight[:, ::2] = 0
    before, size = loss_of(lesson), parameters(lesson.network)
    prune(lesson.network.encoder, measured(lesson), 0.5)
    layer = layers_of(lesson.network.encoder)[0]
    assert layer.attention.self.query.out_features == 16
    assert layer.intermediate.dense.out_features == 64
    assert parameters(lesson.network) < size
    torch.testing.assert_close(loss_of(lesson), before)


def test_a_head_without_weights_is_the_lightest(lesson: Lesson) -> None:
    layer = layers_of(lesson.network.encoder)[2]
    with torch.no_grad():
        layer.attention.output.dense.weight[:, 16:24] = 0
        layer.output.dense.weight[:, 5] = 0
    lengths = magnitudes(lesson.network.encoder)
    assert int(lengths.heads[2].argmin()) == 2
    assert int(lengths.neurons[2].argmin()) == 5


def test_each_layer_keeps_a_head_and_some_neurons(lesson: Lesson) -> None:
    prune(lesson.network.encoder, measured(lesson), 0.999)
    for layer in layers_of(lesson.network.encoder):
        assert layer.attention.self.query.out_features == 8
        assert layer.intermediate.dense.out_features == 16
    assert torch.isfinite(loss_of(lesson))


def test_the_layer_that_turns_its_input_least_goes_first(lesson: Lesson) -> None:
    idle = layers_of(lesson.network.encoder)[1]
    with torch.no_grad():
        for dense in (idle.attention.output.dense, idle.output.dense):
            dense.weight.zero_()
            dense.bias.zero_()
    prune(lesson.network.encoder, measured(lesson), 0, layers=2)
    assert idle not in layers_of(lesson.network.encoder)
    assert len(layers_of(lesson.network.encoder)) == 2


def test_what_can_be_pruned_can_be_trained(lesson: Lesson) -> None:
    prune(lesson.network.encoder, measured(lesson), 0.5, layers=2)
    torch.autograd.backward(loss_of(lesson))
    layers = layers_of(lesson.network.encoder)
    assert all(weights.grad is not None for layer in layers for weights in layer.parameters())


def test_more_layers_than_there_are_cannot_stay(lesson: Lesson) -> None:
    with pytest.raises(CompressionError, match="3 layers"):
        keep_layers(lesson.network.encoder, [0, 3])


@pytest.mark.parametrize(
    "encoder",
    [nn.Linear(2, 2), DistilBertModel(DistilBertConfig(vocab_size=9, dim=8, n_layers=1, n_heads=2, hidden_dim=8))],
)
def test_an_encoder_of_another_build_is_refused(encoder: nn.Module) -> None:
    with pytest.raises(CompressionError, match="not built as BERT"):
        layers_of(encoder)
