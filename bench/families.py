"""How well the pack's own utterances are read, no near copy of them learnt: `python -m bench.families [--tier full]`.

Five folds of whole families of utterances (`bench.pack_folds`), each judged by a model of the others. The light tier
takes a minute for all; a full model takes minutes a fold: `--folds 1` judges the first alone. `--folder DIR` keeps the
full models, whose cards tell what they learnt, by which command and under which `--licence`; `bench.tiers` measures
with the first of them. Figures of a tier replace older ones of the same in bench/results/families.json;
docs/reference/families.md is written from both.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bench.pack_folds import FOLDS, PACK, Both, folds, full_without, taught, utterances, without
from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.learn import LightOfPack, fitting_light
from xiaoer.learn.data import Table
from xiaoer.learn.report import Judged, intent_report
from xiaoer.pack import Pack, read_pack
from xiaoer.understand import NETWORK_FILE, OUT_OF_SCOPE, Classifier

_PAGE = Path(__file__).parents[1] / "docs" / "reference" / "families.md"
_AIMS = {"light": 0.90, "full": 0.93}
_PAIRS = 25
_FIGURES = {
    "accuracy": "Accuracy",
    "top_two_accuracy": "among first two",
    "macro_f1": "Macro F1",
    "calibration_error": "ECE",
}


def main() -> None:
    """Measure, print, and write the results and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--tier", choices=["light", "full"], default="light")
    arguments.add_argument("--folds", type=int, default=FOLDS)
    arguments.add_argument("--folder", type=Path, help="where full models are kept; a temporary folder if left out")
    arguments.add_argument("--licence", default="", help="under which terms the utterances are used, for the cards")
    chosen = arguments.parse_args()
    path = RESULTS / "families.json"
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    with tempfile.TemporaryDirectory() as name:
        results |= measure(chosen.tier, chosen.folds, chosen.folder or Path(name), licence=chosen.licence)
    write_result("families", results)
    write_page(_PAGE, "\n".join(_page(results)) + "\n")
    print(_PAGE.read_text(encoding="utf-8"))


def measure(tier: str, first: int, folder: Path, *, licence: str = "") -> dict[str, Any]:
    """Judge so many folds, and give the figures of each way of reading them."""
    pack = read_pack(PACK)
    table = folds(pack)
    judged: dict[str, list[Judged]] = {}
    size = 0
    for fold in range(1, first + 1):
        test = utterances(pack, table, fold)
        light = _light(pack, without(table, fold))
        ways: dict[str, Classifier] = {"light": light}
        if tier == "full":
            full = full_without(pack, table, fold, folder, licence=licence)
            size = (folder / f"full{fold}" / NETWORK_FILE).stat().st_size
            ways = {"light, same folds": light, "network alone": full, "full": Both(light, full)}
        for name, classifier in ways.items():
            judged.setdefault(name, []).extend(_judged(classifier, test))
    return {name: _result(pack, own, first, size) for name, own in judged.items()}


def _light(pack: Pack, samples: Table) -> LightOfPack:
    return fitting_light(taught(pack, samples))(samples)


def _judged(classifier: Classifier, test: Table) -> Iterator[Judged]:
    """Give what is likeliest for each text, be the model sure enough to answer or not."""
    for sample in test:
        chances = classifier.probabilities([sample.text])[0]
        first, second = np.argsort(-chances)[:2].tolist()
        named = (float(chances[at]) for at in (first, second) if classifier.names[at] != OUT_OF_SCOPE)
        yield Judged(
            sample.intent or "",
            classifier.names[first],
            classifier.names[second],
            float(chances[first]),
            max(named, default=0.0),
        )


def _result(pack: Pack, judged: list[Judged], folds: int, size: int) -> dict[str, Any]:
    found = intent_report(judged)
    return {
        "machine": machine(),
        "pack": pack.version,
        "folds": folds,
        "texts": found.texts,
        "network_megabytes": round(size / 1e6, 2),
        "figures": {name: round(getattr(found, name), 4) for name in _FIGURES},
        "confusions": [[one.truth, one.guess, one.count] for one in found.confusions[:_PAIRS]],
    }


def _page(results: Mapping[str, Any]) -> Iterator[str]:
    yield "% Made by `python -m bench.families`: run it again, do not edit this page."
    yield "\n# The pack's own utterances\n"
    yield f"The utterances of the pack `shop_zh` in {FOLDS} folds, stratified by intent, near duplicates (a template's"
    yield "family) always in one fold, also those among the questions of the knowledge. Each is judged by a model of"
    yield "the other folds. The shipped encoder has read most of these sentences before, without their intents: it was"
    yield "pre-trained on nine tenths of them."
    yield f"\n| Read by | Folds | Texts | {' | '.join(_FIGURES.values())} | Aim |"
    yield f"| --- | ---: | ---: |{' ---: |' * (len(_FIGURES) + 1)}"
    for name, found in results.items():
        cells = " | ".join(f"{found['figures'][figure]:.4f}" for figure in _FIGURES)
        aim = f"{_AIMS[name]:.2f}" if name in _AIMS else "–"
        yield f"| {name} | {found['folds']} | {found['texts']} | {cells} | {aim} |"
    yield "\n*network alone* is the full model as bytes (int8) without the light one that it is joined with in *full*."
    size = max(found["network_megabytes"] for found in results.values())
    yield from [f"It has {size} MB."] if size else []
    yield "\nMeasured on:\n"
    for name, found in results.items():
        place = found["machine"]
        yield f"- {name}: {place['cpu']}, {place['cores']} cores; {place['commit']}, {place['date']};"
        yield f"  pack {found['pack']}."
    for name, found in results.items():
        yield f"\n## Most confused: {name}\n\n| Truth | Taken for | Times |\n| --- | --- | ---: |"
        for truth, guess, count in found["confusions"]:
            yield f"| `{truth}` | `{guess}` | {count} |"


if __name__ == "__main__":
    main()
