from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.learn.data import Span
from xiaoer.learn.data.edits import Edit, edited
from xiaoer.learn.data.tidying import tidied, without_markup

from .making import a_sample


def words(text: str, *spans: tuple[int, int], edits: list[Edit]) -> list[str] | None:
    sample = edited(a_sample(text, spans=[{"start": a, "end": b, "entity": "x"} for a, b in spans]), edits)
    return None if sample is None else [sample.text[span.start : span.end] for span in sample.spans]


def test_marks_move_with_what_stands_before_them() -> None:
    assert words("到成都要几天", (1, 3), edits=[Edit(0, 1, "寄到"), Edit(4, 5, "")]) == ["成都"]


def test_a_mark_grows_with_what_is_changed_inside() -> None:
    assert words("到成都要", (1, 3), edits=[Edit(1, 3, "乌鲁木齐")]) == ["乌鲁木齐"]


def test_what_is_put_in_at_an_end_of_a_mark_stands_outside() -> None:
    assert words("到成都要", (1, 3), edits=[Edit(1, 1, "那"), Edit(3, 3, "嗯")]) == ["成都"]


def test_a_mark_may_go_whole_but_is_never_cut() -> None:
    assert words("到成都要", (1, 3), edits=[Edit(0, 4, "")]) == []
    assert words("到成都要", (1, 3), edits=[Edit(2, 4, "")]) is None
    assert words("到成都要", (1, 3), edits=[Edit(0, 2, "x")]) is None
    assert words("到成都要", edits=[Edit(0, 2, "x"), Edit(1, 3, "y")]) is None


@settings(deadline=None)
@given(st.text(alphabet="ab<>/&;p gt\u200b ", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_cleaning_never_moves_a_mark_off_its_text(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    spans = [{"start": start, "end": end, "entity": "x"}] if start < end else []
    for clean in (tidied, without_markup):
        for span in clean(a_sample(text, spans=spans)).spans:
            assert 0 <= span.start < span.end <= len(clean(a_sample(text, spans=spans)).text)


def test_html_becomes_what_is_read() -> None:
    text = "<p>运费 &lt; 10&nbsp;元<br/>到<b>成都</b>?</p><script>a<b</script>"
    at = text.index("成都")
    sample = a_sample(text, spans=[{"start": at, "end": at + 2, "entity": "region"}])
    clean = tidied(without_markup(sample))
    assert clean.text == "运费 < 10 元 到成都?"
    assert clean.spans == (Span(11, 13, "region"),)


def test_what_is_no_html_stays() -> None:
    for text in ("我<3你", "a < b > c", "AT&T 100&200", "1<2 且 3>2", "&不是"):
        assert without_markup(a_sample(text)).text == text


def test_emoji_that_are_held_together_stay_whole() -> None:
    assert tidied(a_sample("👩\u200d🔧 修\u200b吗\x00\ufeff")).text == "👩\u200d🔧 修吗"
