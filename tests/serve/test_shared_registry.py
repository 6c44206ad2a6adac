import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiaoer.serve import (
    Marks,
    ModelInUseError,
    ModelRegistry,
    NoSuchModelError,
    ObjectStore,
    ObjectThereError,
    SharedRegistry,
    StoreAwayError,
)

from .models import a_card, write_model

pytest.importorskip("obstore", reason="needs the extra objects")
LIGHT, FULL = "tiny_shop-abc123", "tiny_shop-abc123-full1"
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
_TRIES = 300


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a bucket of a server that speaks S3, which runs for these tests."""
    program = shutil.which("moto_server")
    if program is None:
        pytest.skip("needs moto_server on the PATH: pip install 'moto[server]'")
    port = free_port()
    given = {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    server = subprocess.Popen(  # noqa: S603  # a program of our own choice
        [program, "-p", str(port)], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment
    )
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        try:
            _make_bucket(given["AWS_ENDPOINT_URL"])
            yield "s3://shelf"
        finally:
            server.terminate()
            server.wait()


def _make_bucket(endpoint: str) -> None:
    for _ in range(_TRIES):
        try:
            urllib.request.urlopen(urllib.request.Request(f"{endpoint}/shelf", method="PUT")).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not begin")


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.service)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        return f"{request.getfixturevalue('s3')}/{tmp_path.name}"
    (tmp_path / "store").mkdir()
    return (tmp_path / "store").as_uri()


class Machines:
    """Machines, each with a folder of its own, that share a store."""

    def __init__(self, place: Path, address: str) -> None:
        self._place, self._address = place, address

    def folder(self, name: str) -> Path:
        return self._place / name

    def __call__(self, name: str) -> SharedRegistry:
        return SharedRegistry(self.folder(name), ObjectStore(self._address))


@pytest.fixture
def machines(tmp_path: Path, address: str) -> Machines:
    made = Machines(tmp_path / "machines", address)
    made("one").publish("tiny_shop", "abc123", lambda folder: write_model(folder, a_card()))
    made("one").add("tiny_shop", lambda folder: write_model(folder, a_card(kind="full"), weights=b"full"))
    return made


def test_what_one_machine_makes_another_finds(machines: Machines) -> None:
    other = machines("other")
    assert other.find("tiny_shop", "abc123") == machines.folder("other") / LIGHT
    assert other.find("tiny_shop", "def456") is None
    assert (other.model(FULL).folder / "weights").read_bytes() == b"full"
    machines("one").use(FULL)
    third = machines("third")
    assert [one.id for one in third.list()] == [LIGHT, FULL]
    assert third.marks("tiny_shop") == Marks(full=FULL)
    with pytest.raises(NoSuchModelError):
        other.model("tiny_shop-abc123-full2")


def test_a_choice_is_pulled_with_what_it_chooses_and_taken_back_everywhere(machines: Machines) -> None:
    serving = ModelRegistry(machines.folder("other"))
    machines("one").use(FULL)
    machines("other").pull()
    assert serving.marks("tiny_shop") == Marks(full=FULL)
    assert serving.has(FULL)
    assert not serving.has(LIGHT), "what nobody chose is not brought"
    with pytest.raises(ModelInUseError):
        machines("other").remove(FULL)
    machines("other").back("tiny_shop")
    machines("one").pull()
    assert ModelRegistry(machines.folder("one")).marks("tiny_shop") == Marks()
    machines("one").remove(FULL)
    with pytest.raises(NoSuchModelError):
        machines("third").model(FULL)


def test_versions_are_counted_over_all_machines(machines: Machines) -> None:
    added = machines("other").add("tiny_shop", lambda folder: write_model(folder, a_card(kind="full")))
    assert added.id == "tiny_shop-abc123-full2"


def test_of_two_who_add_the_same_version_at_once_the_second_is_told(machines: Machines, address: str) -> None:
    def write(folder: Path) -> None:
        ObjectStore(address).write("tiny_shop-abc123-full2.tar.gz", b"of another machine")
        write_model(folder, a_card(kind="full"))

    with pytest.raises(ObjectThereError, match="full2"):
        machines("one").add("tiny_shop", write)


def test_limits_that_were_chosen_before_a_model_is_used_go_with_it(machines: Machines) -> None:
    (machines.folder("one") / FULL / "routing.json").write_text("{}")
    machines("one").share(FULL)
    assert (machines("other").model(FULL).folder / "routing.json").read_text() == "{}"


def test_while_the_store_is_away_what_is_here_goes_on(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    machines("one").use(FULL)
    away = f"http://127.0.0.1:{free_port()}"
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": away}.items():
        monkeypatch.setenv(name, value)
    here = SharedRegistry(machines.folder("one"), ObjectStore("s3://shelf"))
    assert here.find("tiny_shop", "abc123") is not None
    assert [one.id for one in here.list()] == [LIGHT, FULL]
    assert here.marks("tiny_shop") == Marks(full=FULL)
    here.publish("tiny_shop", "def456", lambda folder: write_model(folder, a_card(data_hash="def456")))
    assert here.find("tiny_shop", "def456") is not None
    for ask in (here.pull, lambda: here.use(LIGHT), lambda: here.remove(LIGHT)):
        with pytest.raises(StoreAwayError, match="s3://shelf"):
            ask()
    assert here.marks("tiny_shop") == Marks(full=FULL)


def test_an_id_that_leads_elsewhere_is_not_followed(machines: Machines, address: str) -> None:
    ObjectStore(address).write("in_use.json", b'{"tiny_shop": [{"full": "../../elsewhere"}]}')
    machines("other").pull()
    assert not machines.folder("other").exists() or not list(machines.folder("other").glob("*-*"))


def test_what_is_no_address_of_a_store_is_refused() -> None:
    with pytest.raises(StoreAwayError, match="nowhere"):
        ObjectStore("nowhere")
