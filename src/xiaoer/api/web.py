"""The static files: the widget that a merchant embeds, and the demo storefront."""

import os

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

from xiaoer.channels import WEB_FOLDER

_HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
_PAGE_HEADERS = {
    **_HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
}


class _FreshFiles(StaticFiles):
    """Files that a browser asks for again each time, so that an upgrade shows at once; unchanged ones cost a 304."""

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Give a file."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_HEADERS)
        return response


def web_routes(*, has_storefront: bool) -> list[BaseRoute]:
    """Give the routes of the static files."""

    async def widget(_: Request) -> Response:
        return FileResponse(WEB_FOLDER / "widget.js", media_type="text/javascript", headers=_HEADERS)

    async def storefront(_: Request) -> Response:
        return FileResponse(WEB_FOLDER / "storefront.html", headers=_PAGE_HEADERS)

    routes: list[BaseRoute] = [Route("/widget.js", widget), Mount("/web", _FreshFiles(directory=WEB_FOLDER))]
    return [Route("/", storefront), *routes] if has_storefront else routes
