"""The static files: the widget that a merchant embeds, and the demo storefront."""

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from xiaoer.channels import WEB_FOLDER

_HEADERS = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
_PAGE_HEADERS = {
    **_HEADERS,
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
}


def web_routes(*, has_storefront: bool) -> list[BaseRoute]:
    """Give the routes of the static files."""

    async def widget(_: Request) -> Response:
        return FileResponse(WEB_FOLDER / "widget.js", media_type="text/javascript", headers=_HEADERS)

    async def storefront(_: Request) -> Response:
        return FileResponse(WEB_FOLDER / "storefront.html", headers=_PAGE_HEADERS)

    routes: list[BaseRoute] = [Route("/widget.js", widget), Mount("/web", StaticFiles(directory=WEB_FOLDER))]
    return [Route("/", storefront), *routes] if has_storefront else routes
