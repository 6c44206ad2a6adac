"""Measures how well questions find their FAQ entry: `python -m bench.knowledge`.

The probe (tests/knowledge/faq_probe_zh.yaml) is worded otherwise than the entries on purpose; questions with no entry
must not be answered. Needs a trained model: it trains one into a temporary folder.
"""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from bench.report import machine, write_page, write_result
from xiaoer.dialogue import best_hit, suggestions
from xiaoer.knowledge import Retriever
from xiaoer.learn import train_light
from xiaoer.pack import Pack, read_pack
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
        reader = Understander(LightModel.load(Path(folder)), pack)
    outcomes = ask(pack, reader)
    figures = {"machine": machine(), "figures": judged(outcomes)}
    write_result("knowledge", figures)
    write_page(_ROOT / "docs" / "reference" / "knowledge-recall.md", page(figures))
    print(page(figures))


def ask(pack: Pack, reader: Understander) -> list[Outcome]:
    """Ask every question of the probe, as a first message of a conversation."""
    retriever, now = Retriever(pack.faq.values(), pack.lexicons.values()), datetime.now(UTC)
    outcomes = []
    for question in yaml.safe_load(_PROBE.read_text()):
        intent = reader.read(question["text"], now=now).intent
        hits = retriever.search(question["text"], intent.name)
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
    where = figures["machine"]
    rows = "\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in figures["figures"].items())
    return f"""# Finding answers

Written by `python -m bench.knowledge`; do not edit. The probe's questions share as few words as possible with the
entries, so that these figures are a floor, not what everyday questions get. Commit {where["commit"]}; {where["date"]}.

| figure | |
|---|---|
{rows}
"""


if __name__ == "__main__":
    main()
