"""Nobody learns another customer's orders, and no secret gets out, whatever the merchant's system does."""

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import structlog
from pydantic import SecretStr

from xiaoer.ids import CustomerId, OrderId, ProductId
from xiaoer.pack import Pack
from xiaoer.settings import BadSettingsError, DemoSettings, ShopApiSettings, load_settings
from xiaoer.shop import (
    AccessRefusedError,
    BadAnswerError,
    Customer,
    RemoteDirectory,
    ShopAwayError,
    Signed,
    Transaction,
    is_signature,
    signature,
)
from xiaoer.shop.remote.calls import path_of
from xiaoer.shop.remote.reading import read_customer, read_order, read_orders, read_product
from xiaoer.store import Database
from xiaoer.testing.shop_faults import Fault

from .factories import ANNA, BERT, NOW, NUMBER, a_product, an_order
from .merchants import OURS, TOKEN, a_merchant

_SECRET = "an invented secret that signs"
_VERSION = {"version": "1"}


@pytest.mark.parametrize("action", ["order.find", "order.read", "order.cancel"])
async def test_a_system_that_mixes_up_customers_is_not_believed(database: Database, pack: Pack, action: str) -> None:
    async with a_merchant(database, pack, server={"mixes_up_customers": True}) as merchant:
        await merchant.lay(an_order(), an_order(id="20260000000002", customer=BERT))
        wanted = {"order.cancel": {"reason": "x"}}.get(action, {})
        with pytest.raises(BadAnswerError, match="another customer") as caught:
            await merchant.ask(action, wanted, customer=BERT)
        assert NUMBER not in str(caught.value)
        assert not [asked for asked in merchant.faults.asked if asked.startswith("POST")]
        assert (await merchant.order()).state == "paid"


def with_version(record: object, **changes: object) -> bytes:
    return msgspec.json.encode({**msgspec.to_builtins(record), **_VERSION, **changes})


def test_another_order_than_asked_for_is_not_believed() -> None:
    with pytest.raises(BadAnswerError):
        read_order(with_version(an_order()), ANNA, OrderId("20260000000002"))


def test_another_product_or_customer_than_asked_for_is_not_believed() -> None:
    with pytest.raises(BadAnswerError):
        read_product(msgspec.json.encode(a_product()), ProductId("P2"))
    customer = Customer(id=ANNA, name="林小满", phone="", email="")
    with pytest.raises(BadAnswerError):
        read_customer(msgspec.json.encode(customer), BERT)


def test_an_order_without_a_line_or_a_time_zone_is_refused() -> None:
    wrong: tuple[dict[str, object], ...] = ({"lines": []}, {"placed_at": "2026-06-12T10:00:00"})
    for changes in wrong:
        with pytest.raises(BadAnswerError):
            read_order(with_version(an_order(), **changes), ANNA, NUMBER)


def test_moments_are_taken_into_utc() -> None:
    there = timezone(timedelta(hours=8))
    order = an_order("shipped")
    raw = msgspec.to_builtins(order)
    raw["placed_at"] = order.placed_at.astimezone(there).isoformat()
    raw["shipments"][0]["shipped_at"] = order.shipments[0].shipped_at.astimezone(there).isoformat()
    (read,) = read_orders(msgspec.json.encode({"orders": [{**raw, **_VERSION}]}), ANNA, limit=5)
    assert (read.placed_at, read.placed_at.tzinfo) == (order.placed_at, UTC)
    assert read.shipments[0].shipped_at.tzinfo is UTC


def test_of_too_many_orders_the_newest_are_taken() -> None:
    orders = [{**msgspec.to_builtins(an_order(id=f"2026000000000{n}")), **_VERSION} for n in range(5)]
    read = read_orders(msgspec.json.encode({"orders": orders}), ANNA, limit=2)
    assert [order.id for order in read] == ["20260000000000", "20260000000001"]


@pytest.mark.parametrize("part", ["", ".", "..", "a/b", "a\\b", "a\n", "\x00", "x" * 201])
def test_an_id_that_would_lead_elsewhere_is_none(part: str) -> None:
    assert path_of("customers", part, "orders") is None


def test_an_id_is_escaped_in_the_path() -> None:
    assert path_of("customers", "林 ?#%", "orders") == "/customers/%E6%9E%97%20%3F%23%25/orders"


async def test_an_id_in_any_writing_reaches_the_system_signed(database: Database, pack: Pack) -> None:
    server = {"signing_secret": _SECRET}
    async with a_merchant(database, pack, server=server, signing_secret=SecretStr(_SECRET)) as merchant:
        customer = CustomerId("林 ?#%+&=")
        await merchant.lay(an_order(customer=customer))
        assert (await merchant.ask("order.read", customer=customer)).outcome == "ok"
        assert (await merchant.ask("order.cancel", {"reason": "x"}, customer=customer)).outcome == "done"


