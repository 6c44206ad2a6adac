"""The demo shop's page, and the widget as a part of a page."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from .conftest import Visiting
from .visit import Visit

pytestmark = pytest.mark.browser

WEB = Path(__file__).parents[2] / "src/xiaoer/channels/web"


def test_a_signed_in_customer_asks_about_an_order(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    name = shop.sign_in()
    shop.page.locator("#open-orders").click()
    order = shop.page.locator("#orders .order").first
    number = order.locator("small").inner_text().split()[-1]
    order.get_by_role("button").click()
    expect(shop.panel).to_be_visible()
    expect(shop.said).to_have_text([number])
    expect(shop.panel.locator(".about")).to_contain_text(name)


def test_a_visitor_without_a_name_is_asked_to_sign_in_for_orders(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.page.locator("#open-orders").click()
    shop.page.locator("#orders .primary").click()
    expect(shop.page.locator("#customers .people li").first).to_be_visible()


def test_signing_out_leaves_the_conversation_behind(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.sign_in()
    shop.open_chat()
    shop.say("你好")
    shop.panel.locator(".close").click()
    shop.page.locator("#open-customers").click()
    shop.page.locator("#account button").click()
    expect(shop.page.locator("#open-customers")).to_have_text("登录")
    shop.open_chat()
    expect(shop.said).to_have_count(0)


def test_a_suggestion_opens_the_chat_and_is_said(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    suggestion = shop.page.locator("#tries button").first
    suggestion.click()
    expect(shop.said).to_have_text([suggestion.inner_text()])


@pytest.mark.parametrize("width", [360, 414])
def test_nothing_scrolls_sideways_on_a_phone(visit: Visiting, server_url: str, width: int) -> None:
    shop = visit(server_url, width=width, height=740)
    assert _overflow(shop) == 0
    shop.open_chat()
    box = shop.panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": width, "height": 740}
    shop.say("很长很长没有空格的一个字" + "w" * 200)
    assert shop.widget.locator(".list").evaluate("list => list.scrollWidth - list.clientWidth") == 0
    assert _overflow(shop) == 0


def test_everything_works_from_the_keyboard(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    expect(shop.widget.locator(".launcher")).to_be_visible()  # what is not shown yet cannot have the focus
    shop.widget.locator(".launcher").focus()
    shop.page.keyboard.press("Enter")
    expect(shop.composer).to_be_focused()
    expect(shop.answered).to_have_count(1)
    shop.page.keyboard.type("你好")
    shop.page.keyboard.press("Enter")
    expect(shop.answered).to_have_count(2)
    shop.widget.locator(".more").focus()
    shop.page.keyboard.press("Enter")
    shop.page.keyboard.press("Tab")
    shop.page.keyboard.press("Enter")
    expect(shop.widget.get_by_role("radio").first).to_be_focused()
    shop.page.keyboard.press("Escape")
    expect(shop.widget.locator(".sheet")).to_have_count(0)
    shop.page.keyboard.press("Escape")
    expect(shop.panel).to_be_hidden()
    expect(shop.widget.locator(".launcher")).to_be_focused()


def test_an_english_browser_gets_english_and_can_change_it(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url, language="en-GB")
    expect(shop.page.locator("#open-orders")).to_have_text("My orders")
    shop.open_chat()
    expect(shop.composer).to_have_attribute("placeholder", "How can we help?")
    shop.panel.locator(".language").click()
    expect(shop.composer).to_have_attribute("placeholder", "说说您的问题…")
    expect(shop.answered).to_have_count(1)
    expect(shop.page.locator("#open-orders")).to_have_text("My orders")


def test_an_unread_answer_is_counted_on_the_launcher(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.panel.locator(".close").click()
    shop.page.evaluate("Xiaoer.send('你好')")
    expect(shop.widget.locator(".unread")).to_have_text("1")
    shop.widget.locator(".launcher").click()
    shop.panel.locator(".close").click()
    expect(shop.widget.locator(".unread")).to_be_hidden()


def test_the_page_hears_of_messages_and_of_opening(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.page.evaluate(
        "heard = []; for (const name of ['xiaoer:open', 'xiaoer:message'])"
        " document.addEventListener(name, (event) => heard.push(event.detail?.from ?? name))"
    )
    shop.open_chat()
    shop.say("你好")
    assert shop.page.evaluate("heard") == ["xiaoer:open", "shop", "customer", "shop"]


def test_a_forged_visitor_token_is_refused_and_the_chat_goes_on(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.page.evaluate("window.dispatchEvent(new CustomEvent('xiaoer:visitor-token', {detail: {token: 'forged'}}))")
    expect(shop.widget.locator(".banner")).to_have_text("登录没有通过，请在店铺页面重新登录")
    shop.say("你好")


def test_a_visit_has_no_errors_and_asks_no_other_host(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.sign_in()
    shop.open_chat()
    shop.say("我的订单到哪了")
    shop.page.reload()
    shop.open_chat()
    assert shop.faults == []
    assert shop.hosts == {server_url.removeprefix("http://").rstrip("/")}


def test_goods_that_cannot_be_loaded_can_be_asked_for_again(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.page.route("**/demo/products*", _refuse)
    shop.page.reload()
    expect(shop.page.locator("#goods .failed")).to_be_visible()
    shop.page.unroute_all()
    shop.page.locator("#goods .failed button").click()
    expect(shop.page.locator(".good h3").first).to_be_visible()


def test_a_style_that_cannot_be_loaded_is_asked_for_again(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    asked: list[str] = []

    def refuse_the_first(route: Route) -> None:
        asked.append(route.request.url)
        route.abort() if len(asked) == 1 else route.continue_()

    shop.page.route("**/widget.css*", refuse_the_first)
    shop.page.reload()
    shop.open_chat()
    assert len(asked) == 2


def test_a_search_that_finds_no_customer_says_so(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.page.locator("#open-customers").click()
    expect(shop.page.locator("#customers .people li").first).to_be_visible()
    shop.page.get_by_role("searchbox").fill("没有这个人")
    expect(shop.page.locator("#customers .note")).to_have_text("没有找到这样的顾客。")


def test_the_catalogues_of_both_languages_have_the_same_keys() -> None:
    chinese, english = (json.loads((WEB / f"words/{language}.json").read_text()) for language in ("zh", "en"))
    for part in ("widget", "storefront"):
        assert chinese[part].keys() == english[part].keys()
    assert len(chinese["storefront"]["tries"]) == len(english["storefront"]["tries"])


def _refuse(route: Route) -> None:
    route.abort()


def _overflow(shop: Visit) -> int:
    return int(shop.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
