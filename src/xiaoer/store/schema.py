"""The tables as this version knows them; `revisions/` brings a database there."""

from collections.abc import Sequence

from sqlalchemy import (
    BigInteger,
    Column,
    Delete,
    Dialect,
    Index,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    text,
)

from xiaoer.store.moments import Moment

metadata = MetaData()

conversations = Table(
    "conversations",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("turns", Integer, nullable=False),
    Index("conversations_by_age", "shop_id", "created_at", "id"),
    sqlite_with_rowid=False,
)

# Without rowids SQLite keeps the rows in the order of the key: a conversation is read from neighbouring pages.
events = Table(
    "events",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("conversation_id", Text, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("type", Text, nullable=False),
    Column("message_id", Text),
    Column("payload", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index(
    "events_by_message",
    events.c.shop_id,
    events.c.conversation_id,
    events.c.message_id,
    unique=True,
    sqlite_where=events.c.message_id.is_not(None),
    postgresql_where=events.c.message_id.is_not(None),
)

# What the fold over a conversation's events gave at one of them: to be thrown away at any time.
snapshots = Table(
    "snapshots",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("conversation_id", Text, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("fold", Text, nullable=False),
    Column("state", Text, nullable=False),
    sqlite_with_rowid=False,
)

journal = Table(
    "journal",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("conversation_id", Text, primary_key=True),
    Column("turn", Integer, primary_key=True),
    Column("message", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

effects = Table(
    "effects",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("outcome", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("shop_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Index("outbox_by_conversation", "shop_id", "conversation_id", "id"),
    # No id comes twice: receivers know an answer by it.
    sqlite_autoincrement=True,
)

notices = Table(
    "notices",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("customer_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)

products = Table(
    "products",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("document", Text, nullable=False),
    Index("products_by_category", "shop_id", "category", "id"),
)

customers = Table(
    "customers",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
)

customer_keys = Table(
    "customer_keys",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("customer_id", Text, primary_key=True),
    Index("customer_keys_by_customer", "shop_id", "customer_id"),
    sqlite_with_rowid=False,
)

tries = Table(
    "tries",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("waits", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("closed_until", Moment),
    sqlite_with_rowid=False,
)

orders = Table(
    "orders",
    metadata,
    Column("shop_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("customer_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
    Index("orders_by_customer", "shop_id", "customer_id", "placed_at"),
)


def upsert(table: Table, *, replacing: Sequence[str]) -> TextClause:
    """Write "insert, or where the key exists replace these columns", in words that SQLite and PostgreSQL share.

    Without columns to replace, a row whose key exists is left as it is. Parameters are named like the columns, and
    moments are given in microseconds: text carries no column types.
    """
    columns = [column.name for column in table.columns]
    key = ", ".join(column.name for column in table.primary_key)
    changes = ", ".join(f"{name} = excluded.{name}" for name in replacing)
    parts = (
        "INSERT INTO",
        table.name,
        f"({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})",
        f"ON CONFLICT ({key}) DO",
        f"UPDATE SET {changes}" if replacing else "NOTHING",
    )
    return text(" ".join(parts))


def driver_sql(statement: Insert | Delete | TextClause, dialect: Dialect) -> str:
    """Write a statement as the driver takes it; its parameters follow the order of the columns."""
    return str(statement.compile(dialect=dialect))
