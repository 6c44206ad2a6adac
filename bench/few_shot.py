"""How much few examples teach: `python -m bench.few_shot [--own ENCODER] [--english ENCODER] [--data FOLDER]`.

Problems of five intents are drawn from BANKING77, CLINC150 and cic, and from the pack `shop_zh`; each is learnt from 5,
10, 20, 50 and 200 examples an intent, as far as there are, and judged on texts that were not learnt. An encoder is a
Hugging Face folder: `--own` (the one that comes with Xiaoer) reads both languages and has a masked-language head,
`--english` English alone. Figures of sources that are not among `--sources` stay as they were. Writes
bench/results/few_shot.json, docs/reference/few-shot.md and its plots.
"""

import argparse
import csv
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.learn.classifying import fit_classifier
from xiaoer.learn.data.curves import curves
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.data.splitting import SplitSetting, split
from xiaoer.learn.fewshot import FewShotSetting, Method
from xiaoer.learn.fewshot.examples import Examples
from xiaoer.learn.fewshot.training import learn
from xiaoer.learn.pretraining import SHIPPED_ENCODER
from xiaoer.pack import read_pack

_ROOT = Path(__file__).parents[1]
_DOCS = _ROOT / "docs"
_SIZES = (5, 10, 20, 50, 200)
_INTENTS = 5
_FEWEST_TRAINED, _MOST_TESTED = 50, 40
_WANTED = 0.85
_NAMES = {"banking77": "BANKING77", "clinc150": "CLINC150", "cic": "cic", "shop_zh": "The pack shop_zh"}

Measured: TypeAlias = dict[str, dict[int, list[float]]]
"""Accuracies, one a draw, by method and examples an intent."""


@dataclass(frozen=True, slots=True)
class Source:
    """Labelled texts that problems are drawn from, those to learn and those to judge by, by intent."""

    name: str
    is_english: bool
    train: Mapping[str, Sequence[str]]
    test: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Problem:
    """Five intents: examples to learn, in the order in which they are given, and texts to judge by."""

    examples: Mapping[str, Sequence[str]]
    tests: Sequence[tuple[str, str]]

    def of(self, size: int) -> tuple[list[str], list[str]]:
        """Give so many examples of each intent: texts and intents."""
        pairs = [(text, intent) for intent, texts in self.examples.items() for text in texts[:size]]
        return [text for text, _ in pairs], [intent for _, intent in pairs]


def main() -> None:
    """Measure, print, and write the result, the page and the plots."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=_ROOT / ".." / "shared" / "data")
    arguments.add_argument("--own", type=Path, default=SHIPPED_ENCODER, help="an encoder for both languages")
    arguments.add_argument("--english", type=Path, help="folder of an encoder for English")
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--sizes", type=int, nargs="+", default=_SIZES)
    arguments.add_argument("--sources", nargs="+", default=list(_NAMES), choices=list(_NAMES))
    chosen = arguments.parse_args()
    encoders = {name: folder for name in ("own", "english") if (folder := getattr(chosen, name)) is not None}
    result = _kept()
    measured: dict[str, Measured] = {name: {} for name in chosen.sources}
    sources = [_source(name, chosen.data) for name in chosen.sources]
    for seed in range(chosen.seeds):
        for source in sources:
            own = {name: folder for name, folder in encoders.items() if not _has_learnt(folder, source.name)}
            _measure(source, own, seed, chosen.sizes, measured[source.name])
            result[source.name] = {
                "machine": machine(),
                "draws": seed + 1,
                "encoders": {name: "/".join(folder.parts[-2:]) for name, folder in own.items()},
                "accuracy": measured[source.name],
            }
        _write(result)


def _kept() -> dict[str, Any]:
    """Give the figures of an earlier run: those of sources that are not measured now stay."""
    path = RESULTS / "few_shot.json"
    kept: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return kept


def _has_learnt(folder: Path, name: str) -> bool:
    """Say if an encoder's card names a source among its texts: with labels that it knows, nothing would be few."""
    card = folder / "card.json"
    sources = json.loads(card.read_bytes()).get("sources", {}) if card.is_file() else {}
    return any(source.startswith(name) for source in sources)


def _write(result: dict[str, Any]) -> None:
    """Write what was measured so far: a run takes long, and each draw is worth having."""
    write_result("few_shot", result)
    for name, found in result.items():
        drawn = {
            method: {float(size): _mean(of) for size, of in sizes.items()}
            for method, sizes in found["accuracy"].items()
        }
        write_page(_DOCS / "_static" / f"few-shot-{name}.svg", curves(drawn, wanted=_WANTED) + "\n")
    page = "\n".join(_page(result)) + "\n"
    write_page(_DOCS / "reference" / "few-shot.md", page)
    print(page, flush=True)


def _measure(
    source: Source,
    encoders: Mapping[str, Path],
    seed: int,
    sizes: Sequence[int],
    found: Measured,
) -> None:
    """Add the accuracy of each method at each size, for one draw of intents and examples."""
    problem = _problem(source, seed)
    for size in sizes:
        if min(map(len, problem.examples.values())) < size:
            continue
        for method, accuracy in _learnt(problem, size, source.is_english, encoders, seed):
            found.setdefault(method, {}).setdefault(size, []).append(round(accuracy, 4))
            print(f"{time.process_time():5.0f} s {source.name} {seed} {size} {method} {accuracy:.3f}", flush=True)


