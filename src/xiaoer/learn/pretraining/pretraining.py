"""Pre-training as a whole: corpus, tokeniser, both trainings, the folder that comes of it."""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec
import numpy as np
from tokenizers import Tokenizer
from transformers import BertForMaskedLM

from xiaoer import __version__
from xiaoer.learn.pretraining.batches import ENDS, Marks, MaskedBatches, PairBatches
from xiaoer.learn.pretraining.card import EncoderCard
from xiaoer.learn.pretraining.corpus import Corpus, Line
from xiaoer.learn.pretraining.encoding import EncodedTexts, Ints, encode_texts, in_pieces
from xiaoer.learn.pretraining.errors import OtherRunError
from xiaoer.learn.pretraining.figures import held_out_figures
from xiaoer.learn.pretraining.network import new_network
from xiaoer.learn.pretraining.objectives import masked_loss, pair_loss
from xiaoer.learn.pretraining.settings import PretrainSettings
from xiaoer.learn.pretraining.tokeniser import SPECIAL, train_tokeniser, write_tokeniser
from xiaoer.learn.pretraining.training import Course, train_network
from xiaoer.learn.pretraining.twins import mistyped_copies
from xiaoer.learn.telling import Tell

Batches: TypeAlias = MaskedBatches | PairBatches

RUN_FOLDER = "run"
_RUN_FILE = "run.json"
_DONE = "done"


class Run(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a run folder holds: the data, by its hash, and the settings. Only the same may go on with it."""

    data_hash: str
    settings: PretrainSettings
    code_version: str


def train_encoder(corpus: Corpus, settings: PretrainSettings, folder: Path, *, tell: Tell) -> EncoderCard:
    """Train an encoder; see `pretrain`, which needs no torch to be imported."""
    started = time.monotonic()
    run = _opened(folder / RUN_FOLDER, corpus, settings)
    tell("corpus", 0.0)
    tokenizer = train_tokeniser((line.text for line in corpus.lines), settings.tokeniser)
    marks = Marks(tokenizer.get_vocab(), SPECIAL, tokenizer.get_vocab_size())
    longest = settings.network.positions - ENDS
    lines = _in_pieces(corpus.lines, tokenizer, longest)
    texts = encode_texts(tokenizer, [line.text for line in lines], longest=longest)
    network = new_network(settings.network, marks, texts, settings.seed)
    _train(network, _masked(texts, marks, settings), settings, run, tell)
    _train(network, _contrastive(tokenizer, lines, marks, settings), settings, run, tell)
    tell("measuring", 0.99)
    held_out = encode_texts(tokenizer, [line.text for line in corpus.held_out], longest=longest)
    card = EncoderCard(
        data_hash=corpus.data_hash,
        sources=corpus.sources,
        held_out=len(corpus.held_out),
        seed=settings.seed,
        code_version=__version__,
        created=datetime.now(UTC),
        seconds=round(time.monotonic() - started, 1),
        parameters=network.num_parameters(),
        scores=held_out_figures(network, held_out, corpus.held_out, marks),
        settings=settings,
    )
    write_encoder(network, tokenizer, folder, longest=settings.network.positions)
    card.write(folder)
    tell("done", 1.0)
    return card


def write_encoder(network: BertForMaskedLM, tokenizer: Tokenizer, folder: Path, *, longest: int) -> None:
    """Write weights in half precision; the configuration says that they are computed with in single precision."""
    network.half().save_pretrained(folder)  # type: ignore[no-untyped-call]  # it has no types
    network.float()  # type: ignore[no-untyped-call]
    path = folder / "config.json"
    config = json.loads(path.read_bytes())
    path.write_text(json.dumps({**config, "dtype": "float32"}, indent=2, sort_keys=True) + "\n")
    write_tokeniser(tokenizer, folder, longest=longest)


def _opened(folder: Path, corpus: Corpus, settings: PretrainSettings) -> Path:
    """Make the folder of a run, or take up the one that is there."""
    path = folder / _RUN_FILE
    run = Run(data_hash=corpus.data_hash, settings=settings, code_version=__version__)
    if path.is_file():
        before = msgspec.json.decode(path.read_bytes(), type=Run)
        if before != run:
            what = "settings" if before.data_hash == run.data_hash else f"data ({before.data_hash})"
            raise OtherRunError(f"{folder} holds a run with other {what}: name another folder, or delete this one.")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(run), indent=2) + b"\n")
    return folder


def _in_pieces(lines: tuple[Line, ...], tokenizer: Tokenizer, longest: int) -> list[Line]:
    return [Line(text, line.group) for line in lines for text in in_pieces(tokenizer, [line.text], longest=longest)]


def _masked(texts: EncodedTexts, marks: Marks, settings: PretrainSettings) -> tuple[Batches, Course]:
    chosen = settings.masked
    course = Course("masked", chosen.rate, chosen.warm_up, chosen.weight_decay, masked_loss, settings.half_precision)
    return MaskedBatches(texts, marks, chosen, settings.seed), course


def _contrastive(
    tokenizer: Tokenizer, lines: list[Line], marks: Marks, settings: PretrainSettings
) -> tuple[Batches, Course]:
    chosen = settings.contrastive
    copies = mistyped_copies([line.text for line in lines], share=chosen.mistyped, seed=settings.seed)
    known = [line.text for line in lines] + list(copies.values())
    texts = encode_texts(tokenizer, known, longest=settings.network.positions - ENDS)
    copy_of = np.arange(len(lines))
    copy_of[list(copies)] = len(lines) + np.arange(len(copies))
    objective = partial(pair_loss, settings=chosen)
    course = Course("contrastive", chosen.rate, chosen.warm_up, chosen.weight_decay, objective, settings.half_precision)
    groups = _numbered([line.group for line in lines])
    return PairBatches(texts, groups, copy_of, marks, chosen, settings.seed), course


def _train(
    network: BertForMaskedLM, stage: tuple[Batches, Course], settings: PretrainSettings, run: Path, tell: Tell
) -> None:
    """Train, or take the weights of a training that was done before."""
    batches, course = stage
    folder = run / course.name
    done = folder / _DONE
    if done.is_dir():
        network.load_state_dict(BertForMaskedLM.from_pretrained(done).state_dict())
        return
    arguments = {"output_dir": str(folder), "save_steps": settings.checkpoint_every, "seed": settings.seed}
    if len(batches):
        train_network(network, batches, course, arguments, tell=tell)
    beside = folder / f".{_DONE}"
    network.save_pretrained(beside)
    beside.rename(done)


def _numbered(groups: Sequence[str]) -> Ints:
    """Give a number for each group, and one of its own for each text without one."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(group or f"\n{at}", len(numbers)) for at, group in enumerate(groups)])
