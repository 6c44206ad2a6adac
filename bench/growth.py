"""Measures whether a turn gets slower as the database and the conversation grow: one run, small and large in turns.

`python -m bench.growth [--turns 1000000] [--orders 1000000] [--folder DIR]` makes two databases, one of a thousand
orders and turns and one of so many, and conversations of 10 and of 10,000 events. With `--folder` they are kept there
and found again. It prints a table, and writes bench/results/growth.json and docs/reference/growth.md.

A turn is understood by the trained model, decided, answered and stored on the disk; no HTTP around it. "Remembered"
means that the conversation's state is in memory, "read anew" that it is not, as after a restart.
"""

import argparse
import asyncio
import gc
import os
import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any

from bench.report import machine, write_page, write_result
from bench.shop_import import make_shop
from xiaoer.app import Joined, joined
from xiaoer.cli.models import ensure_model
from xiaoer.ids import ConversationId, CustomerId
from xiaoer.settings import Settings, load_settings
from xiaoer.turn import Incoming, Turns

_ROOT = Path(__file__).parent.parent
_SMALL, _LONG, _SHORT = 1_000, 10_000, 10
_TURNS_OF_A_CONVERSATION = 8
_TEXTS = ("你好", "我的快递到哪了", "包邮吗", "我要开发票", "谢谢")
_TALK = ("你好", "包邮吗", "支持七天无理由吗", "谢谢")
"""What the conversations in the databases are made of: it leaves no task open, so that it can be said many times."""
_TEMPLATE = ConversationId("c_template")
_WARM_UP = 20

Measured = Callable[[], Awaitable[float]]
"""Runs one turn and gives its seconds."""


@dataclass(slots=True)
class Pair:
    """One thing that grows: the same turn with little and with much of it."""

    what: str
    small: Measured
    large: Measured
    seconds: dict[str, list[float]] = field(default_factory=lambda: {"small": [], "large": []})

    def row(self) -> dict[str, Any]:
        """Give p50 and p99 of both in milliseconds, and how many times as long the large one takes."""
        found: dict[str, Any] = {"what": self.what}
        for name, share in (("p50", 0.5), ("p99", 0.99)):
            values = {size: _percentile(times, share) * 1e3 for size, times in self.seconds.items()}
            found |= {f"{size}_{name}_ms": round(value, 2) for size, value in values.items()}
            found[f"{name}_ratio"] = round(values["large"] / values["small"], 2)
        return found


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=1_000_000, help="turns in the large database")
    parser.add_argument("--orders", type=int, default=1_000_000, help="orders in the large database")
    parser.add_argument("--rounds", type=int, default=500, help="turns measured of each")
    parser.add_argument("--folder", type=Path, help="where the databases are kept")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        prepare(folder, "small", _SMALL, _SMALL)
        prepare(folder, "large", chosen.orders, chosen.turns)
        pairs = asyncio.run(measure(folder, chosen.rounds, chosen.orders))
    result = {
        "machine": {**machine(), "load_before": round(os.getloadavg()[0], 1), "niceness": os.nice(0)},
        "orders": chosen.orders,
        "turns": chosen.turns,
        "rounds": chosen.rounds,
        "pairs": [pair.row() for pair in pairs],
    }
    write_result("growth", result)
    write_page(_ROOT / "docs" / "reference" / "growth.md", page(result))
    print(page(result))


def settings_of(folder: Path, name: str) -> Settings:
    """Give the settings of one database; both are served by one model."""
    return load_settings(data=folder / name, pack=_ROOT / "packs" / "shop_zh", demo={"enabled": False})


def prepare(folder: Path, name: str, orders: int, turns: int) -> None:
    """Make a database unless it is there."""
    (folder / "models").mkdir(parents=True, exist_ok=True)
    ensure_model(load_settings(data=folder, pack=_ROOT / "packs" / "shop_zh"))
    data = folder / name
    data.mkdir(exist_ok=True)
    if not (data / "models").exists():
        (data / "models").symlink_to(folder.resolve() / "models")
    if not (data / "xiaoer.db").exists():
        asyncio.run(make_shop(data, orders))
    asyncio.run(store_template(settings_of(folder, name)))
    with closing(sqlite3.connect(data / "xiaoer.db")) as database, database:
        if database.execute("SELECT 1 FROM conversations WHERE id = 'c_of_bench_0'").fetchone() is None:
            copy_conversations(database, turns // _TURNS_OF_A_CONVERSATION)


async def store_template(settings: Settings) -> None:
    """Play the conversation that all others are copies of."""
    async with joined(settings) as parts:
        if not (await parts.turns.state(_TEMPLATE)).sequence:
            for place in range(_TURNS_OF_A_CONVERSATION):
                await parts.turns.take(_incoming(_TEMPLATE, _TALK[place % len(_TALK)], None))


def copy_conversations(database: sqlite3.Connection, number: int) -> None:
    """Copy the template so often: by the database itself, as nothing else would make a million turns in a minute."""
    numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)"
    copies = (
        "conversations SELECT shop_id, 'c_of_bench_' || i, channel, created_at, updated_at, turns"
        " FROM n JOIN conversations ON id = ?",
        "events SELECT shop_id, 'c_of_bench_' || i, sequence, turn, at, type, NULL, payload"
        " FROM n JOIN events ON conversation_id = ?",
    )
    for copy in copies:
        database.execute(f"{numbers} INSERT INTO {copy}", (number, _TEMPLATE))


