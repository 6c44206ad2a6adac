"""Measures the tiers on traffic like a shop's: mean latency and accuracy of routed messages against the full tier only.

`python -m bench.tiers [--folder DIR]` prints a page, and writes bench/results/tiers.json and docs/reference/tiers.md.
Both models are trained on four fifths of the pack's utterances (all but the first fold of `bench.pack_folds`), limits
are chosen on one half of the rest, traffic is drawn from the other; near duplicates never straddle. DIR keeps the
models, so that a second run only measures, and the limits with the full one, which `bench.families` shares.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.pack_folds import PACK, folds, full_without, utterances, without
from bench.pack_folds import taught as pack_of
from bench.report import machine, write_page, write_result
from xiaoer.events import Reading
from xiaoer.learn import Held, choose_routing, compare_tiers, data, evaluation, train_light
from xiaoer.learn.data import Sample
from xiaoer.pack import Pack, read_pack
from xiaoer.serve import CARD_FILE, Batcher
from xiaoer.settings import TierSettings
from xiaoer.understand import (
    SMALL_TALK,
    Classifier,
    LightModel,
    Router,
    Signs,
    Understander,
    read_in_full,
)

_PAGE = Path(__file__).parents[1] / "docs" / "reference" / "tiers.md"
_FOLD = 1
_NOW = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
_SEED = 5
_MESSAGES = 3000
_LOSE = 0.005
_MANY = 30  # of so many messages one holds several wishes
_TALK = 20  # so many short courtesies lead the frequencies, as 在吗 and 好的 do in real logs
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Way:
    """One way of reading the traffic: mean, median and 99 % in milliseconds, and the share that is read rightly.

    `cpu_ms` is the mean of the processor's time, which does not count who else is at work on the machine.
    """

    name: str
    mean_ms: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    accuracy: float


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="where the models are kept; a temporary folder if left out")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        result = measure(given.folder or Path(name))
    write_result("tiers", result)
    text = "\n".join(page(result)) + "\n"
    write_page(_PAGE, text)
    print(text)


def measure(folder: Path) -> dict[str, Any]:
    """Train what the folder lacks, choose limits, and read the traffic in each way."""
    pack = read_pack(PACK)
    table = folds(pack)
    samples = without(table, _FOLD)
    taught = pack_of(pack, samples)
    light, full = _light(taught, folder / "light"), full_without(pack, table, _FOLD, folder)
    chosen, drawn = _halves(utterances(pack, table, _FOLD))
    understander = Understander(light, taught)
    chosen_by = [*chosen, *_many(pack, 0)]
    compared = compare_tiers(chosen_by, understander, full, Signs.of_pack(taught), now=_NOW)
    routing = choose_routing(compared, lose=_LOSE, light=light.id)
    routing.save(folder / f"full{_FOLD}")
    traffic = list(_traffic(drawn, _many(pack, 1)))
    ways = _ways(lambda: Understander(light, taught), full, Router(routing, taught))
    return {
        "machine": machine(),
        "taught": sum(len(intent.examples()) for intent in taught.intents.values()),
        "routing": {"threshold": routing.threshold, "rules": dict(routing.rules), "measured": dict(routing.measured)},
        "messages": len(traffic),
        "different": len({one.text for one in traffic}),
        "read_again": _read_again(traffic, understander, Router(routing, taught)),
        "ways": [asdict(_measured(name, read, traffic)) for name, read in ways.items()],
        "batches": asyncio.run(_batches(full, [one.text for one in traffic])),
    }


# The models


def _light(pack: Pack, folder: Path) -> LightModel:
    if not (folder / CARD_FILE).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        train_light(pack, folder)
    return LightModel.load(folder)


# The traffic


def _halves(fold: Sequence[Sample]) -> tuple[list[Held], list[Held]]:
    """Give what limits are chosen by and what traffic is drawn from."""
    halved, _ = data.split(tuple(fold), data.SplitSetting(folds=2, seed=_SEED))
    one, other = (
        [Held(sample.text, frozenset({sample.intent or ""})) for sample in halved if sample.split == part]
        for part in ("fold1", "fold2")
    )
    return one, other


def _many(pack: Pack, half: int) -> list[Held]:
    """Give one half of the pack's messages of many wishes, which no model learns."""
    return [Held(one.text, frozenset(one.wishes)) for one in pack.wishes[half::2]]


def _traffic(single: Sequence[Held], many: Sequence[Held]) -> Iterator[Held]:
    """Draw messages: by Zipf's law over utterances, courtesies first; now and then one with several wishes."""
    chance = random.Random(_SEED)  # noqa: S311  # traffic, not a secret
    courtesies = [one for one in single if one.intents <= SMALL_TALK]
    talk = sorted(courtesies, key=lambda one: (len(one.text), one.text))[:_TALK]
    rest = [one for one in single if one not in talk]
    chance.shuffle(rest)
    ranked = [*talk, *rest]
    weights = [1 / rank for rank in range(1, len(ranked) + 1)]
    for number, one in enumerate(chance.choices(ranked, weights, k=_MESSAGES)):
        yield chance.choice(many) if number % _MANY == 0 else one


# Measuring


