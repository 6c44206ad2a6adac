"""The web server's application: hot routes first and plain, then the native API, the widget and the storefront."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeAlias

import httpx
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount
from starlette.types import StatelessLifespan

from xiaoer.api import (
    BodyLimit,
    ConversationParts,
    DemoParts,
    QuickApp,
    health_routes,
    native_api,
    parse_routes,
    web_routes,
)
from xiaoer.app.joining import Joined
from xiaoer.app.pack_shelf import Train
from xiaoer.channels import CallbackDelivery, RestChannel, RestLimits
from xiaoer.guard import RateLimit

_Job: TypeAlias = Callable[[], Awaitable[None]]
_PAUSE_AFTER_FAILURE_SECONDS = 1.0
_log = structlog.get_logger()


def web_app(parts: Joined, *, train: Train | None = None) -> Starlette:
    """Give the ASGI application of joined parts."""
    settings = parts.settings
    rates = RateLimit(settings.guard.messages_per_minute)
    limit = settings.guard.max_body_bytes
    rest = RestChannel(parts.turns, parts.tokens, parts.clock, rates, RestLimits(limit, settings.channels.callback_url))
    conversations = ConversationParts(
        shop=parts.shop_id,
        turns=parts.turns,
        conversations=parts.conversations,
        tokens=parts.tokens,
        clock=parts.clock,
        rates=rates,
        live=parts.live,
        records=parts.records,
        album=parts.album,
        attachments=settings.attachments,
    )
    demo = None
    if settings.demo.enabled:
        demo = DemoParts(parts.records, parts.tokens, parts.clock, parts.releases)
    hot = [*rest.routes(), *parse_routes(parts.releases, parts.clock, limit)]
    return QuickApp(
        hot=hot,
        routes=[
            *health_routes(parts.releases, parts.database),
            Mount("/api/v1", native_api(conversations, demo)),
            *web_routes(has_storefront=settings.demo.enabled),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=list(settings.access.allowed_origins),
                allow_methods=["GET", "POST"],
                allow_headers=["authorization", "content-type"],
            ),
            Middleware(BodyLimit, max_bytes=limit, upload_bytes=max(limit, settings.attachments.max_bytes)),
        ],
        lifespan=_background(parts, train),
    )


def _background(parts: Joined, train: Train | None) -> StatelessLifespan[Starlette]:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient() as client:
            delivery = CallbackDelivery(parts.outbox, client, parts.clock)
            work: tuple[_Job, ...] = (
                partial(parts.releases.watch, train),
                parts.recover,
                parts.tidy,
                parts.news.run,
                delivery.run,
            )
            if parts.shared_models is not None:
                work += (parts.pull_models,)
            tasks = [asyncio.create_task(_for_ever(job)) for job in work]
            yield
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return lifespan


async def _for_ever(job: _Job) -> None:
    """Begin a job again whenever it fails: an hour without a database must not end it for good."""
    while True:
        try:
            await job()
        except Exception as error:  # around a background job: it is logged and begun again
            _log.exception("background.failed", error=type(error).__name__)
            await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)