def copy_events(path: Path, into: ConversationId, events: int) -> None:
    """Make a conversation of at least so many events, of whole turns of the template over and over."""
    with closing(sqlite3.connect(path)) as database, database:
        rows = database.execute(
            "SELECT shop_id, turn, at, type, payload FROM events WHERE conversation_id = ? ORDER BY sequence",
            (_TEMPLATE,),
        ).fetchall()
        ends = {
            place for place in range(1, len(rows) + 1) if place == len(rows) or rows[place][1] != rows[place - 1][1]
        }
        made, turn = list[tuple[object, ...]](), 0
        shop, _, at, *_ = rows[0]
        while len(made) < events or len(made) % len(rows) not in ends | {0}:
            _, _, _, kind, payload = rows[len(made) % len(rows)]
            turn += kind == "message_received"
            made.append((shop, into, len(made) + 1, turn, at, kind, None, payload))
        database.execute("INSERT INTO conversations VALUES (?, ?, 'test', ?, ?, ?)", (shop, into, at, at, turn))
        database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?)", made)


async def measure(folder: Path, rounds: int, orders: int) -> list[Pair]:
    """Measure all pairs in turns, so that what else the machine does strikes both alike."""
    async with AsyncExitStack() as stack:
        small = await stack.enter_async_context(joined(settings_of(folder, "small")))
        large = await stack.enter_async_context(joined(settings_of(folder, "large")))
        lengths = [await lengthened(small, folder, rounds, is_anew=is_anew) for is_anew in (False, True)]
        pairs = [Pair("orders and turns in the database", in_a_shop(small, _SMALL), in_a_shop(large, orders)), *lengths]
        gc.collect()
        gc.freeze()
        for number in range(rounds + _WARM_UP):
            for pair in pairs:
                order = [("small", pair.small), ("large", pair.large)]
                for size, turn in order if number % 2 else reversed(order):
                    seconds = await turn()
                    if number >= _WARM_UP:  # the first ones warm up
                        pair.seconds[size].append(seconds)
        return pairs


def in_a_shop(parts: Joined, orders: int) -> Measured:
    """Give turns of conversations of eight, each of another customer of the shop."""
    chance, texts, run = random.Random(3), cycle(_TEXTS), time.time_ns()  # noqa: S311  # a load, not a secret
    numbers = count()

    async def turn() -> float:
        number = next(numbers)
        if number % _TURNS_OF_A_CONVERSATION == 0:
            customers.append(CustomerId(f"C{chance.randrange(orders // 5):07d}"))
        conversation = ConversationId(f"c_measured_{run}_{number // _TURNS_OF_A_CONVERSATION}")
        return await _timed(parts.turns, _incoming(conversation, next(texts), customers[-1]))

    customers: list[CustomerId] = []

    return turn


async def lengthened(parts: Joined, folder: Path, rounds: int, *, is_anew: bool) -> Pair:
    """Give turns of conversations of 10 and of 10,000 events; of the short ones there is a new one each time."""
    path, texts, kind = folder / "small" / "xiaoer.db", cycle(_TEXTS), "anew" if is_anew else "kept"
    run = time.time_ns()
    long = ConversationId(f"c_long_{kind}_{run}")
    copy_events(path, long, _LONG)
    shorts = [ConversationId(f"c_short_{kind}_{run}_{place}") for place in range(rounds + _WARM_UP)]
    for short in shorts:
        copy_events(path, short, _SHORT)
    # The first turn leaves a snapshot, as those before it would have done.
    await parts.turns.take(_incoming(long, "你好", None))
    waiting = iter(shorts)

    async def turn(conversation: ConversationId) -> float:
        if is_anew:
            return await _timed(Turns(parts.turn_parts), _incoming(conversation, next(texts), None))
        await parts.turns.take(_incoming(conversation, "谢谢", None))  # from now on it is remembered
        return await _timed(parts.turns, _incoming(conversation, next(texts), None))

    async def short_turn() -> float:
        return await turn(next(waiting))

    async def long_turn() -> float:
        return await turn(long)

    return Pair(f"events in a conversation, {'read anew' if is_anew else 'remembered'}", short_turn, long_turn)


def _incoming(conversation: ConversationId, text: str, customer: CustomerId | None) -> Incoming:
    proof = "bench" if customer else ""
    return Incoming(conversation=conversation, text=text, channel="test", customer=customer, proof=proof)


async def _timed(turns: Turns, incoming: Incoming) -> float:
    began = time.perf_counter()
    await turns.take(incoming)
    return time.perf_counter() - began


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[int((len(values) - 1) * share)]


def page(result: dict[str, Any]) -> str:
    """Write the result as a page of the docs."""
    place = result["machine"]
    rows = "\n".join(
        f"| {one['what']} | {one['small_p50_ms']} | {one['large_p50_ms']} | {one['p50_ratio']} "
        f"| {one['small_p99_ms']} | {one['large_p99_ms']} | {one['p99_ratio']} |"
        for one in result["pairs"]
    )
    return f"""# Growth

Written by `python -m bench.growth`; do not edit. How long a turn takes with little and with much, measured in turns in
one run: {result["rounds"]} turns of each. The large database has {result["orders"]:,} orders and {result["turns"]:,}
turns, the small one {_SMALL:,} of both; the long conversation has {_LONG:,} events, the short ones {_SHORT}. A turn is
understood, decided, answered and on the disk. Machine: {place["cpu"]}, {place["cores"]} cores, Python
{place["python"]}; commit {place["commit"]}; {place["date"]}; load {place["load_before"]}, niceness {place["niceness"]}.

| what grows | p50 ms, little | p50 ms, much | times | p99 ms, little | p99 ms, much | times |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

"Remembered": the state is in memory. "Read anew": it is not, as after a restart; then a conversation goes on from its
last snapshot, at most 25 events and a turn ago. The knowledge is not in this table: its index is made for the entries
of a pack, in memory, and has not been tried with a million.
"""


if __name__ == "__main__":
    main()
