"""Processes to be killed: for each line of standard input a child is forked that dies by SIGKILL at a step.

A line names a folder, the merchant's address (or nothing) and the step, with tabs between; what came of the child is
told in a line: the signal that ended it, or 0.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from .fuse import Fuse
from .lives import YES, YES_ID, Place, Stage, living
from .scenes import writes_of


def main() -> None:
    """Fork, wait and tell until there are no more lines."""
    stage = Stage.load()
    for line in sys.stdin:
        folder, merchant, step = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            asyncio.run(_live(stage, Place(Path(folder), merchant), step))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.WTERMSIG(status), flush=True)


async def _live(stage: Stage, place: Place, step: str) -> None:
    def watch(passed: str) -> None:
        if passed == step:
            os.kill(os.getpid(), signal.SIGKILL)

    async with living(stage, place, Fuse(watch=watch), writes=writes_of(place)) as life:
        await life.say(YES, YES_ID)


if __name__ == "__main__":
    main()
