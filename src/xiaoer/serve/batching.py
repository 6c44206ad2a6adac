"""Batches of one model's work: what waits while one inference runs goes together into the next."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import structlog
from numpy.typing import NDArray

from xiaoer.breaker import Breaker
from xiaoer.serve.errors import TierAwayError
from xiaoer.settings import TierSettings

Floats: TypeAlias = NDArray[np.float32]
Infer: TypeAlias = Callable[[Sequence[str]], Floats]
"""Gives one row for each text; it is called in a thread, never twice at once."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Waiting:
    texts: tuple[str, ...]
    answer: "asyncio.Future[Floats]"


class Batcher:
    """Asks one model for many at once, in a thread of its own, while the event loop goes on.

    Whoever asks while an inference runs waits for the next, with all others who wait: the busier it is, the larger the
    batches. The queue is bounded, and so is the time that anybody waits. After inferences that failed or took too long
    by themselves, in a row, nothing is asked for a while; who waited too long in the queue says nothing of the model.
    `monotonic` tells seconds that only grow. Belongs to one event loop.
    """

    def __init__(self, infer: Infer, settings: TierSettings, *, name: str, monotonic: Callable[[], float]) -> None:
        self._infer = infer
        self._name = name
        self._settings = settings
        self._thread: ThreadPoolExecutor | None = None
        self._is_retired = False
        self._breaker = Breaker(
            failures=settings.breaker_failures,
            rest_seconds=settings.breaker_seconds,
            monotonic=monotonic,
            away=TierAwayError,
            name=f"model {name}",
        )
        self._waiting: deque[_Waiting] = deque()
        self._working: asyncio.Task[None] | None = None

    async def ask(self, texts: Sequence[str]) -> Floats:
        """Give the model's rows for texts.

        Raises:
            TierAwayError: it is too busy, too slow, broken, or rests after such failures.
        """
        self._breaker.check()
        waiting = self._take_in(texts)
        try:
            async with asyncio.timeout(self._settings.timeout_seconds):
                return await waiting.answer
        except TimeoutError as error:
            raise TierAwayError("The model did not answer in time.") from error

    def retire(self) -> None:
        """Let the thread go after the last who asks: another model takes over. Who asks even later is answered."""
        self._is_retired = True
        if self._working is None:
            self._let_go()

    def _let_go(self) -> None:
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None

    def _take_in(self, texts: Sequence[str]) -> _Waiting:
        self._waiting = deque(one for one in self._waiting if not one.answer.done())
        if sum(len(one.texts) for one in self._waiting) + len(texts) > self._settings.max_waiting:
            raise TierAwayError("Too many texts wait for the model.")
        waiting = _Waiting(tuple(texts), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._working is None:
            self._working = asyncio.create_task(self._work())
        return waiting

    async def _work(self) -> None:
        try:
            while batch := self._next_batch():
                await self._run(batch)
        finally:
            self._working = None
            if self._is_retired:
                self._let_go()

    def _next_batch(self) -> list[_Waiting]:
        """Take who waits, in order, up to the largest batch; one is taken whatever its size, who gave up is not."""
        batch: list[_Waiting] = []
        size = 0
        while self._waiting:
            first = self._waiting[0]
            if batch and size + len(first.texts) > self._settings.max_batch:
                break
            self._waiting.popleft()
            if not first.answer.done():
                batch.append(first)
                size += len(first.texts)
        return batch

    async def _run(self, batch: list[_Waiting]) -> None:
        try:
            with self._breaker.guarding():
                rows = await self._inferred(batch)
        except TierAwayError as error:
            for one in batch:
                if not one.answer.done():
                    one.answer.set_exception(TierAwayError(str(error)))
            return
        at = 0
        for one in batch:
            if not one.answer.done():
                one.answer.set_result(rows[at : at + len(one.texts)])
            at += len(one.texts)

    def _read(self, batch: Sequence[_Waiting]) -> Floats:
        """Have the model read, in its thread, unless all have given up since: one before took too long."""
        if all(one.answer.done() for one in batch):
            raise TierAwayError("The model could not begin in time.")
        texts = [text for one in batch for text in one.texts]
        rows = self._infer(texts)
        if len(rows) != len(texts):
            raise ValueError(f"{len(rows)} rows for {len(texts)} texts")
        return rows

    async def _inferred(self, batch: Sequence[_Waiting]) -> Floats:
        """Have the model read; of one that takes too long the thread is free when it is done, and others wait again."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=self._name)
        inference = asyncio.get_running_loop().run_in_executor(self._thread, self._read, batch)
        await asyncio.wait([inference], timeout=self._settings.timeout_seconds)
        if not inference.done():
            inference.cancel()
            raise TierAwayError("The model did not answer in time.")
        # Whatever a model's runtime raises is a failure of the tier, not of the turn that asked.
        error = inference.exception()
        if isinstance(error, TierAwayError):
            raise error
        if error is not None:
            _log.error("model.failed", model=self._name, texts=sum(len(one.texts) for one in batch), exc_info=error)
            raise TierAwayError(f"The model failed: {type(error).__name__}.") from error
        return inference.result()
