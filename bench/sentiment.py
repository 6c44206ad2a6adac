"""How well the mood of shopping reviews is read: `python -m bench.sentiment [--data FOLDER] [--way NAME]`.

Trains on the reviews whose texts' hashes do not end in the tested tenth, and asks of the others whether they praise.
Writes bench/results/sentiment.json and docs/reference/sentiment.md; what is not measured anew stays as it was. With
--limit it is only a trial, and nothing is written.
"""

import argparse
import csv
import hashlib
import io
import json
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from bench.report import RESULTS, machine, write_page, write_result
from xiaoer.learn import data
from xiaoer.learn.classifying import fit_classifier
from xiaoer.learn.full import FullSettings, train_full
from xiaoer.learn.full.settings import EncoderSettings, TrainingSettings
from xiaoer.pack import MoodLexicon, read_pack
from xiaoer.text import normalise
from xiaoer.understand import FullModel, MoodReader

_ROOT = Path(__file__).parents[1]
_DATA = _ROOT.parent / "shared" / "data"
_ARCHIVE = Path("reviews_zh") / "online_shopping_10_cats.zip"
_TABLE = "online_shopping_10_cats.csv"
_PAGE = _ROOT / "docs" / "reference" / "sentiment.md"
_PARTS = 10
_HELD_OUT = 1
_GOAL = 0.92
_PRAISE, _COMPLAINT = "praise", "complaint"
_LONGEST = 160
_SAID = {
    "lexicon": "the pack's lexicon, nothing trained",
    "light": "light tier: linear on n-grams",
    "full": "full tier: mood head on an encoder made from the reviews, with n-grams",
}


class Review(NamedTuple):
    """A review, of what kind of goods it is, whether it praises, and in which tenth its text's hash falls."""

    text: str
    goods: str
    praises: bool
    part: int


Praises = Callable[[Sequence[str]], list[bool]]


