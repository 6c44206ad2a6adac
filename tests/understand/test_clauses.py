from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.pack import Phrases
from xiaoer.text import normalise
from xiaoer.understand.clauses import ClauseSplitter, group, kinship, unbroken
from xiaoer.understand.intents import Floats

PHRASES = Phrases(joins=("另外", "顺便", "顺便问下"), clause_ends=("，", "。", " "))
NAMES = ("greet", "order.cancel", "return.fee")


@pytest.fixture(scope="module")
def splitter() -> ClauseSplitter:
    return ClauseSplitter(PHRASES)


def parts(splitter: ClauseSplitter, text: str) -> list[str]:
    return [text[clause.start : clause.end] for clause in splitter.split(text)]


def test_marks_and_joining_words_cut(splitter: ClauseSplitter) -> None:
    assert parts(splitter, "取消订单,另外发票呢 顺便问下运费") == ["取消订单", "发票呢", "运费"]


def test_a_joining_word_in_the_middle_cuts_without_a_mark(splitter: ClauseSplitter) -> None:
    clauses = splitter.split("取消订单顺便开发票")
    assert [(clause.start, clause.end, clause.is_joined) for clause in clauses] == [(0, 4, False), (6, 9, True)]


def test_a_joining_word_that_stands_alone_is_no_clause_and_joins_what_follows(splitter: ClauseSplitter) -> None:
    assert parts(splitter, "取消订单 另外 运费呢") == ["取消订单", "运费呢"]
    assert [clause.is_joined for clause in splitter.split("另外,运费呢")] == [True]
    assert parts(splitter, "另外") == ["另外"]


def test_a_joining_word_with_nothing_after_it_does_not_cut(splitter: ClauseSplitter) -> None:
    assert parts(splitter, "我要取消另外") == ["我要取消另外"]


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        ((2, 7), ["到货提醒 给我取消", "运费呢"]),
        ((0, 4), ["到货提醒", "给我取消", "运费呢"]),
        ((2, 12), ["到货提醒 给我取消,运费呢"]),
        ((4, 5), ["到货提醒", "给我取消", "运费呢"]),
    ],
)
def test_a_mark_inside_of_something_found_parts_nothing(
    splitter: ClauseSplitter, found: tuple[int, int], kept: list[str]
) -> None:
    text = "到货提醒 给我取消,运费呢"
    clauses = unbroken(splitter.split(text), [found])
    assert [text[clause.start : clause.end] for clause in clauses] == kept


@given(text=st.text(alphabet="退货, 另外顺便问下。", max_size=40))
def test_clauses_lie_in_order_and_within_the_text(splitter: ClauseSplitter, text: str) -> None:
    at = 0
    clauses = splitter.split(text)
    assert len(clauses) <= 6
    for clause in clauses:
        assert at <= clause.start < clause.end <= len(text)
        at = clause.end


def wishes(
    splitter: ClauseSplitter,
    text: str,
    says: Mapping[str, tuple[float, ...]],
    *,
    names: tuple[str, ...] = NAMES,
    families: tuple[tuple[str, ...], ...] = (),
) -> list[str]:
    def probabilities(start: int, end: int) -> Floats:
        return np.array(says[text[start:end]], dtype=np.float32)

    return [wish.intent for wish in group(splitter.split(text), names, probabilities, kinship(names, families))]


def test_two_clear_clauses_are_two_wishes(splitter: ClauseSplitter) -> None:
    says = {"取消,运费谁出": (0.0, 0.5, 0.5), "取消": (0.0, 1.0, 0.0), "运费谁出": (0.0, 0.0, 1.0)}
    assert wishes(splitter, "取消,运费谁出", says) == ["order.cancel", "return.fee"]


def test_a_clause_that_says_little_belongs_to_its_neighbour(splitter: ClauseSplitter) -> None:
    says = {"买错了,取消": (0.0, 1.0, 0.0), "买错了": (0.3, 0.3, 0.4), "取消": (0.0, 1.0, 0.0)}
    assert wishes(splitter, "买错了,取消", says) == ["order.cancel"]


def test_intents_of_one_task_are_a_wish_together(splitter: ClauseSplitter) -> None:
    names = ("order.status", "delivery.track", "invoice.request")
    says = {"到哪了,开票": (0.1, 0.1, 0.8), "到哪了": (0.49, 0.51, 0.0), "开票": (0.0, 0.0, 1.0)}
    assert wishes(splitter, "到哪了,开票", says, names=names) == ["invoice.request"]
    together = wishes(splitter, "到哪了,开票", says, names=names, families=(("order.status", "delivery.track"),))
    assert together == ["delivery.track", "invoice.request"]


