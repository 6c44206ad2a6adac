from dataclasses import replace

import httpx

from xiaoer.app import Joined, web_app
from xiaoer.testing.server import GivenShelf


async def test_a_process_that_lives_says_so(client: httpx.AsyncClient) -> None:
    response = await client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "alive"})


async def test_a_process_that_can_answer_is_ready(client: httpx.AsyncClient) -> None:
    response = await client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"status": "ready", "release": True, "database": True})


async def test_a_process_without_a_release_is_alive_but_not_ready(joined: Joined) -> None:
    class EmptyShelf(GivenShelf):
        @property
        def is_loaded(self) -> bool:
            return False

    app = web_app(replace(joined, releases=EmptyShelf(joined.releases.current)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/healthz")).status_code == 200
        response = await client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "not_ready", "release": False, "database": True}
