import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from xiaoer.store import Database

# An empty PostgreSQL database (postgresql+asyncpg://…) on which the same tests shall run as well; it is cleared.
_POSTGRES = os.environ.get("XIAOER_TEST_POSTGRES")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file that does not exist yet, in a folder that does not either."""
    return f"sqlite+aiosqlite:///{tmp_path}/data/xiaoer.db"


@pytest.fixture(params=["memory", "file", *(["postgres"] if _POSTGRES else [])])
async def database(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Database]:
    urls = {"memory": ":memory:", "file": url, "postgres": _POSTGRES or ""}
    if request.param == "postgres":
        await _clear(urls["postgres"])
    opened = await Database.open(urls[request.param])
    yield opened
    await opened.close()


async def _clear(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()
