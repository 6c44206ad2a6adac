"""What the merchant's system may answer, byte by byte, and what is made of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from random import Random

import httpx
import pytest

from xiaoer.breaker import Breaker
from xiaoer.ids import CustomerId, OrderId
from xiaoer.shop import AccessRefusedError, BadAnswerError, ShopAwayError, Surroundings
from xiaoer.shop.remote.calls import Answer, Call
from xiaoer.shop.remote.connection import Connection
from xiaoer.shop.remote.merchant import Merchant, Since
from xiaoer.testing.clock import HandClock

from .factories import ANNA, NUMBER
from .merchants import HandTime, settings_of

_FAILURE = b'{"error": {"code": "missing", "message": "None."}}'
_DEEP = b'{"orders": [], "more": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
Answering = Callable[[httpx.Request], httpx.Response]


def a_connection(answering: Answering, **settings: object) -> Connection:
    time = HandTime()
    breaker = Breaker(failures=99, rest_seconds=1, monotonic=time, away=ShopAwayError, name="shop")
    client = httpx.AsyncClient(transport=httpx.MockTransport(answering))
    around = Surroundings(HandClock(), time, Random(1), time.pause)  # noqa: S311 - the same chance each time
    return Connection(client, settings_of(url="http://shop.example/base/", **settings), breaker, around)


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 1000):
        yield body[start : start + 1000]


def a_merchant_that_answers(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Merchant:
    return Merchant(a_connection(lambda request: httpx.Response(status, headers=headers, content=in_pieces(body))))


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"orders": [', b'{"orders": [{"id": "\xff"}]}', b"\xff\xfe", _DEEP])
async def test_what_is_not_json_is_a_system_that_is_away(body: bytes) -> None:
    with pytest.raises(ShopAwayError):
        await a_merchant_that_answers(body).orders_of(ANNA)


@pytest.mark.parametrize("body", [b"null", b"[]", b"{}", b'{"orders": {}}', b'{"orders": [{}]}', b'{"orders": [null]}'])
async def test_json_of_another_kind_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswerError, match=r"GET /customers/\{customer\}/orders"):
        await a_merchant_that_answers(body).orders_of(ANNA)


async def test_a_404_is_believed_only_with_the_body_of_the_contract() -> None:
    assert await a_merchant_that_answers(_FAILURE, status=404).order_of(ANNA, NUMBER) is None
    assert await a_merchant_that_answers(_FAILURE, status=404).orders_of(ANNA) == ()
    with pytest.raises(ShopAwayError):
        await a_merchant_that_answers(b"<h1>Not Found</h1>", status=404).order_of(ANNA, NUMBER)
    with pytest.raises(BadAnswerError):
        await a_merchant_that_answers(b'{"detail": "Not Found"}', status=404).order_of(ANNA, NUMBER)


@pytest.mark.parametrize("status", [201, 204, 302, 304, 400, 409, 418, 422])
async def test_a_status_that_the_contract_does_not_know_is_a_bad_answer(status: int) -> None:
    with pytest.raises(BadAnswerError, match=str(status)):
        await a_merchant_that_answers(_FAILURE, status=status).order_of(ANNA, NUMBER)


@pytest.mark.parametrize("status", [401, 403])
async def test_no_access_is_told_apart(status: int) -> None:
    with pytest.raises(AccessRefusedError):
        await a_merchant_that_answers(_FAILURE, status=status).order_of(ANNA, NUMBER)


async def test_a_packed_answer_is_refused_unopened() -> None:
    with pytest.raises(BadAnswerError, match="packed"):
        await a_merchant_that_answers(b"\x1f\x8b", headers={"content-encoding": "gzip"}).orders_of(ANNA)


async def test_no_redirection_takes_the_token_elsewhere() -> None:
    asked: list[str] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(307, headers={"location": "http://elsewhere.example/"})

    with pytest.raises(BadAnswerError):
        await Merchant(a_connection(answering)).orders_of(ANNA)
    assert asked == ["shop.example"]


async def test_the_path_follows_the_url_and_the_query_is_whole() -> None:
    asked: list[httpx.Request] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=in_pieces(b'{"products": []}'), headers={"etag": '"7"'})

    page = await Merchant(a_connection(answering)).goods(Since("2026-06-15T10:00:00+08:00", '"6"'), after="P 1&2")
    assert page is not None
    assert page.since == Since("", '"7"')
    (request,) = asked
    assert request.url.path == "/base/products"
    assert dict(request.url.params) == {"updated_since": "2026-06-15T10:00:00+08:00", "after": "P 1&2", "limit": "100"}
    assert request.headers["if-none-match"] == '"6"'
    assert request.headers["accept-encoding"] == "identity"


async def test_a_change_without_a_key_is_never_sent_twice() -> None:
    asked: list[str] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(request.method)
        return httpx.Response(500)

    call = Call(route="POST /changes", path="/changes", body=json.dumps({}).encode())
    with pytest.raises(ShopAwayError):
        await a_connection(answering, retries=3).ask(call, lambda answer: answer)
    assert asked == ["POST"]


async def test_who_no_longer_waits_ends_the_question() -> None:
    async def waiting(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError("nobody waits")

    time = HandTime()
    breaker = Breaker(failures=1, rest_seconds=1, monotonic=time, away=ShopAwayError, name="shop")
    client = httpx.AsyncClient(transport=httpx.MockTransport(waiting))
    around = Surroundings(HandClock(), time, Random(1), time.pause)  # noqa: S311 - the same chance each time
    connection = Connection(client, settings_of(url="http://shop.example"), breaker, around)

    def read(answer: Answer) -> Answer:
        return answer

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await connection.ask(Call(route="GET /products", path="/products"), read)
    assert breaker.state == "closed"


async def test_an_id_that_can_be_no_part_of_a_path_asks_nothing() -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    merchant = Merchant(a_connection(answering))
    assert await merchant.order_of(CustomerId(".."), NUMBER) is None
    assert await merchant.order_of(ANNA, OrderId("../C2/orders/1")) is None
    assert await merchant.orders_of(CustomerId("")) == ()
