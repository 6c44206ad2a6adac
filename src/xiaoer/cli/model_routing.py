"""`xiaoer models route`: choose how sure the light model must be beside a full one."""

from pathlib import Path
from typing import Unpack

import click

from xiaoer.cli.models import registry_of
from xiaoer.cli.output import show_json, show_table
from xiaoer.cli.reading import Columns, columns, setting_of
from xiaoer.clock import SystemClock
from xiaoer.learn import choose_routing, compare_tiers, data, held_out
from xiaoer.pack import read_pack
from xiaoer.settings import load_settings
from xiaoer.understand import LightModel, Routing, Signs, Understander, load_classifier, training_hash


class _Given(Columns):
    on: Path
    pack: Path | None
    data: Path | None
    lose: float


@click.command("route")
@click.argument("id")
@click.option(
    "--on", required=True, type=click.Path(path_type=Path), help="Labelled texts that no model was trained on."
)
@click.option("--lose", type=click.FloatRange(0, 1), default=0.005, show_default=True, help="Share of accuracy.")
@click.option("--pack", type=click.Path(path_type=Path), help="Folder of the pack.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the models.")
@columns
@click.option("--json", "as_json", is_flag=True, help="Print the limits as JSON.")
def route_command(id: str, *, as_json: bool, **given: Unpack[_Given]) -> None:
    """Choose how sure the light model must be for its reading to stand, so that the full model ID is seldom asked.

    Of data that was split the part dev is taken. A running `xiaoer up` takes the limits within seconds.
    Example: xiaoer models route shop_zh-0a1b2c3d4e5f-full1 --on my-labelled-data --lose 0.005
    """
    settings = load_settings(pack=given["pack"], data=given["data"])
    pack, registry = read_pack(settings.pack), registry_of(settings)
    model = registry.model(id)
    version = data.version_at(given["on"], setting_of(given))
    light = LightModel.load(registry.light(pack.manifest.name, training_hash(pack)))
    compared = compare_tiers(
        held_out(version.table, pack),
        Understander(light, pack),
        load_classifier(model.folder),
        Signs.of_pack(pack),
        now=SystemClock().now(),
    )
    routing = choose_routing(compared, lose=given["lose"], light=light.id, data_hash=version.manifest.data_hash)
    routing.save(model.folder)
    registry.share(id)
    _show(routing, as_json=as_json)


def _show(routing: Routing, *, as_json: bool) -> None:
    if as_json:
        show_json(routing)
        return
    rows = [("plain", routing.threshold), *routing.rules.items()]
    show_table(("messages", "read again under"), [(kind, f"{limit:.4f}") for kind, limit in rows])
    click.echo("  ".join(f"{name} {figure:.4g}" for name, figure in routing.measured.items()))
