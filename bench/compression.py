"""What making a network smaller costs and gains: `python -m bench.compression [--encoder FOLDER] [--data FOLDER]`.

Trains the full tier's network on BANKING77, then makes it smaller by each way alone and by some together, and measures
the file, the accuracy on the test split, and the latency of one text and of 16 at once, on one thread, all variants in
turn so that a busy machine is unfair to none. Figures of an encoder replace older ones of the same in
bench/results/compression.json; docs/reference/compression.md is written from all.
"""

import argparse
import csv
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.learn.compression.compressing import compress
from xiaoer.learn.compression.distilling import folded
from xiaoer.learn.compression.pruning import parameters
from xiaoer.learn.compression.settings import CompressionSetting
from xiaoer.learn.data.samples import Sample
from xiaoer.learn.full.dataset import Rows
from xiaoer.learn.full.exporting import export, quantise
from xiaoer.learn.full.settings import FullSettings, changed
from xiaoer.learn.full.station import Lesson
from xiaoer.learn.full.training import Job, fit
from xiaoer.serve import Numbers, Session, open_session

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "reference" / "compression.md"
_ROUNDS = 40
_HELD_OUT = 10
_BATCH = 64
_EXACT, _WHOLE = "32 bits", "8 bits"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to make the network smaller: what the page calls it, the setting without its training, its rate."""

    name: str
    setting: CompressionSetting
    rate: float


@dataclass(frozen=True, slots=True)
class Variant:
    """A network as a file: how it was made, in which numbers it is written, and what it reads of the test split."""

    way: str
    numbers: str
    megabytes: float
    parameters: int
    accuracy: float
    session: Session
    batches: Mapping[int, Mapping[str, Numbers]]


def main() -> None:
    """Measure, print, and write the result and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=_ROOT / ".." / "shared" / "data")
    arguments.add_argument("--encoder", help="Hugging Face folder; left out: the one that comes with Xiaoer")
    arguments.add_argument("--examples", type=int, default=0, help="texts an intent to learn; 0: all")
    arguments.add_argument("--tests", type=int, default=0, help="texts of the test split; 0: all")
    arguments.add_argument("--epochs", type=int, default=5)
    arguments.add_argument("--seed", type=int, default=0)
    chosen = arguments.parse_args()
    torch.set_num_threads(1)
    settings = changed(FullSettings(), {"training.epochs": chosen.epochs})
    if chosen.encoder:
        settings = changed(settings, {"encoder.source": chosen.encoder, "training.rate": 1e-4})
    lesson, tests = _lesson(chosen, settings)
    _say("training the network")
    with tempfile.TemporaryDirectory() as run:
        job = Job(lesson.seen, lesson.away, lesson.collator, Path(run), chosen.seed, lesson.encoder.is_new)
        fit(lesson.network, job, settings.training, lambda *_: None)
    with tempfile.TemporaryDirectory() as made:
        variants = [one for way in _ways(lesson) for one in _made(way, lesson, tests, Path(made), chosen)]
        _say("measuring latency")
        rows = list(_judged(variants))
    result = {
        "machine": machine(),
        "data": {"texts": len(lesson.seen), "tests": len(tests), "intents": len(lesson.labels.intents)},
        "epochs": chosen.epochs,
        "variants": rows,
    }
    results = _results() | {_name_of(chosen.encoder): result}
    write_result("compression", results)
    page = "\n".join(_page(results)) + "\n"
    write_page(_PAGE, page)
    print(page)


def _name_of(encoder: str | None) -> str:
    return "/".join(Path(encoder).parts[-2:]) if encoder else "that of Xiaoer"


