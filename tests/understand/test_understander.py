import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.events import Entity
from xiaoer.pack import Pack
from xiaoer.text import normalise
from xiaoer.understand import LightModel, ModelNotFoundError, Understander


def entities(understander: Understander, text: str, now: datetime) -> dict[str, Entity]:
    return {entity.entity: entity for entity in understander.read(text, now=now).entities}


def test_an_utterance_like_those_of_the_pack_gets_their_intent(understander: Understander, now: datetime) -> None:
    assert understander.read("我的快递到哪里了", now=now).intent.name == "delivery.track"


def test_probabilities_fall_along_the_ranking(understander: Understander, now: datetime) -> None:
    ranking = understander.read("我要退货", now=now).intent_ranking
    confidences = [score.confidence for score in ranking]
    assert ranking[0].name == "return.request"
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) == pytest.approx(1, abs=1e-3)


def test_what_has_nothing_to_do_with_the_shop_is_out_of_scope(understander: Understander, now: datetime) -> None:
    assert not understander.read("世界杯谁赢了", now=now).is_in_scope
    assert understander.read("取消订单", now=now).is_in_scope


def test_a_number_after_an_order_word_is_an_order_and_after_a_parcel_word_a_parcel(
    understander: Understander, now: datetime
) -> None:
    assert set(entities(understander, "订单7730000012345取消", now)) == {"order_id"}
    assert set(entities(understander, "快递单号7730000012345", now)) == {"tracking_no"}
    assert not entities(understander, "7730000012345", now)


def test_a_phone_is_never_found_inside_a_longer_number(understander: Understander, now: datetime) -> None:
    assert "phone" not in entities(understander, "订单2026138000056781", now)


def test_values_are_normalised(understander: Understander, now: datetime) -> None:
    assert entities(understander, "昨天买的", now)["date"].value == "2026-11-20"
    assert entities(understander, "取消两件", now)["quantity"].value == "2"
    assert entities(understander, "大红的", now)["colour"].value == "红色"
    assert (
        entities(understander, "ＳＦ１３９００００１２３４５６ 查一下", now)["tracking_no"].value == "SF1390000123456"
    )


def test_the_same_words_are_read_anew_on_another_day(understander: Understander, now: datetime) -> None:
    days = [entities(understander, "昨天买的", now + timedelta(days=later))["date"].value for later in (0, 0, 1)]
    assert days == ["2026-11-20", "2026-11-20", "2026-11-21"]


def test_a_code_keeps_letters_that_stand_three_times(understander: Understander, now: datetime) -> None:
    assert entities(understander, "型号axxx99 有货吗", now)["sku"].value == "AXXX99"
    assert entities(understander, "型号ax99xxx，有货吗", now)["sku"].value == "AX99XXX"


def test_days_are_seen_from_the_shops_time_zone(tiny_model: LightModel, tiny_pack: Pack, now: datetime) -> None:
    late = now.replace(hour=20)
    there = Understander(tiny_model, tiny_pack, timezone=ZoneInfo("America/New_York"))
    here = Understander(tiny_model, tiny_pack)
    assert entities(here, "今天", late)["date"].value == "2026-11-22"
    assert entities(there, "今天", late)["date"].value == "2026-11-21"


def test_a_word_of_the_live_goods_has_the_shops_own_name(understander: Understander, now: datetime) -> None:
    product = entities(understander, "我想退云感四件套", now)["product"]
    assert (product.value, product.start, product.end) == ("P1004", 3, 8)


def test_what_a_thing_is_called_changes_nothing_of_what_is_wanted(
    tiny_model: LightModel, tiny_pack: Pack, now: datetime
) -> None:
    goods = {"product": {"退货险手册": "P9", "物流箱": "P10", "杯子": "P11"}}
    reader = Understander(tiny_model, tiny_pack, goods)
    rankings = [reader.read(f"{name}什么时候到", now=now).intent_ranking for name in goods["product"]]
    assert rankings[0] == rankings[1] == rankings[2]
    unmasked = Understander(tiny_model, tiny_pack, {})
    assert unmasked.read("退货险手册什么时候到", now=now).intent_ranking != rankings[0]


def test_two_wishes_come_apart_with_their_own_spans(understander: Understander, now: datetime) -> None:
    text = "取消订单 另外查一下物流"
    wishes = understander.read(text, now=now).wishes
    assert [(wish.intent, text[wish.start : wish.end]) for wish in wishes] == [
        ("order.cancel", "取消订单"),
        ("delivery.track", "查一下物流"),
    ]


def test_a_greeting_before_a_wish_is_no_wish(understander: Understander, now: datetime) -> None:
    wishes = understander.read("你好。快递到哪了", now=now).wishes
    assert [wish.intent for wish in wishes] == ["delivery.track"]


def test_one_wish_in_two_clauses_stays_one(understander: Understander, now: datetime) -> None:
    assert len(understander.read("我要退货，申请退货", now=now).wishes) == 1


def test_english_and_chinese_are_told_apart_by_script(understander: Understander, now: datetime) -> None:
    assert understander.read("where is my parcel", now=now).language == "en"
    assert understander.read("iphone手机壳到哪了", now=now).language == "zh"
    assert understander.read("12345", now=now).language == "zh"


def test_the_model_is_named_by_its_folder(understander: Understander) -> None:
    assert understander.model_id == "tiny_shop-0"


def test_a_folder_without_a_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"intents\.npz"):
        LightModel.load(tmp_path)


def test_serving_imports_no_training_library() -> None:
    code = "import sys, xiaoer.understand; print([m for m in ('sklearn', 'scipy', 'torch') if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    assert answer.stdout.strip() == "[]"


PIECES = st.sampled_from(
    [
        "退货",
        "订单20260912450067",
        "ＳＦ1390000012345",
        "大紅",
        "\u200b",
        "🧑‍🤝‍🧑",
        "，",
        " ",
        "昨天",
        "㎏",
        "顺丰",
        "\ud800",
        "\x00",
        "好好好好",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


@given(text=TEXTS)
def test_any_text_is_read_and_every_span_holds_its_words(understander: Understander, now: datetime, text: str) -> None:
    reading = understander.read(text, now=now)
    assert 1 <= len(reading.wishes) <= 3
    assert all(0 <= wish.start <= wish.end <= len(text) for wish in reading.wishes)
    assert -1 <= reading.sentiment <= 1
    at = 0
    for entity in reading.entities:
        assert at <= entity.start < entity.end <= len(text)
        at = entity.end
        surface = normalise(text[entity.start : entity.end]).text
        if entity.entity == "order_id":
            assert surface == entity.value
        if entity.entity == "colour":
            assert surface in {"红色", "红的", "大红", "黑色", "黑的"}


@given(text=TEXTS, head=st.text(alphabet=" 　\u200b", max_size=5))
def test_blanks_before_a_message_only_move_its_spans(
    understander: Understander, now: datetime, text: str, head: str
) -> None:
    plain, moved = understander.read(text, now=now), understander.read(head + text, now=now)
    assert plain.intent.name == moved.intent.name
    assert [(entity.entity, entity.start + len(head), entity.end + len(head)) for entity in plain.entities] == [
        (entity.entity, entity.start, entity.end) for entity in moved.entities
    ]


def test_a_hundred_thousand_characters_are_read_in_bounded_time(understander: Understander, now: datetime) -> None:
    assert understander.read("退货" * 50_000, now=now).intent.name == "return.request"
