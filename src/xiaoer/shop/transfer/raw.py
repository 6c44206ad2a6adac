"""Rows as a file has them, before anything is known of their values."""

from typing import Any, NamedTuple

from xiaoer.shop.transfer.faults import Bad


class RawRow(NamedTuple):
    """A row, or why it cannot be read, with the line on which it begins; a row is cells, or whatever JSON has."""

    line: int
    given: Any | Bad
