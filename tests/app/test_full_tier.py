import asyncio
import subprocess
import sys
import threading
from collections.abc import AsyncIterator

import pytest

from xiaoer.settings import Settings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import FIRST_CUSTOMER, GUEST, Guest
from xiaoer.trial import Replayer
from xiaoer.understand import Routing

from .conftest import Trained
from .told import Tiers, tiers_of

UNSURE = Routing(threshold=0.8, rules={"negation": 1.01})
SAID = "invoice.request"
VAGUE = "绿绿的天花板绕圈圈"


@pytest.fixture
async def tiers(settings: Settings, clock: HandClock) -> AsyncIterator[Tiers]:
    async with tiers_of(settings, clock) as made:
        yield made


async def test_what_the_light_model_is_not_sure_of_is_read_by_the_full_one(tiers: Tiers) -> None:
    guest = Guest(tiers.joined.turns)
    await guest.say(VAGUE)
    full = await tiers.use(SAID, UNSURE)
    for text in (VAGUE, "你好", "我不退货了"):
        await guest.say(text)
    alone, unsure, sure, negated = await tiers.understood()
    assert alone.model == sure.model == tiers.light
    assert unsure.model == negated.model == f"{tiers.light}+{full}"
    assert (sure.reading.intent.name, unsure.reading.intent.name, negated.reading.intent.name) == ("greet", SAID, SAID)
    assert unsure.reading.intent.confidence == pytest.approx(0.9)
    assert "你好" not in tiers.models.loaded[full].seen[4:], "a sure reading costs the full model nothing"


async def test_entities_stay_and_each_clause_is_asked_for_in_one_batch(tiers: Tiers) -> None:
    full = await tiers.use(SAID)
    text = "订单20260612000461我要退货，快递到哪了"
    await Guest(tiers.joined.turns).say(text)
    reading = (await tiers.understood())[0].reading
    light = tiers.joined.releases.current.reader.read(text, now=tiers.joined.clock.now())
    assert reading.entities == light.entities != ()
    assert reading.intent.name == SAID
    assert tiers.models.loaded[full].seen[4:] == [text, "订单20260612000461我要退货", "快递到哪了"]


async def test_a_full_model_that_fails_leaves_the_light_reading_and_the_conversation(tiers: Tiers) -> None:
    full = await tiers.use(SAID)
    tiers.models.loaded[full].fails_at = "退货"
    answered = await Guest(tiers.joined.turns, customer=FIRST_CUSTOMER).say("我要退货")
    event = (await tiers.understood())[0]
    assert (event.model, event.missed) == (tiers.light, full)
    light = tiers.joined.releases.current.reader.read("我要退货", now=tiers.joined.clock.now())
    assert event.reading.intent == light.intent
    assert event.reading.intent.name != SAID
    assert answered.replies[0].name != "turn_failed"


async def test_a_replay_gives_the_same_events_whichever_tier_read(tiers: Tiers) -> None:
    told = tiers.models.loaded[await tiers.use(SAID, UNSURE)]
    told.fails_at = "票"
    guest = Guest(tiers.joined.turns, customer=FIRST_CUSTOMER)
    for text in ("你好", VAGUE, "票不票的", "我要退货，快递到哪了", "不用了", "谢谢"):
        await guest.say(text)
    kinds = {(event.model == tiers.light, bool(event.missed)) for event in await tiers.understood()}
    assert kinds == {(True, False), (False, False), (True, True)}
    told.fails_at, told.says = "", "greet"  # what a model says in another batch differs, if only in the last digits
    report = await Replayer(tiers.joined.turn_parts, tiers.joined.releases.current).replay(GUEST)
    assert (report.turns, report.differences) == (6, ())
    other = await tiers.use("greet", UNSURE)
    report = await Replayer(tiers.joined.turn_parts, tiers.joined.releases.current).replay(GUEST)
    assert any(other in difference.after for difference in report.differences), "another model may differ"


async def test_a_model_that_is_not_in_use_any_more_lets_its_thread_go(tiers: Tiers) -> None:
    threads = []
    for says in (SAID, "greet"):
        id = await tiers.use(says)
        await Guest(tiers.joined.turns).say(VAGUE)
        threads.append(next(one for one in threading.enumerate() if one.name.startswith(id)))
    await asyncio.to_thread(threads[0].join, 30)
    assert [one.is_alive() for one in threads] == [False, True]
    tiers.registry.unmark(tiers.pack, "full")
    assert await tiers.joined.releases.refresh(None)
    await asyncio.to_thread(threads[1].join, 30)
    assert not threads[1].is_alive()


async def test_a_model_that_cannot_serve_leaves_the_one_in_use(tiers: Tiers) -> None:
    first = await tiers.use(SAID)
    for leaves_out, says in ((0, ""), (1, SAID)):
        tiers.models.leaves_out = leaves_out
        bad = await tiers.use(says)
        full = tiers.joined.releases.current.full
        assert full is not None
        assert full.model_id == first
        assert bad in tiers.joined.releases.problem
        tiers.registry.back(tiers.pack)
        await tiers.joined.releases.refresh(None)
        assert tiers.joined.releases.problem == ""


async def test_limits_that_are_chosen_later_are_taken(tiers: Tiers) -> None:
    id = await tiers.use(SAID, Routing(threshold=0.0))
    await Guest(tiers.joined.turns).say(VAGUE)
    Routing(threshold=1.01).save(tiers.registry.model(id).folder)
    assert await tiers.joined.releases.refresh(None)
    await Guest(tiers.joined.turns).say(VAGUE)
    assert [event.reading.intent.name == SAID for event in await tiers.understood()] == [False, True]


async def test_a_changed_pack_loads_neither_the_full_model_again_nor_a_light_one_that_was_not_chosen(
    tiers: Tiers, trained: Trained
) -> None:
    before, chosen = tiers.models.loaded[await tiers.use(SAID)], tiers.light
    tiers.registry.use(chosen)
    path = trained.pack / "intents" / "talk.yaml"
    written = path.read_text(encoding="utf-8")
    path.write_text(written.replace("utterances: '", "utterances: '嗨嗨嗨小二\n\n      ", 1), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != written

    async def train(_: object) -> None:
        raise AssertionError("what was chosen by hand is not trained again")

    assert await tiers.joined.releases.refresh(train)
    assert tiers.light == chosen
    assert list(tiers.models.loaded.values()) == [before]


def test_the_light_tier_alone_loads_no_runtime_of_full_models(trained: Trained) -> None:
    script = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from xiaoer.app import joined, web_app\n"
        "from xiaoer.settings import load_settings\n"
        "async def main():\n"
        "    async with joined(load_settings(data=Path(sys.argv[1]), pack=Path(sys.argv[2]))) as parts:\n"
        "        web_app(parts)\n"
        "asyncio.run(main())\n"
        "print([name for name in ('onnxruntime', 'tokenizers', 'torch', 'sklearn') if name in sys.modules])\n"
    )
    done = subprocess.run(  # noqa: S603  # our own script
        [sys.executable, "-c", script, str(trained.data), str(trained.pack)],
        capture_output=True,
        text=True,
        check=True,
        cwd=trained.data,
    )
    assert done.stdout.splitlines()[-1] == "[]"
