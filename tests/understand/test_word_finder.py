import pytest

from xiaoer.understand.word_finder import Label, WordFinder


def test_overlapping_words_are_all_found_the_longest_first() -> None:
    finder = WordFinder([("四件套", Label("bed")), ("件套", Label("set"))])
    assert [(word.start, word.end) for word in finder.find("买四件套")] == [(1, 4), (2, 4)]


def test_latin_words_are_found_whole_only() -> None:
    finder = WordFinder([("xl", Label("size"))])
    assert not finder.find("xxl xlarge")
    assert [(word.start, word.end) for word in finder.find("要xl的")] == [(1, 3)]


def test_words_are_listed_in_their_normal_form() -> None:
    finder = WordFinder([("ＥＭＳ", Label("carrier")), ("韻達", Label("carrier"))])
    assert len(finder.find("发ems还是韵达")) == 2


def test_a_word_may_stand_for_several_things() -> None:
    finder = WordFinder([("分期", Label("instalment")), ("分期", Label("", "payment_method", "分期"))])
    assert len(finder.find("能分期吗")[0].labels) == 2


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("茶还有吗", True),
        ("就茶那个", True),
        ("喝茶的杯子", False),
        ("要3包", False),
        ("两包", False),
        ("我那个包", True),
        ("s", True),
        ("给我m的", True),
    ],
)
def test_a_lone_character_counts_where_it_is_a_word_by_itself(text: str, *, is_found: bool) -> None:
    words = [("茶", Label("thing")), ("包", Label("thing")), ("S", Label("size")), ("M", Label("size"))]
    assert bool(WordFinder(words, lone_apart=True).find(text)) == is_found
    assert WordFinder(words).find(text)


def test_an_empty_list_finds_nothing() -> None:
    assert WordFinder([]).find("退货") == []


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("it's late", False),
        ("i'm m", True),
        ("a size 's' please", True),
        ("the s's hem", True),
        ("they're s'more", False),
    ],
)
def test_an_apostrophe_belongs_to_a_latin_word(text: str, *, is_found: bool) -> None:
    finder = WordFinder([("S", Label("size")), ("M", Label("size"))])
    assert bool(finder.find(text)) == is_found
