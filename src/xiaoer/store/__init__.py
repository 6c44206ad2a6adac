"""The database: the log of every conversation's events, and one file for each aggregate beside it.

`Database.open` gives it; what is stored goes through its one writer, and a call returns only once it is on the disk.
"""

from xiaoer.store.catalogue import Catalogue, ProductRow
from xiaoer.store.conversations import ConversationRow, Conversations, StoredEvent
from xiaoer.store.customers import CustomerRow, Customers
from xiaoer.store.database import Database
from xiaoer.store.effects import Effects
from xiaoer.store.errors import (
    DatabaseAwayError,
    MessageRepeatedError,
    SchemaNewerError,
    SequenceTakenError,
    StoreBusyError,
    StoreClosedError,
    StoreError,
    UnstorableTurnError,
)
from xiaoer.store.journal import Journal, JournalEntry
from xiaoer.store.notices import NoticeRow, Notices
from xiaoer.store.orders import OrderRow, Orders
from xiaoer.store.outbox import Outbox, OutboxRow
from xiaoer.store.staging import StagedFault, StagedRows, Staging
from xiaoer.store.tries import Tries, TryCount
from xiaoer.store.turns import NoticeItem, OutboxItem, Snapshot, TurnAppend
from xiaoer.store.writer import GroupWriter, Unit

__all__ = [
    "Catalogue",
    "ConversationRow",
    "Conversations",
    "CustomerRow",
    "Customers",
    "Database",
    "DatabaseAwayError",
    "Effects",
    "GroupWriter",
    "Journal",
    "JournalEntry",
    "MessageRepeatedError",
    "NoticeItem",
    "NoticeRow",
    "Notices",
    "OrderRow",
    "Orders",
    "Outbox",
    "OutboxItem",
    "OutboxRow",
    "ProductRow",
    "SchemaNewerError",
    "SequenceTakenError",
    "Snapshot",
    "StagedFault",
    "StagedRows",
    "Staging",
    "StoreBusyError",
    "StoreClosedError",
    "StoreError",
    "StoredEvent",
    "Tries",
    "TryCount",
    "TurnAppend",
    "Unit",
    "UnstorableTurnError",
]
