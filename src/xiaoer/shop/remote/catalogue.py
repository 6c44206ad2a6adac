"""A copy of the merchant's goods: refreshed while the system answers, served as it is while it does not.

Only goods are copied. Orders are always asked for: an old one would be wrong where it matters.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import structlog

from xiaoer.errors import XiaoerError
from xiaoer.ids import ProductId
from xiaoer.shop.models import Product
from xiaoer.shop.remote.errors import BadAnswerError, ShopAwayError
from xiaoer.shop.remote.merchant import GoodsPage, Merchant, Since

_MOST_PAGES, _MOST_PRODUCTS = 1000, 50_000
_LONGEST_LOOK_SECONDS = 120.0
_WHOLE_LOOK_SECONDS = 6 * 3600.0
_PATIENCE_SECONDS = 1.0
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CopyRules:
    """How a copy is kept: in which file over restarts, how long until the next look, how long a customer waits for it.

    `monotonic` tells seconds that only grow. A whole look, from time to time, finds what was not told as removed.
    """

    file: Path | None
    kept_seconds: float
    monotonic: Callable[[], float]
    patience_seconds: float = _PATIENCE_SECONDS
    whole_look_seconds: float = _WHOLE_LOOK_SECONDS


@dataclass(frozen=True, slots=True)
class _Copy:
    by_id: dict[ProductId, Product]
    since: Since = field(default_factory=Since)


class CatalogueCopy:
    """The goods as last seen. One look at a time; who asks meanwhile waits a moment, then gets the copy as it is."""

    def __init__(self, merchant: Merchant, rules: CopyRules) -> None:
        self._merchant = merchant
        self._rules = rules
        self._copy: _Copy | None = None
        self._listed: tuple[Product, ...] = ()
        self._looked_at = self._looked_whole_at = 0.0
        self._look: asyncio.Task[None] | None = None

    async def products(self) -> tuple[Product, ...]:
        """Give all products, by id; at the first time as the merchant's system has them, or as the file does.

        Raises:
            ShopAwayError, BadAnswerError, AccessRefusedError: no goods were ever seen.
        """
        if self._copy is None or self._rules.monotonic() - self._looked_at >= self._rules.kept_seconds:
            await self._refreshed()
        return self._listed

    def find(self, product: ProductId) -> Product | None:
        """Find a product as last seen."""
        return self._copy.by_id.get(product) if self._copy else None

    async def close(self) -> None:
        """End a look that is under way."""
        look, self._look = self._look, None
        if look is not None:
            look.cancel()
            await asyncio.wait({look})

    async def _refreshed(self) -> None:
        if self._look is None or self._look.done():
            self._looked_at = self._rules.monotonic()
            self._look = asyncio.create_task(self._refresh())
        look = self._look
        await asyncio.wait({look}, timeout=self._rules.patience_seconds if self._copy else None)
        if self._copy is None:
            look.result()  # raises what went wrong

    async def _refresh(self) -> None:
        """Look at the goods; where that fails, what is known stays, and the file serves where nothing is."""
        before = self._listed
        try:
            self._take(await self._seen_in_time())
        except XiaoerError as error:
            copy = self._copy or await asyncio.to_thread(_read, self._rules.file)
            if copy is None:
                raise
            self._take(copy)
            _log.warning("shop.catalogue_stale", error=error.code, problem=str(error))
            return
        if self._listed is not before:
            await asyncio.to_thread(_write, self._rules.file, self._listed)

    def _take(self, copy: _Copy) -> None:
        if self._copy is None or copy.by_id is not self._copy.by_id:
            self._listed = tuple(copy.by_id[key] for key in sorted(copy.by_id))
        self._copy = copy

    async def _seen_in_time(self) -> _Copy:
        try:
            async with asyncio.timeout(_LONGEST_LOOK_SECONDS):
                return await self._seen()
        except TimeoutError as error:
            raise ShopAwayError(f"GET /products: not all pages within {_LONGEST_LOOK_SECONDS:.0f} seconds.") from error

    async def _seen(self) -> _Copy:
        known, now = self._copy, self._rules.monotonic()
        if known is None or now - self._looked_whole_at >= self._rules.whole_look_seconds:
            known = _Copy({})
        page = await self._merchant.goods(known.since)
        if page is None:
            return known
        if known.since.as_of:
            # Of a look at changes the ETag says nothing about the whole.
            since = Since(page.since.as_of or known.since.as_of)
            is_same = not (page.products or page.removed or page.next)
            return _Copy(known.by_id if is_same else await self._gathered(page, known), since)
        self._looked_whole_at = now
        return _Copy(await self._gathered(page, _Copy({})), page.since)

    async def _gathered(self, first: GoodsPage, known: _Copy) -> dict[ProductId, Product]:
        """Give the products known, changed by a page and those that follow it."""
        by_id, page = dict(known.by_id), first
        for _ in range(_MOST_PAGES):
            by_id.update((product.id, product) for product in page.products)
            for removed in page.removed:
                by_id.pop(removed, None)
            if not page.next:
                return by_id
            following = await self._merchant.goods(Since(known.since.as_of), after=page.next)
            if following is None or len(by_id) > _MOST_PRODUCTS:
                break
            page = following
        raise BadAnswerError(f"GET /products: over {_MOST_PAGES} pages or {_MOST_PRODUCTS} products.")


def _read(file: Path | None) -> _Copy | None:
    """Read a copy that was written before; one that cannot be read is none."""
    if file is None:
        return None
    try:
        products = msgspec.json.decode(file.read_bytes(), type=tuple[Product, ...])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return _Copy({product.id: product for product in products})


def _write(file: Path | None, products: tuple[Product, ...]) -> None:
    """Write a copy; it serves a start while the merchant's system is away, and nothing depends on it otherwise."""
    if file is None:
        return
    try:
        handle, part = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        with os.fdopen(handle, "wb") as target:
            target.write(msgspec.json.encode(products))
        Path(part).replace(file)
    except OSError as error:
        _log.warning("shop.catalogue_not_kept", file=str(file), error=type(error).__name__)
