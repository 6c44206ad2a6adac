"""The published contract is whole, and is what is asked and answered."""

import asyncio
import hashlib
import hmac
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from click.testing import CliRunner

from tests.logs import set_up_test_logs
from xiaoer.cli import main
from xiaoer.events import Claim, EmailClaim, NameClaim, OrderClaim
from xiaoer.ids import CustomerId
from xiaoer.pack import Pack
from xiaoer.shop import (
    ACTIONS,
    ChangeMade,
    Customer,
    CustomerChange,
    Identified,
    OrderChange,
    OrderList,
    ProductPage,
    Signed,
    Transaction,
    check_merchant,
    shop_contract,
    shop_contract_yaml,
    signature,
)
from xiaoer.shop.actions import ALL_ACTIONS, Effect
from xiaoer.shop.remote.shapes import FailureAnswer
from xiaoer.store import Database

from .factories import ANNA, BERT, NOW, a_product, an_order
from .merchants import TOKEN, HandTime, Merchant, a_merchant
from .test_embedded import _WANTED

_PAGE = Path(__file__).parents[2] / "docs" / "do" / "connect-a-shop-over-rest.md"


def parts(value: object) -> Iterator[dict[str, Any]]:
    """Give every mapping in a document."""
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from parts(below)


def test_every_reference_leads_to_a_part() -> None:
    document = shop_contract()
    references = [part["$ref"] for part in parts(document) if "$ref" in part]
    assert references
    for reference in references:
        found: Any = document
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]


def test_every_field_is_explained_and_no_word_is_for_a_field_that_is_gone() -> None:
    schemas = shop_contract()["components"]["schemas"]
    bare = [
        (name, field)
        for name, kind in schemas.items()
        for field, told in kind["properties"].items()
        if not told.get("description")
    ]
    assert bare == []


def test_moments_are_marked_wherever_they_stand() -> None:
    schemas = shop_contract()["components"]["schemas"]
    assert schemas["Order"]["properties"]["placed_at"]["format"] == "date-time"
    assert schemas["Order"]["properties"]["completed_at"]["anyOf"][0]["format"] == "date-time"


def test_the_yaml_reads_back_as_the_document() -> None:
    assert yaml.safe_load(shop_contract_yaml()) == shop_contract()


async def test_the_reference_server_answers_every_route_of_the_contract(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order(), goods=(a_product(),))
        await merchant.shop.words()
        await merchant.remote.product(a_product().id)
        await merchant.remote.orders_of(an_order().customer)
        await merchant.remote.merchant.customer(an_order().customer)
        await merchant.remote.merchant.identify(EmailClaim(email="nobody@example.com"))
        await merchant.ask("order.cancel", {"reason": "x"})
        await merchant.ask("address.change_default", _WANTED["address.change_default"], key="k2")
        order = an_order()
        known = {"{product}": a_product().id, "{customer}": order.customer, "{order}": order.id}
        routes = set()
        for path, methods in shop_contract()["paths"].items():
            for name, value in known.items():
                path = path.replace(name, value)  # noqa: PLW2901 - step by step
            routes |= {f"{method.upper()} {path}" for method in methods}
        assert set(merchant.faults.asked) == routes


def test_every_effect_of_the_shop_is_tried_against_the_contract() -> None:
    """A new effect has to be added to the tests, which then show whether the contract has words for it."""
    assert {action.spec.name for action in ALL_ACTIONS if isinstance(action, Effect)} == set(_WANTED)
    assert {name for name, spec in ACTIONS.items() if spec.is_effect} == set(_WANTED)


