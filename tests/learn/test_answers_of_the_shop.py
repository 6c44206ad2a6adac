"""What the demo shop's knowledge answers, with a model trained as in earnest: some ten seconds."""

from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from xiaoer.events import Hit
from xiaoer.knowledge import Retriever
from xiaoer.learn.answers import fit_answers
from xiaoer.pack import Pack, read_pack

_ROOT = Path(__file__).parents[2]


class Asked(NamedTuple):
    entry: str | None
    hits: tuple[Hit, ...]


@pytest.fixture(scope="module")
def shop_pack() -> Pack:
    return read_pack(_ROOT / "packs" / "shop_zh")


@pytest.fixture(scope="module")
def shop_knowledge(shop_pack: Pack) -> Retriever:
    return Retriever(shop_pack.faq.values(), shop_pack.lexicons.values(), fit_answers(shop_pack))


@pytest.fixture(scope="module")
def probe(shop_knowledge: Retriever) -> list[Asked]:
    """Questions worded unlike every phrasing, and what they find."""
    questions = yaml.safe_load((_ROOT / "tests" / "knowledge" / "faq_probe_zh.yaml").read_text(encoding="utf-8"))
    return [Asked(question["entry"], shop_knowledge.search(question["text"])) for question in questions]


def share(parts: list[bool]) -> float:
    return sum(parts) / len(parts)


def test_nearly_every_phrasing_finds_its_own_entry(shop_pack: Pack, shop_knowledge: Retriever) -> None:
    found = [
        entry.id in {hit.entry for hit in shop_knowledge.search(text)[:1]}
        for entry in shop_pack.faq.values()
        for text in (entry.question, *entry.phrasings)
    ]
    assert share(found) >= 0.99


def test_questions_worded_unlike_any_phrasing_find_their_entry(probe: list[Asked]) -> None:
    known = [asked for asked in probe if asked.entry is not None]
    assert share([asked.entry in {hit.entry for hit in asked.hits[:1]} for asked in known]) >= 0.85
    assert share([asked.entry in {hit.entry for hit in asked.hits[:3]} for asked in known]) >= 0.93


def test_what_is_likely_is_seldom_wrong(shop_pack: Pack, probe: list[Asked]) -> None:
    enough = shop_pack.manifest.knowledge.likely_score
    answered = [asked for asked in probe if asked.entry is not None and asked.hits and asked.hits[0].score >= enough]
    assert len(answered) / len(probe) >= 0.65
    assert share([asked.hits[0].entry == asked.entry for asked in answered]) >= 0.94


def test_what_no_entry_answers_is_seldom_sure(shop_pack: Pack, probe: list[Asked]) -> None:
    limits = shop_pack.manifest.knowledge
    best = [asked.hits[0].score if asked.hits else 0.0 for asked in probe if asked.entry is None]
    assert share([score >= limits.sure_score for score in best]) <= 0.05
    assert share([score >= limits.minimum_score for score in best]) <= 0.2
