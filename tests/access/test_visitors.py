"""Proof of who a visitor is: what the shop's site signed, and nothing else."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.access import BadVisitorTokenError, VisitorTokens
from xiaoer.ids import CustomerId, ShopId

NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)
SECRET, OTHER_SECRET = "s" * 32, "o" * 32
TOKENS = VisitorTokens(ShopId("demo"), SECRET)


def signed(**changes: object) -> str:
    """A token as the shop's site makes it, with changed claims; None leaves one out."""
    claims: dict[str, object] = {
        "sub": "c1",
        "iss": "demo",
        "aud": "xiaoer-visitor",
        "iat": NOW,
        "exp": NOW + timedelta(hours=1),
    }
    kept = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(kept, SECRET, algorithm="HS256")


def without_signature(token: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."


def refusal(token: str, now: datetime = NOW) -> BadVisitorTokenError:
    with pytest.raises(BadVisitorTokenError) as refused:
        TOKENS.verify(token, now=now)
    return refused.value


def test_a_signed_customer_is_proved() -> None:
    assert TOKENS.verify(TOKENS.sign(CustomerId("c1"), now=NOW), now=NOW) == "c1"
    assert TOKENS.verify(signed(), now=NOW) == "c1"


def test_a_refusal_has_a_code_and_a_status() -> None:
    assert (refusal("").code, refusal("").status) == ("access.bad_visitor_token", 401)


def test_a_token_holds_until_it_expires() -> None:
    token = TOKENS.sign(CustomerId("c1"), now=NOW, valid_for=timedelta(minutes=5))
    assert TOKENS.verify(token, now=NOW + timedelta(minutes=5, seconds=-1)) == "c1"
    assert "expired" in str(refusal(token, now=NOW + timedelta(minutes=5)))


def test_only_the_given_clock_decides_what_has_expired() -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    assert TOKENS.verify(TOKENS.sign(CustomerId("c1"), now=long_ago), now=long_ago) == "c1"
    far_away = datetime(2090, 1, 1, tzinfo=UTC)
    assert TOKENS.verify(TOKENS.sign(CustomerId("c1"), now=far_away), now=far_away) == "c1"


def test_a_token_signed_with_another_secret_proves_nobody() -> None:
    refusal(VisitorTokens(ShopId("demo"), OTHER_SECRET).sign(CustomerId("c1"), now=NOW))


def test_a_token_of_another_shop_proves_nobody() -> None:
    refusal(VisitorTokens(ShopId("other"), SECRET).sign(CustomerId("c1"), now=NOW))


@pytest.mark.parametrize("claim", ["sub", "iss", "aud", "exp"])
def test_a_token_that_leaves_something_out_proves_nobody(claim: str) -> None:
    refusal(signed(**{claim: None}))


@pytest.mark.parametrize(
    "changes",
    [{"aud": "somebody-else"}, {"iss": "other"}, {"sub": 7}, {"nbf": "soon"}],
    ids=["audience", "issuer", "subject", "not before"],
)
def test_a_token_for_something_else_proves_nobody(changes: dict[str, object]) -> None:
    refusal(signed(**changes))


@pytest.mark.parametrize("expiry", ["never", [1], {}])
def test_a_token_with_an_expiry_that_is_no_moment_proves_nobody(expiry: object) -> None:
    refusal(signed(exp=expiry))


def test_a_token_without_signature_proves_nobody() -> None:
    refusal(without_signature(signed()))


def test_a_token_of_another_algorithm_proves_nobody() -> None:
    claims = {"sub": "c1", "iss": "demo", "aud": "xiaoer-visitor", "exp": NOW + timedelta(hours=1)}
    refusal(jwt.encode(claims, "s" * 64, algorithm="HS512"))


def test_a_token_with_another_customer_written_in_proves_nobody() -> None:
    header, _, signature = signed().split(".")
    body = signed(sub="c2").split(".")[1]
    refusal(f"{header}.{body}.{signature}")


@pytest.mark.parametrize("token", ["", "c1", "a.b", "a.b.c", "..", "é.ü.ß", "a" * 10_000, "\ud800"])
def test_what_is_no_token_proves_nobody(token: str) -> None:
    refusal(token)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_no_text_proves_anybody_or_breaks(token: str) -> None:
    refusal(token)


@given(st.integers(0, 400), st.characters(categories=["Lu", "Ll", "Nd"], max_codepoint=127))
def test_a_token_with_one_letter_changed_proves_nobody_else(place: int, letter: str) -> None:
    token = signed()
    at = place % len(token)
    forged = token[:at] + letter + token[at + 1 :]
    try:
        assert TOKENS.verify(forged, now=NOW) == "c1"
    except BadVisitorTokenError:
        assert forged != token


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_every_customer_id_survives_signing(customer: str) -> None:
    assert TOKENS.verify(TOKENS.sign(CustomerId(customer), now=NOW), now=NOW) == customer
