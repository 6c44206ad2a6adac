"""One message's whole way: received once, understood, decided, acted on, answered, stored in one transaction.

`run.py` is the way through the rooms; `turns.py` what holds it together: order, repeats, storing, failing.
"""

from xiaoer.turn.draft import Draft
from xiaoer.turn.errors import BusyError, ConflictError, OtherCustomerError
from xiaoer.turn.incoming import Incoming, News, TurnResult
from xiaoer.turn.parts import Attachments, Delivery, FullReader, Parts, Reader, Release, Releases, search_as_meant
from xiaoer.turn.proving import SPOKEN
from xiaoer.turn.run import Run
from xiaoer.turn.tiers import FullTier, ServedModel, both
from xiaoer.turn.turns import Turns

__all__ = [
    "SPOKEN",
    "Attachments",
    "BusyError",
    "ConflictError",
    "Delivery",
    "Draft",
    "FullReader",
    "FullTier",
    "Incoming",
    "News",
    "OtherCustomerError",
    "Parts",
    "Reader",
    "Release",
    "Releases",
    "Run",
    "ServedModel",
    "TurnResult",
    "Turns",
    "both",
    "search_as_meant",
]
