"""Telling customers what they wanted to be told of, once it is so: a notice is told, expires or is taken back."""

import asyncio
from dataclasses import dataclass
from itertools import count

import structlog

from xiaoer.app.releases import ReleaseShelf
from xiaoer.clock import Clock
from xiaoer.ids import ActionKey, MessageId, ShopId
from xiaoer.shop import ActionResult
from xiaoer.store import NoticeRow, Notices
from xiaoer.turn import News, Turns

_READ, _WITHDRAW, _REPLY = "stock.read_notice", "stock.withdraw_notice", "stock_back"
_PAGE = 200
_WHOLE_LOOK = 120
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class NoticeDelivery:
    """Looks at what customers wait for, and tells them in the conversation in which they asked for it.

    What was told is known by its key, so that it is told once whatever breaks off in between: the message is stored
    first, then the shop forgets the notice, then the notice goes here.
    """

    shop: ShopId
    notices: Notices
    releases: ReleaseShelf
    turns: Turns
    clock: Clock

    async def run(self, *, pause_seconds: float = 30.0) -> None:
        """Tell for ever."""
        for look in count():
            await self.tell_due(looks_at_all=look % _WHOLE_LOOK == 0)
            await asyncio.sleep(pause_seconds)

    async def tell_due(self, *, looks_at_all: bool = True) -> int:
        """Tell what is due now; give how many notices are gone.

        Unless it `looks_at_all`, of many who wait for the same one is looked at: where that one waits, all do, but for
        those whose wish has expired or was taken back.
        """
        gone, last = 0, None
        still_out: set[str] = set()
        while rows := await self.notices.list(self.shop, limit=_PAGE, after=last):
            for row in rows:
                if looks_at_all or row.subject not in still_out:
                    found = await self._run(_READ, row)
                    if found.outcome == "waiting":
                        still_out.add(row.subject)
                    else:
                        gone += await self._settled(row, found)
            last = rows[-1]
        return gone

    async def _settled(self, row: NoticeRow, found: ActionResult) -> bool:
        """Say whether a notice is done with: told, expired, or taken back by the customer or the shop."""
        match found.outcome:
            case "back":
                if not await self._told(row, found):
                    return False
                await self._run(_WITHDRAW, row, because="told")
            case "expired":
                await self._run(_WITHDRAW, row, because="expired")
            case _:  # taken back: nobody waits any more
                pass
        await self.notices.forget(self.shop, row)
        _log.info("notice.settled", outcome=found.outcome)
        return True

    async def _told(self, row: NoticeRow, found: ActionResult) -> bool:
        """Tell; not while a summary waits for its yes, which the customer's next word would seem to be."""
        question = (await self.turns.state(row.conversation)).question
        if question is not None and question.kind == "confirm":
            return False
        news = News(
            conversation=row.conversation,
            customer=row.customer,
            key=MessageId(_name_of(row)),
            reply=_REPLY,
            known=found.facts,
            channel=row.channel,
            address=row.address,
        )
        await self.turns.tell(news)
        return True

    async def _run(self, action: str, row: NoticeRow, **more: str) -> ActionResult:
        key = ActionKey(f"{row.customer}/{_name_of(row)}/{action}") if more else None
        return await self.releases.current.shop.run(
            action, {"notice": row.subject, **more}, customer=row.customer, now=self.clock.now(), key=key
        )


def _name_of(row: NoticeRow) -> str:
    """Name a notice: the same wish at another time is another one."""
    return f"notice/{row.subject}/{row.asked_at.isoformat()}"
