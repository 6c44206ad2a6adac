"""A process that ends at any step between a yes and its answer changes the shop once, and answers once."""

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from xiaoer.events import ActionFinished, Confirmed, MessageReceived, Replied, fold
from xiaoer.ids import SkuId
from xiaoer.testing.server import FIRST_CUSTOMER
from xiaoer.testing.shop_faults import listening

from . import dying
from .fuse import Fuse, KilledError
from .lives import YES, YES_ID, Inbox, Place, Stage, living
from .scenes import SHOPS, MerchantSystem, Outcome, Scene, Scenes, rows_in, writes_of
from .tasks import TASKS, pieces_held


def a_write(name: str) -> tuple[str, str, str]:
    return f"{name} asked", f"{name} commit", f"{name} stored"


# A new process takes the conversation for a new one, is refused by the log, and only then reads what was said before.
_FIRST_TRY = ("message read", "reply worded", "turn asked", "turn commit", "message read 2")
_CHANGES = {
    "embedded": (*a_write("note"), "shop asked", *a_write("effect"), "shop answered"),
    "rest": (*a_write("note"), "shop asked", *a_write("decision"), "change sent", "change made", "shop answered"),
}
_END = ("reply worded 2", "turn asked 2", "turn commit 2", "turn stored", "watchers told")
_REPLY = ("reply begins", "reply leaves", "reply left")


def steps_with(shop: str, replies: int) -> tuple[str, ...]:
    """Give the steps of a yes that is answered by so many replies."""
    worded = [f"reply worded {number}" for number in range(2, 2 + replies)]
    return ("message arrives", *_FIRST_TRY, *_CHANGES[shop], *worded, *_END[1:], *_REPLY)


STEPS = {shop: steps_with(shop, 1) for shop in _CHANGES}
# One step for each thing that a crash can leave unfinished, and what the recovery does about it.
UNFINISHED = {
    "embedded": ("note stored", "effect stored", "turn commit 2"),
    "rest": ("note stored", "decision stored", "change made", "turn commit 2"),
}
# Done, and not written down: from what each step leaves on the disk, all tasks are mended in a test of their own.
UNTOLD = {"embedded": ("effect stored",), "rest": ("change made",)}
RECOVERY = {
    "embedded": (*_CHANGES["embedded"], *_END, *a_write("closing")),
    "rest": _CHANGES["rest"],  # then it goes on as with our own shop
}
# The answers to the two messages before the yes wait too, and go first.
DELIVERY = [f"{step}{which}" for which in ("", " 3") for step in ("answer sent", "answer taken", *a_write("delivery"))]
KILLS = {
    "embedded": ("note stored", "effect commit", "effect stored", "turn commit 2", "turn stored"),
    "rest": ("decision stored", "change sent", "change made", "turn stored"),
}


def at_each(steps: Mapping[str, Iterable[str]]) -> list[tuple[str, str]]:
    """Pair each shop with each of its steps."""
    return [(shop, step) for shop in SHOPS for step in steps[shop]]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scenes(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scenes]:
    merchant = MerchantSystem()
    async with listening(merchant) as port:
        merchant.url = f"http://127.0.0.1:{port}"
        yield Scenes(Stage.load(), tmp_path_factory.mktemp("scenes"), merchant)


async def killed_at(step: str, scenes: Scenes, place: Place, inbox: Inbox | None = None) -> None:
    """Say yes in a process that ends at a step; where it comes so far, it delivers answers too."""
    writes = writes_of(place, "delivery")
    async with living(scenes.stage, place, Fuse(step), writes=writes, inbox=inbox) as life:
        with pytest.raises(KilledError, match=step):
            await life.say_yes_and_deliver()


async def expect_mended(scenes: Scenes, scene: Scene, place: Place) -> None:
    """A new life recovers and hears the yes again; then everything is as without any crash.

    It depends on nothing but what is stored, so from the same rows it is lived once.
    """
    found = rows_in(place.folder)
    if found in scene.settled:
        return
    async with living(scenes.stage, place) as life:
        await life.recover()
        assert await life.say(YES, YES_ID) == scene.answer
    assert rows_in(place.folder) == scene.rows
    scene.settled.append(found)


def pieces_in(outcome: Outcome) -> Counter[SkuId]:
    """Count what is in stock and what orders hold: no piece comes into being or is lost."""
    stock = Counter({item.sku: item.stock for product in outcome.products.values() for item in product.variants})
    return sum((pieces_held(order) for order in outcome.orders.values()), stock)


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("task", TASKS)
async def test_without_a_crash_these_are_the_steps_and_one_effect_comes_of_them(
    scenes: Scenes, task: str, shop: str
) -> None:
    scene, wanted = await scenes.of(task, shop), TASKS[task]
    assert scene.steps == steps_with(shop, wanted.replies)
    before, after = scene.before, scene.after
    orders = [key for key, other in after.orders.items() if other != before.orders[key]]
    customers = [key for key, other in after.customers.items() if other != before.customers[key]]
    if wanted.of_customer:
        assert (orders, customers) == ([], [FIRST_CUSTOMER])
        wanted.expect_one_effect(before.customers[FIRST_CUSTOMER], after.customers[FIRST_CUSTOMER])
    else:
        assert (orders, customers) == ([scene.order], [])
        wanted.expect_one_effect(before.orders[scene.order], after.orders[scene.order])
    assert pieces_in(after) == pieces_in(before)
    assert (scene.rows["xiaoer.journal"], scene.rows["xiaoer.outbox"]) == ([], [])


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("task", TASKS)
async def test_without_a_crash_action_and_reply_stand_in_the_log_once(scenes: Scenes, task: str, shop: str) -> None:
    events = [item.event for item in (await scenes.of(task, shop)).after.log]
    assert len([event for event in events if isinstance(event, ActionFinished) and event.key]) == 1
    assert [event.yes for event in events if isinstance(event, Confirmed)] == [True]
    received = [event.message_id for event in events if isinstance(event, MessageReceived)]
    assert received == [*(f"before {number}" for number in range(len(TASKS[task].says))), YES_ID]
    assert len(received) == sum(isinstance(event, Replied) for event in events)
    state = fold(events)
    assert (state.customer, state.said_names[TASKS[task].done or f"{task}_done"]) == (FIRST_CUSTOMER, 1)
    assert (state.frame is None) == (not TASKS[task].is_open)


