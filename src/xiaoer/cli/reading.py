"""The options of commands that read labelled data wherever it lies: its form, and the columns of tables."""

from collections.abc import Callable
from typing import TypedDict, cast

import click

from xiaoer.learn import data


class Columns(TypedDict):
    """What `columns` adds to what a command is given."""

    form: str | None
    text: str
    intent: str


def columns(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how a file of data is read."""
    for option in (
        click.option("--intent", default="intent", show_default=True, help="Column of the intents in a table."),
        click.option("--text", default="text", show_default=True, help="Column of the texts in a table."),
        click.option("--format", "form", type=click.Choice(data.FORMS), help="Of files: by their names if left out."),
    ):
        command = option(command)
    return command


def setting_of(given: Columns) -> data.ImportSetting:
    """Give the setting that the options name."""
    return data.ImportSetting(form=cast("data.Form | None", given["form"]), text=given["text"], intent=given["intent"])
