import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xiaoer.pack import Intent, Utterance
from xiaoer.pack.understanding import says_any

_plain = st.text(st.characters(exclude_characters="[]()\r\n"), max_size=8)
_marked = st.tuples(
    st.text(st.characters(exclude_characters="[]\r\n"), min_size=1, max_size=8),
    st.text("abc_", min_size=1, max_size=6),
)


@given(st.lists(st.one_of(_plain, _marked), max_size=8))
def test_spans_cut_out_what_was_marked(pieces: list[str | tuple[str, str]]) -> None:
    marked = "".join(piece if isinstance(piece, str) else f"[{piece[0]}]({piece[1]})" for piece in pieces)

    utterance = Utterance.parse(marked)

    assert utterance.text == "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
    cut = [(utterance.text[span.start : span.end], span.entity) for span in utterance.spans]
    assert cut == [piece for piece in pieces if not isinstance(piece, str)]


@given(st.text(max_size=40))
def test_whatever_is_written_its_spans_lie_in_order_inside_the_text(marked: str) -> None:
    utterance = Utterance.parse(marked)

    at = 0
    for span in utterance.spans:
        assert at <= span.start < span.end <= len(utterance.text)
        at = span.end


@given(st.text(max_size=40))
def test_a_text_without_marks_stays_as_it_is(text: str) -> None:
    assume("](" not in text)

    assert Utterance.parse(text) == Utterance(text=text)


def test_an_intent_gives_its_lines_without_blank_ones_and_outer_spaces() -> None:
    intent = Intent(name="track", about="a", utterances="\n  where is [12](order_id) \n\n\twhen\n")

    assert [example.text for example in intent.examples()] == ["where is 12", "when"]


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("How long does it take", True),
        ("i broke the shower", False),
        ("Can  you help", True),
        ("what’s this", True),
        ("还能退吗", True),
        ("ok thanks", False),
        ("really?", True),
    ],
)
def test_words_stand_in_a_text_those_of_latin_letters_whole(text: str, *, is_said: bool) -> None:
    assert says_any(("how", "can you", "what's", "吗", "?"), text) == is_said


@given(st.text(alphabet="怎么吗how ?\n", max_size=20))
def test_chinese_words_are_found_wherever_they_stand(text: str) -> None:
    assert says_any(("怎么", "吗", "?"), text) == any(word in text for word in ("怎么", "吗", "?"))
