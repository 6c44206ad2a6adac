"""`xiaoer train`: train the understanding from a pack."""

from pathlib import Path

import click

from xiaoer.cli.models import registry_of, train
from xiaoer.cli.output import show_json
from xiaoer.pack import read_pack
from xiaoer.settings import load_settings


@click.command("train")
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the models.")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Print the model's card as JSON.")
def command(pack: Path | None, data: Path | None, seed: int, *, as_json: bool) -> None:
    """Train the understanding from a pack and publish it for serving.

    A running `xiaoer up` on the same data folder takes it when the pack changes. Example: xiaoer train packs/shop_zh
    """
    settings = load_settings(pack=pack, data=data)
    card = train(read_pack(settings.pack), registry_of(settings), seed=seed, is_quiet=as_json)
    if as_json:
        show_json(card)
    else:
        scores = "  ".join(f"{name} {score:.4f}" for name, score in card.scores.items())
        click.echo(f"{card.pack} {card.data_hash}: {scores}")
