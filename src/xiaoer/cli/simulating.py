"""Having simulated customers play, in one process or in several at once."""

import asyncio
import multiprocessing
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TypeAlias

import click

from xiaoer.cli.rehearsing import stage_of
from xiaoer.pack import read_pack
from xiaoer.serve import ModelRegistry
from xiaoer.trial import Played, simulate

Told: TypeAlias = Callable[[int], None]
"""Called with the number of customers who have played."""
_Numbered: TypeAlias = tuple[int, Played]


@dataclass(frozen=True, slots=True)
class Crowd:
    """Which customers come, to which pack and models: all that a process needs to play its share of them."""

    pack: Path
    models: Path
    customers: int
    seed: int
    goals: tuple[str, ...] = ()
    full: str = ""


def play_all(crowd: Crowd, *, jobs: int, told: Told) -> list[Played]:
    """Play a crowd in so many processes; what comes of it, and in which order, is the same for any number of them.

    Raises:
        click.ClickException: a process ended before its customers had played.
    """
    played: dict[int, Played] = {}
    jobs = min(jobs, crowd.customers)
    if jobs == 1:
        asyncio.run(_play_here(crowd, played, told))
    else:
        for number, one in _from_processes(crowd, jobs):
            played[number] = one
            told(len(played))
    if len(played) < crowd.customers:
        raise click.ClickException(f"Only {len(played)} of {crowd.customers} customers played: a process broke off.")
    return [played[number] for number in sorted(played)]


async def _play_here(crowd: Crowd, played: dict[int, Played], told: Told) -> None:
    async for number, one in _play(crowd, (0, 1)):
        played[number] = one
        told(len(played))


async def _play(crowd: Crowd, share: tuple[int, int]) -> AsyncIterator[_Numbered]:
    number, step = share
    async with stage_of(read_pack(crowd.pack), ModelRegistry(crowd.models), crowd.full) as stage:
        async for one in simulate(stage, customers=crowd.customers, seed=crowd.seed, goals=crowd.goals, share=share):
            yield number, one
            number += step


def _from_processes(crowd: Crowd, jobs: int) -> Iterator[_Numbered]:
    """Give what the processes send, as it comes; one that breaks off simply sends no more."""
    context = multiprocessing.get_context("spawn")
    lines: list[Connection] = []
    processes = []
    for place in range(jobs):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_play_share, args=(crowd, (place, jobs), theirs))
        process.start()
        theirs.close()
        lines.append(ours)
        processes.append(process)
    while lines:
        ready = wait(lines)
        for line in [line for line in lines if line in ready]:
            try:
                yield line.recv()
            except EOFError:
                lines.remove(line)
    for process in processes:
        process.join()


def _play_share(crowd: Crowd, share: tuple[int, int], line: Connection) -> None:
    asyncio.run(_send(crowd, share, line))
    line.close()


async def _send(crowd: Crowd, share: tuple[int, int], line: Connection) -> None:
    async for numbered in _play(crowd, share):
        line.send(numbered)
