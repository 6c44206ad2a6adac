"""`xiaoer up`: serve the shop."""

import asyncio
import gc
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

import click
import uvicorn

from xiaoer.app import joined, web_app
from xiaoer.cli.logs import set_up_logs
from xiaoer.cli.models import ensure_model
from xiaoer.settings import Settings, load_settings

_SWITCH_SECONDS = 0.0005
_BEHIND = 10
"""How much a training beside the serving gives way (`nice`)."""


@click.command("up")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database and the models.")
@click.option("--pack", type=click.Path(path_type=Path), help="Folder of the shop's pack.")
@click.option("--json", "as_json", is_flag=True, help="Write the log as JSON lines.")
def command(host: str | None, port: int | None, data: Path | None, pack: Path | None, *, as_json: bool) -> None:
    """Serve the shop: web widget, APIs, demo storefront.

    Trains the understanding first if the pack changed since it was trained last. Example: xiaoer up --port 8080
    """
    settings = load_settings(host=host, port=port, data=data, pack=pack)
    set_up_logs(settings.log_level, as_json=as_json)
    gc.disable()  # what is loaded from here on stays: nothing to collect before it is there
    ensure_model(settings)
    # A busy event loop would keep the database's thread waiting for the interpreter lock 5 ms at a time.
    sys.setswitchinterval(_SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_serve(settings))


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415  # only this command needs it

    return uvloop.new_event_loop()


async def _serve(settings: Settings) -> None:
    async with joined(settings) as parts:
        _spare_the_collector()

        async def train(folder: Path) -> None:
            arguments = [sys.executable, "-m", "xiaoer.cli", "train", str(folder), "--out", str(settings.data)]
            process = await asyncio.create_subprocess_exec(*arguments)
            with suppress(ProcessLookupError):  # customers who write meanwhile go first
                os.setpriority(os.PRIO_PROCESS, process.pid, _BEHIND)
            await process.wait()

        config = uvicorn.Config(
            web_app(parts, train=train),
            host=settings.host,
            port=settings.port,
            http="httptools",
            ws="websockets-sansio",
            access_log=False,
            log_config=None,
            proxy_headers=False,
            timeout_graceful_shutdown=10,
            server_header=False,
        )
        await _Server(config, settings).serve()


def _spare_the_collector() -> None:
    """Leave what was loaded at the start out of garbage collection."""
    gc.collect()
    gc.freeze()
    gc.enable()


class _Server(uvicorn.Server):
    """Greets once it listens."""

    def __init__(self, config: uvicorn.Config, settings: Settings) -> None:
        super().__init__(config)
        self._settings = settings

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen and say where."""
        await super().startup(sockets)
        if self.started:
            _greet(self._settings, self)


def _greet(settings: Settings, server: uvicorn.Server) -> None:
    port = server.servers[0].sockets[0].getsockname()[1]
    base = f"http://{settings.host}:{port}"
    click.echo(f"Xiaoer serves {settings.pack} on {base}", err=True)
    if settings.demo.enabled:
        click.echo(f"  storefront with the widget   {base}/", err=True)
    click.echo(f"  messages over REST           {base}/webhooks/rest/webhook", err=True)
    click.echo(f"  understanding                {base}/model/parse", err=True)
    click.echo(f"  native API                   {base}/api/v1/openapi.json", err=True)
    click.echo("Stop with Ctrl+C.", err=True)
