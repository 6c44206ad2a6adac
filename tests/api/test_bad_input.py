import json
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiaoer.api.shapes import ErrorShape

REST, PARSE, OPEN = "/webhooks/rest/webhook", "/model/parse", "/api/v1/conversations"
_JSON = {"content-type": "application/json"}
_DEEP = b"[" * 100_000

NO_JSON = {
    "empty": b"",
    "broken": b'{"text": "a"',
    "text": b"hello",
    "not UTF-8": b'{"text": "\xff\xfe"}',
    "deep": _DEEP,
    "deep inside": b'{"sender": "a", "message": "a", "text": "a", "metadata": {"x": ' + _DEEP + b"}}",
    "a list": b"[]",
    "null": b"null",
    "NaN": b"NaN",
    "a number": b"1e999",
}
WRONG = {
    "wrong types": '{"sender": 1, "message": [], "text": {}, "channel": 3}',
    "null": '{"sender": null, "message": null, "text": null, "channel": null}',
    "NaN": '{"sender": NaN, "message": NaN, "text": NaN, "channel": NaN}',
    "lone surrogates": r'{"sender": "\ud800", "message": "\udfff", "text": "\ud800", "channel": "\ud800"}',
    "lone surrogate as a name": r'{"\ud800": 1, "sender": "\ud800", "text": "\udc00"}',
    "NUL in an id": r'{"sender": "a\u0000", "message": "a", "message_id": "a\u0000b", "text": 1, "channel": "\u0000"}',
}
ODD_TEXTS = {
    "nothing": "",
    "blank": " \n\t ",
    "NUL": "a\0b",
    "emoji": "😀👨‍👩‍👧‍👦🏳️‍🌈",
    "right to left": "مرحبا \u202eabc\u202c",
    "zero width": "取\u200b消\u200d订\ufeff单",
    "long": "a" * 100_000,
    "markup": "<script>alert(1)</script>{{7*7}}${x}%s{order}",
    "a statement": "'; DROP TABLE events; --",
}


@pytest.fixture
async def conversation(client: httpx.AsyncClient) -> str:
    opened: str = (await client.post(OPEN, json={})).json()["id"]
    return opened


def expect_refusal(response: httpx.Response) -> None:
    assert 400 <= response.status_code < 500, (response.status_code, response.text)
    ErrorShape.model_validate_json(response.content)


@pytest.mark.parametrize("path", [REST, PARSE, OPEN, "{conversation}/messages"])
@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
async def test_a_body_that_is_no_message_is_refused(
    client: httpx.AsyncClient, conversation: str, path: str, body: bytes
) -> None:
    response = await client.post(path.format(conversation=f"{OPEN}/{conversation}"), content=body, headers=_JSON)
    expect_refusal(response)


@pytest.mark.parametrize("path", [REST, PARSE, OPEN, "{conversation}/messages"])
@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
async def test_a_body_with_impossible_values_is_refused(
    client: httpx.AsyncClient, conversation: str, path: str, body: str
) -> None:
    target = path.format(conversation=f"{OPEN}/{conversation}")
    if path == PARSE and "message_id" in body:
        body = body.replace('"text": 1', '"text": [1]')
    expect_refusal(await client.post(target, content=body.encode(), headers=_JSON))


async def test_of_a_doubled_key_one_counts(client: httpx.AsyncClient, conversation: str) -> None:
    rest = await client.post(REST, content=b'{"sender": "a", "sender": "b", "message": "x"}', headers=_JSON)
    assert rest.status_code == 200
    body = b'{"text": "x", "text": "y"}'
    native = await client.post(f"{OPEN}/{conversation}/messages", content=body, headers=_JSON)
    assert native.status_code == 200


async def test_fields_that_the_native_api_does_not_know_are_refused(
    client: httpx.AsyncClient, conversation: str
) -> None:
    expect_refusal(await client.post(OPEN, json={"customer": "C1001"}))
    body = {"text": "x", "customer": "C1001"}
    expect_refusal(await client.post(f"{OPEN}/{conversation}/messages", json=body))


@pytest.mark.parametrize("path", [REST, PARSE, OPEN, "{conversation}/messages"])
@pytest.mark.parametrize("states_length", [True, False])
async def test_a_body_of_a_megabyte_is_refused(
    client: httpx.AsyncClient, conversation: str, path: str, *, states_length: bool
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        for _ in range(1024):
            yield b"a" * 1024
        yield b'"}'

    whole = b'{"text": "' + b"a" * 2**20 + b'"}'
    target = path.format(conversation=f"{OPEN}/{conversation}")
    response = await client.post(target, content=whole if states_length else chunks(), headers=_JSON)
    assert response.status_code == 413
    assert ErrorShape.model_validate_json(response.content).error.code == "http.too_large"


@pytest.mark.parametrize("length", [b"-1", b"abc", b"1" * 5000])
async def test_a_length_that_is_none_is_no_crash(client: httpx.AsyncClient, length: bytes) -> None:
    headers = {b"content-type": b"application/json", b"content-length": length}
    response = await client.post(REST, content=b'{"sender": "a", "message": "a"}', headers=headers)
    assert response.status_code in (200, 400, 413)


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
async def test_any_text_gets_an_answer(client: httpx.AsyncClient, conversation: str, text: str) -> None:
    rest = await client.post(REST, json={"sender": text[:200] or "a", "message": text})
    assert rest.status_code == (400 if "\0" in text else 200)
    native = await client.post(f"{OPEN}/{conversation}/messages", json={"text": text})
    assert native.status_code == 200
    assert native.json()["replies"]
    history = await client.get(f"{OPEN}/{conversation}/messages")
    assert history.json()["messages"][1]["text"] == text.replace("\0", "")[:4000].strip()


async def test_a_text_longer_than_allowed_is_refused(client: httpx.AsyncClient, conversation: str) -> None:
    body = {"sender": "a", "message": "a" * 100_001, "text": "a" * 100_001}
    expect_refusal(await client.post(REST, json=body))
    expect_refusal(await client.post(f"{OPEN}/{conversation}/messages", json={"text": body["text"]}))


@pytest.mark.parametrize("path", ["/nowhere", "/api/v1/nowhere", "/web/../../settings.py", "/web/%2e%2e/bodies.py"])
async def test_what_is_not_there_is_404_in_the_shape_of_errors(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    ErrorShape.model_validate_json(response.content)


async def test_a_wrong_method_is_405_in_the_shape_of_errors(client: httpx.AsyncClient) -> None:
    for response in (await client.get(REST), await client.delete(OPEN)):
        assert response.status_code == 405
        ErrorShape.model_validate_json(response.content)


_any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=()), max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_any_body = st.fixed_dictionaries(
    {},
    optional={name: _any_json for name in ("sender", "message", "text", "message_id", "metadata", "score", "channel")},
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_any_body, path=st.sampled_from([REST, PARSE, OPEN, "messages", "rating", "identity"]))
async def test_no_body_makes_the_server_fail(
    client: httpx.AsyncClient, conversation: str, body: dict[str, object], path: str
) -> None:
    target = path if path.startswith("/") else f"{OPEN}/{conversation}/{path}"
    response = await client.post(target, content=json.dumps(body).encode(), headers=_JSON)
    assert response.status_code < 500
    if response.status_code >= 400:
        ErrorShape.model_validate_json(response.content)
