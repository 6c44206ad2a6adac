"""What the shipped encoder knows before it is told what to tell apart: `python -m bench.encoder DATA`.

DATA is the folder with clinc150, banking77 and cic as their authors publish them. On the mean vectors of the encoder,
and on those of one of the same shape that was not trained, a logistic regression tells intents; on what was held out
of the packs it is measured how often hidden tokens are guessed and the nearest text says the same. Writes
bench/results/encoder.json and docs/reference/encoder.md.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it ships no types
from tokenizers import Tokenizer
from transformers import AutoModelForMaskedLM, BertForMaskedLM

from bench.encoder_texts import banking77, clinc150
from bench.report import machine, write_page, write_result
from xiaoer.learn.pretraining import SHIPPED_ENCODER, EncoderCard, Line, read_corpus
from xiaoer.learn.pretraining.batches import ENDS, Marks
from xiaoer.learn.pretraining.encoding import EncodedTexts, encode_texts
from xiaoer.learn.pretraining.figures import Floats, masked_accuracy, nearest_hits, text_vectors
from xiaoer.learn.pretraining.tokeniser import SPECIAL
from xiaoer.text import normalise

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "reference" / "encoder.md"
_PACKS = tuple(_ROOT / "packs" / name for name in ("shop_zh", "shop_en"))
_STRENGTH, _STEPS = 0.1, 100
_FEW = 10

Labelled = Sequence[tuple[str, str]]


class Reader:
    """An encoder with its tokeniser."""

    def __init__(self, folder: Path, network: BertForMaskedLM) -> None:
        self._network = network.train(mode=False)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._marks = Marks(self._tokenizer.get_vocab(), SPECIAL, self._tokenizer.get_vocab_size())

    def probed(self, train: Labelled, test: Labelled) -> float:
        """Give the accuracy of a logistic regression on the vectors."""
        probe = make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH, max_iter=_STEPS, tol=1e-3))
        with threadpool_limits(1):
            probe.fit(self._vectors([text for text, _ in train]), [label for _, label in train])
            return float(probe.score(self._vectors([text for text, _ in test]), [label for _, label in test]))

    def nearest(self, lines: Sequence[Line]) -> float:
        """Give how often the nearest text says the same."""
        return nearest_hits(self._vectors([line.text for line in lines]), [line.group for line in lines]) or 0.0

    def guessed(self, texts: Sequence[str]) -> float:
        """Give the share of hidden tokens that are guessed."""
        return masked_accuracy(self._network, self._encoded(texts), self._marks)

    def _vectors(self, texts: Sequence[str]) -> Floats:
        return text_vectors(self._network, self._encoded(texts), self._marks)

    def _encoded(self, texts: Sequence[str]) -> EncodedTexts:
        longest = self._network.config.max_position_embeddings - ENDS
        return encode_texts(self._tokenizer, [normalise(text).text for text in texts], longest=longest)


def main() -> None:
    """Measure, print, and write the result and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path, help="folder with clinc150, banking77 and cic")
    arguments.add_argument("--encoder", type=Path, default=SHIPPED_ENCODER, help="another encoder's folder")
    arguments.add_argument("--dry", action="store_true", help="print only")
    chosen = arguments.parse_args()
    torch.set_num_threads(1)
    card = msgspec.json.decode((chosen.encoder / "card.json").read_bytes(), type=EncoderCard)
    trained = AutoModelForMaskedLM.from_pretrained(chosen.encoder, dtype=torch.float32)
    torch.manual_seed(0)
    untrained = BertForMaskedLM(trained.config)
    result = {
        "machine": machine(),
        "versions": {name: version(name) for name in ("xiaoer", "torch", "transformers", "scikit-learn")},
        "trained": _figures(Reader(chosen.encoder, trained), chosen.data, card),
        "untrained": _figures(Reader(chosen.encoder, untrained), chosen.data, card),
    }
    page = "\n".join(_page(result, card, chosen.encoder)) + "\n"
    print(page)
    if not chosen.dry:
        write_result("encoder", result)
        write_page(_PAGE, page)


