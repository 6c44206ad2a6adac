"""A demo shop made of the pack's lists: goods, customers and orders of today, and the orders that tests ask for.

Nothing in it is real; the same seed gives the same shop, moved to the moment at which it is made.
"""

from xiaoer.shop.demo.given import ANY_SKU, customer_by_then, customer_from_given, order_from_given, stocked
from xiaoer.shop.demo.lists import DemoLists, read_lists
from xiaoer.shop.demo.making import DemoShop, make_demo
from xiaoer.shop.demo.seeding import demo_of, seed_demo, store_demo
from xiaoer.shop.demo.timeline import Setting

__all__ = [
    "ANY_SKU",
    "DemoLists",
    "DemoShop",
    "Setting",
    "customer_by_then",
    "customer_from_given",
    "demo_of",
    "make_demo",
    "order_from_given",
    "read_lists",
    "seed_demo",
    "stocked",
    "store_demo",
]