@pytest.mark.parametrize(
    ("task", "shop", "step"),
    [(task, *case) for task in TASKS for case in at_each(STEPS if task == "cancel" else UNTOLD)],
)
async def test_a_crash_leaves_one_effect_and_one_answer(
    scenes: Scenes, tmp_path: Path, task: str, shop: str, step: str
) -> None:
    scene = await scenes.of(task, shop)
    async with scenes.copy(scene, tmp_path / "place") as place:
        await killed_at(step, scenes, place)
        await expect_mended(scenes, scene, place)


@pytest.mark.parametrize("shop", SHOPS)
@pytest.mark.parametrize("task", TASKS)
async def test_what_lies_on_the_disk_at_each_step_becomes_one_effect_and_one_answer(
    scenes: Scenes, tmp_path: Path, task: str, shop: str
) -> None:
    scene = await scenes.of(task, shop)
    for step in scene.steps:
        if rows_in(scene.instants / step) in scene.settled:
            continue
        async with scenes.copy(scene, tmp_path / step, of=scene.instants / step) as place:
            await expect_mended(scenes, scene, place)


@pytest.mark.parametrize(("shop", "step"), at_each(UNFINISHED))
async def test_a_yes_said_again_before_the_recovery_is_done_once_as_well(
    scenes: Scenes, tmp_path: Path, shop: str, step: str
) -> None:
    scene = await scenes.of("cancel", shop)
    async with scenes.copy(scene, tmp_path / "place") as place:
        await killed_at(step, scenes, place)
        async with living(scenes.stage, place) as life:
            assert await life.say(YES, YES_ID) == scene.answer
            assert await life.recover() == 0
        assert rows_in(place.folder) == scene.rows


@pytest.mark.parametrize(("shop", "step"), at_each(RECOVERY))
async def test_a_crash_of_the_recovery_itself_leaves_one_effect_and_one_answer(
    scenes: Scenes, tmp_path: Path, shop: str, step: str
) -> None:
    scene = await scenes.of("cancel", shop)
    async with scenes.copy(scene, tmp_path / "place", of=scene.instants / "shop answered") as place:
        async with living(scenes.stage, place, Fuse(step), writes=writes_of(place, "closing")) as life:
            with pytest.raises(KilledError, match=step):
                await life.recover()
        await expect_mended(scenes, scene, place)


@pytest.mark.parametrize("step", DELIVERY)
async def test_a_crash_while_answers_are_pushed_leaves_each_of_them_once(
    scenes: Scenes, tmp_path: Path, step: str
) -> None:
    scene, inbox = await scenes.of("cancel", "embedded", "callback"), Inbox()
    async with scenes.copy(scene, tmp_path / "place") as place:
        await killed_at(step, scenes, place, inbox)
        async with living(scenes.stage, place, inbox=inbox) as life:
            assert await life.recover() == 0
            assert await life.say(YES, YES_ID) == scene.answer
            await life.deliver()
        assert rows_in(place.folder) == scene.rows
    assert tuple(inbox.answers.values()) == scene.pushed
    assert len(scene.pushed) == len(TASKS["cancel"].says) + 1


@pytest.fixture(scope="module")
def dying_process() -> Iterator["subprocess.Popen[str]"]:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", dying.__name__]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as process:
        yield process


async def sigkilled_at(step: str, process: "subprocess.Popen[str]", place: Place) -> None:
    """Say yes in a process that gets SIGKILL at a step."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{place.folder}\t{place.merchant}\t{step}\n")
    process.stdin.flush()
    # The merchant's system serves in this event loop meanwhile.
    assert await asyncio.to_thread(process.stdout.readline) == f"{signal.SIGKILL.value}\n"


@pytest.mark.service
@pytest.mark.parametrize(("shop", "step"), at_each(KILLS))
async def test_a_sigkill_leaves_one_effect_and_one_answer(
    scenes: Scenes, tmp_path: Path, dying_process: "subprocess.Popen[str]", shop: str, step: str
) -> None:
    scene = await scenes.of("cancel", shop)
    async with scenes.copy(scene, tmp_path / "place") as place:
        await sigkilled_at(step, dying_process, place)
        await expect_mended(scenes, scene, place)
