"""How well entities are found in public data: `python -m bench.entities [--data FOLDER] [--set NAME] [--way NAME]`.

Trains each way from scratch on each set and scores whole spans (kind, start and end right) on its test part. Writes
bench/results/entities.json and docs/reference/entities.md; what is not measured anew stays as it was. With --limit it
is only a trial, and nothing is written. Set OMP_NUM_THREADS=1 to have it on one core.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.learn import data
from xiaoer.learn.data.formats.tagged import read_tagged
from xiaoer.learn.examples import Example, marks_in
from xiaoer.learn.full import FullSettings, train_full
from xiaoer.learn.full.settings import EncoderSettings, NgramSettings, TrainingSettings
from xiaoer.learn.report import EntityReport, Mark, entity_report
from xiaoer.learn.tagging import fit_tagger
from xiaoer.pack import MarkedSpan
from xiaoer.text import normalise
from xiaoer.understand import Analysis, FullModel, Span, Tagger

_ROOT = Path(__file__).parents[1]
_DATA = _ROOT.parent / "shared" / "data"
_PAGE = _ROOT / "docs" / "reference" / "entities.md"
_TESTED = 0.1
_HELD_OUT_EVERY = 25
_GOAL = 0.89
_MOST_MINUTES = 60
_KINDS_SHOWN = 30

Find = Callable[[str], Sequence[Span]]
"""Finds spans in the normal form of a text."""


@dataclass(frozen=True, slots=True)
class Public:
    """A public set: its files for training and for the test, parted from the first if none is given, and its epochs."""

    what: str
    seen: str
    unseen: str | None
    epochs: int


SETS: Mapping[str, Public] = {
    "msra_ner": Public("news: persons, places, organisations", "dh_msra.zip", None, 8),
    "ecsa_slot": Public("what shoppers search for: 28 kinds", "train", "test", 10),
    "address_parsing": Public("postal addresses: 21 kinds of parts", "train.txt", "test.txt", 12),
}


def _settings(encoder: EncoderSettings, rate: float, heads_rate: float, epochs: int) -> FullSettings:
    training = TrainingSettings(
        epochs=epochs,
        batch=64,
        rate=rate,
        heads_rate=heads_rate,
        weight_decay=0.0,
        patience=epochs,
        warm_up=0.05,
        clip=5.0,
        checkpoint_steps=1_000_000,
    )
    return FullSettings(encoder=encoder, ngrams=NgramSettings(buckets=0), training=training)


def _bilstm(epochs: int, _: str | None) -> FullSettings:
    encoder = EncoderSettings(kind="bilstm", width=384, layers=1, longest=128, vocabulary=8000)
    return _settings(encoder, 2e-3, 2e-3, epochs)


def _encoder(epochs: int, source: str | None) -> FullSettings:
    encoder = EncoderSettings(
        kind="transformer", source=source, width=192, layers=3, attention_heads=6, longest=128, vocabulary=8000
    )
    return _settings(encoder, 2e-4, 1e-3, epochs)


WAYS: Mapping[str, Callable[[int, str | None], FullSettings] | None] = {
    "crfsuite": None,
    "bilstm_crf": _bilstm,
    "encoder_crf": _encoder,
}
_SAID = {
    "crfsuite": "features + CRF (the light tier's tagger)",
    "bilstm_crf": "BiLSTM-CRF",
    "encoder_crf": "encoder-CRF",
}


def main() -> None:
    """Measure, print, and write the result and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=_DATA, help="folder of the public sets")
    arguments.add_argument("--set", dest="sets", choices=SETS, action="append", help="only this; may be repeated")
    arguments.add_argument("--way", dest="ways", choices=WAYS, action="append", help="only this; may be repeated")
    arguments.add_argument("--encoder", help="a Hugging Face folder for encoder_crf; left out: made from scratch")
    arguments.add_argument("--limit", type=int, help="a trial with so many texts")
    chosen = arguments.parse_args()
    for name in chosen.sets or SETS:
        if not (chosen.data / name).is_dir():
            print(f"{chosen.data / name} is not there: its figures stay as they were.")
            continue
        seen, unseen = _parts(chosen.data / name, SETS[name], chosen.limit)
        for way in chosen.ways or WAYS:
            figures = _measured(way, seen, unseen, SETS[name].epochs, chosen.encoder)
            print(name, way, {key: value for key, value in figures.items() if key != "kinds"}, flush=True)
            if chosen.limit is None:
                _keep(name, way, figures)


def _parts(folder: Path, public: Public, limit: int | None) -> tuple[data.Table, data.Table]:
    """Give the samples to learn, a part of them marked to be held out, and those to be judged on."""
    seen = read_tagged(folder / public.seen).samples
    if public.unseen is None:
        cut = round(len(seen) * (1 - _TESTED))
        seen, unseen = seen[:cut], seen[cut:]
    else:
        unseen = read_tagged(folder / public.unseen).samples
    marked = tuple(
        msgspec.structs.replace(sample, intent=None, split="train" if at % _HELD_OUT_EVERY else "dev")
        for at, sample in enumerate(seen[:limit])
    )
    return marked, tuple(unseen[:limit])


