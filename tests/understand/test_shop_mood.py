from pathlib import Path

import pytest

from xiaoer.pack import read_pack
from xiaoer.text import normalise
from xiaoer.understand import MoodReader

PACK = Path(__file__).parents[2] / "packs" / "shop_zh"


@pytest.fixture(scope="module")
def reader() -> MoodReader:
    mood = read_pack(PACK).mood
    assert mood is not None
    return MoodReader(mood)


@pytest.mark.parametrize(
    "text",
    ["你们就是骗子", "我要打12315投诉", "太坑了", "什么垃圾店", "气死我了", "我要曝光你们", "你他妈的什么时候发货"],
)
def test_the_furious_are_offered_a_person(reader: MoodReader, text: str) -> None:
    assert reader.read(normalise(text).text) <= -0.6


@pytest.mark.parametrize("text", ["怎么还没发货啊", "都五天了还没到", "太慢了吧", "杯子碎了", "没有没骗我"])
def test_ordinary_trouble_is_no_fury(reader: MoodReader, text: str) -> None:
    assert -0.6 < reader.read(normalise(text).text) <= 0


@pytest.mark.parametrize("text", ["谢谢你", "服务真好", "太感谢了", "衣服很喜欢"])
def test_the_grateful_are_glad(reader: MoodReader, text: str) -> None:
    assert reader.read(normalise(text).text) > 0.3


@pytest.mark.parametrize(
    "text", ["空气炸锅怎么用", "垃圾桶多大", "给我妈的礼物", "轮子滚不动", "好评返现吗", "今天发货吗"]
)
def test_shop_talk_that_holds_hard_words_is_neutral(reader: MoodReader, text: str) -> None:
    assert abs(reader.read(normalise(text).text)) < 0.3
