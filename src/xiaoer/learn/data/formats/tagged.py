"""Files in which each token has its tag: a token a line (CoNLL), or a sentence a line as `token:TAG token:TAG`.

The tags are IOB, IOB2, BMES or BIOES (`B-kind`, `S-kind`, `O`); the file stands as it is or alone in a zip.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from xiaoer.learn.data.errors import DataFileError
from xiaoer.learn.data.formats.rows import BadField, Rows, text_of
from xiaoer.learn.data.samples import Sample, Span

_TAG = re.compile(r"O|[BIMES]-.+")
_INTENT_MARK = "<=>"
_NONE = "<NULL>"
_LATIN = re.compile(r"[^\W_]", re.ASCII)


class _Token(NamedTuple):
    line: int
    text: str
    tag: str


def read_tagged(path: Path) -> Rows:
    """Read sentences with a tag on each token; a sentence with a broken line is left out and the line noted.

    Tokens are joined to the text without blanks, but for neighbours of Latin letters that are words.

    Raises:
        DataFileError: the file cannot be read, or a zip holds none or several.
    """
    name = path.name
    rows = Rows(name)
    content = _zipped(path) if zipfile.is_zipfile(path) else text_of(path)
    lines = [line.rstrip("\r") for line in content.split("\n")]
    for number, block in _blocks(lines):
        try:
            tokens, intent = _tokens(number, block)
        except _BadLine as bad:
            rows.refuse(bad.line, bad.field, bad.what)
        else:
            rows.take(number, _sample, tokens, intent, f"{name}:{number}")
    return rows


class _BadLine(BadField):
    def __init__(self, line: int, field: str, what: str) -> None:
        super().__init__(field, what)
        self.line = line


def _zipped(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.namelist() if not member.endswith("/")]
            if len(members) != 1:
                raise DataFileError(f"{path} holds {len(members)} files: unpack it and name the one to read.")
            return archive.read(members[0]).decode("utf-8-sig")
    except (zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise DataFileError(f"{path} holds no text in UTF-8: {error}") from error


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Give the lines of each sentence with the number of the first."""
    start = 0
    for at, line in enumerate((*lines, "")):
        if not line.strip():
            if at > start:
                yield start + 1, lines[start:at]
            start = at + 1
        elif _INTENT_MARK in line.split(" "):
            yield at + 1, lines[at : at + 1]
            start = at + 1


def _tokens(number: int, lines: Sequence[str]) -> tuple[list[_Token], str | None]:
    pairs, intent = lines[0].split(" "), None
    if _INTENT_MARK not in pairs:
        return [_token(number + at, *_columns(number + at, line)) for at, line in enumerate(lines)], None
    mark = pairs.index(_INTENT_MARK)
    said = " ".join(pairs[mark + 1 :]).strip()
    intent = said if said not in {"", _NONE} else None
    return [_token(number, *pair.rpartition(":")[::2]) for pair in pairs[:mark] if pair], intent


def _columns(number: int, line: str) -> tuple[str, str]:
    columns = line.rstrip().split("\t") if "\t" in line else line.split()
    if len(columns) < 2:
        raise _BadLine(number, "line", f"no token and tag: {line!r}")
    return columns[0], columns[-1]


def _token(number: int, text: str, tag: str) -> _Token:
    if not text:
        raise _BadLine(number, "token", "no token stands here")
    if not _TAG.fullmatch(tag):
        raise _BadLine(number, "tag", f"no tag as O, B-kind, I-kind, M-kind, E-kind or S-kind: {tag!r}")
    return _Token(number, text, tag)


def _sample(tokens: Sequence[_Token], intent: str | None, place: str) -> Sample:
    text, spans, before = "", list[Span](), _Token(0, "", "O")
    for token in tokens:
        if _are_words(before.text, token.text):
            text += " "
        start, text = len(text), text + token.text
        if token.tag != "O":
            kind = token.tag[2:]
            goes_on = token.tag[0] in "IME" and before.tag[0] in "BIM" and before.tag[2:] == kind
            spans.append(Span(spans.pop().start if goes_on else start, len(text), kind))
        before = token
    if not text.strip():
        raise BadField("text", "no text stands here")
    return Sample(id=place, text=text, intent=intent, spans=tuple(spans), source=place.rpartition(":")[0])


def _are_words(before: str, token: str) -> bool:
    """Say if a blank parts two tokens: both are Latin, and not single letters of one word."""
    is_latin = _LATIN.match(before[-1:]) and _LATIN.match(token[0])
    return bool(is_latin) and len(before) + len(token) > 2
