"""What the commands of `xiaoer models` share."""

from pathlib import Path

import click

from xiaoer.cli.output import show_json
from xiaoer.serve import Marks, ModelRegistry, RegisteredModel

DATA = click.option("--data", type=click.Path(path_type=Path), help="Folder of the models.")


def in_use(registry: ModelRegistry, model: RegisteredModel) -> bool:
    """Say whether a model was chosen."""
    return model.id in registry.marks(model.name).ids


def show_marks(name: str, marks: Marks, *, as_json: bool) -> None:
    """Print which models of a pack are chosen."""
    if as_json:
        show_json({"name": name, "light": marks.light, "full": marks.full})
    else:
        click.echo(f"{name}: light {marks.light or '(the newest)'}, full {marks.full or '(none)'}")
