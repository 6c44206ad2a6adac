"""The native API as one application under `/api/v1`, with its OpenAPI document at `/api/v1/openapi.json`."""

from fastapi import FastAPI

from xiaoer import __version__
from xiaoer.api.conversations import ConversationParts, conversation_routes
from xiaoer.api.demo import DemoParts, demo_routes
from xiaoer.api.failures import handlers


def native_api(conversations: ConversationParts, demo: DemoParts | None) -> FastAPI:
    """Give the application; without `demo` nobody can sign in as a demo customer."""
    # The interactive pages would load scripts from elsewhere; the document itself is served here.
    api = FastAPI(title="Xiaoer", version=__version__, docs_url=None, redoc_url=None)
    for kind, handler in handlers().items():
        api.add_exception_handler(kind, handler)
    api.include_router(conversation_routes(conversations))
    if demo is not None:
        api.include_router(demo_routes(demo))
    return api