def _figures(reader: Reader, data: Path, card: EncoderCard) -> Mapping[str, float]:
    bank = (banking77(data, "train"), banking77(data, "test"))
    public = {
        "BANKING77, official test": bank,
        "CLINC150 in scope, official test": (clinc150(data, "train"), clinc150(data, "test")),
        "cic, noisy labels, dev": (_cic(data, "train"), _cic(data, "dev")),
    }
    figures = {
        f"{name}: linear probe on {_FEW} examples a class": reader.probed(_some(train, _FEW), test)
        for name, (train, test) in public.items()
    }
    figures["BANKING77, official test: linear probe on all examples"] = reader.probed(*bank)
    for folder in _PACKS:
        name, corpus = folder.name, read_corpus([], [folder], card.settings.corpus)
        asked, said = _parted(corpus.held_out)
        figures[f"`{name}`, utterances held out: linear probe on {_FEW} examples a class"] = reader.probed(
            _some(_utterances(folder, card), _FEW), [(line.text, line.group) for line in said]
        )
        figures[f"`{name}`, questions held out: the nearest phrasing is of the same entry"] = reader.nearest(asked)
        figures[f"`{name}`, held out: hidden words guessed, token by token"] = reader.guessed(
            [line.text for line in corpus.held_out]
        )
    return {name: round(value, 4) for name, value in figures.items()}


def _some(rows: Labelled, count: int) -> Labelled:
    """Draw so many of each class, or all that there are."""
    kept: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for text, label in Random(0).sample(list(rows), len(rows)):  # noqa: S311  # a sample, no secret
        if len(kept[label]) < count:
            kept[label].append((text, label))
    return [row for own in kept.values() for row in own]


def _utterances(folder: Path, card: EncoderCard) -> Labelled:
    """Give the utterances of a pack that were not held out, with their intents."""
    corpus = read_corpus([], [folder], msgspec.structs.replace(card.settings.corpus, pairs=("utterances",)))
    return [(line.text, line.group) for line in corpus.lines if line.group]


def _parted(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """Give the questions, and the utterances."""
    asked = [line for line in lines if ":faq:" in line.group]
    return asked, [line for line in lines if ":faq:" not in line.group]


def _cic(data: Path, part: str) -> Labelled:
    lines = (data / "cic" / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    return [(str(row["sentence"]), str(row["label"])) for row in rows]


def _page(result: dict[str, Any], card: EncoderCard, encoder: Path) -> Iterator[str]:
    place, network = result["machine"], card.settings.network
    size = (encoder / "model.safetensors").stat().st_size / 1e6
    yield "% Made by `python -m bench.encoder`: run it again, do not edit this page."
    yield "\n# The shipped encoder\n"
    yield f"BERT of {network.layers} layers of {network.width}, {card.parameters:,} parameters, {size:.1f} MB in half"
    yield f"precision, {card.settings.tokeniser.entries:,} tokens, texts of up to {network.positions} tokens. Trained"
    yield f"from scratch on one core of a CPU, on {sum(card.sources.values()):,} lines:"
    yield ", ".join(f"{name} {count:,}" for name, count in card.sources.items()) + "."
    yield "[How](../do/pretrain-an-encoder.md) to make it again, or one of your own texts.\n"
    yield "Measured before any fine-tuning, beside an encoder of the same shape that was not trained;"
    yield f"{place['date']} at {place['commit']}, Python {place['python']}, on {place['cpu']}.\n"
    yield "| Figure | Trained | Not trained |\n| --- | ---: | ---: |"
    for name, value in result["trained"].items():
        yield f"| {name} | {value:.4f} | {result['untrained'][name]:.4f} |"
    yield "\nNo training saw a test or development part of a public set, nor what was held out of the packs: a tenth of"
    yield "the families of utterances, and of the questions with all their phrasings. The labels of CLINC150's training"
    yield "part taught it which sentences say the same; so what it reaches on CLINC150 with a few examples a class says"
    yield "nothing about new intents. The labels of BANKING77, cic and the packs' utterances it has not seen."


if __name__ == "__main__":
    main()
