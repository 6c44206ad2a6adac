"""An encoder as a file that is read without torch, its weights in whole bytes."""

import tempfile
from pathlib import Path

from xiaoer.learn.fewshot.encoders import Encoder
from xiaoer.learn.full.exporting import quantise, write_onnx
from xiaoer.understand import few_shot


def write_encoder(encoder: Encoder, folder: Path) -> None:
    """Write an encoder and its tokenizer into an existing folder, as `FewShotClassifier` reads them."""
    encoder.vectors.eval()
    example = dict(zip(few_shot.Batch._fields, encoder.tensors(["a", "a b c"]), strict=True))
    with tempfile.TemporaryDirectory() as beside:
        plain = Path(beside) / few_shot.ENCODER_FILE
        write_onnx(encoder.vectors, example, [few_shot.VECTORS], plain)
        quantise(plain, folder / few_shot.ENCODER_FILE)
    encoder.framer.tokenizer.save(str(folder / few_shot.TOKENIZER_FILE))
