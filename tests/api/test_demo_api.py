from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from pydantic import TypeAdapter

from xiaoer.api.demo import DemoCustomer, DemoOrder, DemoProduct, DemoShopShape, SignedIn
from xiaoer.app import Joined, web_app
from xiaoer.ids import CustomerId
from xiaoer.settings import DemoSettings
from xiaoer.testing.server import FIRST_CUSTOMER, settings_for

DEMO = "/api/v1/demo"


async def test_the_shop_names_itself(client: httpx.AsyncClient, joined: Joined) -> None:
    shape = DemoShopShape.model_validate_json((await client.get(f"{DEMO}/shop")).content)
    assert shape.title == joined.releases.current.pack.manifest.title


async def test_a_visitor_signs_in_as_a_customer_and_sees_that_customers_orders(
    client: httpx.AsyncClient, joined: Joined
) -> None:
    response = await client.post(f"{DEMO}/sign-in", json={"customer": FIRST_CUSTOMER})
    signed = SignedIn.model_validate_json(response.content)
    assert joined.tokens.verify(signed.visitor_token, now=joined.clock.now()) == FIRST_CUSTOMER
    response = await client.get(f"{DEMO}/orders", headers={"authorization": f"Bearer {signed.visitor_token}"})
    orders = TypeAdapter(list[DemoOrder]).validate_json(response.content)
    assert {order.number for order in orders} == {
        order.id for order in await joined.records.orders_of(CustomerId(FIRST_CUSTOMER))
    }
    assert all(order.total.startswith("¥") for order in orders)


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer x.y.z", "Basic abc", "Bearer \x7f"])
async def test_orders_need_a_proof(client: httpx.AsyncClient, authorization: str) -> None:
    response = await client.get(f"{DEMO}/orders", headers={"authorization": authorization})
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "access.bad_visitor_token"


async def test_nobody_unknown_signs_in(client: httpx.AsyncClient) -> None:
    response = await client.post(f"{DEMO}/sign-in", json={"customer": "C-nobody"})
    assert response.status_code == 401


async def test_the_customers_come_with_what_they_have_bought(client: httpx.AsyncClient) -> None:
    customers = TypeAdapter(list[DemoCustomer]).validate_json((await client.get(f"{DEMO}/customers")).content)
    assert [one.orders for one in customers] == sorted((one.orders for one in customers), reverse=True)
    assert FIRST_CUSTOMER in {one.id for one in customers}


async def test_the_goods_have_prices_and_no_more_than_asked_for_come(client: httpx.AsyncClient) -> None:
    response = await client.get(f"{DEMO}/products", params={"limit": 7})
    products = TypeAdapter(list[DemoProduct]).validate_json(response.content)
    assert len(products) == 7
    assert all(product.price.startswith("¥") for product in products)
    for limit in ("0", "501", "x"):
        assert (await client.get(f"{DEMO}/products", params={"limit": limit})).status_code == 400


async def test_without_the_demo_nobody_signs_in_as_anybody(joined: Joined, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, demo=DemoSettings(enabled=False))
    transport = httpx.ASGITransport(web_app(replace(joined, settings=settings)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.post(f"{DEMO}/sign-in", json={"customer": FIRST_CUSTOMER})).status_code == 404
        assert (await client.get(f"{DEMO}/customers")).status_code == 404
        assert (await client.get("/")).status_code == 404
        assert (await client.get("/widget.js")).status_code == 200
