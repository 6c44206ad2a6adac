"""What options may be given beside texts and numbers: a time zone, a currency."""

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
