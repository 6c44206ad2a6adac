import pytest

from xiaoer.pack import Phrases
from xiaoer.text import normalise
from xiaoer.understand.core import CoreFinder

CHINESE = CoreFinder(Phrases(clause_ends=("，", "！", " "), fillers=("哎", "快点", "急"), endings=("哈哈", "嘞")))
ENGLISH = CoreFinder(Phrases(clause_ends=(",", ".", "!"), fillers=("um", "lol", "asap"), endings=("haha",)))


def core(finder: CoreFinder, text: str) -> str:
    normal = normalise(text).text
    return normal[slice(*finder.find(normal))].strip()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("哎，快递呢，快点！！", "快递呢"),
        ("快递到哪了哈哈", "快递到哪了"),
        ("哎，快递到哪了嘞！急", "快递到哪了"),
        ("快递不急，慢慢送！", "快递不急,慢慢送!"),
        ("发货快点", "发货快点"),
    ],
)
def test_what_only_greets_presses_or_laughs_is_left_out(text: str, found: str) -> None:
    assert core(CHINESE, text) == found


def test_latin_words_are_left_out_whole() -> None:
    assert core(ENGLISH, "Um... where is it, lol") == "where is it"
    assert core(ENGLISH, "where is it haha!") == "where is it"
    assert core(ENGLISH, "umbrella, asap!") == "umbrella"


def test_words_in_front_that_drop_what_was_before_are_left_out() -> None:
    finder = CoreFinder(Phrases(give_up=("算了", "never mind"), clause_ends=("，", ",", " ")))
    assert core(finder, "算了，退货") == "退货"
    assert core(finder, "退货，算了") == "退货,算了"
    assert core(finder, "算了") == "算了"


@pytest.mark.parametrize("text", ["快点！！", "哈哈", "哎，急", "", "嘞"])
def test_a_message_of_nothing_else_stays_whole(text: str) -> None:
    assert core(CHINESE, text) == normalise(text).text
