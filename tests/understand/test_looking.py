"""Misspelt messages are read as they were meant, and tell of the places where they were written."""

from dataclasses import replace
from datetime import datetime

import pytest

from xiaoer.pack import EntityKind, Pack
from xiaoer.understand import LightModel, Understander


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("woyaotuihuo", "我要退货"), ("kuaidi到哪了", "快递到哪了"), ("quxiao订单", "取消订单"), ("取肖订单", "取消订单")],
)
def test_a_misspelt_message_is_read_like_the_one_meant(
    understander: Understander, now: datetime, typed: str, meant: str
) -> None:
    read, wanted = understander.read(typed, now=now), understander.read(meant, now=now)
    assert read.intent == wanted.intent
    assert read.intent_ranking == wanted.intent_ranking
    assert understander.pieces(typed) == understander.pieces(meant)
    assert understander.meant(typed) == meant
    assert [(wish.start, wish.end) for wish in read.wishes] == [(0, len(typed))]


@pytest.mark.parametrize("typed", ["我要tiu", "我要uti", "我要tu"])
def test_a_slip_in_a_short_word_is_taken_back_where_that_makes_sense_of_a_message(
    understander: Understander, now: datetime, typed: str
) -> None:
    assert understander.read(typed, now=now).intent_ranking == understander.read("我要退", now=now).intent_ranking


@pytest.mark.parametrize("text", ["tiu", "qu订单", "tiu掉"])
def test_a_slip_is_not_taken_back_without_chinese_or_where_nothing_is_surer(
    understander: Understander, text: str
) -> None:
    assert understander.meant(text) == text


def test_what_names_something_is_not_read_more_boldly(tiny_model: LightModel, tiny_pack: Pack) -> None:
    name = EntityKind(name="name", patterns=("(?<=我要)tiu",))
    pack = replace(tiny_pack, entities={**tiny_pack.entities, "name": name})
    assert Understander(tiny_model, pack).meant("我要tiu") == "我要tiu"


def test_an_entity_beside_a_mended_word_stands_where_it_was_written(understander: Understander, now: datetime) -> None:
    text = "quxiao订单20260912450067"
    found = understander.read(text, now=now).entities
    assert [(one.entity, one.value, text[one.start : one.end]) for one in found] == [
        ("order_id", "20260912450067", "20260912450067")
    ]


def test_what_no_list_spells_is_spelt_as_it_was_typed(tiny_model: LightModel, tiny_pack: Pack, now: datetime) -> None:
    note = EntityKind(name="note", patterns=("(?<=备注).+",))
    pack = replace(tiny_pack, entities={**tiny_pack.entities, "note": note})
    found = Understander(tiny_model, pack).read("备注quxiao订单", now=now).entities
    assert [one.value for one in found if one.entity == "note"] == ["quxiao订单"]


def test_codes_keep_their_capitals(understander: Understander, now: datetime) -> None:
    found = understander.read("取肖订单 型号AB12", now=now).entities
    assert [(one.entity, one.value) for one in found] == [("sku", "AB12")]


def test_the_language_is_that_of_what_was_typed(understander: Understander, now: datetime) -> None:
    assert understander.read("woyaotuihuo", now=now).language == "en"
    assert understander.read("我yaotuihuo", now=now).language == "zh"


def test_a_word_that_the_shop_lists_is_no_pinyin(tiny_model: LightModel, tiny_pack: Pack, now: datetime) -> None:
    listing = Understander(tiny_model, tiny_pack, {"product": {"kuaidi": "P7"}})
    (product,) = listing.read("kuaidi到哪了", now=now).entities
    assert (product.entity, product.value) == ("product", "P7")
