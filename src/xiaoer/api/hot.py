"""The short way for routes that machines call all the time: no middleware, no router, the same errors."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import BaseRoute, Route
from starlette.types import ExceptionHandler, Receive, Scope, Send, StatelessLifespan

from xiaoer.api.failures import handlers, known
from xiaoer.errors import XiaoerError


class QuickApp(Starlette):
    """An application that serves a POST to one of its hot routes at once, and everything else in Starlette's way.

    What a browser sends from another site (it names its origin) takes the usual way too, where that is allowed or not.
    The hot routes' endpoints bound their bodies themselves.
    """

    def __init__(
        self,
        *,
        hot: Sequence[Route],
        routes: Sequence[BaseRoute],
        middleware: Sequence[Middleware],
        lifespan: StatelessLifespan[Starlette],
    ) -> None:
        errors: dict[type[Exception], ExceptionHandler] = handlers()
        super().__init__(routes=[*hot, *routes], middleware=middleware, exception_handlers=errors, lifespan=lifespan)
        self._endpoints = {route.path: route.endpoint for route in hot}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        endpoint = self._endpoints.get(scope.get("path", "")) if scope["type"] == "http" else None
        if endpoint is None or scope["method"] != "POST" or any(name == b"origin" for name, _ in scope["headers"]):
            await super().__call__(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response = await endpoint(request)
        except XiaoerError as error:
            response = known(request, error)
        await response(scope, receive, send)
