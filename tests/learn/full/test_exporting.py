from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from tests.learn.full.encoders import write_bilstm, write_encoder
from tests.learn.full.talk import talk, tiny
from xiaoer.learn.full.exporting import export
from xiaoer.learn.full.settings import changed
from xiaoer.learn.full.station import Lesson
from xiaoer.serve import open_session


def lesson_with(encoder: Path) -> Lesson:
    return Lesson.of(talk(40), talk(10, seed=1), 0.0, changed(tiny(), {"encoder.source": str(encoder)}), 0)


@pytest.mark.parametrize("write", [write_encoder, write_bilstm])
def test_a_network_says_as_a_file_what_it_says_in_training(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    lesson = lesson_with(write(tmp_path / "encoder"))
    export(lesson.network, tmp_path / "network.onnx")
    batch = lesson.collator([lesson.away.rows[at] for at in range(6)])  # of different lengths: some are filled up

    said = open_session(tmp_path / "network.onnx").run({name: values.numpy() for name, values in batch.items()})

    with torch.no_grad():
        network = lesson.network.eval()
        inputs = (batch["tokens"], batch["attention"], batch.get("grams"), batch.get("classes"))
        true = network.scores(*inputs)
    assert true.intent is not None
    assert np.allclose(said["intent"], true.intent.numpy(), atol=1e-4)
    assert true.tags is not None
    assert np.allclose(said["tags"], true.tags.numpy(), atol=1e-4)


def test_attention_is_written_without_guards_and_trained_as_before(tmp_path: Path) -> None:
    lesson = lesson_with(write_encoder(tmp_path / "encoder"))
    before = lesson.network.encoder.config._attn_implementation
    export(lesson.network, tmp_path / "network.onnx")

    written = {node.op_type for node in onnx.load(tmp_path / "network.onnx").graph.node}
    assert "Softmax" in written
    assert "IsNaN" not in written
    assert lesson.network.encoder.config._attn_implementation == before == "sdpa"
