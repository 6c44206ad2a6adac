"""The group of all commands; a command's module is imported only when it is used."""

import gc
import importlib
import sys
from collections.abc import Mapping
from types import MappingProxyType

import click

from xiaoer import __version__
from xiaoer.cli.collecting import COLLECTING
from xiaoer.cli.logs import set_up_logs
from xiaoer.cli.output import keep_typed
from xiaoer.errors import XiaoerError

_COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "up": "Serve the shop: web widget, APIs, demo storefront.",
        "train": "Train the understanding from a pack.",
        "fewshot": "Learn intents from few examples of each.",
        "compress": "Make a model of the full tier smaller and faster.",
        "pretrain": "Train an encoder from plain texts, for the full tier to start from.",
        "evaluate": "Measure the understanding of a pack.",
        "models": "Show trained models, choose which one is in use, go back, bring them in and out.",
        "data": "Bring in, clean, split, judge, label and multiply what is trained on.",
        "test": "Play a pack's conversation tests.",
        "simulate": "Have simulated customers bring their matters.",
        "pack": "Make, check and show packs.",
        "shop": "Look at the shop's data, bring it in and out; make the demo anew.",
        "replay": "Run stored conversations again and show the differences.",
        "chat": "Talk to the shop in the terminal.",
    }
)


# The module of a command whose own name is taken.
_MODULES: Mapping[str, str] = MappingProxyType({"models": "model_versions"})


class _Lazy(click.Group):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words apart, once they are kept as they were typed."""
        keep_typed(ctx, args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name all commands in the order in which a newcomer needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"xiaoer.cli.{_MODULES.get(cmd_name, cmd_name)}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what a person can mend is a message and exit code 1, not a traceback."""
        try:
            return super().invoke(ctx)
        except XiaoerError as error:
            click.echo(f"{error} [{error.code}]", err=True)
            sys.exit(1)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="xiaoer")
def main() -> None:
    """AI customer service for online shops.

    `xiaoer up` serves the demo shop; `xiaoer COMMAND --help` explains each command.
    """
    set_up_logs("warning", as_json=False)
    gc.set_threshold(*COLLECTING)
