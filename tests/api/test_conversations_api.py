from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest
from pydantic import BaseModel

from xiaoer.api.shapes import Answer, ConversationOpened, ErrorShape, History
from xiaoer.app import Joined
from xiaoer.ids import ConversationId, CustomerId, new_conversation_id
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import FIRST_CUSTOMER, Guest, order_in

API = "/api/v1/conversations"
STRANGER = CustomerId("C1002")
_Shape = TypeVar("_Shape", bound=BaseModel)


def expect(response: httpx.Response, status: int, shape: type[_Shape]) -> _Shape:
    """The response has the status, and a body of just the shape that the OpenAPI document shows."""
    assert response.status_code == status, response.text
    return shape.model_validate_json(response.content)


def expect_error(response: httpx.Response, status: int, code: str) -> None:
    assert expect(response, status, ErrorShape).error.code == code


async def opened(client: httpx.AsyncClient, **body: Any) -> str:  # noqa: ANN401 - any JSON
    return expect(await client.post(API, json=body), 201, ConversationOpened).id


async def say(client: httpx.AsyncClient, conversation: str, text: str, **more: Any) -> httpx.Response:  # noqa: ANN401 - any JSON
    return await client.post(f"{API}/{conversation}/messages", json={"text": text, **more})


def names(answer: Answer) -> list[str]:
    return [reply.name for reply in answer.replies]


def token(joined: Joined, customer: CustomerId = FIRST_CUSTOMER) -> str:
    return joined.tokens.sign(customer, now=joined.clock.now())


async def test_a_new_conversation_has_a_secret_id_and_the_welcome(client: httpx.AsyncClient) -> None:
    first = expect(await client.post(API, json={}), 201, ConversationOpened)
    second = expect(await client.post(API, json={"channel": "app", "language": "zh"}), 201, ConversationOpened)
    assert first.id.startswith("c_")
    assert len(first.id) == 24
    assert first.id != second.id
    assert [reply.name for reply in first.replies] == ["welcome"]
    assert first.person is None


