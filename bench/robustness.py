"""What disturbed texts cost: `python -m bench.robustness [FOLDER] [--tier light|full] [--set NAME]`.

Trains on each set's own training part and judges its test part as it is written and disturbed, in each way alone:
typing errors, words that say nothing put in, other characters. FOLDER holds the public sets, ../shared/data if left
out. Figures of a tier and a set replace older ones of the same in bench/results/robustness.json;
docs/reference/robustness.md is written from all.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from bench import public_sets
from bench.pack_folds import PACK, Both, folds, full_without, taught, utterances, without
from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.learn import Tier, evaluation, fitting_light, train_from_data
from xiaoer.learn.data import Table
from xiaoer.pack import read_pack
from xiaoer.understand import Classifier, load_classifier

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "reference" / "robustness.md"
_MOST_LOST = 0.05
_FOLD = 2
"""Limits of the spelling were chosen on some texts of the first."""

Trial: TypeAlias = tuple[Classifier, Table]
"""A trained model and the texts that it is judged on."""


def main() -> None:
    """Measure, print, and write the results and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", default=_ROOT.parent / "shared" / "data")
    arguments.add_argument("--tier", choices=["light", "full"], default="light")
    arguments.add_argument("--set", dest="sets", choices=SETS, action="append", help="only this; may be repeated")
    chosen = arguments.parse_args()
    path = RESULTS / "robustness.json"
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    for name in chosen.sets or SETS:
        if name != "shop_zh" and not (chosen.folder / name).is_dir():
            print(f"{chosen.folder / name} is not there: its figures stay as they were.")
            continue
        with tempfile.TemporaryDirectory() as folder:
            classifier, test = SETS[name](chosen.folder / name, chosen.tier, Path(folder))
            results.setdefault(chosen.tier, {})[name] = _measured(classifier, test)
        print(chosen.tier, name, json.dumps(results[chosen.tier][name]), flush=True)
        write_result("robustness", results)
        write_page(_PAGE, "\n".join(_page(results)) + "\n")
    print(_PAGE.read_text(encoding="utf-8"))


# Data sets


def _public(read: Callable[[Path], tuple[Table, ...]], source: Path, tier: Tier, folder: Path) -> Trial:
    train, test, *_ = read(source)
    train_from_data(train, folder / "m", tier=tier)
    return load_classifier(folder / "m"), test


def _pack(_: Path, tier: Tier, folder: Path) -> Trial:
    pack = read_pack(PACK)
    table = folds(pack)
    samples = without(table, _FOLD)
    light = fitting_light(taught(pack, samples))(samples)
    classifier = Both(light, full_without(pack, table, _FOLD, folder)) if tier == "full" else light
    return classifier, utterances(pack, table, _FOLD)


SETS: Mapping[str, Callable[[Path, Tier, Path], Trial]] = MappingProxyType(
    {
        "banking77": partial(_public, public_sets.banking77),
        "clinc150": partial(_public, public_sets.clinc150),
        "cic": partial(_public, public_sets.cic),
        "shop_zh": _pack,
    }
)
_SAID = {
    "banking77": "BANKING77, official test",
    "clinc150": "CLINC150 in scope, official test",
    "cic": "cic, `dev`, labels as given",
    "shop_zh": "the pack `shop_zh`, a fifth of its families of utterances",
}


def _measured(classifier: Classifier, test: Table) -> dict[str, Any]:  # any: for JSON
    listen = partial(evaluation.hear, evaluation.reading_by(classifier))
    heard = listen(test)
    return {
        "machine": machine(),
        "texts": len(test),
        "accuracy": round(sum(heard.is_right) / len(test), 4),
        "ways": [asdict(way) for way in evaluation.robustness(heard, listen)],
    }


# The page


def _page(results: Mapping[str, Any]) -> Iterator[str]:
    yield "% Made by `python -m bench.robustness`: run it again, do not edit this page."
    yield "\n# Disturbed texts\n"
    yield "Test texts as they were written, and as they become in one way at a time: a tenth of the words or characters"
    yield "(one a text at least) is mistyped, sounds alike or comes before a word that says nothing; signs go,"
    yield "an emoji comes in. Both accuracies are of the texts that a way changes; the likeliest intent counts."
    yield f"The aim is to lose {_MOST_LOST * 100:.0f} points at most.\n"
    yield "| Tier | Set | Way | Texts changed | As written | Disturbed | Points lost |"
    yield "| --- | --- | --- | ---: | ---: | ---: | ---: |"
    over = 0
    for tier, sets in results.items():
        for name in (known for known in SETS if known in sets):
            for way in sets[name]["ways"]:
                lost = way["as_written"] - way["disturbed"]
                over += lost > _MOST_LOST
                figures = f"{way['texts']} | {way['as_written']:.4f} | {way['disturbed']:.4f} | {lost * 100:.1f}"
                yield f"| {tier} | {_SAID[name]} | {way['name']} | {figures} |"
    yield f"\nIn {over} of these rows more is lost than that." if over else "\nIn none of these rows more is lost."
    yield "\nMeasured on:\n"
    for tier, sets in results.items():
        for name, found in sets.items():
            place = found["machine"]
            yield f"- {tier}, {name}: {place['cpu']}, {place['cores']} cores; {place['commit']}, {place['date']}."


if __name__ == "__main__":
    main()
