"""The database's tables through time: each file under `versions` is one step, and a database is brought up when opened.

A step that was released is never changed.
"""

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

HEAD = "0004"
"""The newest step. Kept here so that opening a database that is up to date need not load Alembic."""

_LOCK = 0x78696165  # any number, the same in every replica


async def bring_to_head(connection: AsyncConnection) -> None:
    """Run the steps that the database lacks, in one transaction; replicas that start together take turns.

    Raises:
        SchemaNewerError: the database has steps that this version does not know.
    """
    async with connection.begin():
        if connection.dialect.name == "postgresql":
            await connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        if await connection.run_sync(_version) != HEAD:
            await connection.run_sync(_upgrade)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _upgrade(connection: Connection) -> None:
    from xiaoer.store.revisions.upgrade import upgrade  # noqa: PLC0415 - it loads Alembic

    upgrade(connection)
