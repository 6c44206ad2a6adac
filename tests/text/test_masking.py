import re

from hypothesis import given
from hypothesis import strategies as st

from xiaoer.text import mask

DIGITS = "0123456789"


def identity_number(seventeen: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, weights, strict=True))
    return seventeen + "10X98765432"[total % 11]


def with_luhn_digit(digits: str) -> str:
    total = sum(sum(divmod(int(digit) * (2 if at % 2 == 0 else 1), 10)) for at, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def test_a_phone_keeps_its_first_three_and_last_four() -> None:
    assert mask("打13800005678或138-0000-5678") == "打138****5678或138-****-5678"


def test_an_identity_number_is_masked_only_with_a_right_check_character() -> None:
    right = identity_number("11010519491231002")
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    assert mask(f"身份证{right}") == f"身份证1101**********{right[-4:]}"
    assert mask(f"身份证{wrong}") == f"身份证{wrong}"


def test_a_card_is_masked_with_its_blanks() -> None:
    card = with_luhn_digit("622202100111624")
    assert mask(f"卡{card[:4]} {card[4:8]} {card[8:12]} {card[12:]}") == f"卡6222 **** **** {card[12:]}"


def test_an_e_mail_keeps_its_first_character_and_its_host() -> None:
    assert mask("发到nan.feng@mail.example.com吧") == "发到n***@mail.example.com吧"


@given(head=st.text(alphabet=DIGITS, min_size=1, max_size=6), tail=st.text(alphabet=DIGITS, max_size=3))
def test_a_phone_within_a_longer_number_is_left_alone(head: str, tail: str) -> None:
    number = f"2026{head}13800005678{tail}"
    is_identity = len(number) == 18
    assert is_identity or mask(f"订单{number}") == f"订单{number}"


@given(middle=st.text(alphabet=DIGITS, min_size=10, max_size=10))
def test_an_order_number_is_never_eaten(middle: str) -> None:
    assert mask(f"订单2026{middle}还没发") == f"订单2026{middle}还没发"


@given(phone=st.from_regex(r"\A1[3-9][0-9]{9}\Z"), before=st.text(max_size=10), after=st.text(max_size=10))
def test_no_phone_survives_between_other_characters(phone: str, before: str, after: str) -> None:
    clean = (re.sub(r"[0-9A-Za-z@.+_-]", "", part) for part in (before, after))
    assert phone not in mask(phone.join(clean))


@given(text=st.one_of(st.text(max_size=80), st.text(alphabet="0123456789 -@a.中", max_size=60)))
def test_what_is_masked_stays_as_it_is(text: str) -> None:
    once = mask(text)
    assert mask(once) == once


def test_phones_and_social_security_numbers_of_english_texts_are_masked() -> None:
    assert mask("call (503) 555-0142 or 503.555.0142") == "call (503) ***-0142 or 503.***.0142"
    assert mask("+1 503-555-0142, 5035550142") == "+1 503-***-0142, 503***0142"
    assert mask("my ssn is 123-45-6789") == "my ssn is ***-**-6789"


def test_numbers_that_only_look_like_phones_stay() -> None:
    for text in ("order 20260614000301", "1-800-555-0199", "客服400-812-3456", "单号503-555-0142"):
        assert mask(text) == text
