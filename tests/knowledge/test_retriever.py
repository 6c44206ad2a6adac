from pathlib import Path
from string import punctuation

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.knowledge import ANSWERS_FILE, AnswerModel, Retriever, Sharpness, UnreadableAnswersError
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
    senses = Lexicon(name="senses", entries={"breakfast": ("早餐", "晨食")}, is_sense=True)
    entries = [an_entry("morning", "有没有早餐", "早餐几点", "供不供早餐"), FEE]
    assert Retriever(entries).search("想用晨食") == ()
    assert Retriever(entries, [senses]).search("想用晨食")[0].entry == "morning"


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


# With a model


def a_model(*entries: str, **terms: tuple[float, ...]) -> AnswerModel:
    """Give a model by which each term speaks for the classes: the entries, then what none answers."""
    votes = np.array(list(terms.values()), dtype=np.float32)
    return AnswerModel(
        entries=entries,
        vocabulary={term: row for row, term in enumerate(terms)},
        idf=[1.0] * len(terms),
        unseen=1.0,
        places=votes,
        covered=votes[:, : len(entries)] > 0,
        directions=np.eye(votes.shape[1], dtype=np.float32),
        bias=np.zeros(votes.shape[1], dtype=np.float32),
        sharpness=Sharpness(),
    )


TAUGHT = Retriever([FEE, CARRIER, SIZE], model=a_model("fee", "carrier", 费=(9, 0, 0), 递=(0, 9, 0), 天=(0, 0, 9)))


def test_a_model_finds_what_it_was_taught() -> None:
    (best, *_) = TAUGHT.search("费")
    assert (best.entry, best.intents) == ("fee", FEE.intents)
    assert best.score > 0.9


def test_what_speaks_for_none_of_the_entries_speaks_against_each() -> None:
    assert TAUGHT.search("天") == ()
    assert TAUGHT.search("费天")[0].score < TAUGHT.search("费")[0].score


def test_words_that_an_entry_has_not_make_it_less_likely() -> None:
    assert TAUGHT.search("费几何")[0].score < TAUGHT.search("费")[0].score


def test_an_entry_that_the_model_does_not_know_yet_is_found_by_its_words() -> None:
    (best, *_) = TAUGHT.search("尺码表在哪里")
    assert best.entry == "size"
    assert best.score > 0.9


def test_an_entry_that_the_pack_has_no_more_is_not_found() -> None:
    assert Retriever([FEE], model=a_model("fee", "carrier", 费=(9, 0), 递=(0, 9))).search("递") == ()


def test_one_question_is_scored_once_and_ranked_for_any_intent() -> None:
    assert TAUGHT.search("费递", "delivery.carrier", limit=1) == TAUGHT.search("费递")[:2]


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    model = a_model("fee", "carrier", 费=(9, 0, 0), 递=(0, 9, 0), 天=(0, 0, 9))
    model.save(tmp_path / ANSWERS_FILE)
    read = AnswerModel.find(tmp_path)
    assert read is not None
    assert (read.entries, read.vocabulary, read.idf, read.unseen) == (
        model.entries,
        model.vocabulary,
        model.idf,
        model.unseen,
    )
    for text in ("费", "费递", "天递递"):
        np.testing.assert_array_equal(read.probabilities([*text]), model.probabilities([*text]))


def test_a_folder_without_a_model_of_answers_holds_none(tmp_path: Path) -> None:
    assert AnswerModel.find(tmp_path) is None


def test_a_model_of_another_version_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / ANSWERS_FILE, something=np.zeros(1))
    with pytest.raises(UnreadableAnswersError, match="xiaoer train"):
        AnswerModel.find(tmp_path)


@given(st.text(st.characters(exclude_categories=()), max_size=40) | st.text("费递天几何 0?", max_size=30))
def test_probabilities_are_in_order_and_together_at_most_one(text: str) -> None:
    scores = [hit.score for hit in TAUGHT.search(text) if hit.entry != "size"]
    assert sum(scores) <= 1 + 1e-6
    assert scores == sorted(scores, reverse=True)