def test_what_holds_a_joining_word_and_joins_nothing_does_not_cut() -> None:
    plain = ClauseSplitter(Phrases(joins=("另外",), clause_ends=("，",)))
    whole = ClauseSplitter(Phrases(joins=("另外",), clause_ends=("，",), no_joins=("要不要另外",)))
    assert parts(plain, "安装要不要另外给钱") == ["安装要不要", "给钱"]
    assert parts(whole, "安装要不要另外给钱") == ["安装要不要另外给钱"]
    assert parts(whole, "装不装另外要钱吗") == ["装不装", "要钱吗"]


def test_a_word_that_joins_things_too_cuts_only_before_some_words() -> None:
    splitter = ClauseSplitter(Phrases(joins_before={"and": ("cancel", "where")}, clause_ends=(",",)))
    assert parts(splitter, "return the mug and cancel the lamp") == ["return the mug ", " cancel the lamp"]
    assert parts(splitter, "the mug and the lamp") == ["the mug and the lamp"]
    assert parts(splitter, "my sand where is it and cancellations") == ["my sand where is it and cancellations"]


def test_what_only_points_is_the_subject_of_what_comes_behind() -> None:
    pointing = ClauseSplitter(Phrases(joins=("还有", "另外"), clause_ends=("，",), whole_order=("这单",)))
    assert parts(pointing, "这单还有哪些没发") == ["这单还有哪些没发"]
    assert parts(pointing, "这单取消还有那单退掉") == ["这单取消", "那单退掉"]


def test_a_courtesy_hides_no_wish(splitter: ClauseSplitter) -> None:
    says = {"你好,取消": (0.9, 0.1, 0.0), "你好": (1.0, 0.0, 0.0), "取消": (0.0, 1.0, 0.0)}
    assert wishes(splitter, "你好,取消", says) == ["order.cancel"]


def test_what_stands_between_courtesies_is_read_without_them(splitter: ClauseSplitter) -> None:
    unclear = {"取消吧": (0.2, 0.4, 0.4), "你好,取消吧": (0.9, 0.1, 0.0), "取消吧,你好": (0.9, 0.1, 0.0)}
    says = {"你好": (1.0, 0.0, 0.0), "你好,取消吧,你好": (0.9, 0.1, 0.0), **unclear}
    for text in ("你好,取消吧", "取消吧,你好", "你好,取消吧,你好"):
        assert wishes(splitter, text, says) == ["order.cancel"]


def test_courtesies_alone_are_read_together(splitter: ClauseSplitter) -> None:
    says = {"你好,在": (0.8, 0.1, 0.1), "你好": (1.0, 0.0, 0.0), "在": (0.4, 0.3, 0.3)}
    assert wishes(splitter, "你好,在", says) == ["greet"]


def test_how_things_stand_is_no_wish_beside_one() -> None:
    says = {"取消,还没发货呢": (0.0, 0.5, 0.5), "取消": (0.0, 1.0, 0.0), "还没发货呢": (0.0, 0.0, 1.0)}
    told = ClauseSplitter(Phrases(clause_ends=("，",), circumstances=("还没发货呢",)))
    assert wishes(ClauseSplitter(Phrases(clause_ends=("，",))), "取消,还没发货呢", says) == [
        "order.cancel",
        "return.fee",
    ]
    assert wishes(told, "取消,还没发货呢", says) == ["order.cancel"]
    assert wishes(told, "还没发货呢", says) == ["return.fee"]


ENGLISH = ClauseSplitter(Phrases(joins=("also", "and also", "plus"), clause_ends=(".", ",", "?", "\n")))


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("it cost $1,249.99, take it back", ["it cost $1,249.99", " take it back"]),
        ("see shop.example.com. thanks", ["see shop.example.com", " thanks"]),
        ("where is it? cancel it", ["where is it", " cancel it"]),
        ("i want a surplus bag", ["i want a surplus bag"]),
        ("cancel it and also send the bill", ["cancel it ", " send the bill"]),
        ("first line\nsecond line", ["first line second line"]),
    ],
)
def test_in_latin_text_marks_and_joining_words_stand_between_words(text: str, clauses: list[str]) -> None:
    assert parts(ENGLISH, normalise(text).text) == clauses
