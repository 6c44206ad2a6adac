"""`xiaoer models remove`, `export` and `import`: models taken out, and brought from one place to another."""

from pathlib import Path

import click

from xiaoer.cli.model_shown import DATA
from xiaoer.cli.models import registry_of
from xiaoer.cli.output import show_json
from xiaoer.settings import load_settings


@click.command("remove")
@click.argument("id")
@DATA
@click.option("--dry-run", is_flag=True, help="Only say what would be deleted.")
@click.option("--json", "as_json", is_flag=True, help="Print the id as JSON.")
def remove_command(id: str, data: Path | None, *, dry_run: bool, as_json: bool) -> None:
    """Delete a model that is not in use. Example: xiaoer models remove shop_zh-0a1b2c3d4e5f-full1."""
    registry = registry_of(load_settings(data=data))
    if dry_run:
        registry.model(id)
    else:
        registry.remove(id)
    _show(id, as_json=as_json)


@click.command("export")
@click.argument("id")
@click.option("--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="File to write (.tar.gz).")
@DATA
@click.option("--json", "as_json", is_flag=True, help="Print the file as JSON.")
def export_command(id: str, to: Path, data: Path | None, *, as_json: bool) -> None:
    """Write a model into one file. Example: xiaoer models export shop_zh-0a1b2c3d4e5f --to model.tar.gz."""
    registry_of(load_settings(data=data)).export(id, to)
    _show(str(to), as_json=as_json)


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--name", default="", help="Name of the pack that it is for; otherwise what its card says.")
@DATA
@click.option("--json", "as_json", is_flag=True, help="Print the new id as JSON.")
def import_command(source: Path, name: str, data: Path | None, *, as_json: bool) -> None:
    """Take a model in as a further version: a file of `export`, or the folder that a training wrote.

    It serves when it is chosen. Example: xiaoer models import my-model --name shop_zh
    """
    _show(registry_of(load_settings(data=data)).take(source, name=name).id, as_json=as_json)


def _show(done: str, *, as_json: bool) -> None:
    if as_json:
        show_json(done)
    else:
        click.echo(done)