def _results() -> dict[str, Any]:
    path = RESULTS / "compression.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def _ways(lesson: Lesson) -> Iterator[Way]:
    layers, faster = lesson.network.encoder.config.num_hidden_layers, 5 if lesson.encoder.is_new else 1
    half, quarter = max(1, layers // 2), max(1, layers // 4)
    yield Way("as trained", CompressionSetting(), 0)
    yield Way("half of heads and neurons pruned", CompressionSetting(prune=0.5), faster * 1e-4)
    yield Way(f"{half} of {layers} layers kept", CompressionSetting(layers=half), faster * 1e-4)
    yield Way(f"half pruned, {half} of {layers} layers kept", CompressionSetting(0.5, half), faster * 1e-4)
    yield Way(f"three quarters pruned, {half} of {layers} layers kept", CompressionSetting(0.75, half), faster * 1e-4)
    if quarter < half:
        yield Way(f"half pruned, {quarter} of {layers} layers kept", CompressionSetting(0.5, quarter), faster * 1e-4)
    yield Way("distilled to a quarter", CompressionSetting(distil=0.25), faster * 3e-4)
    yield Way("distilled to a quarter, half pruned", CompressionSetting(0.5, None, 0.25), faster * 3e-4)


def _lesson(chosen: argparse.Namespace, settings: FullSettings) -> tuple[Lesson, Rows]:
    """Make a network for the training split, one text in ten held out, and the rows of the test split."""
    folder: Path = chosen.data / "banking77"
    train, test = _read(folder / "train.csv", chosen.examples), _read(folder / "test.csv", 0)
    if chosen.tests:
        test = [test[at] for at in np.random.default_rng(0).permutation(len(test))[: chosen.tests]]
    seen = [sample for at, sample in enumerate(train) if at % _HELD_OUT]
    away = [sample for at, sample in enumerate(train) if not at % _HELD_OUT]
    lesson = Lesson.of(seen, away, 0.0, settings, chosen.seed)
    return lesson, Rows(test, lesson.labels, lesson.encoder.tokenizer, settings.ngrams.buckets)


def _read(path: Path, most: int) -> list[Sample]:
    """Read a split, of each intent so many texts at most."""
    counts: Counter[str] = Counter()
    samples = []
    with path.open(encoding="utf-8", newline="") as file:
        for at, row in enumerate(csv.DictReader(file)):
            counts[row["category"]] += 1
            if not most or counts[row["category"]] <= most:
                samples.append(Sample(id=str(at), text=row["text"], intent=row["category"]))
    return samples


def _made(way: Way, lesson: Lesson, tests: Rows, folder: Path, chosen: argparse.Namespace) -> Iterator[Variant]:
    """Make a variant of the network, as a file of either kind of numbers."""
    _say(way.name)
    training = changed(
        lesson.network.settings, {"training.epochs": chosen.epochs, "training.rate": way.rate or 1e-4}
    ).training
    setting = CompressionSetting(way.setting.prune, way.setting.layers, way.setting.distil, training=training)
    small = compress(lesson, setting, lambda *_: None, seed=chosen.seed)
    if small.network.grams is not None:  # a pupil may have fewer rows of n-grams
        tests = folded(tests, small.network.settings.ngrams.buckets)
    exact = folder / f"{len(list(folder.iterdir()))}.onnx"
    whole = exact.with_suffix(".int8.onnx")
    export(small.network, exact)
    quantise(exact, whole)
    for numbers, path in ((_EXACT, exact), (_WHOLE, whole)):
        session = open_session(path, keeps_memory=True)
        accuracy = _accuracy(session, small, tests)
        _say(f"{way.name}, {numbers}: {accuracy:.4f}, {path.stat().st_size / 1e6:.2f} MB")
        batches = {size: _batch(small, tests, range(size)) for size in (1, 16)}
        size = path.stat().st_size / 1e6
        yield Variant(way.name, numbers, size, parameters(small.network), accuracy, session, batches)


def _batch(lesson: Lesson, rows: Rows, places: Sequence[int]) -> dict[str, Numbers]:
    return {name: values.numpy() for name, values in lesson.collator([rows.rows[at] for at in places]).items()}


def _accuracy(session: Session, lesson: Lesson, tests: Rows) -> float:
    order = sorted(range(len(tests)), key=lambda at: len(tests.rows[at].tokens))
    right = 0
    for start in range(0, len(order), _BATCH):
        places = order[start : start + _BATCH]
        guessed = session.run(_batch(lesson, tests, places))["intent"].argmax(axis=1)
        right += int((guessed == [tests.rows[at].intent for at in places]).sum())
    return right / len(tests)


def _judged(variants: Sequence[Variant]) -> Iterator[dict[str, Any]]:
    """Time all variants in turn, and give what each is beside the first."""
    times: dict[tuple[int, int], list[float]] = {(at, size): [] for at in range(len(variants)) for size in (1, 16)}
    for round_ in range(_ROUNDS + 2):
        for at, variant in enumerate(variants):
            for size, batch in variant.batches.items():
                started = time.perf_counter()
                variant.session.run(batch)
                if round_ >= 2:  # the first runs plan memory
                    times[at, size].append(time.perf_counter() - started)
    first = variants[0]
    for at, variant in enumerate(variants):
        row: dict[str, Any] = {
            "way": variant.way,
            "numbers": variant.numbers,
            "parameters": variant.parameters,
            "megabytes": round(variant.megabytes, 2),
            "size_share": round(variant.megabytes / first.megabytes, 4),
            "accuracy": round(variant.accuracy, 4),
            "points_lost": round(100 * (first.accuracy - variant.accuracy), 2),
        }
        for size in (1, 16):
            row[f"milliseconds_{size}"] = round(statistics.median(times[at, size]) * 1000, 2)
            # Of each round the share, and of these the middle one: who else uses the machine cancels out.
            shares = [own / other for own, other in zip(times[at, size], times[0, size], strict=True)]
            row[f"latency_share_{size}"] = round(statistics.median(shares), 4)
        yield row


def _page(results: dict[str, Any]) -> Iterator[str]:
    yield "% Made by `python -m bench.compression`: run it again, do not edit this page."
    yield "\n# Smaller networks\n"
    yield "The full tier's network (n-grams, no light model beside it) on BANKING77, by its encoder. Latency is that of"
    yield "ONNX Runtime on one thread for the first text, and the first 16 at once, of the test split; shares are of"
    yield "the first row, measured in turn. How: [Make a model smaller](../do/make-a-model-smaller.md)."
    for encoder, result in results.items():
        yield f"\n## Encoder: {encoder}\n"
        yield from _section(result)


def _section(result: dict[str, Any]) -> Iterator[str]:
    where, data, rows = result["machine"], result["data"], result["variants"]
    yield f"{data['texts']} texts learnt, {data['tests']} of the test split judged, {data['intents']} intents,"
    yield f"{result['epochs']} epochs for each training. Measured {where['date']} at {where['commit']}, {where['cpu']}"
    yield f"({where['cores']} cores).\n"
    heads = "Parameters, millions | MB | Size | 1 text, ms | Latency | 16 texts, ms | Latency | Accuracy | Points lost"
    yield f"| Network | Weights | {heads} |\n| --- | --- |" + " ---: |" * 9
    for row in rows:
        yield (
            f"| {row['way']} | {row['numbers']} | {row['parameters'] / 1e6:.2f} | {row['megabytes']:.2f} |"
            f" {row['size_share']:.1%} | {row['milliseconds_1']} | {row['latency_share_1']:.1%} |"
            f" {row['milliseconds_16']} | {row['latency_share_16']:.1%} | {row['accuracy']:.4f} |"
            f" {row['points_lost']:+.2f} |"
        )
    yield "\n| | Wanted | Is |\n| --- | --- | --- |"
    yield from _wanted(rows)


def _wanted(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    exact, whole = rows[0], rows[1]
    yield f"| 8 bits: size | 1/3.8 at most | 1/{1 / whole['size_share']:.2f} |"
    for size in (1, 16):
        yield f"| 8 bits: speed, {size} at once | 2.3 times | {1 / whole[f'latency_share_{size}']:.2f} times |"
    yield f"| 8 bits: points lost | 0.3 at most | {whole['points_lost']:+.2f} |"
    pruned = [row for row in rows if row["numbers"] == _EXACT and "distilled" not in row["way"]]
    best = min(pruned, key=lambda row: row["latency_share_1"])
    yield f"| Pruned, without a pupil: latency of one text | 35 % | {best['latency_share_1']:.1%} ({best['way']}) |"
    for row in rows:
        if row["numbers"] == _EXACT and row["way"].startswith("distilled to a quarter"):
            share = row["parameters"] / exact["parameters"]
            yield f"| {row['way']}: parameters | 25 % | {share:.1%}, {row['points_lost']:+.2f} points lost |"


def _say(what: str) -> None:
    print(f"{time.process_time():6.0f} s  {what}", flush=True)


if __name__ == "__main__":
    main()
