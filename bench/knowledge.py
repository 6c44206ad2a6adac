"""Measures how well questions find their FAQ entry: `python -m bench.knowledge`.

The probe (tests/knowledge/faq_probe_zh.yaml) is worded otherwise than the entries on purpose; questions with no entry
must not be answered. Needs a trained model: it trains one into a temporary folder. Beside it stands what a model says
of the pack's own phrasings that were kept from it, by which the limits were chosen.
"""

import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bench.report import machine, write_page, write_result
from xiaoer.dialogue import best_hit, suggestions
from xiaoer.knowledge import Retriever
from xiaoer.learn import cross_validate_answers, train_light
from xiaoer.pack import Pack, read_pack
from xiaoer.turn import search_as_meant
from xiaoer.understand import LightModel, Understander

_ROOT = Path(__file__).parent.parent
_PROBE = _ROOT / "tests" / "knowledge" / "faq_probe_zh.yaml"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done with one question of the probe."""

    wanted: str | None
    ranked: tuple[str, ...]
    answered: str | None
    suggested: tuple[str, ...]


def main() -> None:
    """Run the bench."""
    pack = read_pack(_ROOT / "packs" / "shop_zh")
    with tempfile.TemporaryDirectory() as folder:
        train_light(pack, Path(folder))
        reader, retriever = Understander(LightModel.load(Path(folder)), pack), Retriever.of_pack(pack, Path(folder))
    figures = {
        "machine": machine(),
        "figures": judged(ask(pack, reader, retriever)),
        "held_out": asdict(cross_validate_answers(pack)),
    }
    write_result("knowledge", figures)
    write_page(_ROOT / "docs" / "reference" / "knowledge-recall.md", page(figures))
    print(page(figures))


def ask(pack: Pack, reader: Understander, retriever: Retriever) -> list[Outcome]:
    """Ask every question of the probe, as a first message of a conversation."""
    outcomes, now = [], datetime.now(UTC)
    for question in yaml.safe_load(_PROBE.read_text(encoding="utf-8")):
        intent = reader.read(question["text"], now=now).intent
        hits = search_as_meant(retriever.search, reader, question["text"], intent.name)
        best = best_hit(hits, intent.name, pack, confidence=intent.confidence)
        offered = () if best else tuple(choice.value for choice in suggestions(hits, intent.name, pack))
        ranked = tuple(hit.entry for hit in sorted(hits, key=lambda hit: -hit.score))
        outcomes.append(Outcome(question["entry"], ranked, best.entry if best else None, offered))
    return outcomes


def judged(outcomes: list[Outcome]) -> dict[str, Any]:
    """Count; shares are of the questions that have an entry, or of those that have none."""
    known = [outcome for outcome in outcomes if outcome.wanted is not None]
    unknown = [outcome for outcome in outcomes if outcome.wanted is None]
    answered = [outcome for outcome in known if outcome.answered is not None]
    right = [outcome for outcome in answered if outcome.answered == outcome.wanted]
    offered = [outcome for outcome in known if outcome.wanted in outcome.suggested]
    return {
        "questions": len(known),
        "recall_at_1": _share([outcome for outcome in known if outcome.wanted in outcome.ranked[:1]], known),
        "recall_at_3": _share([outcome for outcome in known if outcome.wanted in outcome.ranked[:3]], known),
        "answered_rightly": _share(right, known),
        "rightly_suggested": _share(offered, known),
        "precision_of_answers": _share(right, answered),
        "unknown_questions": len(unknown),
        "unknown_answered": _share([outcome for outcome in unknown if outcome.answered is not None], unknown),
    }


def _share(part: list[Outcome], whole: list[Outcome]) -> float:
    return round(len(part) / len(whole), 4) if whole else 0.0


def page(figures: dict[str, Any]) -> str:
    """Write the figures as a page of the docs."""
    where, held_out = figures["machine"], figures["held_out"]
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in figures["figures"].items())
    steps = "\n".join(
        f"| {step['score']} | {step['answered_rightly']:.3f} | {step['precision']:.3f} |"
        f" {step['lost_answered']:.3f} | {step['small_talk_answered']:.3f} |"
        for step in held_out["steps"]
    )
    return f"""# Finding answers

Written by `python -m bench.knowledge`; do not edit. Commit {where["commit"]}; {where["date"]}.

## Questions worded otherwise

The probe's questions share as few words as possible with the entries, so that these figures are a floor, not what
everyday questions get.

| figure | |
|---|---|
{rows}

## Phrasings kept from the model

Each of the pack's own {held_out["questions"]} phrasings once, found by a model that had not seen it: the right entry is
first for {held_out["recall_at_1"]:.3f} of them, among the first three for {held_out["recall_at_3"]:.3f}. If the first
entry were the answer from a score on, whatever the intent:

| score | answered rightly | precision | answered with its entry kept away | small talk answered |
|---|---|---|---|---|
{steps}
"""


if __name__ == "__main__":
    main()
