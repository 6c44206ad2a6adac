"""What customers can be found by, and how often who they are was tried to be proved."""

import json
import unicodedata
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_AT_ONCE = 500


def upgrade() -> None:
    """Make the tables, and the keys of the customers that are there."""
    keys = op.create_table(
        "customer_keys",
        sa.Column("shop_id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("customer_keys_by_customer", "customer_keys", ["shop_id", "customer_id"])
    op.create_table(
        "tries",
        sa.Column("shop_id", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("waits", sa.Integer, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("closed_until", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    _make_keys(keys)


def _make_keys(keys: sa.Table) -> None:
    connection = op.get_bind()
    customers = sa.table("customers", sa.column("shop_id"), sa.column("id"), sa.column("document"))
    after = ("", "")
    place = sa.tuple_(customers.c.shop_id, customers.c.id)
    while True:
        some = sa.select(customers).where(place > sa.tuple_(*after)).order_by(*place).limit(_AT_ONCE)
        rows = connection.execute(some).all()
        if not rows:
            return
        found = [
            {"shop_id": shop, "key": key, "customer_id": customer}
            for shop, customer, document in rows
            for key in sorted(set(_keys_of(document)))
        ]
        if found:
            connection.execute(keys.insert(), found)
        after = (rows[-1].shop_id, rows[-1].id)


def _keys_of(document: str) -> Iterator[str]:
    # As the shop's records made them when this step was written; a document of tests may be anything.
    customer = json.loads(document)
    if not isinstance(customer, dict):
        return
    email = unicodedata.normalize("NFKC", customer.get("email", "")).strip().casefold()
    if email:
        yield f"email:{email}"
    name = _plain(customer.get("name", ""))
    for address in customer.get("addresses", ()):
        postcode = _plain(address.get("postcode", ""))
        if name and postcode:
            yield f"name:{name}:{postcode}"


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
