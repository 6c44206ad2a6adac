"""How well messages are understood: `python -m bench.intents [--json FILE]`.

Cross-validates the intent model and the finding of entities on the shop pack's own utterances, counts the wishes of
its messages of many wishes, and times one reading. Writes bench/results/intents.json and
docs/reference/intent-accuracy.md.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bench.report import machine, write_page, write_result
from xiaoer.learn import EntityReport, IntentReport, cross_validate, cross_validate_entities, train_light
from xiaoer.pack import Pack, read_pack
from xiaoer.understand import SMALL_TALK, LightModel, Understander

_ROOT = Path(__file__).parents[1]
_PACK = _ROOT / "packs" / "shop_zh"
_PAGE = _ROOT / "docs" / "reference" / "intent-accuracy.md"
_PAIRS = 25
_TIMED = ("我的快递到哪里了呀亲亲", "这款四件套什么时候有货啊", "昨天买的鞋子不合适想退货")
_REPEATS = 1000
_NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def main() -> None:
    """Measure, print, and write the result and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--json", type=Path, help="write the figures here too")
    chosen = arguments.parse_args()
    pack = read_pack(_PACK)
    intents, entities = cross_validate(pack), cross_validate_entities(pack)
    result = {
        "machine": machine(),
        "versions": {name: version(name) for name in ("xiaoer", "scikit-learn", "numpy", "python-crfsuite")},
        "pack": pack.version,
        "intents": asdict(intents),
        "entities": asdict(entities),
        "trained": _trained(pack),
    }
    write_result("intents", result)
    page = "\n".join(_page(result, intents, entities)) + "\n"
    write_page(_PAGE, page)
    print(page)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n")


def _trained(pack: Pack) -> dict[str, float]:
    """Train once and look at what cross-validation does not show: time, size, wishes, speed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        train_light(pack, folder)
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        model = LightModel.load(folder)
        load_seconds = time.perf_counter() - started
        size = sum(path.stat().st_size for path in folder.iterdir())
    understander = Understander(model, pack)
    return {
        "training_seconds": round(seconds, 1),
        "load_seconds": round(load_seconds, 3),
        "megabytes": round(size / 1e6, 1),
        "exact_wishes": round(_exact_wishes(understander, pack), 4),
        "reading_microseconds_p50": round(_reading_seconds(understander) * 1e6),
    }


def _exact_wishes(understander: Understander, pack: Pack) -> float:
    """Give the share of messages whose wishes are found exactly; small talk beside a wish does not count."""
    right = 0
    for message in pack.wishes:
        wanted = set(message.wishes) - SMALL_TALK or set(message.wishes[:1])
        right += {wish.intent for wish in understander.read(message.text, now=_NOW).wishes} == wanted
    return right / max(1, len(pack.wishes))


def _reading_seconds(understander: Understander) -> float:
    """Give the median time of one reading of a short message; on a day of its own, or it would be remembered."""
    times = []
    for day in range(_REPEATS):
        now = _NOW + timedelta(days=day)
        for text in _TIMED:
            started = time.perf_counter()
            understander.read(text, now=now)
            times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2]


def _page(result: dict[str, Any], intents: IntentReport, entities: EntityReport) -> Iterator[str]:
    place, trained = result["machine"], result["trained"]
    yield "% Made by `python -m bench.intents`: run it again, do not edit this page."
    yield "\n# Intent accuracy\n"
    yield f"Five-fold cross-validation, stratified, on the {intents.texts} utterances of the pack `shop_zh`,"
    yield f"each judged by a model that has not seen it. Measured {place['date']} at {place['commit']},"
    yield f"Python {place['python']}, on {place['cpu']} ({place['cores']} cores).\n"
    yield "| Figure | Value |\n| --- | ---: |"
    yield f"| Accuracy over {len(intents.classes)} intents | {intents.accuracy:.4f} |"
    yield f"| Right one among the first two | {intents.top_two_accuracy:.4f} |"
    yield f"| Macro F1 | {intents.macro_f1:.4f} |"
    yield f"| Expected calibration error | {intents.calibration_error:.4f} |"
    yield f"| Entities, micro F1 of exact spans | {entities.micro_f1:.4f} |"
    yield f"| Messages of many wishes with all found exactly | {trained['exact_wishes']:.4f} |"
    yield f"| Training, seconds | {trained['training_seconds']} |"
    yield f"| Model on disk, MB | {trained['megabytes']} |"
    yield f"| Loading, seconds | {trained['load_seconds']} |"
    yield f"| Reading a message of 12 characters, microseconds (median) | {trained['reading_microseconds_p50']} |"
    yield f"\n## The {_PAIRS} most confused pairs\n\n| Truth | Taken for | Times |\n| --- | --- | ---: |"
    for pair in intents.confusions[:_PAIRS]:
        yield f"| `{pair.truth}` | `{pair.guess}` | {pair.count} |"
    yield "\n## Intents\n\n| Intent | Precision | Recall | F1 | Utterances |\n| --- | ---: | ---: | ---: | ---: |"
    for score in sorted(intents.classes, key=lambda one: one.f1):
        yield f"| `{score.name}` | {score.precision:.2f} | {score.recall:.2f} | {score.f1:.2f} | {score.support} |"
    yield "\n## Entities\n\n| Kind | Precision | Recall | F1 | Marked |\n| --- | ---: | ---: | ---: | ---: |"
    for score in sorted(entities.kinds, key=lambda one: one.f1):
        yield f"| `{score.name}` | {score.precision:.2f} | {score.recall:.2f} | {score.f1:.2f} | {score.support} |"


if __name__ == "__main__":
    main()
