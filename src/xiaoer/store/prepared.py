"""Queries that every turn may ask: put into the engine's words once, and asked the short way."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select

from xiaoer.store.database import Database


class PreparedQuery:
    """A query with named parameters, each used once, whose columns are numbers and texts.

    Putting a statement together and taking SQLAlchemy's way to the driver costs several times what SQLite needs.
    """

    def __init__(self, database: Database, statement: Select[Any]) -> None:  # whatever it selects
        compiled = statement.compile(dialect=database.dialect)
        self._database = database
        self._sql = str(compiled)
        self._values = {name: compiled.params[name] for name in compiled.positiontup or ()}

    async def rows(self, parameters: Mapping[str, str | int]) -> Sequence[Sequence[Any]]:
        """Give the rows that are stored now.

        Raises:
            DatabaseAwayError: the database cannot be reached.
        """
        values = tuple(parameters.get(name, value) for name, value in self._values.items())
        return await self._database.fetch_all(self._sql, values)
