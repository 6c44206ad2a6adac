"""Queries that every turn may ask: put into the engine's words the first time, and asked the short way."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import Select

from xiaoer.store.database import Database


class PreparedQuery:
    """A query with named parameters, each used once, whose columns are numbers and texts.

    Putting a statement together and taking SQLAlchemy's way to the driver costs several times what SQLite needs.
    """

    def __init__(self, database: Database, statement: Select[Any]) -> None:  # whatever it selects
        self._database = database
        self._statement = statement

    async def rows(self, parameters: Mapping[str, str | int]) -> Sequence[Sequence[Any]]:
        """Give the rows that are stored now.

        Raises:
            DatabaseAwayError: the database cannot be reached.
        """
        sql, usual = self._written
        return await self._database.fetch_all(sql, tuple(parameters.get(name, value) for name, value in usual.items()))

    @cached_property
    def _written(self) -> tuple[str, Mapping[str, Any]]:
        """The engine's words, and each parameter's own value in its order: for when it is first asked."""
        compiled = self._statement.compile(dialect=self._database.dialect)
        return str(compiled), {name: compiled.params[name] for name in compiled.positiontup or ()}
