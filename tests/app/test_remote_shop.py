"""Which shop is joined: our own by default, the merchant's system where the settings name one."""

from pathlib import Path

import pytest
from msgspec import structs

from xiaoer.app import joined
from xiaoer.ids import ShopId
from xiaoer.settings import DemoSettings, Settings
from xiaoer.shop import EmbeddedShop, Records, RemoteShop, ShopAwayError, seed_demo
from xiaoer.shop.remote.shapes import KeptCustomer
from xiaoer.store import Database
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import FIRST_CUSTOMER, settings_for
from xiaoer.testing.shop_faults import Fault
from xiaoer.testing.shop_server import ShopServer

from .conftest import Trained


def settings_with(trained: Trained, url: str, token: str) -> Settings:
    shop_api = {"url": url, "token": token, "retries": 0}
    return settings_for(trained.data, pack=trained.pack, shop_api=shop_api, demo=DemoSettings(enabled=False))


async def test_by_default_the_shop_is_our_own(settings: Settings, clock: HandClock) -> None:
    async with joined(settings, clock=clock) as parts:
        assert isinstance(parts.releases.current.shop, EmbeddedShop)


async def test_the_merchants_system_is_joined_and_outlasted(trained: Trained, clock: HandClock, tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/theirs.db")
    theirs = Records(database, ShopId("theirs"))
    server = ShopServer(theirs, clock)
    async with server.serving() as url:
        settings = settings_with(trained, url, server.token)
        server.faults.add(Fault.FAILS)
        with pytest.raises(ShopAwayError):
            async with joined(settings, clock=clock):
                pass

        async with joined(settings, clock=clock) as parts:
            pack = parts.releases.current.pack
            await seed_demo(database, ShopId("theirs"), pack, now=clock.now(), seed=7)
        async with joined(settings, clock=clock) as parts:
            shop = parts.releases.current.shop
            assert isinstance(shop, RemoteShop)
            assert "四件套" in (await shop.words())["product"]
            customer = await parts.records.customer(FIRST_CUSTOMER)
            own = await theirs.customer(FIRST_CUSTOMER)
            assert isinstance(customer, KeptCustomer)  # with the version under which they keep it
            assert own is not None
            assert structs.asdict(customer) == {**structs.asdict(own), "version": customer.version}
            found = await shop.run("order.find", {}, customer=FIRST_CUSTOMER, now=clock.now())
            assert found.facts["total"] == len(await theirs.orders_of(FIRST_CUSTOMER))
    async with joined(settings, clock=clock) as parts:
        assert "四件套" in (await parts.releases.current.shop.words())["product"]
    await database.close()
