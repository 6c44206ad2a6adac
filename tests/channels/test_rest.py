from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from xiaoer.app import Joined, web_app
from xiaoer.ids import CustomerId
from xiaoer.settings import TurnSettings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import DEMO_SHOP, FIRST_CUSTOMER, order_in
from xiaoer.turn import Turns

WEBHOOK = "/webhooks/rest/webhook"
STRANGER = CustomerId("C1002")


async def post(client: httpx.AsyncClient, message: str, sender: str = "alice", **more: Any) -> httpx.Response:  # noqa: ANN401 - any JSON
    return await client.post(WEBHOOK, json={"sender": sender, "message": message, **more})


def names(response: httpx.Response) -> list[str]:
    assert response.status_code == 200
    return [reply["custom"]["name"] for reply in response.json()]


def signed(joined: Joined, customer: CustomerId = FIRST_CUSTOMER) -> dict[str, str]:
    return {"visitor_token": joined.tokens.sign(customer, now=joined.clock.now())}


async def test_an_answer_has_the_shape_of_rasa(client: httpx.AsyncClient) -> None:
    response = await post(client, "转人工")
    (reply,) = response.json()
    assert reply["recipient_id"] == "alice"
    assert isinstance(reply["text"], str)
    assert reply["custom"]["name"] == "handed_over"
    assert response.headers["content-type"] == "application/json"


async def test_buttons_carry_what_a_click_sends(client: httpx.AsyncClient) -> None:
    (reply,) = (await post(client, "那个啥")).json()
    assert reply["custom"]["name"] == "not_understood"
    assert {"title": "转人工", "payload": "转人工"} in reply["buttons"]
    assert all(set(button) == {"title", "payload"} for button in reply["buttons"])


async def test_cards_and_sources_come_along_as_custom(client: httpx.AsyncClient, joined: Joined) -> None:
    (choice,) = (await post(client, "取消订单", metadata=signed(joined))).json()
    assert {card["kind"] for card in choice["custom"]["cards"]} == {"order"}
    (answer,) = (await post(client, "满多少包邮", "bob")).json()
    assert answer["custom"]["sources"][0]["kind"] == "faq"


async def test_fields_of_rasa_that_are_not_needed_are_taken(client: httpx.AsyncClient) -> None:
    metadata = {"page": "/cart", "visitor_token": None}
    assert names(await post(client, "你好", metadata=metadata, stream=False)) == ["greet"]


async def test_a_repeated_message_id_gets_the_first_answer(client: httpx.AsyncClient, joined: Joined) -> None:
    first = await post(client, "你好", message_id="m1")
    again = await post(client, "你好", message_id="m1")
    assert again.json() == first.json()
    (row,) = await joined.conversations.list(DEMO_SHOP)
    assert len(await joined.conversations.load(DEMO_SHOP, row.id)) == 3


async def test_senders_have_conversations_of_their_own(client: httpx.AsyncClient, joined: Joined) -> None:
    await post(client, "你好", "alice")
    await post(client, "你好", "bob")
    assert {row.id for row in await joined.conversations.list(DEMO_SHOP)} == {"rest:alice", "rest:bob"}


async def test_a_token_proves_the_customer(client: httpx.AsyncClient, joined: Joined) -> None:
    order = await order_in(joined.records, "paid")
    response = await post(client, f"取消订单 {order.id}", metadata=signed(joined))
    assert names(response) == ["why_cancel"]


async def test_nobody_without_the_token_goes_on_with_a_proved_conversation(
    client: httpx.AsyncClient, joined: Joined
) -> None:
    order = await order_in(joined.records, "paid")
    await post(client, f"取消订单 {order.id}", metadata=signed(joined))
    await post(client, "拍错了", metadata=signed(joined))
    for sender in ("alice", f"+{FIRST_CUSTOMER}:alice", f"rest+{FIRST_CUSTOMER}:alice"):
        assert "cancel_done" not in names(await post(client, "确认", sender))
    assert "cancel_done" not in names(await post(client, "确认", metadata=signed(joined, STRANGER)))
    assert (await order_in(joined.records, "paid")).id == order.id


@pytest.mark.parametrize("token", ["", "x", "a.b.c"])
async def test_a_token_that_proves_nobody_is_refused(client: httpx.AsyncClient, joined: Joined, token: str) -> None:
    response = await post(client, "你好", metadata={"visitor_token": token})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "access.bad_visitor_token"
    assert await joined.conversations.list(DEMO_SHOP) == []


async def test_an_expired_token_is_refused(client: httpx.AsyncClient, joined: Joined, clock: HandClock) -> None:
    metadata = signed(joined)
    clock.forward(timedelta(hours=13))
    assert (await post(client, "你好", metadata=metadata)).status_code == 401


async def test_who_writes_too_fast_is_told_when_to_go_on(client: httpx.AsyncClient, clock: HandClock) -> None:
    for _ in range(60):
        assert (await post(client, "你好")).status_code == 200
    refused = await post(client, "你好")
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "guard.too_many_messages"
    assert (await post(client, "你好", "bob")).status_code == 200
    clock.forward(timedelta(seconds=int(refused.headers["retry-after"])))
    assert (await post(client, "你好")).status_code == 200


async def test_an_overloaded_server_refuses_with_429(joined: Joined) -> None:
    busy = Turns(replace(joined.turn_parts, limits=TurnSettings.model_construct(max_running=0)))
    transport = httpx.ASGITransport(web_app(replace(joined, turns=busy)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        refused = await post(client, "你好")
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "turn.busy"
    assert int(refused.headers["retry-after"]) >= 1
