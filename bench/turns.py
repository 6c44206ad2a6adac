"""Measures whole turns over HTTP, one turn alone, reading alone, and the start, with bare echoes in the same run.

`python -m bench.turns [--seconds 15]` prints a table, and writes bench/results/turns.json and
docs/reference/benchmarks.md.
The load comes from wrk, a process of its own, in the name of thousands of different customers.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.report import machine, write_page, write_result
from xiaoer.access import VisitorTokens
from xiaoer.ids import CustomerId, ShopId
from xiaoer.pack import read_pack

_HERE = Path(__file__).parent
_SCRIPT = _HERE / "load" / "turns.lua"
_SECRET = "a secret of the bench only, of no use elsewhere"  # noqa: S105  # signs tokens of a server started here
_PACKS = tuple(_HERE.parent / "packs" / name for name in ("shop_zh", "shop_en"))
_SENDERS = 5_000
_MESSAGES = 20_000
_CONNECTIONS = 64
_TURNS, _PARSE = "/webhooks/rest/webhook", "/model/parse"


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw."""

    name: str
    connections: int
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=15, help="how long each load lasts")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bodies = write_bodies(folder)
        loads = [measure_echo("starlette", bodies, seconds), measure_echo("fastapi", bodies, seconds)]
        start, turns = measure_xiaoer(folder, bodies, seconds)
    result = {"machine": machine(), "start": start, "loads": [asdict(load) for load in [*loads, *turns]]}
    write_result("turns", result)
    write_page(_HERE.parent / "docs" / "reference" / "benchmarks.md", page(result))
    print(page(result))


def write_bodies(folder: Path) -> Path:
    """Write one request body a line: utterances of the pack, from senders of whom half are signed in."""
    chance = random.Random(11)  # noqa: S311  # a load, not a secret
    tokens = VisitorTokens(ShopId("demo"), _SECRET)
    now = datetime.now(UTC)
    signed = [tokens.sign(CustomerId(f"C{number}"), now=now) for number in range(1001, 1061)]
    texts = [text for text, _ in read_pack(_HERE.parent / "packs" / "shop_zh").utterances()]
    lines = []
    for _ in range(_MESSAGES):
        sender = chance.randrange(_SENDERS)
        body: dict[str, Any] = {"sender": f"sender-{sender}", "message": chance.choice(texts)}
        if sender % 2:
            body["metadata"] = {"visitor_token": signed[sender % len(signed)]}
        lines.append(json.dumps(body, ensure_ascii=False))
    path = folder / "bodies.jsonl"
    path.write_text("\n".join(lines) + "\n")
    return path


def write_texts(bodies: Path) -> Path:
    """Write the messages of bodies beside them, to be read alone."""
    messages = (json.loads(line)["message"] for line in bodies.read_text().splitlines())
    path = bodies.with_name("texts.jsonl")
    path.write_text("".join(json.dumps({"text": message}, ensure_ascii=False) + "\n" for message in messages))
    return path


def measure_echo(kind: str, bodies: Path, seconds: int) -> Load:
    """Measure a bare echo."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", "bench.echo", kind, str(port)], cwd=_HERE.parent)
    try:
        wait_for(port, "/")
        return wrk(f"bare {kind} echo", port, bodies, _CONNECTIONS, seconds)
    finally:
        stop(server)


def measure_xiaoer(folder: Path, bodies: Path, seconds: int) -> tuple[dict[str, float], list[Load]]:
    """Measure the start to the first answer, memory, turns at 64 connections, one turn alone, and reading alone."""
    environment = {**os.environ, "XIAOER_ACCESS__VISITOR_SECRET": _SECRET, "XIAOER_LOG_LEVEL": "error"}
    data = folder / "var"
    for pack in _PACKS:  # or the server would train the sister beside the load
        command = [_command(), "train", str(pack), "--out", str(data), "--json"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    starts = [measure_start(data, environment) for _ in range(3)]
    server, _, port = start_xiaoer(data, environment)
    try:
        wrk("warm-up", port, bodies, _CONNECTIONS, 3)
        busy = wrk("xiaoer, whole turns", port, bodies, _CONNECTIONS, seconds)
        alone = wrk("xiaoer, one turn alone", port, bodies, 1, seconds)
        loaded = resident_mb(server.pid)
        texts = write_texts(bodies)
        parsed = wrk("xiaoer, /model/parse", port, texts, _CONNECTIONS, seconds, path=_PARSE)
    finally:
        stop(server)
    seconds_to_answer, resident = min(starts)
    start = {"first_answer_seconds": seconds_to_answer, "resident_mb": resident, "resident_mb_under_load": loaded}
    return start, [busy, alone, parsed]


def measure_start(data: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Give the seconds to the first answer, and the resident memory then (MB)."""
    server, seconds_to_answer, _ = start_xiaoer(data, environment)
    resident = resident_mb(server.pid)
    stop(server)
    return seconds_to_answer, resident


