from pathlib import Path
from typing import Any

import httpx
import yaml

from xiaoer.app import Joined, ReleaseShelf, joined, web_app
from xiaoer.settings import Settings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import FIRST_CUSTOMER, GUEST, Guest, order_in

from .conftest import Trained

NEW_WORDS = "今天的小二换了新台词"


def _content(path: Path) -> Any:  # noqa: ANN401  # whatever stands there
    """Read a file with the loader that packs are read by: the slow one takes a little less."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # a safe one


def change_reply(pack: Path, name: str, words: str) -> None:
    """Give a reply of the pack one wording, as a merchant with an editor would."""
    for path in (pack / "replies").glob("*.yaml"):
        content = _content(path)
        for reply in content["replies"]:
            if reply["name"] == name:
                kept = {"name": name, "buttons": reply.get("buttons", []), "warm": [words]}
                reply.clear()
                reply.update(kept)
                path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
                return
    raise AssertionError(f"{pack} has no reply {name}")


def drop_flow(pack: Path, name: str) -> None:
    """Take a flow out of the pack, and what offers it."""
    for path in (pack / "flows").glob("*.yaml"):
        head, *flows = path.read_text(encoding="utf-8").split("\n  - name: ")
        kept = [flow for flow in flows if not flow.startswith(f"{name}\n")]
        text = "\n  - name: ".join([head, *kept]).replace(f"offer: {name}", "offer: order.track")
        path.write_text(text, encoding="utf-8")


async def test_changed_words_are_served_and_an_open_task_goes_on(running: Joined, trained: Trained) -> None:
    order = await order_in(running.records, "paid")
    guest = Guest(running.turns, customer=FIRST_CUSTOMER)
    assert [reply.name for reply in (await guest.say(f"取消订单{order.id}")).replies] == ["why_cancel"]
    change_reply(trained.pack, "cancel_confirm", NEW_WORDS)
    assert await running.releases.refresh(None)
    assert [reply.text for reply in (await guest.say("拍错了")).replies] == [NEW_WORDS]
    assert [reply.name for reply in (await guest.say("确认")).replies] == ["cancel_done"]
    assert (await order_in(running.records, "cancelled")).id == order.id


async def test_a_folder_that_did_not_change_is_not_read_again(running: Joined) -> None:
    before = running.releases.current
    assert not await running.releases.refresh(None)
    assert running.releases.current is before


async def test_a_broken_pack_is_refused_and_the_old_one_goes_on_serving(running: Joined, trained: Trained) -> None:
    before = running.releases.current
    path = trained.pack / "replies" / "talk.yaml"
    whole = path.read_text(encoding="utf-8")
    path.write_text("replies:\n  - name: greet\n    warm: [\n", encoding="utf-8")
    assert not await running.releases.refresh(None)
    assert running.releases.current is before
    assert "talk.yaml" in running.releases.problem
    assert (await Guest(running.turns).say("你好")).replies[0].name == "greet"
    path.write_text(whole, encoding="utf-8")
    assert await running.releases.refresh(None)
    assert running.releases.problem == ""


async def test_a_broken_pack_does_not_take_the_readiness_away(running: Joined, trained: Trained) -> None:
    (trained.pack / "pack.yaml").write_text("name: [", encoding="utf-8")
    await running.releases.refresh(None)
    transport = httpx.ASGITransport(web_app(running))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/readyz")).status_code == 200


async def test_an_open_task_ends_on_the_pack_that_it_began_with(running: Joined, trained: Trained) -> None:
    order = await order_in(running.records, "paid")
    guest = Guest(running.turns, customer=FIRST_CUSTOMER)
    await guest.say(f"取消订单{order.id}")
    drop_flow(trained.pack, "order.cancel")
    assert await running.releases.refresh(None)
    assert "order.cancel" not in running.releases.current.pack.flows
    await guest.say("拍错了")
    assert [reply.name for reply in (await guest.say("确认")).replies] == ["cancel_done"]


async def test_a_fresh_process_ends_an_open_task_on_the_pack_that_it_began_with(
    settings: Settings, clock: HandClock, trained: Trained
) -> None:
    async with joined(settings, clock=clock) as first:
        order = await order_in(first.records, "paid")
        await Guest(first.turns, customer=FIRST_CUSTOMER).say(f"取消订单{order.id}")
    drop_flow(trained.pack, "order.cancel")
    async with joined(settings, clock=clock) as second:
        guest = Guest(second.turns, customer=FIRST_CUSTOMER)
        frame = (await second.turns.state(GUEST)).frame
        assert frame is not None
        assert frame.pack != second.releases.current.pack.version
        await guest.say("拍错了")
        assert [reply.name for reply in (await guest.say("确认")).replies] == ["cancel_done"]


async def test_a_task_whose_pack_is_gone_ends_with_a_word_and_no_crash(
    settings: Settings, clock: HandClock, trained: Trained
) -> None:
    async with joined(settings, clock=clock) as first:
        order = await order_in(first.records, "paid")
        await Guest(first.turns, customer=FIRST_CUSTOMER).say(f"取消订单{order.id}")
        version = first.releases.current.pack.version
    (trained.data / "packs" / version / "pack.yaml").unlink()
    drop_flow(trained.pack, "order.cancel")
    async with joined(settings, clock=clock) as second:
        result = await Guest(second.turns, customer=FIRST_CUSTOMER).say("好的")
        assert "flow_gone" in [reply.name for reply in result.replies]
        assert (await second.turns.state(GUEST)).frame is None


async def test_new_utterances_are_trained_once_and_served(running: Joined, trained: Trained) -> None:
    calls: list[Path] = []

    async def train(folder: Path) -> None:
        calls.append(folder)

    path = trained.pack / "intents" / "talk.yaml"
    content = _content(path)
    content["intents"][0]["utterances"] += "\n嗨嗨嗨小二"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert await running.releases.refresh(train)
    assert calls == [trained.pack]
    assert not await running.releases.refresh(train)
    assert (await Guest(running.turns).say("你好")).replies, "the older model serves until the new one is there"


async def test_new_words_alone_need_no_training(running: Joined, trained: Trained) -> None:
    async def train(folder: Path) -> None:
        raise AssertionError(f"{folder} was trained again")

    change_reply(trained.pack, "greet", NEW_WORDS)
    assert await running.releases.refresh(train)
    assert (await Guest(running.turns).say("你好")).replies[0].text == NEW_WORDS


async def test_a_file_that_vanishes_while_the_folder_is_looked_at_is_no_crash(
    running: Joined, trained: Trained
) -> None:
    (trained.pack / "replies" / "left.yaml").symlink_to(trained.pack / "nowhere.yaml")
    shelf: ReleaseShelf = running.releases
    await shelf.refresh(None)
    assert (await Guest(running.turns).say("你好")).replies