def _learnt(
    problem: Problem, size: int, is_english: bool, encoders: Mapping[str, Path], seed: int
) -> Iterator[tuple[str, float]]:
    texts, intents = problem.of(size)
    tests, truth = [text for text, _ in problem.tests], np.array([intent for _, intent in problem.tests])
    light = fit_classifier(texts, intents, seed=seed)
    yield "light", _right(light.probabilities(tests), light.names, truth)
    examples = Examples.of(texts, intents)
    for name, folder in encoders.items():
        methods: tuple[Method, ...] = ("prototypes", "contrastive")
        if name == "own":
            methods = (*methods, "prompts")
        elif not is_english:
            continue
        for method in methods:
            learnt = learn(examples, FewShotSetting(method, folder), seed=seed)
            yield f"{method}, {name}", _right(learnt.scores(tests), examples.names, truth)


def _right(scores: NDArray[np.float32], names: Sequence[str], truth: np.ndarray) -> float:
    return float((np.array(names)[scores.argmax(axis=1)] == truth).mean())


def _problem(source: Source, seed: int) -> Problem:
    """Draw five intents that there are enough texts of, and the order of their examples."""
    chance = np.random.default_rng(seed)
    fit = sorted(
        name for name, texts in source.train.items() if len(texts) >= _FEWEST_TRAINED and len(source.test[name]) >= 10
    )
    drawn = sorted(chance.permutation(fit)[:_INTENTS].tolist())
    examples = {name: _shuffled(source.train[name], chance) for name in drawn}
    tests = [(text, name) for name in drawn for text in _shuffled(source.test[name], chance)[:_MOST_TESTED]]
    return Problem(examples, tests)


def _shuffled(texts: Sequence[str], chance: np.random.Generator) -> list[str]:
    return [texts[at] for at in chance.permutation(len(texts))]


def _source(name: str, data: Path) -> Source:
    match name:
        case "banking77":
            train, test = (_csv(data / name / f"{part}.csv") for part in ("train", "test"))
        case "clinc150":
            whole = json.loads((data / name / "data_full.json").read_bytes())
            train, test = whole["train"], whole["test"]
        case "cic":
            train, test = (_lines(data / name / f"{part}.jsonl") for part in ("train", "dev"))
        case _:
            train, test = _pack()
    return Source(name, name in ("banking77", "clinc150"), _by_intent(train), _by_intent(test))


def _csv(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["category"]) for row in csv.DictReader(file)]


def _lines(path: Path) -> list[tuple[str, str]]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(row["sentence"], row["label_des"]) for row in rows]


def _pack() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Give the pack's utterances in two parts, near duplicates together."""
    pack = read_pack(_ROOT / "packs" / "shop_zh")
    table: Table = tuple(
        Sample(id=f"{name}-{at}", text=text.text, intent=name)
        for name, intent in pack.intents.items()
        for at, text in enumerate(intent.examples())
    )
    parted, _ = split(table, SplitSetting(shares=(0.6, 0, 0.4)))
    parts = ("train", "test")
    train, test = ([(one.text, one.intent or "") for one in parted if one.split == part] for part in parts)
    return train, test


def _by_intent(pairs: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for text, intent in pairs:
        found[intent].append(text)
    return found


def _mean(of: Sequence[float]) -> float:
    return float(np.mean(of))


def _page(result: dict[str, Any]) -> Iterator[str]:
    yield "% Made by `python -m bench.few_shot`: run it again, do not edit this page."
    yield "\n# Learning from few examples\n"
    yield f"Accuracy on problems of {_INTENTS} intents, drawn by chance with their examples, on {_MOST_TESTED} texts"
    yield "an intent at most that were not learnt: the mean of some draws, with the lowest in brackets. Ten examples of"
    yield f"each of five intents are 50 labelled texts; the dashed line is at {_WANTED:.0%}. An encoder that learnt the"
    yield "texts of a set beforehand is not judged by it."
    yield "How: [Learn from few examples](../do/learn-from-few-examples.md)."
    for name, found in result.items():
        where, methods = found["machine"], found["accuracy"]
        sizes = sorted({int(size) for of in methods.values() for size in of})
        yield f"\n## {_NAMES[name]}\n\n![Accuracy over examples an intent](../_static/few-shot-{name}.svg)\n"
        yield f"| Examples an intent | {' | '.join(map(str, sizes))} |\n| --- |{' ---: |' * len(sizes)}"
        for method, of in methods.items():
            known = {int(size): accuracies for size, accuracies in of.items()}
            cells = (f"{_mean(known[at]):.3f} ({min(known[at]):.3f})" if at in known else "–" for at in sizes)
            yield f"| {method} | {' | '.join(cells)} |"
        encoders = ", ".join(f"{name} is `{folder}`" for name, folder in found["encoders"].items()) or "none"
        yield f"\nDraws: {found['draws']}. Encoders: {encoders}. Measured {where['date']} at {where['commit']}."
        if name == "cic":
            yield "The labels of this set are noisy on purpose, those that are judged by too."


if __name__ == "__main__":
    main()
