import asyncio
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from xiaoer.app import Joined, NoModelError, joined, web_app
from xiaoer.ids import CustomerId
from xiaoer.settings import AccessSettings, DemoSettings, StoreSettings, load_settings
from xiaoer.store import DatabaseAwayError
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import FIRST_CUSTOMER, Guest
from xiaoer.turn import Turns

from .conftest import Trained
from .thin import SHOP_PACK

SOMEBODY = CustomerId("C1001")


async def test_the_visitor_secret_is_made_once_and_for_the_owner_alone(trained: Trained, clock: HandClock) -> None:
    settings = load_settings(data=trained.data, pack=trained.pack)
    async with joined(settings, clock=clock) as first:
        token = first.tokens.sign(SOMEBODY, now=clock.now())
    path = trained.data / "visitor.secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text()) >= 32
    async with joined(settings, clock=clock) as second:
        assert second.tokens.verify(token, now=clock.now()) == SOMEBODY


async def test_a_visitor_secret_of_the_settings_is_not_written_down(trained: Trained, clock: HandClock) -> None:
    access = AccessSettings(visitor_secret=SecretStr("shared with the shop's own site, 32 bytes or more"))
    async with joined(load_settings(data=trained.data, pack=trained.pack, access=access), clock=clock) as parts:
        assert parts.tokens.secret == "shared with the shop's own site, 32 bytes or more"
    assert not (trained.data / "visitor.secret").exists()


async def test_a_pack_without_a_model_says_what_to_run(tmp_path: Path) -> None:
    settings = load_settings(data=tmp_path, pack=SHOP_PACK, store=StoreSettings(url=":memory:"))
    with pytest.raises(NoModelError, match="xiaoer train"):
        async with joined(settings):
            pass


async def test_without_the_demo_the_shop_stays_empty(trained: Trained, clock: HandClock) -> None:
    settings = load_settings(data=trained.data, pack=trained.pack, demo=DemoSettings(enabled=False))
    async with joined(settings, clock=clock) as parts:
        assert await parts.records.is_empty()
        assert (await Guest(parts.turns).say("你好")).replies


async def test_a_restart_keeps_conversations_and_orders(trained: Trained, clock: HandClock) -> None:
    settings = load_settings(data=trained.data, pack=trained.pack)
    async with joined(settings, clock=clock) as first:
        answered = await Guest(first.turns, customer=FIRST_CUSTOMER).say("取消订单", "m1")
        orders = await first.records.orders()
    async with joined(settings, clock=clock) as second:
        again = await Guest(second.turns, customer=FIRST_CUSTOMER).say("取消订单", "m1")
        assert again.is_repeat
        assert again.replies == answered.replies
        assert await second.records.orders() == orders


async def test_the_archive_keeps_a_copy_of_each_pack_that_served(running: Joined, trained: Trained) -> None:
    version = running.releases.current.pack.version
    assert (trained.data / "packs" / version / "pack.yaml").is_file()
    assert running.releases.pack(version) is running.releases.current.pack
    assert running.releases.pack("no such version") is None


class FailingOnce(Turns):
    """Turns whose first recovery finds the database away."""

    def __init__(self, joined: Joined, tell: Callable[[], None]) -> None:
        super().__init__(joined.turn_parts)
        self._tell = tell
        self._has_failed = False

    async def recover(self, *, older_than: datetime) -> int:
        if not self._has_failed:
            self._has_failed = True
            raise DatabaseAwayError("The database does not answer.")
        self._tell()
        return 0


async def test_background_work_goes_on_after_the_database_was_away(running: Joined) -> None:
    recovered = asyncio.Event()
    app = web_app(replace(running, turns=FailingOnce(running, recovered.set)))
    async with app.router.lifespan_context(app):
        await asyncio.wait_for(recovered.wait(), 10)
