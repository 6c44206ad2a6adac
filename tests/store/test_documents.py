from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from xiaoer.ids import CustomerId, OrderId, ProductId, ShopId
from xiaoer.store import Catalogue, CustomerRow, Customers, Database, OrderRow, Orders, ProductRow

from .factories import SHOP, later

_OTHER = ShopId("other")


def _a_product(id: str, *, category: str = "鞋", document: str = "") -> ProductRow:
    return ProductRow(ProductId(id), f"跑鞋 {id}", category, (document or f'"{id}"').encode())


def _an_order(id: str, *, customer: str = "li", state: str = "paid", at: float = 0) -> OrderRow:
    return OrderRow(OrderId(id), CustomerId(customer), state, later(at), f'"{id}"'.encode())


async def _put_products(database: Database, *rows: ProductRow, shop: ShopId = SHOP) -> Catalogue:
    catalogue = Catalogue(database)
    await database.writer.run(lambda connection: catalogue.put(connection, shop, rows))
    return catalogue


async def _put_orders(database: Database, *rows: OrderRow, shop: ShopId = SHOP) -> Orders:
    orders = Orders(database)
    await database.writer.run(lambda connection: orders.put(connection, shop, rows))
    return orders


async def test_a_document_is_found_as_it_was_put(database: Database) -> None:
    catalogue = await _put_products(database, _a_product("p1", document='{"title":"跑鞋","price":1990}'))
    assert await catalogue.find(SHOP, ProductId("p1")) == '{"title":"跑鞋","price":1990}'.encode()


async def test_a_document_that_is_put_again_is_replaced(database: Database) -> None:
    catalogue = await _put_products(database, _a_product("p1", document="1"))
    await _put_products(database, _a_product("p1", document="2", category="包"))
    assert await catalogue.find(SHOP, ProductId("p1")) == b"2"
    assert await catalogue.count(SHOP) == 1
    assert await catalogue.list(SHOP, category="鞋") == []


async def test_an_unknown_id_is_not_found(database: Database) -> None:
    catalogue = await _put_products(database)
    assert await catalogue.find(SHOP, ProductId("p1")) is None


async def test_one_shop_never_sees_or_replaces_another_shops_documents(database: Database) -> None:
    catalogue = await _put_products(database, _a_product("p1", document="1"))
    await _put_products(database, _a_product("p1", document="2"), shop=_OTHER)
    assert [await catalogue.find(shop, ProductId("p1")) for shop in (SHOP, _OTHER)] == [b"1", b"2"]
    assert await catalogue.list(_OTHER) == [b"2"]
    assert await catalogue.count(SHOP) == 1


async def test_products_are_listed_by_id_page_by_page(database: Database) -> None:
    catalogue = await _put_products(database, *(_a_product(id) for id in "dacb"))
    assert await catalogue.list(SHOP, limit=2) == [b'"a"', b'"b"']
    assert await catalogue.list(SHOP, limit=2, after=ProductId("b")) == [b'"c"', b'"d"']


async def test_products_of_one_category_are_listed(database: Database) -> None:
    catalogue = await _put_products(database, _a_product("a"), _a_product("b", category="包"))
    assert await catalogue.list(SHOP, category="包") == [b'"b"']


async def test_customers_are_listed_by_id_page_by_page(database: Database) -> None:
    customers, names = Customers(database), ("li", "an", "bo")
    rows = [CustomerRow(CustomerId(name), name, f'"{name}"'.encode()) for name in names]
    await database.writer.run(lambda connection: customers.put(connection, SHOP, rows))
    assert await customers.list(SHOP, limit=2) == [b'"an"', b'"bo"']
    assert await customers.list(SHOP, after=CustomerId("bo")) == [b'"li"']
    assert await customers.count(SHOP) == 3


async def test_orders_of_a_customer_come_newest_first(database: Database) -> None:
    rows = (_an_order("a", at=2), _an_order("b", at=3), _an_order("c", at=1), _an_order("x", customer="an", at=9))
    orders = await _put_orders(database, *rows)
    assert await orders.of_customer(SHOP, CustomerId("li"), limit=2) == [b'"b"', b'"a"']


async def test_orders_of_a_customer_with_the_same_id_in_another_shop_are_not_shown(database: Database) -> None:
    orders = await _put_orders(database, _an_order("a"), shop=_OTHER)
    assert await orders.of_customer(SHOP, CustomerId("li")) == []


async def test_orders_in_one_state_are_listed(database: Database) -> None:
    orders = await _put_orders(database, _an_order("a"), _an_order("b", state="shipped"), _an_order("c"))
    assert await orders.list(SHOP, state="paid") == [b'"a"', b'"c"']
    assert await orders.list(SHOP, after=OrderId("b")) == [b'"c"']


async def test_an_order_that_is_read_and_changed_in_a_unit_stays_changed(database: Database) -> None:
    orders = await _put_orders(database, _an_order("a"))

    async def ship(connection: AsyncConnection) -> Sequence[bytes | None]:
        before = await orders.read(connection, SHOP, OrderId("a"))
        await orders.put(connection, SHOP, [_an_order("a", state="shipped")])
        return [before, await orders.read(connection, _OTHER, OrderId("a"))]

    assert await database.writer.run(ship) == [b'"a"', None]
    assert await orders.list(SHOP, state="shipped") == [b'"a"']


async def test_many_orders_are_read_in_a_unit(database: Database) -> None:
    orders = await _put_orders(database, *(_an_order(f"o{number}") for number in range(1_200)))
    await _put_orders(database, _an_order("of-another"), shop=_OTHER)
    ids = [*(f"o{number}" for number in range(100, 1_300)), "of-another"]
    found = await database.writer.run(lambda connection: orders.read_many(connection, SHOP, ids))
    assert sorted(found) == sorted(f"o{number}" for number in range(100, 1_200))
    assert found["o700"] == await orders.find(SHOP, OrderId("o700"))


async def test_many_rows_are_put_at_once(database: Database) -> None:
    orders = await _put_orders(database, *(_an_order(f"{number:05}") for number in range(5000)))
    assert await orders.count(SHOP) == 5000
