"""A shop with the orders that a test lays into it, asked as the dialogue asks it."""

from xiaoer.ids import ActionKey, CustomerId, OrderId, ShopId
from xiaoer.pack import Pack
from xiaoer.shop import ActionResult, Customer, EmbeddedShop, Order, Product, Records, Transaction
from xiaoer.store import Database

from .factories import ANNA, NOW, NUMBER, a_half_sold_out_product, a_holder, a_holder_for, a_product, an_order_for


class Counter:
    """Lays goods and orders into an embedded shop and runs actions on it."""

    def __init__(self, database: Database, shop: ShopId, records: Records, pack: Pack) -> None:
        self.records = records
        self.shop = EmbeddedShop(database, shop, pack, now=NOW)

    async def lay(self, *orders: Order, goods: tuple[Product, ...] = (), holders: tuple[Customer, ...] = ()) -> None:
        async def work(transaction: Transaction) -> None:
            is_known = await transaction.customer(ANNA) is not None
            await transaction.store_customers(holders or (() if is_known else (a_holder(),)))
            await transaction.store_products(goods or (a_product(),))
            await transaction.store_orders(orders)

        await self.records.change(work)

    async def lay_for(self, action: str) -> None:
        """Lay an order, goods and a customer to which an action may be done."""
        goods = a_half_sold_out_product() if action == "stock.notify" else a_product()
        await self.lay(an_order_for(action), goods=(goods,), holders=(a_holder_for(action),))

    async def ask(
        self,
        action: str,
        arguments: dict[str, str] | None = None,
        *,
        customer: CustomerId | None = ANNA,
        key: str = "k",
    ) -> ActionResult:
        spec = self.shop.specs[action]
        named = {"order": NUMBER} if "order" in spec.parameters else {}
        effect_key = ActionKey(key) if spec.is_effect else None
        result = await self.shop.run(action, {**named, **(arguments or {})}, customer=customer, now=NOW, key=effect_key)
        assert result.outcome in spec.outcomes
        assert set(result.facts) <= set(spec.facts), set(result.facts) - set(spec.facts)
        return result

    async def order(self, number: str = NUMBER) -> Order:
        orders = {order.id: order for order in await self.records.orders()}
        return orders[OrderId(number)]

    async def holder(self, customer: CustomerId = ANNA) -> Customer:
        found = await self.records.customer(customer)
        assert found is not None
        return found

    async def books(self) -> tuple[object, ...]:
        return await self.records.orders(), await self.records.products(), await self.records.customers()

    async def balance(self, method: str = "G1", *, customer: CustomerId = ANNA) -> int:
        found = (await self.holder(customer)).payment_method(method)
        assert found is not None
        assert found.balance is not None
        return found.balance.minor

    async def stock(self) -> int:
        return sum(product.stock for product in await self.records.products())
