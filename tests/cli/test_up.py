import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from .conftest import Workplace


@dataclass(frozen=True)
class Serving:
    process: "subprocess.Popen[str]"
    url: str


@contextmanager
def serving(place: Workplace) -> Iterator[Serving]:
    """Start `xiaoer up` on a free port, and wait until it says where it serves."""
    process = subprocess.Popen(
        [sys.executable, "-m", "xiaoer.cli", "up", "--port", "0"],
        stderr=subprocess.PIPE,
        text=True,
        cwd=place.folder,
        env={**os.environ, **place.given},
    )
    assert process.stderr is not None
    try:
        told = ""
        while (found := re.search(r"native API\s+(http://[^/]+)", told)) is None:
            line = process.stderr.readline()
            assert line, f"it ended: {told}"
            told += line
        yield Serving(process, found.group(1))
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.service
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_it_serves_until_its_end_and_loses_nothing(workplace: Workplace, end: signal.Signals) -> None:
    body = {"sender": "alice", "message": "转人工", "message_id": "m1"}
    with serving(workplace) as first:
        assert httpx.get(f"{first.url}/readyz").json()["status"] == "ready"
        assert httpx.get(f"{first.url}/").status_code == 200
        parsed = httpx.post(f"{first.url}/model/parse", json={"text": "转人工"}).json()
        assert parsed["intent"]["name"] == "human"
        answer = httpx.post(f"{first.url}/webhooks/rest/webhook", json=body).json()
        assert answer[0]["custom"]["name"] == "handed_over"
        first.process.send_signal(end)
        assert first.process.wait(timeout=120) in (0, -end)
    with serving(workplace) as second:
        assert httpx.post(f"{second.url}/webhooks/rest/webhook", json=body).json() == answer
