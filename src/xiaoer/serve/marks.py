"""Which models are marked as in use: a small file, with what was marked before, so that one can go back."""

import os
from pathlib import Path

import msgspec

from xiaoer.serve.errors import UnreadableMarksError

_KEPT = 20


class Marks(msgspec.Struct, frozen=True, omit_defaults=True):
    """The ids of the models in use of one pack or of data, by their kind; empty: none is marked."""

    light: str = ""
    full: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that are marked."""
        return tuple(filter(None, (self.light, self.full)))

    def with_(self, kind: str, id: str) -> "Marks":
        """Give the marks with another model of a kind."""
        return msgspec.structs.replace(self, **{kind: id})


class MarkFile:
    """The marks by name, the newest last; the file is replaced whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, list[Marks]]:
        """Give all marks.

        Raises:
            UnreadableMarksError: the file is damaged.
        """
        try:
            return self.of(self._path.read_bytes())
        except FileNotFoundError:
            return {}

    def of(self, content: bytes) -> dict[str, list[Marks]]:
        """Read what such a file holds.

        Raises:
            UnreadableMarksError: it is damaged.
        """
        try:
            return msgspec.json.decode(content, type=dict[str, list[Marks]])
        except msgspec.MsgspecError as error:
            raise UnreadableMarksError(
                f"{self._path} does not say which models are in use ({error}); delete it and mark them again."
            ) from error

    def add(self, name: str, marks: Marks) -> Marks:
        """Have other marks from now on."""
        everything = self.read()
        before = everything.get(name, [Marks()])
        if before[-1] != marks:
            self._write(everything | {name: [*before, marks][-_KEPT:]})
        return marks

    def former(self, name: str) -> Marks | None:
        """Find the marks before the last change."""
        marked = self.read().get(name, [])
        return marked[-2] if len(marked) > 1 else None

    def drop_last(self, name: str) -> Marks:
        """Undo the last change, which `former` has shown to be one."""
        everything = self.read()
        left = everything[name][:-1]
        self._write(everything | {name: left})
        return left[-1]

    def content(self) -> bytes:
        """Give what the file holds."""
        return _written(self.read())

    def take(self, content: bytes) -> None:
        """Have the marks that another machine's file holds."""
        if self.of(content) != self.read():
            self._write(self.of(content))

    def _write(self, everything: dict[str, list[Marks]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".part")
        beside.write_bytes(_written(everything))
        os.replace(beside, self._path)


def _written(everything: dict[str, list[Marks]]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(everything), indent=2) + b"\n"
