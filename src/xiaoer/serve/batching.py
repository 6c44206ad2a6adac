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
    batches. The queue is bounded, and so is the time that anybody waits; after failures in a row nothing is asked for
    a while. `monotonic` tells seconds that only grow. Belongs to one event loop.
    """

    def __init__(self, infer: Infer, settings: TierSettings, *, name: str, monotonic: Callable[[], float]) -> None:
        self._infer = infer
        self._name = name
        self._settings = settings
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
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
        with self._breaker.guarding():
            waiting = self._take_in(texts)
            try:
                async with asyncio.timeout(self._settings.timeout_seconds):
                    return await waiting.answer
            except TimeoutError as error:
                raise TierAwayError("The model did not answer in time.") from error

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
        texts = [text for one in batch for text in one.texts]
        inference = asyncio.get_running_loop().run_in_executor(self._thread, self._infer, texts)
        await asyncio.wait([inference])
        # Whatever a model's runtime raises is a failure of the tier, not of the turn that asked.
        error = inference.exception()
        rows = None if error else inference.result()
        if rows is not None and len(rows) != len(texts):
            error = ValueError(f"{len(rows)} rows for {len(texts)} texts")
        if error is not None:
            _log.error("model.failed", model=self._name, texts=len(texts), exc_info=error)
        at = 0
        for one in batch:
            if one.answer.done():
                pass
            elif rows is None or error is not None:
                one.answer.set_exception(TierAwayError(f"The model failed: {type(error).__name__}."))
            else:
                one.answer.set_result(rows[at : at + len(one.texts)])
            at += len(one.texts)
