from pathlib import Path
from string import punctuation

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.knowledge import Retriever
from xiaoer.pack import FaqEntry, Lexicon, Pack, read_pack

_HERE = Path(__file__).parent


def an_entry(name: str, *questions: str, intents: tuple[str, ...] = ()) -> FaqEntry:
    question, *phrasings = questions
    return FaqEntry(
        id=name, question=question, phrasings=tuple(phrasings) or (question,) * 2, answer="答", intents=intents
    )


FEE = an_entry("fee", "运费多少钱", "邮费怎么算", "满多少包邮", intents=("delivery.fee",))
CARRIER = an_entry("carrier", "发什么快递", "用哪家快递公司", "能发顺丰吗", intents=("delivery.carrier",))
SIZE = an_entry("size", "怎么选尺码", "尺码表在哪里", "偏大还是偏小", intents=("product.size",))
KNOWLEDGE = Retriever([FEE, CARRIER, SIZE])


@pytest.fixture(scope="session")
def shop_pack() -> Pack:
    return read_pack(_HERE.parents[1] / "packs" / "shop_zh")


@pytest.fixture(scope="session")
def shop_knowledge(shop_pack: Pack) -> Retriever:
    return Retriever(shop_pack.faq.values(), shop_pack.lexicons.values())


@pytest.mark.parametrize("entry", [FEE, CARRIER, SIZE], ids=lambda entry: entry.id)
def test_a_phrasing_finds_its_entry_as_good_as_surely(entry: FaqEntry) -> None:
    for text in (entry.question, *entry.phrasings):
        best = KNOWLEDGE.search(text)[0]
        assert best.entry == entry.id
        assert best.score > 0.9
        assert best.intents == entry.intents


def test_a_question_worded_otherwise_scores_less_than_the_phrasing() -> None:
    (best, *_) = KNOWLEDGE.search("请问寄过去邮费是多少呀")
    assert best.entry == "fee"
    assert 0 < best.score < 0.9


@pytest.mark.parametrize("text", ["", " ", "？！。", punctuation, "😀", "今朝", "\ud800", "\0"])
def test_what_has_nothing_in_common_finds_nothing(text: str) -> None:
    assert KNOWLEDGE.search(text) == ()


def test_width_and_script_make_no_difference() -> None:
    assert KNOWLEDGE.search("運費多少錢")[0].entry == "fee"
    assert KNOWLEDGE.search("怎么选尺码？")[0] == KNOWLEDGE.search("怎么选尺码?")[0]


def test_no_more_are_given_than_asked_for() -> None:
    assert len(KNOWLEDGE.search("快递运费多少", limit=1)) == 1


def test_the_intents_own_entry_is_given_also_beyond_the_limit() -> None:
    found = KNOWLEDGE.search("满多少包邮 快递", "delivery.carrier", limit=1)
    assert [hit.entry for hit in found] == ["fee", "carrier"]


def test_without_entries_nothing_is_found() -> None:
    assert Retriever([]).search("运费多少钱") == ()


def test_words_of_one_sense_stand_for_each_other() -> None:
    senses = Lexicon(name="senses", entries={"breakfast": ("早餐", "早饭")}, is_sense=True)
    entries = [an_entry("morning", "有没有早餐", "早餐几点", "供不供早餐"), FEE]
    assert Retriever(entries).search("想吃早饭") == ()
    assert Retriever(entries, [senses]).search("想吃早饭")[0].entry == "morning"


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(exclude_categories=()), max_size=40) | st.text("运费多少钱快递尺码怎么选 顺丰?", max_size=30)
)
def test_scores_are_shares_and_stand_in_order(text: str) -> None:
    hits = KNOWLEDGE.search(text)
    scores = [hit.score for hit in hits]
    assert all(0 < score <= 1 for score in scores)
    assert scores == sorted(scores, reverse=True)
    assert len({hit.entry for hit in hits}) == len(hits)


def test_every_phrasing_of_the_shops_knowledge_finds_its_entry(shop_pack: Pack, shop_knowledge: Retriever) -> None:
    lost = [
        (entry.id, text)
        for entry in shop_pack.faq.values()
        for text in (entry.question, *entry.phrasings)
        if shop_knowledge.search(text)[0].entry != entry.id
    ]
    assert lost == []


def test_questions_worded_unlike_any_phrasing_are_found_or_left_unanswered(
    shop_pack: Pack, shop_knowledge: Retriever
) -> None:
    limits = shop_pack.manifest.knowledge
    probes = yaml.safe_load((_HERE / "faq_probe_zh.yaml").read_text(encoding="utf-8"))
    best = [next(iter(shop_knowledge.search(probe["text"])), None) for probe in probes]
    found = [(probe["entry"], hit) for probe, hit in zip(probes, best, strict=True) if hit is not None]
    answerable = sum(probe["entry"] is not None for probe in probes)
    right = sum(hit.entry == entry for entry, hit in found)
    wrong_and_sure = [hit for entry, hit in found if hit.entry != entry and hit.score >= limits.sure_score]
    invented = [hit for entry, hit in found if entry is None and hit.score >= limits.minimum_score]
    assert right / answerable >= 0.6
    assert len(wrong_and_sure) / len(probes) <= 0.01
    assert len(invented) / (len(probes) - answerable) <= 0.15
    assert all(hit.score < limits.sure_score for hit in invented)
