from random import Random

import pytest

from xiaoer.learn.data.edits import edited
from xiaoer.learn.data.punctuating import bare, emoji
from xiaoer.learn.data.samples import Sample
from xiaoer.learn.data.wording import Maker

from .making import a_sample


def changed(sample: Sample, maker: Maker) -> Sample:
    copy = edited(sample, maker(sample, Random(1)))  # noqa: S311  # a sample, no secret
    assert copy is not None
    return copy


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("在吗？？我的货呢！", "在吗我的货呢"),
        ("要12.5元的，别的不要。", "要12.5元的别的不要"),
        ("It's late,where is it?", "It's late where is it"),
        ("XL-2(红)", "XL-2红"),
    ],
)
def test_punctuation_is_left_out_but_for_that_of_numbers_and_words(written: str, left: str) -> None:
    sample = a_sample(written)
    bared = changed(sample, bare)
    assert bared.text == left


def test_marks_move_with_what_is_left_out() -> None:
    sample = a_sample("喂，四件套呢", spans=[{"start": 2, "end": 5, "entity": "product"}])
    bared = changed(sample, bare)
    assert [bared.text[span.start : span.end] for span in bared.spans] == ["四件套"]


def test_emoji_stand_behind_the_text_and_outside_of_its_marks() -> None:
    sample = a_sample("要四件套", spans=[{"start": 1, "end": 4, "entity": "product"}])
    with_emoji = changed(sample, emoji)
    assert with_emoji.spans == sample.spans
    put_in = with_emoji.text.removeprefix("要四件套")
    assert 1 <= len(put_in) <= 3
    assert len(set(put_in)) == 1