def _examples() -> list[tuple[str, type]]:
    """Give the JSON of the page for programmers, each with the body that it is an example of."""
    known = {"products": ProductPage, "orders": OrderList, "effects": OrderChange, "error": FailureAnswer}
    examples: list[tuple[str, type]] = []
    for block in re.findall(r"^```json\n(.*?)^```", _PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        fields = msgspec.json.decode(block, type=dict[str, msgspec.Raw])
        kinds = [kind for field, kind in known.items() if field in fields]
        kinds = [CustomerChange] if kinds == [OrderChange] and "order" not in fields else kinds
        kind: type = kinds[0] if kinds else Customer if "name" in fields else ChangeMade
        if "by" in fields:
            kind = type(msgspec.json.decode(block, type=Claim))
        if fields.keys() == {"customer"}:
            kind = Identified
        examples.append((block, kind))
    return examples


def test_the_page_shows_an_example_of_every_body() -> None:
    examples = _examples()
    for block, kind in examples:
        msgspec.json.decode(block, type=kind)
    asked_for_a_person = {EmailClaim, NameClaim, OrderClaim, Identified}
    others = {ProductPage, OrderList, OrderChange, CustomerChange, FailureAnswer, Customer, ChangeMade}
    assert {kind for _, kind in examples} == asked_for_a_person | others


def test_the_page_names_every_field_and_every_code_of_the_contract() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    schemas = shop_contract()["components"]["schemas"]
    fields = {field for kind in schemas.values() for field in kind["properties"]}
    codes = {code for part in parts(schemas) for code in part.get("enum", ()) if isinstance(code, str)}
    assert [word for word in sorted(fields | codes) if f"`{word}`" not in page and f'"{word}"' not in page] == []


def test_the_page_shows_how_a_signature_is_checked() -> None:
    (shown,) = re.findall(r"^```python\n(.*?)^```", _PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    known: dict[str, Any] = {"time": HandTime(NOW.timestamp()), "hmac": hmac, "hashlib": hashlib}
    exec(shown, known)  # noqa: S102 - our own page
    signed = Signed("POST", "/changes", "key", b"{}")
    header = signature("secret", signed, at=NOW)
    assert known["is_right"](header, b"secret", "POST", "/changes", "key", b"{}")
    assert not known["is_right"](header, b"secret", "POST", "/changes", "key", b"[]")


def test_the_page_names_every_route() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    routes = [f"`{method.upper()} {path}`" for path, methods in shop_contract()["paths"].items() for method in methods]
    assert [route for route in routes if route not in page] == []


async def test_a_system_that_keeps_the_contract_is_found_right(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order())
        await enter_anna(merchant)
        findings = [finding async for finding in check_merchant(merchant.remote.merchant, ANNA, now=NOW)]
        assert [finding for finding in findings if not finding.is_right] == []
        assert len(findings) == 17
        assert await merchant.order() == an_order()


async def test_a_system_that_mixes_up_customers_is_found_wrong(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, server={"mixes_up_customers": True}) as merchant:
        await merchant.lay(an_order(), an_order(id="20260000000002", customer=BERT))
        await enter_anna(merchant)
        findings = [finding async for finding in check_merchant(merchant.remote.merchant, ANNA, now=NOW)]
        assert [finding.tried for finding in findings if not finding.is_right] == ["the customer's orders"]


async def test_a_system_that_believes_everybody_is_found_wrong(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, server={"believes_everybody": True}) as merchant:
        await merchant.lay(an_order())
        await enter_anna(merchant)
        findings = [finding async for finding in check_merchant(merchant.remote.merchant, ANNA, now=NOW)]
        assert [finding.tried for finding in findings if not finding.is_right] == [
            "e-mail address that nobody has",
            "name and postcode that nobody has",
            "order and telephone number that nobody has",
            "the order with another telephone number",
        ]


async def test_what_a_system_does_not_offer_is_not_tried(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order())
        await enter_anna(merchant)
        tried = check_merchant(merchant.remote.merchant, ANNA, now=NOW, identifies=False)
        assert len([finding async for finding in tried]) == 10
        assert "POST /identify" not in merchant.faults.asked


async def test_of_a_customer_whom_the_system_does_not_know_no_change_is_asked(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack) as merchant:
        await merchant.lay(an_order())
        tried = check_merchant(merchant.remote.merchant, CustomerId("C9999"), now=NOW, identifies=False)
        findings = [finding async for finding in tried]
        assert [finding.tried for finding in findings if not finding.is_right] == [
            "the customer",
            "the customer's orders",
            "a change of the customer of a version that is gone",
        ]
        assert "POST /customer-changes" not in merchant.faults.asked


async def test_a_system_that_is_away_is_found_so(database: Database, pack: Pack) -> None:
    async with a_merchant(database, pack, url="http://127.0.0.1:9", retries=0) as merchant:
        findings = [finding async for finding in check_merchant(merchant.remote.merchant, ANNA, now=NOW)]
        assert not any(finding.is_right for finding in findings)


async def enter_anna(merchant: Merchant) -> None:
    async def enter(transaction: Transaction) -> None:
        address = msgspec.structs.replace(an_order().address, postcode="310012")
        anna = Customer(id=ANNA, name="林小满", phone="13800001234", email="anna@example.com", addresses=(address,))
        await transaction.store_customers([anna])

    await merchant.records.change(enter)


@pytest.fixture
def _logs_as_before() -> Iterator[None]:
    yield
    set_up_test_logs()


@pytest.mark.usefixtures("_logs_as_before")
def test_the_command_prints_the_contract() -> None:
    assert CliRunner().invoke(main, ["shop", "api"]).stdout == shop_contract_yaml()
    assert msgspec.json.decode(CliRunner().invoke(main, ["shop", "api", "--json"]).stdout) == shop_contract()


@pytest.mark.usefixtures("_logs_as_before")
@pytest.mark.parametrize(("token", "status"), [(TOKEN, 0), ("another", 1)])
async def test_the_command_says_whether_a_system_keeps_the_contract(
    database: Database, pack: Pack, token: str, status: int
) -> None:
    async with a_merchant(database, pack) as merchant, merchant.server.serving() as url:
        await merchant.lay(an_order())
        await enter_anna(merchant)
        given = {"XIAOER_SHOP_API__URL": url, "XIAOER_SHOP_API__TOKEN": token, "XIAOER_DEMO__ENABLED": "false"}
        words = ["shop", "check-api", "--customer", ANNA, "--json"]
        done = await asyncio.to_thread(CliRunner().invoke, main, words, env=given)
        assert done.exit_code == status, done.stderr
        assert {finding["is_right"] for finding in msgspec.json.decode(done.stdout)} == {status == 0}
