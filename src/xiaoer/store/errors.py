"""What can go wrong between Xiaoer and its database."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from xiaoer.errors import XiaoerError


class StoreError(XiaoerError):
    """Something could not be stored or read."""

    code = "store"


class SequenceTakenError(StoreError):
    """Another turn of the same conversation was stored first: load the conversation again and take the turn anew."""

    code = "store.sequence_taken"
    status = 409


class MessageRepeatedError(StoreError):
    """The message was taken before, in the turn `turn`: answer with what that turn answered."""

    code = "store.message_repeated"
    status = 409

    def __init__(self, turn: int, where: str = "") -> None:
        super().__init__(f"The message {where} was taken before, in turn {turn}: give that turn's answer again.")
        self.turn = turn


class UnstorableTurnError(StoreError):
    """A turn that no database can keep as it is: without events, or with a NUL character in an id."""

    code = "store.unstorable_turn"
    status = 422


class DatabaseAwayError(StoreError):
    """The database does not answer; nothing was stored. The same call may be made again later."""

    code = "store.away"
    status = 503


class StoreBusyError(StoreError):
    """More is waiting to be written than the queue may hold; nothing was stored. Try again a little later."""

    code = "store.busy"
    status = 429


class StoreClosedError(StoreError):
    """The database was closed; nothing was stored."""

    code = "store.closed"
    status = 503


class SchemaNewerError(StoreError):
    """The database was written by a newer version of Xiaoer than this one."""

    code = "store.schema_newer"


@contextmanager
def reaching(place: str) -> Iterator[None]:
    """Turn a driver's complaint that the database cannot be reached into ours; `place` names it without a password.

    Raises:
        DatabaseAwayError: the database is locked, gone, full, broken, or took too long to give a connection.
    """
    try:
        yield
    except (IntegrityError, ProgrammingError, DataError):
        raise
    except (DatabaseError, InterfaceError, PoolTimeoutError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise DatabaseAwayError(f"The database {place} does not answer ({reason}). Try again shortly.") from error