@pytest.mark.parametrize("secret", [None, SecretStr("another")])
async def test_a_request_without_a_right_signature_is_refused(
    database: Database, pack: Pack, secret: SecretStr | None
) -> None:
    server = {"signing_secret": _SECRET}
    async with a_merchant(database, pack, server=server, signing_secret=secret) as merchant:
        with pytest.raises(AccessRefusedError):
            await merchant.remote.orders_of(ANNA)


def test_a_signature_covers_everything_and_grows_old() -> None:
    signed = Signed("POST", "/changes?a=1", "key", b"{}")
    value = signature(_SECRET, signed, at=NOW)
    assert is_signature(value, _SECRET, signed, now=NOW + timedelta(seconds=299))
    others = (
        Signed("GET", "/changes?a=1", "key", b"{}"),
        Signed("POST", "/changes?a=2", "key", b"{}"),
        Signed("POST", "/changes?a=1", "kex", b"{}"),
        Signed("POST", "/changes?a=1", "key", b"{ }"),
    )
    assert not any(is_signature(value, _SECRET, other, now=NOW) for other in others)
    assert not is_signature(value, "another", signed, now=NOW)
    assert not is_signature(value, _SECRET, signed, now=NOW + timedelta(seconds=301))


@pytest.mark.parametrize("value", ["", "t=", "t=1", "v1=ab", "t=x,v1=ab", "t=1781488800,v1=ü", "t=" + "9" * 5000])
def test_what_is_no_signature_is_refused(value: str) -> None:
    assert not is_signature(value, _SECRET, Signed("GET", "/products", "", b""), now=datetime.fromtimestamp(1, UTC))


async def test_no_secret_and_no_customer_is_in_logs_and_errors(database: Database, pack: Pack) -> None:
    told: list[str] = []
    with structlog.testing.capture_logs() as logs:
        async with a_merchant(
            database, pack, retries=0, breaker_failures=3, signing_secret=SecretStr(_SECRET)
        ) as merchant:
            await merchant.lay(an_order())
            await merchant.shop.words()
            merchant.faults.add(Fault.FAILS)
            merchant.faults.add(Fault.IS_GARBAGE)
            merchant.faults.add(Fault.IS_CUT_OFF)
            for _ in range(4):
                with pytest.raises(ShopAwayError) as caught:
                    await merchant.ask("order.read")
                told.append(repr(caught.value))
            told.append(repr(merchant.remote))
    everything = f"{logs} {told} {ShopApiSettings(url='http://x', token=SecretStr(TOKEN))}"
    assert "breaker.opened" in everything
    assert not [secret for secret in (TOKEN, _SECRET, ANNA, NUMBER) if secret in everything]


async def test_the_conversations_key_stays_inside(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order())
        await merchant.ask("order.cancel", {"reason": "x"}, key="c_secret/f1/do/order.cancel")
        (key,) = merchant.server.keys
        assert len(key) == 64
        assert "secret" not in key


async def test_a_customer_is_found_and_remembered_while_the_system_is_away(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, retries=0) as merchant:

        async def enter(transaction: Transaction) -> None:
            await transaction.store_customers([Customer(id=ANNA, name="林小满", phone="", email="")])

        await merchant.records.change(enter)
        directory = RemoteDirectory(database, OURS, merchant.remote.merchant, monotonic=merchant.time)
        known = await directory.customer(ANNA)
        assert known is not None
        assert known.name == "林小满"
        assert await directory.customer(CustomerId("C404")) is None
        assert await directory.customer(CustomerId("../products")) is None
        merchant.faults.add(Fault.FAILS, times=2)
        merchant.time.seconds += 61
        assert await directory.customer(ANNA) == known
        with pytest.raises(ShopAwayError):
            await directory.customer(BERT)


def test_a_url_needs_a_token_and_the_demo_switched_off() -> None:
    with pytest.raises(BadSettingsError, match="token"):
        load_settings(shop_api={"url": "https://shop.example"}, demo=DemoSettings(enabled=False))
    with pytest.raises(BadSettingsError, match=r"demo\.enabled"):
        load_settings(shop_api={"url": "https://shop.example", "token": "t"})
    settings = load_settings(shop_api={"url": "https://shop.example", "token": "t"}, demo={"enabled": False})
    assert settings.shop_api.url == "https://shop.example"


@pytest.mark.parametrize("url", ["shop.example", "ftp://shop.example", "https://user:word@shop.example", "https://a?b"])
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadSettingsError, match=r"shop_api\.url"):
        load_settings(shop_api={"url": url, "token": "t"}, demo={"enabled": False})
