"""How often somebody may ask: a token bucket for each name, in process."""

from collections import OrderedDict
from dataclasses import dataclass

from xiaoer.errors import XiaoerError

_REMEMBERED = 50_000


class TooManyMessagesError(XiaoerError):
    """Somebody writes faster than allowed; `retry_after_seconds` says when to try again."""

    code = "guard.too_many_messages"
    status = 429

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"Too many messages; try again in {retry_after_seconds} s.")


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimit:
    """Lets `per_minute` messages of one name through, and short bursts of as many."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def admit(self, name: str, *, at: float) -> None:
        """Count one message; `at` is in seconds of any clock that never goes back.

        Raises:
            TooManyMessagesError: the name has used up its messages.
        """
        bucket = self._buckets.setdefault(name, _Bucket(self._per_minute, at))
        self._buckets.move_to_end(name)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        elapsed = max(0.0, at - bucket.filled_at)
        bucket.tokens = min(self._per_minute, bucket.tokens + elapsed * self._per_minute / 60)
        bucket.filled_at = at
        if bucket.tokens < 1:
            raise TooManyMessagesError(int((1 - bucket.tokens) * 60 / self._per_minute) + 1)
        bucket.tokens -= 1
