"""Whether the process lives and whether it can answer."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from xiaoer.store import Database, StoreError


class Loadable(Protocol):
    """Something that must be loaded before questions can be answered; `problem` says what went wrong last."""

    problem: str

    @property
    def is_loaded(self) -> bool:
        """Whether it is there."""
        ...


def health_routes(releases: Loadable, database: Database) -> list[Route]:
    """Give `/healthz` (the process lives) and `/readyz` (it can answer)."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        checks = {"release": releases.is_loaded, "database": await _is_reachable(database)}
        status = 200 if all(checks.values()) else 503
        return JSONResponse({"status": "ready" if status == 200 else "not_ready", **checks}, status)

    return [Route("/healthz", alive), Route("/readyz", ready)]


async def _is_reachable(database: Database) -> bool:
    try:
        async with database.read():
            return True
    except StoreError:
        return False
