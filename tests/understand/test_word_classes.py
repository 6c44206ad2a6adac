from hypothesis import given
from hypothesis import strategies as st

from xiaoer.understand import WORD_CLASSES, word_classes


def test_a_word_says_where_its_characters_stand_in_it() -> None:
    begin, middle, end = word_classes("乒乓球")
    assert (middle - begin, end - begin) == (1, 2)
    assert word_classes("球拍")[1] == end
    single = word_classes("我")
    assert len(single) == 1
    assert single[0] % 4 == 0


def test_names_of_places_are_of_one_class_and_verbs_of_another() -> None:
    assert word_classes("杭州") == word_classes("成都")
    assert word_classes("杭州") != word_classes("购买")


@given(st.text())
def test_each_character_has_one_class(text: str) -> None:
    classes = word_classes(text)
    assert len(classes) == len(text)
    assert all(0 < one < WORD_CLASSES for one in classes)
