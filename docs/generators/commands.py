"""`reference/commands.md`: the help of every command, as the command line prints it."""

from collections.abc import Iterator

import click

from generators.markdown import head
from xiaoer.cli import main

_ABOUT = """
`xiaoer` is in `.venv/bin/` after `make run` or `make test`. Every command has `--help`; with `--json` it speaks
JSON. Exit status: 0 done, 1 failed, 2 wrong use.
"""
_COLUMNS = 100


def page() -> str:
    """Make the page."""
    return head("Commands", _ABOUT.strip()) + "".join(_sections(main, "xiaoer", None))


def _sections(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    settings = {**command.context_settings, "terminal_width": _COLUMNS, "max_content_width": _COLUMNS}
    context = click.Context(command, parent, name, **settings)
    yield f"\n## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            found = command.get_command(context, below)
            if found is not None and not found.hidden:
                yield from _sections(found, below, context)
