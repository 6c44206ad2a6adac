"""A server to be killed: this process holds the port, and forks a child that serves it for each line it reads.

Connections that come while no child lives wait for the next one, as they do behind a supervisor.
"""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import uvicorn

from xiaoer.app import web_app
from xiaoer.pack import Pack, read_pack
from xiaoer.settings import GuardSettings
from xiaoer.testing.reader import a_shop_reader
from xiaoer.testing.server import joined_with, retriever_of, settings_for

SHOP_PACK = Path(__file__).parents[2] / "packs" / "shop_zh"


def main(data: Path) -> None:
    """Tell the port; then fork a child for each line of standard input, and tell its process id."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    pack = read_pack(SHOP_PACK)
    retriever_of(pack)  # each child would make it anew
    with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
        print(listener.getsockname()[1], flush=True)
        for number, _ in enumerate(sys.stdin):
            child = os.fork()
            if child == 0:
                asyncio.run(_serve(data, pack, listener, is_first=number == 0))
                os._exit(0)
            print(child, flush=True)


async def _serve(data: Path, pack: Pack, listener: socket.socket, *, is_first: bool) -> None:
    url = f"sqlite+aiosqlite:///{data}/xiaoer.db"
    settings = settings_for(data, url=url, guard=GuardSettings(messages_per_minute=1_000_000))
    async with joined_with(a_shop_reader(), pack, settings, has_demo=is_first) as parts:
        config = uvicorn.Config(web_app(parts), http="httptools", access_log=False, log_config=None, lifespan="on")
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
