"""How fast turns are stored: `python bench/store.py` prints a table and writes bench/results/store.json.

A turn has five events of ordinary size. CPU is that of all threads together. The folder of the database can be given
as the only argument: the disk matters.
"""

import asyncio
import json
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import uvloop

from xiaoer.events import (
    AnyEvent,
    Choice,
    Entity,
    FlowStarted,
    IntentScore,
    MessageReceived,
    QuestionAsked,
    QuickReply,
    Reading,
    Replied,
    Reply,
    Understood,
)
from xiaoer.ids import ConversationId, FrameId, MessageId, ShopId, new_conversation_id
from xiaoer.store import Conversations, Database, TurnAppend

_Job: TypeAlias = Callable[[Conversations], Awaitable[list[float]]]

_SHOP = ShopId("bench")
_TURNS_OF_A_CONVERSATION = 8
_SECONDS = 4.0
_RESULTS = Path(__file__).parent / "results" / "store.json"


@dataclass(frozen=True, slots=True)
class Figure:
    """What one run measured."""

    what: str
    at_once: int
    per_second: float
    cpu_microseconds: float
    p50_milliseconds: float
    p99_milliseconds: float


def main() -> None:
    """Run all measurements."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as folder:
        figures = uvloop.run(_measure_all(Path(folder)))
    print(f"{'':16}{'at once':>9}{'a second':>10}{'CPU us':>9}{'p50 ms':>9}{'p99 ms':>9}")
    for figure in figures:
        print(
            f"{figure.what:16}{figure.at_once:>9}{figure.per_second:>10.0f}{figure.cpu_microseconds:>9.1f}"
            f"{figure.p50_milliseconds:>9.2f}{figure.p99_milliseconds:>9.2f}"
        )
    machine = {"processor": platform.machine(), "python": platform.python_version(), "system": platform.platform()}
    _RESULTS.parent.mkdir(exist_ok=True)
    _RESULTS.write_text(
        json.dumps({"machine": machine, "figures": [asdict(figure) for figure in figures]}, indent=1) + "\n"
    )


async def _measure_all(folder: Path) -> list[Figure]:
    figures = []
    for at_once in (1, 8, 64, 256):
        database = await Database.open(f"sqlite+aiosqlite:///{folder}/append-{at_once}.db")
        figures.append(await _measure("append a turn", database, at_once, _append_conversation))
        if at_once == 8:
            figures.append(await _measure("load 40 events", database, at_once, _load_conversation))
        await database.close()
    started = time.perf_counter(), time.process_time()
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/append-1.db")
    opened = (time.perf_counter() - started[0]) * 1e3
    figures.append(Figure("open at head", 1, 1e3 / opened, (time.process_time() - started[1]) * 1e6, opened, opened))
    await database.close()
    return figures


async def _measure(what: str, database: Database, at_once: int, job: _Job) -> Figure:
    durations: list[float] = []
    cpu, started = time.process_time(), time.perf_counter()
    end = started + _SECONDS
    await asyncio.gather(*(_repeat(job, Conversations(database), end, durations) for _ in range(at_once)))
    elapsed, cpu = time.perf_counter() - started, time.process_time() - cpu
    durations.sort()
    done = len(durations)
    p50, p99 = durations[done // 2] * 1e3, durations[done * 99 // 100] * 1e3
    return Figure(what, at_once, done / elapsed, cpu / done * 1e6, p50, p99)


async def _repeat(job: _Job, conversations: Conversations, end: float, durations: list[float]) -> None:
    while time.perf_counter() < end:
        durations += await job(conversations)


async def _append_conversation(conversations: Conversations) -> list[float]:
    return await _append(conversations, new_conversation_id())


async def _append(conversations: Conversations, conversation: ConversationId) -> list[float]:
    durations = []
    for turn in range(_TURNS_OF_A_CONVERSATION):
        append = TurnAppend(
            shop=_SHOP,
            conversation=conversation,
            after=turn * len(_EVENTS),
            turn=turn + 1,
            at=datetime.now(UTC),
            events=_EVENTS,
            channel="web",
            message_id=MessageId(f"m{turn}"),
        )
        started = time.perf_counter()
        await conversations.append(append)
        durations.append(time.perf_counter() - started)
    return durations


async def _load_conversation(conversations: Conversations) -> list[float]:
    newest = await conversations.list(_SHOP, limit=50)
    durations = []
    for row in newest:
        started = time.perf_counter()
        await conversations.load(_SHOP, row.id)
        durations.append(time.perf_counter() - started)
    return durations


_EVENTS: tuple[AnyEvent, ...] = (
    MessageReceived(text="我上周买的那双跑鞋想退货，尺码偏小了，可以吗？", channel="web", message_id=MessageId("m")),
    Understood(
        reading=Reading(
            intent=IntentScore("return_item", 0.97),
            intent_ranking=tuple(IntentScore(f"intent_{place}", 0.1 / (place + 1)) for place in range(5)),
            entities=(Entity(entity="product", value="跑鞋", start=6, end=8),),
        ),
        model="light-3",
    ),
    FlowStarted(frame=FrameId("f1"), flow="return", pack="shop_zh@1", trigger="return_item"),
    QuestionAsked(
        kind="slot",
        frame=FrameId("f1"),
        step="order",
        slot="order",
        choices=(Choice(value="o1", title="10月1日的订单"), Choice(value="o2", title="9月21日的订单")),
    ),
    Replied(
        replies=(
            Reply(
                text="好的，请问您要退哪一笔订单里的商品？",
                name="ask_order",
                quick_replies=(QuickReply("10月1日的订单", "10月1日的订单"),),
            ),
        )
    ),
)

if __name__ == "__main__":
    main()