def start_xiaoer(data: Path, environment: dict[str, str]) -> tuple["subprocess.Popen[bytes]", float, int]:
    """Start a server; give it, the seconds until its first answer, and its port."""
    port, began = free_port(), time.perf_counter()
    server = subprocess.Popen([_command(), "up", "--port", str(port), "--data", str(data)], env=environment)
    wait_for(port, "/readyz", pause=0.01)
    request = urllib.request.Request(  # our own server
        f"http://127.0.0.1:{port}{_TURNS}",
        data=json.dumps({"sender": "first", "message": "你好"}).encode(),
        headers={"content-type": "application/json"},
    )
    urllib.request.urlopen(request, timeout=10).read()  # noqa: S310  # our own server
    return server, time.perf_counter() - began, port


def wrk(name: str, port: int, bodies: Path, connections: int, seconds: int, *, path: str = _TURNS) -> Load:
    """Run wrk against a port."""
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{seconds}s",
        "--timeout",
        "10s",
        "-s",
        str(_HERE / "load/turns.lua"),
    ]
    url = f"http://127.0.0.1:{port}{path}"
    output = subprocess.run([*command, url, "--", str(bodies)], check=True, capture_output=True, text=True).stdout
    seen = json.loads(output.strip().splitlines()[-1])
    return Load(
        name=name,
        connections=connections,
        requests_per_second=round(seen["requests"] / seen["seconds"], 1),
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        errors=seen["bad_status"] + seen["socket_errors"],
    )


def page(result: dict[str, Any]) -> str:
    """Write the result as a page of the docs."""
    loads = {load["name"]: load for load in result["loads"]}
    echo, turns = loads["bare starlette echo"], loads["xiaoer, whole turns"]
    rows = "\n".join(_row(load) for load in result["loads"])
    share = echo["requests_per_second"] / turns["requests_per_second"]
    start, where = result["start"], result["machine"]
    return f"""# Speed

Written by `python -m bench.turns`; do not edit. Half of the senders are signed in; messages are drawn from the pack's
utterances. Machine: {where["cpu"]}, {where["cores"]} cores, Python {where["python"]};
commit {where["commit"]}; {where["date"]}.

| server | connections | requests/s | p50 ms | p99 ms | errors |
|---|---|---|---|---|---|
{rows}

A whole turn is received, understood, decided, answered and on the disk. Whole turns reach 1/{share:.1f} of the bare
Starlette echo. `/model/parse` is reading alone: intent, entities and mood. wrk and the server share the machine's
cores.

| start | |
|---|---|
| to the first answer, with the demo shop | {start["first_answer_seconds"]:.2f} s |
| resident after the first answer | {start["resident_mb"]:.0f} MB |
| resident under load | {start["resident_mb_under_load"]:.0f} MB |
"""


def _row(load: dict[str, Any]) -> str:
    figures = f"{load['requests_per_second']:,.0f} | {load['p50_ms']:.2f} | {load['p99_ms']:.2f} | {load['errors']}"
    return f"| {load['name']} | {load['connections']} | {figures} |"


def wait_for(port: int, path: str, *, pause: float = 0.05, seconds: float = 60) -> None:
    """Wait until a server answers anything at all on a path, or 200 on /readyz."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).read()  # our own server
            return
        except urllib.error.HTTPError as error:
            if error.code != 503:
                return
        except OSError:
            pass
        time.sleep(pause)
    raise TimeoutError(f"Nothing answered on port {port}.")


def resident_mb(pid: int) -> float:
    """Give a process's resident memory (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Stop a server as an operator would."""
    server.send_signal(signal.SIGTERM)
    server.wait(timeout=30)


def _command() -> str:
    return str(Path(sys.executable).with_name("xiaoer"))


if __name__ == "__main__":
    main()
