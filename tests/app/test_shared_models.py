import asyncio
import socket
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from xiaoer.app import joined
from xiaoer.serve import ModelRegistry, ObjectStore, SharedRegistry
from xiaoer.settings import ModelSettings, Settings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import Guest

from .told import ToldModels, add_told

pytest.importorskip("obstore", reason="needs the extra objects")
_ENDLESS = 30
"""Seconds after which a thing that does not come will not."""


def sharing(settings: Settings, store: str) -> Settings:
    return settings.model_copy(update={"models": ModelSettings(store=store, pull_seconds=0.01)})


async def test_what_another_machine_chose_is_served(settings: Settings, clock: HandClock, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    store = (tmp_path / "store").as_uri()
    async with joined(sharing(settings, store), clock=clock, load_full=ToldModels()) as parts:
        other, pack = SharedRegistry(tmp_path / "other", ObjectStore(store)), parts.releases.current.pack.manifest.name
        id = add_told(other, pack, says="greet")
        other.use(id)
        pulling, here = asyncio.create_task(parts.pull_models()), ModelRegistry(settings.data / "models")
        async with asyncio.timeout(_ENDLESS):
            while here.marks(pack).full != id:  # noqa: ASYNC110  # a file, that nobody tells of
                await asyncio.sleep(0.01)
        pulling.cancel()
        assert await parts.releases.refresh(None)
        full = parts.releases.current.full
        assert full is not None
        assert full.model_id == id


async def test_a_store_that_is_away_stops_nothing(
    settings: Settings, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{closed.getsockname()[1]}"
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
    for name, value in {**keys, "AWS_ENDPOINT_URL": away}.items():
        monkeypatch.setenv(name, value)
    async with joined(sharing(settings, "s3://shelf"), clock=clock) as parts:
        with capture_logs() as logs:
            pulling = asyncio.create_task(parts.pull_models())
            async with asyncio.timeout(_ENDLESS):
                while not any(log["event"] == "models.not_pulled" for log in logs):  # noqa: ASYNC110  # as above
                    await asyncio.sleep(0.01)
        assert not pulling.done()
        assert (await Guest(parts.turns).say("你好")).replies
        pulling.cancel()