def _ways(fresh: Callable[[], Understander], full: Classifier, router: Router) -> dict[str, Callable[[str], Reading]]:
    """Give the ways to read a text, each with a light tier that remembers nothing yet."""
    alone, beside, routed = fresh(), fresh(), fresh()
    return {
        "light only": evaluation.reading_at(alone, _NOW),
        "full only": lambda text: read_in_full(beside, full, text, now=_NOW),
        "routed": evaluation.reading_in_tiers(routed, full, router, _NOW),
    }


def _measured(name: str, read: Callable[[str], Reading], traffic: Sequence[Held]) -> Way:
    read("?")  # what is only made for the first message is not the speed of the others
    seconds, right = [], 0
    began = time.thread_time()
    for one in traffic:
        started = time.perf_counter()
        reading = read(one.text)
        seconds.append(time.perf_counter() - started)
        found = {wish.intent for wish in reading.wishes} if len(one.intents) > 1 else {reading.intent.name}
        right += found == one.intents
    cpu = (time.thread_time() - began) / len(traffic) * 1000
    p50, p99 = np.percentile(seconds, [50, 99]) * 1000
    mean = float(np.mean(seconds)) * 1000
    return Way(
        name, round(mean, 3), round(cpu, 3), round(float(p50), 3), round(float(p99), 3), round(right / len(traffic), 4)
    )


def _read_again(traffic: Sequence[Held], understander: Understander, router: Router) -> float:
    """Give the share of the traffic that goes to the full model."""
    goes = (router.escalates(one.text, understander.read(one.text, now=_NOW), has_task=False) for one in traffic)
    return round(sum(goes) / len(traffic), 4)


async def _batches(full: Classifier, texts: Sequence[str]) -> dict[str, float]:
    """Give the full readings a second with 64 messages at once: one a batch, and up to sixteen."""
    return {f"batch_{size}": await _throughput(full, texts[:1024], size) for size in (1, 16)}


async def _throughput(full: Classifier, texts: Sequence[str], size: int) -> float:
    settings = TierSettings(max_batch=size, timeout_seconds=600)
    batcher = Batcher(full.probabilities, settings, name="bench", monotonic=time.monotonic)
    left = iter(texts)

    async def ask() -> None:
        for text in left:
            await batcher.ask([text])

    started = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(_AT_ONCE)))
    return round(len(texts) / (time.perf_counter() - started), 1)


def page(result: dict[str, Any]) -> Iterator[str]:
    """Write the result as a page of the docs."""
    place, ways = result["machine"], {way["name"]: way for way in result["ways"]}
    full, routed = ways["full only"], ways["routed"]
    saved_cpu = 1 - routed["cpu_ms"] / full["cpu_ms"]
    saved, lost = 1 - routed["mean_ms"] / full["mean_ms"], 100 * (full["accuracy"] - routed["accuracy"])
    measured = result["routing"]["measured"]
    yield "% Made by `python -m bench.tiers`: run it again, do not edit this page."
    yield "\n# Tiers\n"
    yield f"Both models are trained on {result['taught']} utterances of the pack `shop_zh`, four fifths, as"
    yield "[the pack's own utterances](families.md) has it. Limits for a loss of half a point are chosen on"
    yield f"{measured['texts']:.0f} others. The traffic is {result['messages']} messages drawn by Zipf's law over the"
    yield f"rest, {result['different']} different ones: courtesies lead, repeats are repeats, one in {_MANY} holds"
    yield "several wishes. No near duplicate of one part is in another. What the light tier read"
    yield "of late it remembers, as in earnest; the full one remembers nothing."
    yield f"Measured {place['date']} at {place['commit']}, Python {place['python']}, on {place['cpu']}"
    yield f"({place['cores']} cores).\n"
    yield f"| Reading | mean ms | CPU ms | p50 ms | p99 ms | read rightly |\n| --- |{' ---: |' * 5}"
    for way in ways.values():
        times = " | ".join(str(way[one]) for one in ("mean_ms", "cpu_ms", "p50_ms", "p99_ms"))
        yield f"| {way['name']} | {times} | {way['accuracy']:.4f} |"
    yield f"\nRouted, the mean latency is {saved:.0%} less than with the full tier only, the processor's time"
    yield f"(which does not count what else ran on the machine) {saved_cpu:.0%}, and {lost:.2f} points of"
    yield f"accuracy are lost; {result['read_again']:.1%} of the messages are read again. The aims are 70 % and at most"
    yield "half a point."
    yield "\n## Limits\n\n| Messages | read again under |\n| --- | ---: |"
    yield f"| plain | {result['routing']['threshold']:.3f} |"
    for rule, limit in result["routing"]["rules"].items():
        yield f"| {rule} | {limit:.3f} |"
    yield "\nA limit of 1.01 is above every probability. Of the texts that chose them"
    yield f"the light tier reads {measured['light_accuracy']:.4f} rightly,"
    yield f"the full one {measured['full_accuracy']:.4f}, both {measured['routed_accuracy']:.4f}."
    yield "\n## Batches\n"
    yield f"{_AT_ONCE} messages at once: {result['batches']['batch_1']} full readings a second one by one,"
    yield f"{result['batches']['batch_16']} in batches of up to 16."


if __name__ == "__main__":
    main()
