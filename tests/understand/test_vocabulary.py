import pytest

from xiaoer.events import Entity
from xiaoer.understand import Vocabulary, is_foreign, may_be_foreign, without_names

CHINESE = Vocabulary("zh", loans=frozenset({"ok", "vip", "hello", "app"}))
ENGLISH = Vocabulary(
    "en",
    words=frozenset({"where", "is", "my", "order", "hello", "ok", "i", "cancel", "it", "send", "to", "the", "app"}),
)


def foreign(text: str, own: Vocabulary, other: Vocabulary, *, is_first: bool = False) -> bool:
    return may_be_foreign(text, own, is_first=is_first) and is_foreign(text, own, other, is_first=is_first)


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("where is my order", True),
        ("cancel", True),
        ("cancel it 谢谢", True),
        ("我的order到哪了", False),
        ("ok", False),
        ("vip", False),
        ("wo de kuaidi dao nali le", False),
        ("12345", False),
        ("", False),
    ],
)
def test_english_in_a_chinese_conversation(text: str, *, is_english: bool) -> None:
    assert foreign(text, CHINESE, ENGLISH) == is_english


@pytest.mark.parametrize(
    ("text", "is_chinese"),
    [
        ("我要取消", True),
        ("好", True),
        ("send it to 浙江省杭州市滨江区橘灯路66号", False),
        ("ok", False),
        ("xyzzy", False),
    ],
)
def test_chinese_in_an_english_conversation(text: str, *, is_chinese: bool) -> None:
    assert foreign(text, ENGLISH, CHINESE) == is_chinese


def test_a_borrowed_word_decides_where_nothing_was_said_before() -> None:
    assert foreign("hello", CHINESE, ENGLISH, is_first=True)
    assert not foreign("hello", CHINESE, ENGLISH)


def test_borrowed_words_beside_ones_own_carry_nothing_away_from_the_first_message_on() -> None:
    assert not foreign("app换vip", CHINESE, ENGLISH, is_first=True)
    assert foreign("where is my order 谢谢", CHINESE, ENGLISH, is_first=True)


def test_what_names_something_has_no_language() -> None:
    text = "where is 无线吸尘器, mail me at a.b@example.com or see https://example.com/order"
    named = Entity(entity="product", value="P1", start=9, end=14, extractor="lexicon")
    guessed = Entity(entity="reason", value="x", start=0, end=8, extractor="tagger")
    assert without_names(text, (named, guessed)).split() == ["where", "is", ",", "mail", "me", "at", "or", "see"]
