"""A visitor's tab, as a visitor sees it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect


class Visit:
    """One tab of a visitor; it notes what goes wrong in it and where its requests go."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.hosts: set[str] = set()
        page.on("console", lambda line: self.faults.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda line: self.hosts.add(urlsplit(line.url).netloc))

    @property
    def widget(self) -> Locator:
        """The widget's panel and launcher."""
        return self.page.locator("xiaoer-widget")

    @property
    def panel(self) -> Locator:
        """The widget's panel."""
        return self.widget.locator(".panel")

    @property
    def composer(self) -> Locator:
        """Where the visitor writes."""
        return self.widget.locator(".composer textarea")

    @property
    def said(self) -> Locator:
        """The visitor's own messages that the server has."""
        return self.widget.locator(".message.customer[data-sequence] .bubble")

    @property
    def answered(self) -> Locator:
        """The shop's messages."""
        return self.widget.locator(".message.shop")

    def open_chat(self) -> None:
        """Open the panel by the launcher and wait for the welcome."""
        self.widget.locator(".launcher").click()
        expect(self.answered.first).to_be_visible()

    def say(self, text: str) -> None:
        """Say something and wait for the answer."""
        before = self.answered.count()
        self.composer.fill(text)
        self.composer.press("Enter")
        expect(self.answered).to_have_count(before + 1)

    def sign_in(self, *, orders: int = 1) -> str:
        """Sign in as the first customer who has at least so many orders; give the name."""
        customers = self.page.request.get("/api/v1/demo/customers").json()
        name = next(str(customer["name"]) for customer in customers if customer["orders"] >= orders)
        self.page.locator("#open-customers").click()
        self.page.get_by_role("searchbox").fill(name)
        self.page.locator("#customers .people button").first.click()
        expect(self.page.locator("#open-customers")).to_have_text(name)
        return name

    def words(self) -> Sequence[str]:
        """Everything said by both, from first to last."""
        return self.widget.locator(".message[data-sequence]").all_inner_texts()
