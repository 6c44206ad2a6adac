"""What options may be given beside texts and numbers: a time zone, a currency."""

import math
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click


class Zone(click.ParamType[ZoneInfo]):
    """A time zone by its name in the database of time zones."""

    name = "zone"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> ZoneInfo:
        """Find the zone."""
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is no time zone; write it as in Asia/Shanghai.", param, ctx)


class Currency(click.ParamType[str]):
    """A currency by its code of three letters."""

    name = "code"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Check the code."""
        if len(value) == 3 and value.isascii() and value.isalpha() and value.isupper():
            return value
        self.fail(f"{value!r} is no currency; write three capital letters, as in CNY.", param, ctx)


class Limit(click.ParamType[tuple[str, float]]):
    """A number for one of some figures, as in accuracy=0.9."""

    name = "figure=number"

    def __init__(self, figures: Sequence[str]) -> None:
        self._figures = figures

    def convert(
        self, value: str | tuple[str, float], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Take the two apart."""
        if isinstance(value, tuple):
            return value
        figure, _, written = value.partition("=")
        if figure not in self._figures:
            self.fail(f"{figure!r} is no figure; there are {', '.join(self._figures)}.", param, ctx)
        try:
            number = float(written)
        except ValueError:
            number = math.nan
        if math.isnan(number):
            self.fail(f"{written!r} is no number; write it as in {figure}=0.9.", param, ctx)
        return figure, number
