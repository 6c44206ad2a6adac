"""The rows of a JSON file: an array, read piece by piece, or a document a line."""

import codecs
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO, NoReturn

from xiaoer.shop.transfer.faults import Bad
from xiaoer.shop.transfer.raw import RawRow

_CHUNK_BYTES = 1 << 20
_LONGEST_ELEMENT = 1 << 24
_SPACE = re.compile(r"[ \t\r\n]*")
_NO_ARRAY = Bad("is no array", "Begin the file with [, or name it .jsonl when it holds a document a line.")
_NO_COMMA = Bad("is followed by neither a comma nor a closing bracket", "Look for a comma or bracket that is missing.")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")


# Amounts such as 12.99 stay exact.
_decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)


def read_lines(stream: BinaryIO) -> Iterator[RawRow]:
    """Give the documents of a file that holds one a line; empty lines are left out."""
    for number, line in enumerate(stream, start=1):
        text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if text.strip():
            yield RawRow(number, _document(text))


def _document(line: bytes) -> object | Bad:
    try:
        document: object = _decoder.decode(line.decode())
    except (ValueError, RecursionError) as error:
        return _unreadable(error)
    return document


def _unreadable(error: Exception) -> Bad:
    return Bad(f"is not JSON in UTF-8 ({error})", "Mend it there, or export the file again.")


def read_array(stream: BinaryIO) -> Iterator[RawRow]:
    """Give the elements of a file that holds one array. Nothing behind an element that is no JSON can be read."""
    window = _Window(stream)
    try:
        yield from _elements(window)
    except (ValueError, RecursionError) as error:
        yield RawRow(window.line, _unreadable(error))


def _elements(window: "_Window") -> Iterator[RawRow]:
    if window.take("[") is None:
        if not window.is_over():
            yield RawRow(window.line, _NO_ARRAY)
        return
    if window.take("]"):
        return
    while True:
        window.skip_space()
        line = window.line
        yield RawRow(line, window.element())
        if window.take(","):
            continue
        if window.take("]") is None:
            yield RawRow(line, _NO_COMMA)
        return


class _Window:
    """The part of a file's text that is in memory, moved along it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decode = codecs.getincrementaldecoder("utf-8-sig")().decode
        self._text = ""
        self._place = 0
        self._is_read = False
        self.line = 1

    def skip_space(self) -> None:
        """Go to the next character that is no space, or to the end."""
        while True:
            found = _SPACE.match(self._text, self._place)
            self._go_to(found.end() if found else self._place)
            if self._place < len(self._text) or not self._read_on():
                return

    def is_over(self) -> bool:
        """Say whether nothing but space is left."""
        self.skip_space()
        return self._place == len(self._text)

    def take(self, character: str) -> str | None:
        """Go over a character if it comes next."""
        self.skip_space()
        if not self._text.startswith(character, self._place):
            return None
        self._go_to(self._place + 1)
        return character

    def element(self) -> object:
        """Read a value.

        Raises:
            ValueError: there is none, or it is too long to be one.
        """
        while True:
            try:
                value, end = _decoder.raw_decode(self._text, self._place)
            except json.JSONDecodeError:
                if len(self._text) - self._place > _LONGEST_ELEMENT or not self._read_on():
                    raise
                continue
            # At the end of the window it could go on: 12 may be the beginning of 123.
            if end < len(self._text) or not self._read_on():
                self._go_to(end)
                return value

    def _go_to(self, place: int) -> None:
        self.line += self._text.count("\n", self._place, place)
        self._place = place

    def _read_on(self) -> bool:
        if self._is_read:
            return False
        chunk = self._stream.read(_CHUNK_BYTES)
        self._is_read = not chunk
        self._text = self._text[self._place :] + self._decode(chunk, final=not chunk)
        self._place = 0
        return True
