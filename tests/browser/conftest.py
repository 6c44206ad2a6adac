"""A browser, servers, and visits to them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect, sync_playwright

from .server import Server
from .visit import Visit

_CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_TRAINED = Path(__file__).parents[2] / "var" / "models"
"""Where models of the packs as they are, and perhaps older ones, were put; the server takes those of its pack."""
_PATIENCE_MS = 15_000

Visiting = Callable[..., Visit]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that all tests share; its first start trains the understanding, unless `make` has done so."""
    server = Server(tmp_path_factory.mktemp("shop"))
    if _TRAINED.is_dir():
        shutil.copytree(_TRAINED, server.data / "models")
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def server_url(server: Server) -> str:
    return server.url


@pytest.fixture
def own_server(server: Server, tmp_path: Path) -> Iterator[Server]:
    """A server that a test may kill, with what the shared one has learned."""
    shutil.copytree(server.data / "models", tmp_path / "models")
    own = Server(tmp_path)
    own.start()
    yield own
    own.kill()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visiting]:
    """Visits a page: `visit(url, language="zh-CN", width=1280, height=800, shared=None)`."""
    contexts: list[BrowserContext] = []

    def come(
        url: str, *, language: str = "zh-CN", width: int = 1280, height: int = 800, shared: Visit | None = None
    ) -> Visit:
        viewport: ViewportSize = {"width": width, "height": height}
        if shared is None:
            contexts.append(
                browser.new_context(base_url=url, locale=language, viewport=viewport, reduced_motion="reduce")
            )
        context = shared.page.context if shared else contexts[-1]
        visit = Visit(context.new_page())
        visit.page.goto(url)
        expect(visit.widget.locator(".widget")).to_be_attached()
        expect(visit.page.locator(".good h3").first).to_be_visible()
        return visit

    yield come
    for context in contexts:
        context.close()
