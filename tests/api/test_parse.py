import httpx
import pytest


async def parsed(client: httpx.AsyncClient, text: str) -> httpx.Response:
    return await client.post("/model/parse", json={"text": text})


async def test_a_reading_has_the_shape_of_rasa(client: httpx.AsyncClient) -> None:
    text = "😀 取消订单 20260123456789"
    body = (await parsed(client, text)).json()
    assert body["text"] == text
    assert body["intent"] == {"name": "order.cancel", "confidence": 0.95}
    assert body["intent_ranking"][0] == body["intent"]
    (entity,) = body["entities"]
    assert set(entity) == {"entity", "value", "start", "end", "confidence", "extractor"}
    assert text[entity["start"] : entity["end"]] == entity["value"] == "20260123456789"


async def test_the_message_id_of_rasa_is_taken_and_ignored(client: httpx.AsyncClient) -> None:
    response = await client.post("/model/parse", json={"text": "你好", "message_id": "m1", "unknown": 1})
    assert response.status_code == 200
    assert response.json()["intent"]["name"] == "greet"


@pytest.mark.parametrize("text", ["", " ", "\0", "مرحبا", "\u202eabc", "👨\u200d👩\u200d👧", "\ufeff", "a" * 100_000])
async def test_any_text_is_read_and_given_back(client: httpx.AsyncClient, text: str) -> None:
    response = await parsed(client, text)
    assert response.status_code == 200
    assert response.json()["text"] == text


async def test_reading_leaves_no_trace(client: httpx.AsyncClient) -> None:
    before = (await client.get("/readyz")).json()
    await parsed(client, "取消订单")
    assert (await client.get("/readyz")).json() == before
