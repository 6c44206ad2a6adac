"""Talking with the shop in the widget."""

import pytest
from playwright.sync_api import expect

from .conftest import Visiting
from .server import Server

pytestmark = pytest.mark.browser


def test_a_visitor_gets_a_welcome_and_an_answer(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.say("你们几点上班")
    expect(shop.said).to_have_text(["你们几点上班"])
    expect(shop.answered.last.locator(".bubble").first).not_to_be_empty()


def test_markup_in_a_message_is_shown_as_text(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.say("<img src=x onerror=\"document.title='broken'\"> <b>粗体</b>")
    expect(shop.said).to_have_text(["<img src=x onerror=\"document.title='broken'\"> <b>粗体</b>"])
    expect(shop.widget.locator(".message img, .message b")).to_have_count(0)
    expect(shop.page).not_to_have_title("broken")


def test_only_web_addresses_become_links(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.say("看 https://shop.example/a?b=1。还有 javascript:alert(1)")
    link = shop.said.get_by_role("link")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://shop.example/a?b=1")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_the_history_is_there_after_a_reload(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.say("你好")
    before = shop.words()
    shop.page.reload()
    shop.open_chat()
    expect(shop.widget.locator(".message[data-sequence]")).to_have_count(len(before))
    assert shop.words() == before


def test_a_quick_reply_is_sent_and_the_old_buttons_go(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    choice = shop.widget.locator(".quick").first
    title = choice.inner_text()
    choice.click()
    expect(shop.answered).to_have_count(2)
    expect(shop.said).to_have_count(1)
    assert shop.widget.locator(".quick", has_text=title).count() <= 1


def test_choosing_a_card_sends_what_it_stands_for(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.sign_in(orders=3)
    shop.open_chat()
    shop.say("我的订单到哪了")
    shop.widget.locator(".card .choose").first.click()
    expect(shop.said).to_have_count(2)
    expect(shop.answered).to_have_count(3)


def test_an_answer_longer_than_the_panel_is_read_from_its_beginning(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url, height=420)
    shop.sign_in(orders=5)
    shop.open_chat()
    shop.say("我的订单到哪了")
    expect(shop.answered.last.locator(".bubble")).to_be_in_viewport()


def test_a_long_answer_leaves_the_header_of_the_panel_where_it_is(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.sign_in(orders=4)
    shop.open_chat()
    for text in ("我的订单到哪了", "帮我取消一件", "你好"):
        before = shop.answered.count()
        shop.composer.fill(text)
        shop.composer.press("Enter")
        expect(shop.answered.nth(before)).to_be_visible()
    assert shop.panel.evaluate("panel => panel.scrollTop") == 0


def test_shift_enter_begins_a_line_and_enter_sends(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.composer.press_sequentially("第一行")
    shop.composer.press("Shift+Enter")
    shop.composer.press_sequentially("第二行")
    expect(shop.said).to_have_count(0)
    shop.composer.press("Enter")
    expect(shop.said).to_have_text(["第一行\n第二行"])


def test_enter_while_an_input_method_composes_sends_nothing(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.composer.press_sequentially("ni")
    shop.composer.dispatch_event("compositionstart")
    shop.composer.press("Enter")
    expect(shop.widget.locator(".message.customer")).to_have_count(0)
    shop.composer.dispatch_event("compositionend")
    shop.composer.fill("你好")
    shop.composer.press("Enter")
    expect(shop.said).to_have_text(["你好"])


def test_a_message_over_the_limit_cannot_be_sent(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.composer.fill("字" * 2001)
    expect(shop.widget.locator(".counter")).to_have_text("2001 / 2000")
    expect(shop.widget.locator(".send")).to_be_disabled()
    shop.composer.fill("字" * 2000)
    expect(shop.widget.locator(".send")).to_be_enabled()


def test_two_tabs_show_the_same_conversation(visit: Visiting, server_url: str) -> None:
    first = visit(server_url)
    first.open_chat()
    second = visit(server_url, shared=first)
    second.open_chat()
    second.say("你好")
    expect(first.said).to_have_text(["你好"])
    expect(first.answered).to_have_count(2)
    assert first.words() == second.words()


def test_a_new_conversation_is_begun_after_a_question(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.say("你好")
    shop.widget.locator(".more").click()
    shop.widget.get_by_role("button", name="重新开始对话").click()
    shop.widget.locator(".sheet").get_by_role("button", name="重新开始对话").click()
    expect(shop.said).to_have_count(0)
    expect(shop.answered).to_have_count(1)


def test_the_service_can_be_rated(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.widget.locator(".more").click()
    shop.widget.get_by_role("button", name="评价本次服务").click()
    shop.widget.get_by_role("radio", name="4 星").check(force=True)
    with shop.page.expect_response("**/rating") as answer:
        shop.widget.get_by_role("button", name="提交评价").click()
    assert answer.value.status == 204
    expect(shop.widget.locator(".sheet")).to_have_count(0)


@pytest.mark.service
def test_nothing_is_lost_or_doubled_when_the_server_is_killed(visit: Visiting, own_server: Server) -> None:
    shop = visit(own_server.url)
    shop.open_chat()
    shop.say("第一句")
    own_server.kill()
    expect(shop.widget.locator(".banner.warning")).to_be_visible()
    shop.composer.fill("断线时说的")
    shop.composer.press("Enter")
    expect(shop.widget.locator(".message.sending .bubble")).to_have_text(["断线时说的"])
    own_server.start()
    expect(shop.said).to_have_text(["第一句", "断线时说的"], timeout=40_000)
    expect(shop.widget.locator(".banner.warning")).to_be_hidden()
    before = shop.words()
    shop.page.reload()
    shop.open_chat()
    expect(shop.widget.locator(".message[data-sequence]")).to_have_count(len(before))
    assert shop.words() == before


@pytest.mark.service
def test_what_was_said_offline_survives_a_closed_tab(visit: Visiting, own_server: Server) -> None:
    first = visit(own_server.url)
    first.open_chat()
    own_server.kill()
    expect(first.widget.locator(".banner.warning")).to_be_visible()
    first.composer.fill("断线时说的")
    first.composer.press("Enter")
    expect(first.widget.locator(".message.sending")).to_have_count(1)
    own_server.start()
    second = visit(own_server.url, shared=first)
    first.page.close()
    second.open_chat()
    expect(second.said).to_have_text(["断线时说的"])


def test_without_a_socket_the_conversation_goes_on(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)
    shop.page.route_web_socket("**/socket*", lambda line: line.close())
    shop.page.reload()
    shop.open_chat()
    shop.say("你好")
    shop.say("你们几点上班")
    expect(shop.said).to_have_text(["你好", "你们几点上班"])
    expect(shop.answered).to_have_count(3)
