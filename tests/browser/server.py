"""A real server in a process of its own, that can be killed and started again."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

_START_SECONDS = 300.0
_PAUSE_SECONDS = 0.1


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`xiaoer up` on one port and one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"http://127.0.0.1:{self._port}/"

    def start(self) -> None:
        """Start and wait until it is ready."""
        command = [str(Path(sys.executable).with_name("xiaoer")), "up"]
        environment = {**os.environ, "XIAOER_DATA": str(self.data), "XIAOER_PORT": str(self._port)}
        with (self.data / "server.log").open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 -- our own command
                command, env=environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"The server did not start: {(self.data / 'server.log').read_text()}")
            time.sleep(_PAUSE_SECONDS)

    def kill(self) -> None:
        """Kill it without a warning."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}readyz").is_success
        except httpx.TransportError:
            return False
