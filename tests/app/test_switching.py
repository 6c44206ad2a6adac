"""Another full model is taken into use while customers write: nothing is lost, nothing is doubled."""

import asyncio
from collections import Counter

import httpx

from xiaoer.app import web_app
from xiaoer.events import MessageReceived, Replied, Understood
from xiaoer.ids import ConversationId
from xiaoer.settings import Settings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.shop_faults import listening

from .told import Tiers, tiers_of

_CUSTOMERS = 12
_MESSAGES = 8
_SWITCHES = 6


async def _write(client: httpx.AsyncClient, customer: int, left: Counter[int]) -> None:
    for number in range(_MESSAGES):
        body = {"sender": f"c{customer}", "message": f"嗯那个就是说{number}", "metadata": {}}
        response = await client.post("/webhooks/rest/webhook", json=body)
        assert response.status_code == 200, response.text
        assert response.json()
        left[customer] -= 1


async def _switch(tiers: Tiers, says: list[str], writing: "asyncio.Task[None]") -> None:
    """Take models into use as long as customers write: good ones, one that is damaged, and the former again."""
    turn = 0
    while not writing.done() or turn < _SWITCHES:
        match turn % 4:
            case 2:
                await tiers.use("")
            case 3:
                tiers.registry.back(tiers.pack)
                await tiers.joined.releases.refresh(None)
            case _:
                await tiers.use(says[turn % 2])
        turn += 1


async def test_switching_under_load_loses_and_doubles_nothing(settings: Settings, clock: HandClock) -> None:
    left = Counter({customer: _MESSAGES for customer in range(_CUSTOMERS)})
    async with (
        tiers_of(settings, clock) as tiers,
        listening(web_app(tiers.joined)) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
    ):
        await tiers.use("greet")

        async def everybody() -> None:
            await asyncio.gather(*(_write(client, customer, left) for customer in range(_CUSTOMERS)))

        writing = asyncio.create_task(everybody())
        await asyncio.gather(writing, _switch(tiers, ["greet", "thanks"], writing))
        assert not +left
        models: Counter[str] = Counter()
        for row in await tiers.joined.conversations.list(tiers.joined.shop_id, limit=100):
            models.update(await _check(tiers, row.id))
    assert sum(models.values()) == _CUSTOMERS * _MESSAGES
    assert len(models) > 1, "customers wrote to one model alone"


async def _check(tiers: Tiers, conversation: ConversationId) -> list[str]:
    """Make sure that a conversation's log has each message once, read once and answered once; give who read them."""
    stored = [item.event for item in await tiers.joined.conversations.load(tiers.joined.shop_id, conversation)]
    said = [event.text for event in stored if isinstance(event, MessageReceived)]
    read = [event for event in stored if isinstance(event, Understood)]
    assert said == [f"嗯那个就是说{number}" for number in range(_MESSAGES)]
    assert len(read) == sum(isinstance(event, Replied) for event in stored) == _MESSAGES
    for event in read:
        assert not event.missed
        assert event.reading.intent.name == tiers.models.loaded[event.model.split("+")[1]].says
    return [event.model for event in read]
