"""A process of its own that imports a folder: `python -m tests.shop.importing PLACE FOLDER`.

It takes a line from stdin before it tells of a step and goes on, so that it can be killed at a known one.
"""

import asyncio
import sys
from pathlib import Path

from xiaoer.shop import TransferProgress, import_shop
from xiaoer.store import Database

from .conftest import SHOP
from .transfers import Office


def url_in(place: Path) -> str:
    """Where the process keeps its shop."""
    return f"sqlite+aiosqlite:///{place}/killed.db"


def _tell(step: TransferProgress) -> None:
    sys.stdin.readline()
    print(step.what, step.done, flush=True)


async def _import(place: Path, folder: Path) -> None:
    database = await Database.open(url_in(place))
    await import_shop(database, SHOP, folder, Office(database, place).setting(), _tell)
    await database.close()


if __name__ == "__main__":
    asyncio.run(_import(Path(sys.argv[1]), Path(sys.argv[2])))
