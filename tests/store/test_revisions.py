import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateTable

from xiaoer.ids import ShopId
from xiaoer.store import Customers, Database, SchemaNewerError, revisions, schema

_OPEN = """
import asyncio, sys
from xiaoer.store import Database
async def main():
    await (await Database.open(sys.argv[1])).close()
asyncio.run(main())
print("alembic" in sys.modules)
"""


def test_the_newest_step_is_the_one_that_the_code_expects() -> None:
    script = ScriptDirectory(str(Path(str(revisions.__file__)).parent))
    assert script.get_current_head() == revisions.HEAD


async def test_the_steps_lead_to_the_tables_that_the_code_knows(url: str) -> None:
    database = await Database.open(url)

    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), schema.metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_a_database_that_is_up_to_date_is_opened_without_alembic(url: str) -> None:
    assert await _opens_with_alembic(url)
    assert not await _opens_with_alembic(url)


async def _opens_with_alembic(url: str) -> bool:
    child = await asyncio.create_subprocess_exec(sys.executable, "-c", _OPEN, url, stdout=PIPE)
    told, _ = await child.communicate()
    assert child.returncode == 0
    return told.strip() == b"True"


async def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(url: str) -> None:
    database = await Database.open(url)

    async def age(connection: AsyncConnection) -> None:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    await database.writer.run(age)
    await database.close()
    with pytest.raises(SchemaNewerError, match="9999"):
        await Database.open(url)


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=str)
def test_each_table_can_be_made_on_postgresql_too(table: Table) -> None:
    statement = str(CreateTable(table).compile(dialect=make_url("postgresql://").get_dialect()()))
    assert "WITHOUT ROWID" not in statement
    assert f"CREATE TABLE {table.name}" in statement


async def test_customers_of_an_earlier_version_are_found_by_what_they_say(url: str) -> None:
    database = await Database.open(url)
    document = '{"name": "林 小满", "email": "Lin@Example.com", "addresses": [{"postcode": "310013"}]}'

    async def age(connection: AsyncConnection) -> None:
        for table in ("customer_keys", "tries", "snapshots", "notices"):
            await connection.execute(text(f"DROP TABLE {table}"))
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        row = {"shop_id": "s", "id": "C1", "name": "林 小满", "document": document}
        await connection.execute(schema.customers.insert(), row)

    await database.writer.run(age)
    await database.close()
    database = await Database.open(url)
    customers = Customers(database)
    for key in ("email:lin@example.com", "name:林小满:310013"):
        assert await customers.find_by_key(ShopId("s"), key) == "C1"
    await database.close()
