from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from tests.logs import set_up_test_logs
from xiaoer.cli import main


def context_of(command: click.Command) -> click.Context:
    """As `main` makes it: a command keeps the help option that the first context gives it."""
    return click.Context(command, help_option_names=main.context_settings["help_option_names"])


def commands() -> Iterator[tuple[str, ...]]:
    """The words of every command and subcommand."""
    context = context_of(main)
    for name in main.list_commands(context):
        yield (name,)
        command = main.get_command(context, name)
        if isinstance(command, click.Group):
            yield from ((name, inner) for inner in command.list_commands(context))


def command_of(words: tuple[str, ...]) -> click.Command:
    command: click.Command = main
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(context_of(command), word)
        assert found is not None
        command = found
    return command


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """The command line sets up the log of its process, which here is the tests'."""
    yield
    set_up_test_logs()


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*words, "--help"])
    assert shown.exit_code == 0
    assert f"Usage: main {' '.join(words)}" in shown.output
    assert shown.output == CliRunner().invoke(main, [*words, "-h"]).output


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_shows_an_example_and_speaks_json(words: tuple[str, ...]) -> None:
    command = command_of(words)
    if isinstance(command, click.Group):
        return
    assert f"xiaoer {' '.join(words)}" in (command.help or "")
    assert "--json" in {option for parameter in command.params for option in parameter.opts}


def test_the_list_of_commands_needs_none_of_them() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    assert all(f"  {words[0]} " in shown.output for words in commands())


@pytest.mark.parametrize(
    "words",
    [
        ("dance",),
        ("pack", "dance"),
        ("pack", "lint"),
        ("train", "--seed", "x"),
        ("up", "--no-such-option"),
        ("evaluate", "--folds", "1"),
        ("evaluate", "--at-least", "beauty=1"),
        ("evaluate", "--at-most", "accuracy=much"),
        ("evaluate", "--compare", "packs/shop_en"),
        ("pack", "new", "x", "--language", "tlh"),
    ],
    ids=" ".join,
)
def test_wrong_use_exits_with_2(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, list(words))
    assert shown.exit_code == 2
    assert "Error" in shown.output
