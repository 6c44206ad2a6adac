import pytest

from xiaoer.pack import Phrases

_PHRASES = Phrases(
    questions=("吗", "几", "how"),
    no_questions=("好几", "however"),
    question_ends=("不", "了没"),
    requests=("帮我", "could you"),
    clause_ends=("，", " ", "？"),
)


@pytest.mark.parametrize(
    "said", ["到了吗", "how long", "能便宜不", "要几天", "好几件要几天到", "发货了没，急用", "贵不 太远了"]
)
def test_what_is_a_question_by_its_words(said: str) -> None:
    assert _PHRASES.ask(said)


@pytest.mark.parametrize("said", ["不", "不要了", "shower", "however", "裂了好几只", "还没到", "发货了没货"])
def test_what_is_none(said: str) -> None:
    assert not _PHRASES.ask(said)


def test_a_request_is_one_be_it_put_as_a_question() -> None:
    assert _PHRASES.request("能帮我退了吗")
    assert _PHRASES.request("Could you cancel it?")
    assert not _PHRASES.request("怎么退")


@pytest.mark.parametrize(
    ("clause", "is_opener"), [("Wait", True), (" hold on ", True), ("Hi", True), ("waiting", False)]
)
def test_a_clause_opens_what_follows_in_whatever_capitals(clause: str, *, is_opener: bool) -> None:
    assert Phrases(openers=("wait", "hold on"), fillers=("hi",)).open(clause) is is_opener


@pytest.mark.parametrize(
    ("word", "text", "is_refused"),
    [
        ("补发", "不要补发 退钱", True),
        ("补发", "要不要补发", False),
        ("补发", "补发吧", False),
        ("补发", "不要补发 还是补发吧", False),
        ("a new one", "I don't need a new one", True),
        ("new one", "don't need a new one", True),
        ("refund", "cannot refund", False),
    ],
)
def test_a_word_is_refused_by_what_stands_right_before_it(word: str, text: str, *, is_refused: bool) -> None:
    assert Phrases(refuses=("不要", "don't need", "not")).refuse(word, text) == is_refused
