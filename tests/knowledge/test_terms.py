from hypothesis import given
from hypothesis import strategies as st

from xiaoer.knowledge import Terms
from xiaoer.pack import Lexicon

SENSES = Lexicon(name="senses", entries={"money": ("钱", "花费"), "back": ("refund",)}, is_sense=True)
NAMES = Lexicon(name="names", entries={"一": ("退",)})
TERMS = Terms([SENSES, NAMES])


def test_characters_and_their_pairs_are_terms_of_a_chinese_text() -> None:
    assert TERMS.of("退 货？") == ["退", "货", " 退", "退 货", "货 "]


def test_words_and_the_pieces_of_long_ones_are_terms_elsewhere() -> None:
    assert TERMS.of("My bags") == ["my", "bags", " my", "my bags", "bags ", "bag~", "ags~"]


def test_any_number_is_the_same_term() -> None:
    assert TERMS.of("158元") == TERMS.of("1.5元") == ["0", "元", " 0", "0 元", "元 "]


def test_words_of_a_sense_lexicon_share_a_term_whichever_stands_there() -> None:
    assert "=money" in TERMS.of("花费多少")
    assert "=money" in TERMS.of("多少钱")
    assert "=back" in TERMS.of("Refund please")
    assert "=一" not in TERMS.of("退")


def test_what_holds_no_words_has_no_terms() -> None:
    assert TERMS.of(" ？！… ") == []


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_cut(text: str) -> None:
    assert all(TERMS.of(text))
