from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from xiaoer.understand import Span, tags_of_spans
from xiaoer.understand.spans import Extractor, merge
from xiaoer.understand.tagger import spans_of_tags


def a_span(start: int, end: int, *, confidence: float = 0.9, extractor: Extractor = "lexicon") -> Span:
    return Span("kind", start, end, confidence, extractor)


def test_the_longer_of_two_spans_stays() -> None:
    long, short = a_span(0, 4, confidence=0.1), a_span(2, 4)
    assert merge([short, long]) == [long]


def test_of_equal_spans_the_surer_stays_and_then_the_pattern() -> None:
    sure, unsure = a_span(0, 2, confidence=0.9), a_span(0, 2, confidence=0.5, extractor="pattern")
    assert merge([unsure, sure]) == [sure]
    tagged, shaped = a_span(0, 2, extractor="tagger"), a_span(0, 2, extractor="pattern")
    assert merge([tagged, shaped]) == [shaped]


SPANS = st.builds(
    lambda start, length, confidence: a_span(start, start + length, confidence=confidence),
    st.integers(0, 20),
    st.integers(1, 6),
    st.floats(0, 1),
)


@given(spans=st.lists(SPANS, max_size=12))
def test_merged_spans_never_overlap_and_lose_nothing_that_fits(spans: list[Span]) -> None:
    merged = merge(spans)
    assert all(one.end <= two.start for one, two in pairwise(merged))
    for span in spans:
        assert any(kept.start < span.end and span.start < kept.end for kept in merged)


@given(spans=st.lists(SPANS, max_size=12))
def test_tags_are_read_back_as_their_spans(spans: list[Span]) -> None:
    marks = [(span.kind, span.start, span.end) for span in merge(spans)]
    assert spans_of_tags(tags_of_spans(30, marks)) == marks


def test_an_inside_tag_without_a_beginning_begins_a_span() -> None:
    assert spans_of_tags(["O", "I-person", "I-person", "I-date"]) == [("person", 1, 3), ("date", 3, 4)]
