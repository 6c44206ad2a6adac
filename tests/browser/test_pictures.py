"""Sending pictures from the widget."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from .conftest import Visiting
from .server import Server
from .visit import Visit

pytestmark = pytest.mark.browser

APictureFile = Callable[..., Path]


@pytest.fixture
def a_picture_file(tmp_path: Path) -> APictureFile:
    """Make a file with a picture in it: `a_picture_file("bowl.png", width=40, height=30)`."""

    def make(name: str = "bowl.png", *, width: int = 40, height: int = 30) -> Path:
        path = tmp_path / name
        Image.new("RGB", (width, height), (200, 80, 60)).save(path)
        return path

    return make


def choose(shop: Visit, *files: Path) -> None:
    shop.widget.locator("input[type=file]").set_input_files([str(file) for file in files])


def photos(shop: Visit) -> list[int]:
    """The widths of the pictures that the visitor sees in sent messages, once they are loaded."""
    sent = shop.widget.locator(".message.customer[data-sequence] .photo")
    expect(sent.first).to_be_visible()
    widths: list[int] = sent.evaluate_all(
        "all => Promise.all(all.map((photo) => photo.decode().then(() => photo.naturalWidth)))"
    )
    return widths


def test_a_picture_alone_is_sent_answered_and_there_after_a_reload(
    visit: Visiting, server_url: str, a_picture_file: APictureFile
) -> None:
    shop = visit(server_url)
    shop.open_chat()
    expect(shop.widget.locator(".send")).to_be_disabled()
    choose(shop, a_picture_file("bowl.png"), a_picture_file("box.jpg", width=50))
    expect(shop.widget.locator(".pictures .ready img")).to_have_count(2)
    shop.widget.locator(".send").click()
    expect(shop.answered).to_have_count(2)
    expect(shop.widget.locator(".pictures li")).to_have_count(0)
    assert photos(shop) == [40, 50]
    shop.page.reload()
    shop.open_chat()
    assert photos(shop) == [40, 50]
    expect(shop.widget.locator(".photo").first).to_have_attribute("alt", "我发的图片 1")
    assert shop.faults == []


def test_a_picture_goes_with_words_and_may_be_taken_back(
    visit: Visiting, server_url: str, a_picture_file: APictureFile
) -> None:
    shop = visit(server_url, language="en-GB")
    shop.open_chat()
    choose(shop, a_picture_file("wrong.png"), a_picture_file("right.png", width=60))
    shop.widget.get_by_role("button", name="Remove the picture wrong.png").click()
    expect(shop.widget.get_by_role("button", name="Send a picture")).to_be_focused()
    expect(shop.widget.locator(".pictures .ready")).to_have_count(1)
    shop.say("你好")
    expect(shop.said).to_have_text(["你好"])
    assert photos(shop) == [60]


def test_a_large_photo_is_made_smaller_before_it_is_sent(visit: Visiting, server_url: str, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    Image.effect_noise((2400, 1200), 90).save(large)
    shop = visit(server_url)
    shop.open_chat()
    with shop.page.expect_request("**/attachments") as request:
        choose(shop, large)
    assert len(request.value.post_data_buffer or b"") < large.stat().st_size
    shop.widget.locator(".pictures .ready").wait_for()
    shop.widget.locator(".send").click()
    assert photos(shop) == [2048]


def test_what_cannot_be_sent_is_told_in_words(visit: Visiting, server_url: str, tmp_path: Path) -> None:
    for name, content in {
        "notes.txt": b"words",
        "no-picture.png": b"words",
        "huge.gif": b"GIF89a" + bytes(8_000_001),
    }.items():
        (tmp_path / name).write_bytes(content)
    shop = visit(server_url)
    shop.open_chat()
    fault = shop.widget.get_by_role("alert")
    choose(shop, tmp_path / "notes.txt")
    expect(fault).to_contain_text("只能发")
    choose(shop, tmp_path / "huge.gif")
    expect(fault).to_contain_text("8 MB")
    choose(shop, tmp_path / "no-picture.png")
    expect(fault).to_contain_text("打不开")
    expect(shop.widget.locator(".send")).to_be_disabled()


def test_a_picture_chosen_offline_is_sent_when_the_line_is_back(
    visit: Visiting, server_url: str, a_picture_file: APictureFile
) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.page.route("**/attachments", lambda route: route.abort())
    choose(shop, a_picture_file())
    expect(shop.widget.get_by_role("alert")).to_contain_text("网络断开了")
    shop.page.unroute("**/attachments")
    shop.widget.locator(".pictures").get_by_role("button", name="重新发送").click()
    expect(shop.widget.locator(".pictures .ready")).to_have_count(1)
    expect(shop.widget.get_by_role("alert")).to_be_hidden()


_HANDED = """
(target, {kind, bytes}) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], "handed.png", {type: "image/png"}));
  const options = {bubbles: true, cancelable: true, composed: true};
  const event = kind === "paste"
    ? new ClipboardEvent("paste", {...options, clipboardData: transfer})
    : new DragEvent("drop", {...options, dataTransfer: transfer});
  target.dispatchEvent(event);
}
"""


@pytest.mark.parametrize(("kind", "place"), [("paste", ".composer textarea"), ("drop", ".thread .list")])
def test_pictures_can_be_pasted_and_dropped(
    visit: Visiting, server_url: str, a_picture_file: APictureFile, kind: str, place: str
) -> None:
    shop = visit(server_url)
    shop.open_chat()
    shop.widget.locator(place).evaluate(_HANDED, {"kind": kind, "bytes": list(a_picture_file().read_bytes())})
    expect(shop.widget.locator(".pictures .ready")).to_have_count(1)


def test_a_picture_is_sent_with_the_keyboard_alone(
    visit: Visiting, server_url: str, a_picture_file: APictureFile
) -> None:
    shop = visit(server_url)
    with shop.page.expect_file_chooser() as chooser:  # asked early: the browser begins to listen only a while later
        shop.open_chat()
        expect(shop.composer).to_be_focused()
        expect(shop.widget.locator(".attach")).to_be_visible()
        shop.page.keyboard.press("Shift+Tab")
        expect(shop.widget.locator(".attach")).to_be_focused()
        shop.page.keyboard.press("Enter")
    chooser.value.set_files(str(a_picture_file()))
    expect(shop.widget.locator(".pictures .ready")).to_have_count(1)
    expect(shop.composer).to_be_focused()
    shop.page.keyboard.press("Enter")
    assert photos(shop) == [40]


def test_on_a_phone_pictures_fit(visit: Visiting, server_url: str, a_picture_file: APictureFile) -> None:
    shop = visit(server_url, width=375, height=700)
    shop.open_chat()
    choose(shop, *(a_picture_file(f"{number}.png", width=3000, height=300 + 90 * number) for number in range(6)))
    expect(shop.widget.locator(".pictures .ready")).to_have_count(6)
    for thing in (".composer", ".pictures"):
        overflow = shop.widget.locator(thing).evaluate("it => it.scrollWidth - it.clientWidth")
        assert overflow == 0
    shop.widget.locator(".send").click()
    assert len(photos(shop)) == 6
    assert shop.widget.locator(".list").evaluate("list => list.scrollWidth - list.clientWidth") == 0


def test_more_pictures_than_a_message_may_have_are_left_out(
    visit: Visiting, server_url: str, a_picture_file: APictureFile
) -> None:
    shop = visit(server_url)
    shop.open_chat()
    choose(shop, *(a_picture_file(f"{number}.png", height=40 + number) for number in range(7)))
    expect(shop.widget.get_by_role("alert")).to_contain_text("6")
    expect(shop.widget.locator(".pictures li")).to_have_count(6)


def test_where_the_shop_takes_no_pictures_there_is_no_button(visit: Visiting, server_url: str) -> None:
    shop = visit(server_url)

    def without_pictures(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "pictures": None})

    shop.page.route("**/api/v1/conversations*", without_pictures)
    shop.page.route("**/messages*", without_pictures)
    shop.open_chat()
    expect(shop.widget.locator(".attach")).to_be_hidden()


@pytest.mark.service
def test_a_picture_is_there_after_the_server_was_killed(
    visit: Visiting, own_server: Server, a_picture_file: APictureFile
) -> None:
    shop = visit(own_server.url)
    shop.open_chat()
    choose(shop, a_picture_file())
    expect(shop.widget.locator(".pictures .ready")).to_have_count(1)
    own_server.kill()
    expect(shop.widget.locator(".banner.warning")).to_be_visible()
    own_server.start()
    expect(shop.widget.locator(".banner.warning")).to_be_hidden(timeout=40_000)
    shop.widget.locator(".send").click()
    assert photos(shop) == [40]
