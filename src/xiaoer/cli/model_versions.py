"""`xiaoer models`: the trained models, and which of them answers."""

from pathlib import Path

import click
from msgspec import structs

from xiaoer.app import check_model
from xiaoer.cli.model_routing import route_command
from xiaoer.cli.model_shown import DATA, in_use, show_marks
from xiaoer.cli.model_transfer import export_command, import_command, remove_command
from xiaoer.cli.models import registry_of
from xiaoer.cli.output import show_json, show_table
from xiaoer.serve import FULL, LIGHT
from xiaoer.settings import load_settings
from xiaoer.understand import Routing


@click.group("models")
def command() -> None:
    """Show trained models, choose which one is in use, go back, bring them in and out.

    The light model of a pack is the newest one unless another is chosen. A full model reads what the light one is not
    sure of; it serves when it is chosen. A running `xiaoer up` on the same folder takes a choice within seconds.
    """


@command.command("list")
@DATA
@click.option("--json", "as_json", is_flag=True, help="Print the cards as JSON.")
def list_command(data: Path | None, *, as_json: bool) -> None:
    """List the models, the oldest first. Example: xiaoer models list."""
    registry = registry_of(load_settings(data=data))
    models = registry.list()
    if as_json:
        show_json([{"id": one.id, "in_use": in_use(registry, one), "card": one.card} for one in models])
        return
    rows = [
        (
            one.id,
            one.card.kind,
            f"{one.card.created:%Y-%m-%d %H:%M}",
            "in use" if in_use(registry, one) else "",
            "  ".join(f"{name} {score:.4g}" for name, score in one.card.scores.items() if "accuracy" in name),
        )
        for one in models
    ]
    show_table(("id", "kind", "created (UTC)", "", "scores"), rows)


@command.command("show")
@click.argument("id")
@DATA
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show_command(id: str, data: Path | None, *, as_json: bool) -> None:
    """Show a model's card, and the limits of a full one. Example: xiaoer models show shop_zh-0a1b2c3d4e5f."""
    registry = registry_of(load_settings(data=data))
    model = registry.model(id)
    routing = Routing.load(model.folder) if model.card.kind == FULL else None
    size = sum(path.stat().st_size for path in model.folder.rglob("*") if path.is_file())
    if as_json:
        about = {"id": id, "in_use": in_use(registry, model), "bytes": size}
        show_json({**about, "card": model.card, "routing": routing})
        return
    card = {name: value for name, value in structs.asdict(model.card).items() if value and name != "scores"}
    limits: dict[str, float] = {}
    if routing is not None:
        limits = {"read again under": routing.threshold} | {f"… {rule}": at for rule, at in routing.rules.items()}
    rows: dict[str, object] = {"in use": in_use(registry, model), "bytes": size, **card, **model.card.scores, **limits}
    show_table((id, ""), list(rows.items()))


@command.command("use")
@click.argument("id")
@click.option("--without", type=click.Choice([LIGHT, FULL]), help="Choose none of this kind; ID is the pack's name.")
@DATA
@click.option("--json", "as_json", is_flag=True, help="Print what is in use as JSON.")
def use_command(id: str, without: str | None, data: Path | None, *, as_json: bool) -> None:
    """Have a model answer, once it was loaded and has read a text; one that cannot be loaded is refused.

    Examples: xiaoer models use shop_zh-0a1b2c3d4e5f-full1; xiaoer models use shop_zh --without full
    """
    registry = registry_of(load_settings(data=data))
    if without is not None:
        show_marks(id, registry.unmark(id, without), as_json=as_json)
        return
    model = registry.model(id)
    check_model(model)
    show_marks(model.name, registry.use(id), as_json=as_json)


@command.command("back")
@click.argument("name")
@DATA
@click.option("--json", "as_json", is_flag=True, help="Print what is in use as JSON.")
def back_command(name: str, data: Path | None, *, as_json: bool) -> None:
    """Have what answered before the last choice answer again; NAME is a pack's.

    Example: xiaoer models back shop_zh
    """
    show_marks(name, registry_of(load_settings(data=data)).back(name), as_json=as_json)


command.add_command(remove_command)
command.add_command(export_command)
command.add_command(import_command)
command.add_command(route_command)
