"""One shop in two languages: the message's language chooses the words, and an open task goes on in them."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from xiaoer.app import Joined, joined, web_app
from xiaoer.events import LanguageChanged
from xiaoer.ids import ConversationId
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import FIRST_CUSTOMER, GUEST, Guest, order_in, settings_for
from xiaoer.trial import Replayer

from .conftest import Trained
from .test_hot_reload import change_reply
from .thin import SHOP_PACK, thin_copy, train_into

NEW_WORDS = "Brand new words of the shop."


@pytest.fixture(scope="session")
def two_once(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("two")
    made = Trained(thin_copy(folder / "shop_zh"), folder / "data")
    english = thin_copy(folder / "shop_en", SHOP_PACK.parent / "shop_en")
    train_into(made.data, made.pack)
    train_into(made.data, english)
    return made


@pytest.fixture
def two(two_once: Trained, tmp_path: Path) -> Trained:
    """Two packs of one shop, which the test may change, and their models; the Chinese one is the first."""
    for name in ("shop_zh", "shop_en", "data"):
        shutil.copytree(two_once.pack.parent / name, tmp_path / name)
    return Trained(tmp_path / "shop_zh", tmp_path / "data")


@pytest.fixture
async def shop(two: Trained) -> AsyncIterator[Joined]:
    settings = settings_for(two.data, url=f"sqlite+aiosqlite:///{two.data}/xiaoer.db", pack=two.pack)
    async with joined(settings, clock=HandClock()) as parts:
        yield parts


def guest_of(shop: Joined) -> Guest:
    return Guest(shop.turns, customer=FIRST_CUSTOMER)


async def names_after(guest: Guest, text: str) -> list[str]:
    return [reply.name for reply in (await guest.say(text)).replies]


async def languages_in(shop: Joined, conversation: ConversationId = GUEST) -> list[str]:
    stored = await shop.conversations.load(shop.shop_id, conversation)
    return [item.event.language for item in stored if isinstance(item.event, LanguageChanged)]


async def test_each_message_is_answered_in_its_language(shop: Joined) -> None:
    guest = guest_of(shop)
    assert (await guest.say("你好")).replies[0].text[0] > "\u4e00"
    assert (await guest.say("hello, do you take credit cards?")).replies[0].text[0].isascii()
    assert (await shop.turns.state(GUEST)).speaks == "en"
    assert (await guest.say("那运费怎么算")).replies[0].text[0] > "\u4e00"
    assert await languages_in(shop) == ["en", "zh"]


async def test_an_open_task_goes_on_in_english_with_what_was_said_in_chinese(shop: Joined) -> None:
    order, guest = await order_in(shop.records, "paid"), guest_of(shop)
    assert await names_after(guest, f"取消订单{order.id}") == ["why_cancel"]
    confirm = (await guest.say("i ordered the wrong size by mistake, sorry")).replies[-1]
    assert confirm.name == "cancel_confirm"
    assert str(order.id) in confirm.text
    assert "¥" in confirm.text
    assert await names_after(guest, "yes, cancel it") == ["cancel_done"]
    assert (await order_in(shop.records, "cancelled")).id == order.id


async def test_a_summary_shown_in_english_is_agreed_to_in_chinese(shop: Joined) -> None:
    order, guest = await order_in(shop.records, "paid"), guest_of(shop)
    assert await names_after(guest, f"cancel order {order.id} please") == ["why_cancel"]
    await guest.say("wrong size")
    frame = (await shop.turns.state(GUEST)).frame
    assert frame is not None
    assert frame.slots["reason"].value == "wrong_choice"
    assert await names_after(guest, "好的，就取消吧") == ["cancel_done"]
    assert await languages_in(shop) == ["en", "zh"]


@pytest.mark.parametrize("no", ["no, cancel that please", "no, leave my order alone"])
async def test_a_summary_shown_in_chinese_is_refused_in_english(shop: Joined, no: str) -> None:
    order, guest = await order_in(shop.records, "paid"), guest_of(shop)
    await guest.say(f"取消订单{order.id}")
    assert await names_after(guest, "拍错了") == ["cancel_confirm"]
    assert await names_after(guest, no) == ["nothing_changed"]
    assert await languages_in(shop) == ["en"]
    assert (await order_in(shop.records, "paid")).id == order.id


async def test_what_was_chosen_is_called_by_the_words_of_the_new_language(shop: Joined) -> None:
    order, guest = await order_in(shop.records, "paid"), guest_of(shop)
    await guest.say(f"cancel order {order.id} please")
    await guest.say("wrong size")
    await guest.say("先等一下，运费怎么算")
    frame = (await shop.turns.state(GUEST)).frame
    assert frame is not None
    assert (frame.slots["reason"].value, frame.slots["reason"].shown) == ("wrong_choice", "拍错了")
    assert frame.pack == shop.releases.current.pack.version


async def test_a_message_without_a_language_of_its_own_changes_none(shop: Joined) -> None:
    texts = ("ok", "1", "20260612000461", "👍", "https://shop.example.com/a/b", "OK👌", "666")
    for number, opening in enumerate(("我想查一下物流", "i want to know where my parcel is")):
        guest = Guest(shop.turns, ConversationId(f"c_{number}"), FIRST_CUSTOMER)
        await guest.say(opening)
        before = (await shop.turns.state(guest.conversation)).speaks
        for text in texts:
            await guest.say(text)
            assert (await shop.turns.state(guest.conversation)).speaks == before, text


async def test_turns_of_phrase_that_a_pack_lists_are_words_and_no_numbers(shop: Joined) -> None:
    for number, words in enumerate(("我还有多少积分", "付款方式能不能改", "延长收货")):
        guest = Guest(shop.turns, ConversationId(f"c_phrase_{number}"), FIRST_CUSTOMER)
        await guest.say("hello, do you take credit cards?")
        await guest.say(words)
        assert await languages_in(shop, guest.conversation) == ["en", "zh"], words


async def test_a_replay_gives_the_same_events_in_both_languages(shop: Joined) -> None:
    order, guest = await order_in(shop.records, "paid"), guest_of(shop)
    for text in (f"取消订单{order.id}", "i ordered the wrong size", "ok", "算了不取消了", "where is my order?"):
        await guest.say(text)
    report = await Replayer(shop.turn_parts, shop.releases.current).replay(GUEST)
    assert report.turns == 5
    assert report.differences == ()


async def test_a_sister_is_not_loaded_before_somebody_speaks_her_language(two: Trained, shop: Joined) -> None:
    assert shop.releases.languages == ("zh", "en")
    shutil.rmtree(two.pack.parent / "shop_en")
    assert (await guest_of(shop).say("你好")).replies[0].name == "greet"
    answered = await guest_of(shop).say("where is my order?")
    assert answered.replies, "the first pack answers in her stead"
    assert await languages_in(shop) == []


async def test_her_changed_words_are_served_at_once(two: Trained, shop: Joined) -> None:
    guest = guest_of(shop)
    await guest.say("hello there, good morning")
    change_reply(two.pack.parent / "shop_en", "greet", NEW_WORDS)
    assert await shop.releases.refresh(None)
    assert (await guest.say("hello")).replies[0].text == NEW_WORDS


async def test_what_she_says_otherwise_in_this_shop_changes_with_the_first_pack(two: Trained, shop: Joined) -> None:
    await guest_of(shop).say("hello there, good morning")
    path = two.pack / "sisters.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Qinghe Living", "Green Rice"), encoding="utf-8")
    assert await shop.releases.refresh(None)
    english = await shop.releases.speaking("en")
    assert english.pack.manifest.title == "Green Rice"
    welcome = (await shop.turns.open(ConversationId("c_new"), "web", language="en")).replies[0].text
    assert "Green Rice" in welcome


async def test_one_shop_has_one_trade(shop: Joined) -> None:
    first, english = shop.releases.current.pack, (await shop.releases.speaking("en")).pack
    assert english.manifest.currency == first.manifest.currency
    assert english.manifest.timezone == first.manifest.timezone
    assert {name: c.values for name, c in english.clauses.items()} == {n: c.values for n, c in first.clauses.items()}
    assert [(r.id, r.when) for r in english.rules.values()] == [(r.id, r.when) for r in first.rules.values()]
    assert not [entry.id for entry in english.faq.values() if "$" in entry.answer or "Larkmoor" in entry.answer]


async def test_the_page_s_language_greets_and_settles_a_first_message_without_one(shop: Joined) -> None:
    transport = httpx.ASGITransport(web_app(shop))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        about = (await client.get("/api/v1/demo/shop")).json()
        assert (about["language"], about["languages"]) == ("zh", ["zh", "en"])
        opened = (await client.post("/api/v1/conversations", json={"language": "en"})).json()
        assert "Qinghe Living" in opened["replies"][0]["text"]
        plain = (await client.post("/api/v1/conversations", json={})).json()
        said = {"text": "123", "language": "en"}
        answer = (await client.post(f"/api/v1/conversations/{plain['id']}/messages", json=said)).json()
        assert answer["replies"][0]["text"].isascii()
        assert await languages_in(shop, ConversationId(plain["id"])) == ["en"]
