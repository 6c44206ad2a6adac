"""What a message takes back by itself, and of which things it says that they are not meant."""

import pytest

from xiaoer.dialogue.taken_back import put_right
from xiaoer.pack import Pack
from xiaoer.testing import a_message, a_pack


@pytest.fixture
def pack() -> Pack:
    return a_pack(phrases="takes_back: [no wait, 哦不, 不对]\nis_not: [not, 不是]\nor_else: [就是]\nalso: [也]\n")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("return the [mug](product) no wait the [rug](product)", ["rug"]),
        ("退[杯子](product) 哦不 [毯子](product)", ["毯子"]),
        ("not the [mug](product), the [rug](product)", ["rug"]),
        ("不是[杯子](product) 是[毯子](product)", ["毯子"]),
        ("return the [rug](product), not the [mug](product)", ["rug"]),
    ],
)
def test_the_thing_that_is_not_meant_is_blanked_out(pack: Pack, said: str, left: list[str]) -> None:
    message = a_message(said, "return.request")
    right = put_right(message, pack)

    assert [right.text[entity.start : entity.end] for entity in right.reading.entities] == left
    assert len(right.text) == len(message.text)


@pytest.mark.parametrize(
    "said",
    [
        "return the [mug](product) and the [rug](product)",
        "it is not the [mug](product)",
        "the [mug](product) no wait the [mug](product)",
        "是不是[杯子](product)还是[毯子](product)",
        "不是[杯子](product)就是[毯子](product)",
        "[杯子](product)颜色不对，[毯子](product)发错了",
        "[杯子](product) 不对 [毯子](product)也破了",
        "return the [mug](product), no wait [20260614000621](order_id)",
        "return the [mug](product) no wait until i have looked for it, the [rug](product) is fine",
    ],
)
def test_what_takes_nothing_back_stays_as_it_is(pack: Pack, said: str) -> None:
    message = a_message(said, "return.request")

    assert put_right(message, pack) == message