def _measured(
    way: str, seen: data.Table, unseen: data.Table, epochs: int, encoder: str | None
) -> dict[str, Any]:  # any: figures for JSON
    make = WAYS[way]
    with tempfile.TemporaryDirectory() as name:
        folder, started = Path(name), time.process_time()
        find = _crfsuite(seen, folder) if make is None else _full(seen, folder, make(epochs, encoder))
        minutes = (time.process_time() - started) / 60
        size = sum(path.stat().st_size for path in folder.glob("*") if path.is_file())
        started = time.process_time()
        report = _judged(find, unseen)
        reading = (time.process_time() - started) / max(1, len(unseen))
    return {
        "micro_f1": round(report.micro_f1, 4),
        "spans": report.spans,
        "texts": len(seen),
        "tested_texts": len(unseen),
        "training_cpu_minutes": round(minutes, 1),
        "megabytes": round(size / 1e6, 1),
        "reading_milliseconds": round(reading * 1000, 2),
        "encoder": encoder if way == "encoder_crf" else None,
        "machine": machine(),
        "versions": {name: version(name) for name in ("xiaoer", "torch", "transformers", "python-crfsuite")},
        "kinds": [asdict(kind) | {"f1": kind.f1} for kind in report.kinds],
    }


def _crfsuite(seen: data.Table, folder: Path) -> Find:
    kinds = {span.entity for sample in seen for span in sample.spans}
    fit_tagger([_example(sample) for sample in seen], kinds, folder / "tagger")
    tagger = Tagger(folder / "tagger")
    return lambda text: tagger.find(_analysis(text))


def _example(sample: data.Sample) -> Example:
    normal = normalise(sample.text)
    marks = [MarkedSpan(entity=span.entity, start=span.start, end=span.end) for span in sample.spans]
    return Example("", _analysis(normal.text), ([], [], [], []), tuple(marks_in(normal, marks)))


def _analysis(text: str) -> Analysis:
    """Look at a text without a pack: no patterns, no lists."""
    return Analysis(text, (), (), ())


def _full(seen: data.Table, folder: Path, settings: FullSettings) -> Find:
    def tell(what: str, share: float) -> None:
        print(f"\r{share:4.0%} {what}", end="", flush=True)

    train_full(seen, folder, settings=settings, progress=tell)
    print(flush=True)
    model = FullModel.load(folder)
    return lambda text: model.read([text])[0].spans


def _judged(find: Find, unseen: data.Table) -> EntityReport:
    """Compare spans as characters of the texts as they were received."""
    pairs: list[tuple[set[Mark], set[Mark]]] = []
    for sample in unseen:
        normal = normalise(sample.text)
        found = {(span.kind, *normal.source_span(span.start, span.end)) for span in find(normal.text)}
        pairs.append(({(span.entity, span.start, span.end) for span in sample.spans}, found))
    return entity_report(pairs)


def _keep(name: str, way: str, figures: Mapping[str, Any]) -> None:
    """Write one figure beside those that are there."""
    path = RESULTS / "entities.json"
    result: dict[str, dict[str, Any]] = json.loads(path.read_text()) if path.exists() else {}
    result.setdefault(name, {})[way] = figures
    ordered = {
        known: {way: result[known][way] for way in WAYS if way in result[known]} for known in SETS if known in result
    }
    write_result("entities", ordered)
    write_page(_PAGE, "\n".join(_page(ordered)) + "\n")


def _page(result: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    yield "% Made by `python -m bench.entities`: run it again, do not edit this page."
    yield "\n# Entities in public data\n"
    yield "Strict F1: a span counts only if its kind, start and end are right. Each model is trained from scratch on"
    yield "the training part of a set and judged on its test part, as it is served (networks as ONNX with weights of 8"
    yield f"bits). Of `msra_ner` the last {_TESTED:.0%} of the sentences are the test; the others have an official one."
    yield "Training is counted in minutes of processor time. [Train entities](../do/train-entities.md) says how it is"
    yield "done with your own data.\n"
    yield "| Set | Way | Strict F1 | Spans | Training, CPU minutes | Megabytes | Reading, ms |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for name, ways in result.items():
        for way, one in ways.items():
            yield (
                f"| `{name}` ({SETS[name].what}) | {_SAID[way]} | {one['micro_f1']:.4f} | {one['spans']} "
                f"| {one['training_cpu_minutes']} | {one['megabytes']} | {one['reading_milliseconds']} |"
            )
    if "msra_ner" in result:
        best = max(result["msra_ner"].values(), key=lambda one: one["micro_f1"])
        is_reached = best["micro_f1"] >= _GOAL and best["training_cpu_minutes"] < _MOST_MINUTES
        said = "reached" if is_reached else "missed"
        yield f"\nThe goal on `msra_ner`, {_GOAL} in under {_MOST_MINUTES} CPU minutes, is {said}:"
        yield f"{best['micro_f1']:.4f} in {best['training_cpu_minutes']}."
    for name, ways in result.items():
        yield from _kinds(name, ways)
    places = {(one["machine"]["cpu"], one["machine"]["date"]) for ways in result.values() for one in ways.values()}
    yield f"\nMeasured on {', '.join(f'{cpu} ({date})' for cpu, date in sorted(places))}."


def _kinds(name: str, ways: Mapping[str, Any]) -> Iterator[str]:
    best = max(ways, key=lambda way: float(ways[way]["micro_f1"]))
    yield f"\n## `{name}` by {_SAID[best]}\n"
    yield "| Kind | Precision | Recall | F1 | Marked |\n| --- | ---: | ---: | ---: | ---: |"
    for kind in sorted(ways[best]["kinds"], key=lambda one: -one["support"])[:_KINDS_SHOWN]:
        figures = " | ".join(f"{kind[figure]:.2f}" for figure in ("precision", "recall", "f1"))
        yield f"| `{kind['name']}` | {figures} | {kind['support']} |"


if __name__ == "__main__":
    main()