def main() -> None:
    """Measure, print, and write the result and the page."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, default=_DATA, help="folder of the public sets")
    arguments.add_argument("--way", dest="ways", choices=_SAID, action="append", help="only this; may be repeated")
    arguments.add_argument("--limit", type=int, help="a trial with so many reviews")
    chosen = arguments.parse_args()
    if not (chosen.data / _ARCHIVE).is_file():
        print(f"{chosen.data / _ARCHIVE} is not there: its figures stay as they were.")
        return
    reviews = list(_reviews(chosen.data / _ARCHIVE))[:: _every(chosen.limit, 62_000)]
    seen, unseen = [one for one in reviews if one.part], [one for one in reviews if not one.part]
    for way in chosen.ways or _SAID:
        figures = _measured(way, seen, unseen)
        print(way, figures, flush=True)
        if chosen.limit is None:
            _keep(way, figures)


def _every(limit: int | None, there: int) -> int:
    return max(1, there // limit) if limit else 1


def _reviews(path: Path) -> Iterator[Review]:
    with zipfile.ZipFile(path) as archive:
        rows = csv.DictReader(io.StringIO(archive.read(_TABLE).decode("utf-8-sig")))
        for row in rows:
            text = (row["review"] or "").strip("\ufeff ")
            if text:
                part = int(hashlib.sha256(text.encode()).hexdigest(), 16) % _PARTS
                yield Review(text, row["cat"], row["label"] == "1", part)


def _measured(way: str, seen: Sequence[Review], unseen: Sequence[Review]) -> dict[str, Any]:  # any: for JSON
    with tempfile.TemporaryDirectory() as folder:
        started = time.process_time()
        praises = _WAYS[way](seen, Path(folder))
        minutes = (time.process_time() - started) / 60
        started = time.process_time()
        said = praises([review.text for review in unseen])
        reading = (time.process_time() - started) / len(unseen)
    right = [guess == review.praises for guess, review in zip(said, unseen, strict=True)]
    by_goods: dict[str, list[bool]] = {}
    for is_right, review in zip(right, unseen, strict=True):
        by_goods.setdefault(review.goods, []).append(is_right)
    return {
        "accuracy": round(sum(right) / len(right), 4),
        "reviews": len(seen),
        "tested_reviews": len(unseen),
        "training_cpu_minutes": round(minutes, 1),
        "reading_milliseconds": round(reading * 1000, 3),
        "by_goods": {goods: round(sum(own) / len(own), 4) for goods, own in sorted(by_goods.items())},
        "machine": machine(),
        "versions": {name: version(name) for name in ("xiaoer", "scikit-learn", "torch")},
    }


def _lexicon(_: Sequence[Review], __: Path) -> Praises:
    pack = read_pack(_ROOT / "packs" / "shop_zh")
    reader = MoodReader(pack.mood or MoodLexicon(words={}))
    return lambda texts: [reader.read(normalise(text).text) > 0 for text in texts]


def _light(seen: Sequence[Review], _: Path) -> Praises:
    labels = [_PRAISE if review.praises else _COMPLAINT for review in seen]
    model = fit_classifier([review.text for review in seen], labels)
    place = model.names.index(_PRAISE)
    return lambda texts: [bool(own[place] > 1 / 2) for own in model.probabilities(texts)]


def _full(seen: Sequence[Review], folder: Path) -> Praises:
    table = tuple(
        data.Sample(
            id=str(at),
            text=review.text,
            sentiment=1.0 if review.praises else -1.0,
            split="dev" if review.part == _HELD_OUT else "train",
        )
        for at, review in enumerate(seen)
    )
    settings = FullSettings(
        encoder=EncoderSettings(kind="transformer", width=128, layers=1, longest=_LONGEST),
        training=TrainingSettings(epochs=4, batch=64, checkpoint_steps=1_000_000),
    )
    train_full(table, folder, settings=settings, progress=lambda what, share: print(f"\r{share:4.0%} {what}", end=""))
    print(flush=True)
    model = FullModel.load(folder)
    return lambda texts: [(reading.sentiment or 0) > 0 for reading in model.read(texts)]


_WAYS: Mapping[str, Callable[[Sequence[Review], Path], Praises]] = {
    "lexicon": _lexicon,
    "light": _light,
    "full": _full,
}


def _keep(way: str, figures: Mapping[str, Any]) -> None:
    """Write one figure beside those that are there."""
    path = RESULTS / "sentiment.json"
    result: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    result[way] = figures
    ordered = {known: result[known] for known in _SAID if known in result}
    write_result("sentiment", ordered)
    write_page(_PAGE, "\n".join(_page(ordered)) + "\n")


def _page(result: Mapping[str, Any]) -> Iterator[str]:
    any_of_them = next(iter(result.values()))
    yield "% Made by `python -m bench.sentiment`: run it again, do not edit this page."
    yield "\n# Mood of shopping reviews\n"
    yield "Whether a review praises or complains, on the public set `online_shopping_10_cats` (ten kinds of goods)."
    yield f"The hash of its text says if a review is judged ({any_of_them['tested_reviews']}) or learnt from. No model"
    yield "that was trained on them is shipped.\n"
    yield "| Way | Accuracy | Training, CPU minutes | Reading, ms |\n| --- | ---: | ---: | ---: |"
    for way, one in result.items():
        figures = f"{one['accuracy']:.4f} | {one['training_cpu_minutes']} | {one['reading_milliseconds']}"
        yield f"| {_SAID[way]} | {figures} |"
    best = max(one["accuracy"] for one in result.values())
    yield f"\nThe goal of {_GOAL} is {'reached' if best >= _GOAL else 'missed'}: {best:.4f}."
    yield f"\n| Goods | {' | '.join(result)} |\n| --- |{' ---: |' * len(result)}"
    for goods in any_of_them["by_goods"]:
        yield f"| {goods} | {' | '.join(format(one['by_goods'].get(goods, 0.0), '.3f') for one in result.values())} |"
    places = {(one["machine"]["cpu"], one["machine"]["date"]) for one in result.values()}
    yield f"\nMeasured on {', '.join(f'{cpu} ({date})' for cpu, date in sorted(places))}."


if __name__ == "__main__":
    main()
