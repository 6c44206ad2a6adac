import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from queue import SimpleQueue

import numpy as np
import pytest

from xiaoer.serve import Batcher, TierAwayError
from xiaoer.serve.batching import Floats
from xiaoer.settings import TierSettings

_ENDLESS = 30
"""Seconds after which a thing that does not come will not."""


class Model:
    """Gives for each text its length; it stands still while it is held, and fails when told."""

    def __init__(self) -> None:
        self.batches: list[tuple[str, ...]] = []
        self.begun = threading.Event()
        self.free = threading.Event()
        self.free.set()
        self.error: Exception | None = None

    def __call__(self, texts: Sequence[str]) -> Floats:
        self.batches.append(tuple(texts))
        self.begun.set()
        self.free.wait()
        if self.error:
            raise self.error
        return np.array([[len(text)] for text in texts], dtype=np.float32)


async def has_ended(thread: threading.Thread) -> bool:
    await asyncio.to_thread(thread.join, _ENDLESS)
    return not thread.is_alive()


class Hand:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Paced:
    """A model that begins and ends each batch when it is told; the time of the event loop is moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._begun: SimpleQueue[None] = SimpleQueue()
        self._may_end: SimpleQueue[None] = SimpleQueue()
        self._ahead = 0.0
        loop, time = asyncio.get_running_loop(), asyncio.get_running_loop().time
        monkeypatch.setattr(loop, "time", lambda: time() + self._ahead)

    def __call__(self, texts: Sequence[str]) -> Floats:
        self._begun.put(None)
        self._may_end.get(timeout=_ENDLESS)
        return np.array([[len(text)] for text in texts], dtype=np.float32)

    async def begun(self) -> None:
        await asyncio.to_thread(self._begun.get, timeout=_ENDLESS)

    @property
    def has_begun_another(self) -> bool:
        return not self._begun.empty()

    def end(self) -> None:
        self._may_end.put(None)

    async def wait(self, seconds: float) -> None:
        self._ahead += seconds
        for _ in range(5):  # as often as it takes for all who wait to be told
            await asyncio.sleep(0)


@pytest.fixture
async def model() -> AsyncIterator[Model]:
    made = Model()
    yield made
    made.free.set()


def a_batcher(
    model: Callable[[Sequence[str]], Floats], hand: Hand | None = None, *, name: str = "m", **settings: float
) -> Batcher:
    given = TierSettings.model_validate({"timeout_seconds": 30, **settings})
    return Batcher(model, given, name=name, monotonic=hand or Hand())


async def lengths(batcher: Batcher, *texts: str) -> list[float]:
    return [float(row[0]) for row in await batcher.ask(texts)]


async def held(model: Model, batcher: Batcher) -> "asyncio.Task[list[float]]":
    """Have the model stand still on a first text."""
    model.free.clear()
    first = asyncio.create_task(lengths(batcher, "first"))
    await asyncio.to_thread(model.begun.wait)
    return first


async def test_each_gets_its_own_rows(model: Model) -> None:
    batcher = a_batcher(model)
    many = await asyncio.gather(*(lengths(batcher, "x" * n, "y" * (n + 1)) for n in range(40)))
    assert many == [[n, n + 1] for n in range(40)]


async def test_what_waits_while_an_inference_runs_goes_together_into_the_next(model: Model) -> None:
    batcher = a_batcher(model, max_batch=4)
    first = await held(model, batcher)
    rest = [asyncio.create_task(lengths(batcher, text)) for text in ("a", "bb", "ccc", "dddd", "eeeee")]
    await asyncio.sleep(0)
    model.free.set()
    assert await asyncio.gather(first, *rest) == [[5], [1], [2], [3], [4], [5]]
    assert model.batches == [("first",), ("a", "bb", "ccc", "dddd"), ("eeeee",)]


async def test_one_that_asks_for_more_than_a_batch_is_served_in_one(model: Model) -> None:
    assert await lengths(a_batcher(model, max_batch=2), "a", "b", "c") == [1, 1, 1]
    assert model.batches == [("a", "b", "c")]


async def test_the_event_loop_goes_on_while_the_model_works(model: Model) -> None:
    first = await held(model, a_batcher(model))
    assert not first.done()
    model.free.set()
    assert await first == [5]


async def test_who_waits_too_long_is_told_and_costs_the_model_nothing(model: Model) -> None:
    batcher = a_batcher(model, timeout_seconds=0.02)
    first = await held(model, batcher)
    for waiting in (first, asyncio.create_task(lengths(batcher, "late"))):
        with pytest.raises(TierAwayError, match="in time"):
            await waiting
    model.free.set()
    assert await lengths(a_batcher(model), "next") == [4]
    assert ("late",) not in model.batches


async def test_who_gave_up_while_one_before_still_held_the_thread_costs_the_model_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = Paced(monkeypatch)
    batcher = a_batcher(model, name="held", timeout_seconds=10)
    slow = asyncio.create_task(lengths(batcher, "slow"))
    await model.begun()
    (thread,) = (one for one in threading.enumerate() if one.name.startswith("held"))
    await model.wait(11)
    late = asyncio.create_task(lengths(batcher, "late"))
    await model.wait(0)
    late.cancel()
    batcher.retire()
    for _ in ("slow", "late"):
        model.end()
    assert await has_ended(thread)
    assert not model.has_begun_another
    with pytest.raises(TierAwayError):
        await slow


async def test_a_full_queue_takes_no_more(model: Model) -> None:
    batcher = a_batcher(model, max_waiting=2)
    first = await held(model, batcher)
    waiting = asyncio.create_task(lengths(batcher, "a", "b"))
    await asyncio.sleep(0)
    with pytest.raises(TierAwayError, match="Too many"):
        await batcher.ask(["c"])
    model.free.set()
    assert list(await asyncio.gather(first, waiting)) == [[5], [1, 1]]


@pytest.mark.parametrize("error", [RuntimeError("bad graph"), MemoryError()])
async def test_whatever_a_model_raises_is_a_failure_of_the_tier(model: Model, error: Exception) -> None:
    model.error = error
    with pytest.raises(TierAwayError, match=type(error).__name__):
        await a_batcher(model).ask(["a"])


async def test_a_model_that_gives_too_few_rows_is_broken() -> None:
    batcher = Batcher(lambda texts: np.zeros((1, 2), np.float32), TierSettings(), name="m", monotonic=Hand())
    with pytest.raises(TierAwayError, match="ValueError"):
        await batcher.ask(["a", "b"])


async def test_after_failures_in_a_row_it_rests_and_then_tries_again(model: Model) -> None:
    hand = Hand()
    batcher = a_batcher(model, hand, breaker_failures=2, breaker_seconds=10)
    model.error = RuntimeError("bad graph")
    for _ in range(3):
        with pytest.raises(TierAwayError):
            await batcher.ask(["a"])
    assert len(model.batches) == 2, "the third was not asked for"
    model.error, hand.seconds = None, 10
    assert await lengths(batcher, "b") == [1]


async def test_who_waits_too_long_behind_others_does_not_speak_against_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = Paced(monkeypatch)
    batcher = a_batcher(model, timeout_seconds=10, breaker_failures=1)
    first = asyncio.create_task(lengths(batcher, "first"))
    await model.begun()
    late = [asyncio.create_task(lengths(batcher, "late")) for _ in range(3)]
    await model.wait(0)
    await model.wait(6)
    model.end()
    assert await first == [5]
    await model.begun()
    await model.wait(6)
    for waiting in late:
        with pytest.raises(TierAwayError, match="in time"):
            await waiting
    model.end()
    after = asyncio.create_task(lengths(batcher, "a"))
    await model.begun()
    model.end()
    assert await after == [1], "it was never slow by itself"


async def test_a_model_that_is_slow_by_itself_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    model = Paced(monkeypatch)
    batcher = a_batcher(model, timeout_seconds=10, breaker_failures=1)
    slow = asyncio.create_task(lengths(batcher, "slow"))
    await model.begun()
    await model.wait(11)
    for asked in (slow, asyncio.create_task(lengths(batcher, "next"))):
        with pytest.raises(TierAwayError, match="in time" if asked is slow else "again in a while"):
            await asked
    model.end()


async def test_a_retired_model_answers_whoever_asks_and_lets_its_thread_go(model: Model) -> None:
    batcher = a_batcher(model, name="retired")
    first = await held(model, batcher)
    (thread,) = (one for one in threading.enumerate() if one.name.startswith("retired"))
    batcher.retire()
    waiting = asyncio.create_task(lengths(batcher, "b"))
    await asyncio.sleep(0)
    model.free.set()
    assert list(await asyncio.gather(first, waiting)) == [[5], [1]]
    assert await has_ended(thread)
    assert await lengths(batcher, "later") == [5]
    for one in [one for one in threading.enumerate() if one.name.startswith("retired")]:
        assert await has_ended(one)