async def test_a_conversation_opened_with_a_token_knows_the_customer(client: httpx.AsyncClient, joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    response = expect(await client.post(API, json={"visitor_token": token(joined)}), 201, ConversationOpened)
    assert response.person is not None
    assert response.person.name == "林小满"
    assert names(expect(await say(client, response.id, f"取消订单 {order.id}"), 200, Answer)) == ["why_cancel"]


async def test_a_message_is_answered_and_read_back(client: httpx.AsyncClient) -> None:
    conversation = await opened(client)
    answer = expect(await say(client, conversation, "你好", message_id="m1"), 200, Answer)
    assert names(answer) == ["greet"]
    assert answer.with_person is False
    history = expect(await client.get(f"{API}/{conversation}/messages"), 200, History)
    assert [(m.sender, m.text, m.message_id) for m in history.messages[1:]] == [
        ("customer", "你好", "m1"),
        ("shop", answer.replies[0].text, None),
    ]
    assert history.sequence == answer.sequence == 4


async def test_the_history_goes_on_after_a_sequence_to_its_end(client: httpx.AsyncClient) -> None:
    conversation = await opened(client)
    for number in range(50):
        await say(client, conversation, f"你好 {number}")
    said, after = [], 0
    while (page := await page_of(client, conversation, after)).messages:
        assert page.messages[0].sequence > after
        said += [message.text for message in page.messages if message.sender == "customer"]
        after = page.sequence
    assert said == [f"你好 {number}" for number in range(50)]
    assert (await page_of(client, conversation, 10_000)).sequence == 10_000


async def page_of(client: httpx.AsyncClient, conversation: str, after: int) -> History:
    response = await client.get(f"{API}/{conversation}/messages", params={"after": after})
    return expect(response, 200, History)


async def test_a_repeated_message_id_gets_the_first_answer(client: httpx.AsyncClient) -> None:
    conversation = await opened(client)
    first = await say(client, conversation, "你好", message_id="m1")
    assert (await say(client, conversation, "你好", message_id="m1")).json() == first.json()


async def test_an_answer_with_cards_and_sources_keeps_its_shape(client: httpx.AsyncClient, joined: Joined) -> None:
    conversation = await opened(client, visitor_token=token(joined))
    choice = expect(await say(client, conversation, "取消订单"), 200, Answer)
    assert choice.replies[0].cards[0].kind == "order"
    answer = expect(await say(client, await opened(client), "满多少包邮"), 200, Answer)
    assert answer.replies[0].sources[0].kind == "faq"
    assert 0 < answer.replies[0].sources[0].score <= 1


async def test_a_sign_in_goes_on_with_the_task_that_waited(client: httpx.AsyncClient, joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    conversation = await opened(client)
    assert names(expect(await say(client, conversation, f"取消订单 {order.id}"), 200, Answer)) == ["sign_in_needed"]
    response = await client.post(f"{API}/{conversation}/identity", json={"visitor_token": token(joined)})
    answer = expect(response, 200, Answer)
    assert names(answer) == ["signed_in", "why_cancel"]
    assert answer.person is not None
    assert (await page_of(client, conversation, 0)).person == answer.person


async def test_another_customers_token_is_refused(client: httpx.AsyncClient, joined: Joined) -> None:
    conversation = await opened(client, visitor_token=token(joined))
    response = await client.post(f"{API}/{conversation}/identity", json={"visitor_token": token(joined, STRANGER)})
    expect_error(response, 409, "turn.other_customer")


@pytest.mark.parametrize("proof", ["", "nonsense", "a.b.c", "é.é.é"])
async def test_a_token_that_proves_nobody_is_refused(client: httpx.AsyncClient, proof: str) -> None:
    expect_error(await client.post(API, json={"visitor_token": proof}), 401, "access.bad_visitor_token")
    conversation = await opened(client)
    response = await client.post(f"{API}/{conversation}/identity", json={"visitor_token": proof})
    expect_error(response, 401, "access.bad_visitor_token")


async def test_a_token_of_nobody_the_shop_knows_is_refused(client: httpx.AsyncClient, joined: Joined) -> None:
    stranger = token(joined, CustomerId("C-nobody"))
    expect_error(await client.post(API, json={"visitor_token": stranger}), 401, "access.bad_visitor_token")


async def test_an_expired_token_is_refused(client: httpx.AsyncClient, joined: Joined, clock: HandClock) -> None:
    old = token(joined)
    clock.forward(timedelta(hours=13))
    expect_error(await client.post(API, json={"visitor_token": old}), 401, "access.bad_visitor_token")


async def test_a_rating_is_taken_once_in_its_bounds(client: httpx.AsyncClient, joined: Joined) -> None:
    conversation = await opened(client)
    response = await client.post(f"{API}/{conversation}/rating", json={"score": 5, "comment": "好"})
    assert (response.status_code, response.content) == (204, b"")
    assert (await joined.turns.state(ConversationId(conversation))).rating == 5
    for score in (0, 6, "5 stars", 1.5, None):
        refused = await client.post(f"{API}/{conversation}/rating", json={"score": score})
        expect_error(refused, 400, "http.bad_body")


async def test_a_call_for_a_person_is_told(client: httpx.AsyncClient) -> None:
    conversation = await opened(client)
    assert expect(await say(client, conversation, "转人工"), 200, Answer).with_person
    assert (await page_of(client, conversation, 0)).with_person


async def test_every_route_of_an_unknown_conversation_is_404(client: httpx.AsyncClient, joined: Joined) -> None:
    place = f"{API}/{new_conversation_id()}"
    expect_error(await client.get(f"{place}/messages"), 404, "conversation.unknown")
    expect_error(await client.post(f"{place}/messages", json={"text": "你好"}), 404, "conversation.unknown")
    identity = {"visitor_token": token(joined)}
    expect_error(await client.post(f"{place}/identity", json=identity), 404, "conversation.unknown")
    expect_error(await client.post(f"{place}/rating", json={"score": 5}), 404, "conversation.unknown")


@pytest.mark.parametrize("name", ["rest:alice", "rest%3Aalice", "c_x", "c_" + "a" * 23, "c_" + "a" * 22 + "%0A", "%00"])
async def test_conversations_of_other_channels_are_out_of_reach(
    client: httpx.AsyncClient, joined: Joined, name: str
) -> None:
    await Guest(joined.turns, ConversationId("rest:alice")).say("你好")
    before = await joined.turns.state(ConversationId("rest:alice"))
    for response in (
        await client.get(f"{API}/{name}/messages"),
        await client.post(f"{API}/{name}/messages", json={"text": "你好"}),
        await client.post(f"{API}/{name}/rating", json={"score": 5}),
    ):
        assert response.status_code in (400, 404)
        ErrorShape.model_validate_json(response.content)
    assert await joined.turns.state(ConversationId("rest:alice")) == before


async def test_who_writes_too_fast_is_told_when_to_go_on(client: httpx.AsyncClient, clock: HandClock) -> None:
    conversation = await opened(client)
    for _ in range(60):
        assert (await say(client, conversation, "你好")).status_code == 200
    refused = await say(client, conversation, "你好")
    expect_error(refused, 429, "guard.too_many_messages")
    clock.forward(timedelta(seconds=int(refused.headers["retry-after"])))
    assert (await say(client, conversation, "你好")).status_code == 200


async def test_the_document_describes_every_route_and_its_errors(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/v1/openapi.json")).json()
    routes = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert {("post", "/conversations"), ("post", "/conversations/{conversation}/messages")} <= routes
    write = document["paths"]["/conversations/{conversation}/messages"]["post"]["responses"]
    assert {"200", "404", "429"} <= set(write)
    shape = document["components"]["schemas"]["HistoryMessage"]["properties"]
    assert "from" in shape
