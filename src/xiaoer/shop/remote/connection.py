"""The line to the merchant's system: time limits, tries, the breaker, signatures. It knows nothing of orders."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import TypeVar

import httpx
import msgspec

from xiaoer.breaker import Breaker
from xiaoer.clock import Clock
from xiaoer.settings import ShopApiSettings
from xiaoer.shop.remote.calls import Answer, Call
from xiaoer.shop.remote.errors import AccessRefusedError, BadAnswerError, ShopAwayError
from xiaoer.shop.remote.signing import SIGNATURE_HEADER, Signed, signature

_FIRST_PAUSE_SECONDS = 0.1
_FAILING = frozenset({408, 425, 429, 500, 502, 503, 504})
_NO_ACCESS = frozenset({401, 403})
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the outside world is to a connection; a test gives its own.

    `monotonic` tells seconds that only grow, `pause` waits, `chance` spreads tries that failed together.
    """

    clock: Clock
    monotonic: Callable[[], float]
    chance: Random
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep


class Connection:
    """Asks until there is an answer, within the settings' limits."""

    def __init__(
        self, client: httpx.AsyncClient, settings: ShopApiSettings, breaker: Breaker, around: Surroundings
    ) -> None:
        self._client = client
        self._settings = settings
        self._breaker = breaker
        self._around = around

    async def ask(self, call: Call, read: Callable[[Answer], _T]) -> _T:
        """Give what `read` makes of the answer; what it cannot decode as JSON counts as a failure of the system.

        Raises:
            ShopAwayError: no answer in time, or the system failed each time, or the breaker is open.
            BadAnswerError: an answer that the contract does not know.
            AccessRefusedError: the system does not know us.
        """
        deadline = asyncio.get_running_loop().time() + self._settings.total_seconds
        retries = self._settings.retries if call.is_repeatable else 0
        for tried in range(retries + 1):
            try:
                with self._breaker.guarding():
                    return await self._try(call, read, deadline)
            except ShopAwayError as error:
                pause = max(self._backoff(tried), error.retry_after_seconds)
                is_last = tried == retries or self._breaker.state != "closed"
                if is_last or asyncio.get_running_loop().time() + pause >= deadline:
                    raise
            await self._around.pause(pause)
        raise AssertionError("the last try answers or raises")

    def _backoff(self, tried: int) -> float:
        return float(_FIRST_PAUSE_SECONDS * 2**tried * self._around.chance.uniform(0.5, 1.5))

    async def _try(self, call: Call, read: Callable[[Answer], _T], deadline: float) -> _T:
        try:
            async with asyncio.timeout_at(deadline):
                answer = await self._answer(call)
            return read(answer)
        except TimeoutError as error:
            raise ShopAwayError(f"{call.route}: no answer within the time limit.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ShopAwayError(f"{call.route}: {type(error).__name__}.") from error
        except msgspec.ValidationError as error:
            raise BadAnswerError(f"{call.route}: the answer is not as the contract says: {error}.") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ShopAwayError(f"{call.route}: the answer is not JSON.") from error

    async def _answer(self, call: Call) -> Answer:
        async with self._opened(call) as response:
            status = response.status_code
            if status in _NO_ACCESS:
                raise AccessRefusedError(f"{call.route}: the merchant's system answered {status}; see shop_api.token.")
            if status in _FAILING and status not in call.answers:
                wait = _seconds(response.headers.get("retry-after", ""))
                raise ShopAwayError(f"{call.route}: the merchant's system answered {status}.", retry_after_seconds=wait)
            if status != httpx.codes.OK and status not in call.answers:
                raise BadAnswerError(f"{call.route}: the contract knows no status {status} here.")
            return Answer(status, await self._body(call, response), response.headers.get("etag", ""))

    @asynccontextmanager
    async def _opened(self, call: Call) -> AsyncIterator[httpx.Response]:
        request = self._client.build_request(
            call.method,
            self._settings.url.rstrip("/") + call.path,
            params=dict(call.query) or None,
            content=call.body or None,
            headers={name: value for name, value in self._headers(call).items() if value},
        )
        if self._settings.signing_secret is not None:
            target = request.url.raw_path.decode("ascii")
            signed = Signed(call.method, target, call.key, call.body)
            secret = self._settings.signing_secret.get_secret_value()
            request.headers[SIGNATURE_HEADER] = signature(secret, signed, at=self._around.clock.now())
        response = await self._client.send(request, stream=True)
        try:
            yield response
        finally:
            await response.aclose()

    def _headers(self, call: Call) -> dict[str, str]:
        token = self._settings.token.get_secret_value() if self._settings.token else ""
        return {
            "authorization": f"Bearer {token}",
            "accept": "application/json",
            # A small answer could be packed so that it is huge when opened.
            "accept-encoding": "identity",
            "content-type": "application/json" if call.body else "",
            "idempotency-key": call.key,
            "if-none-match": call.etag,
        }

    async def _body(self, call: Call, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise BadAnswerError(f"{call.route}: the answer is packed, which was not asked for.")
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > self._settings.max_answer_bytes:
                raise BadAnswerError(f"{call.route}: the answer is over {self._settings.max_answer_bytes} bytes.")
        return bytes(body)


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0
