"""`xiaoer pretrain`: train an encoder from plain texts."""

from pathlib import Path

import click

from xiaoer.cli.output import progress, show_json
from xiaoer.learn import pretraining


@click.command("pretrain")
@click.option(
    "--text",
    "texts",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A text a line (.txt), or data: a table, JSON lines, Rasa's, a folder of `xiaoer data`. As often as you like.",
)
@click.option("--pack", "packs", type=click.Path(path_type=Path), multiple=True, help="A pack's folder; also often.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder of the encoder.")
@click.option("--settings", type=click.Path(dir_okay=False, path_type=Path), help="A TOML file of settings.")
@click.option("--json", "as_json", is_flag=True, help="Print the encoder's card as JSON.")
def command(
    texts: tuple[Path, ...], packs: tuple[Path, ...], out: Path, settings: Path | None, *, as_json: bool
) -> None:
    """Train an encoder from scratch, for the full tier to start from; a folder that Hugging Face's classes load.

    What was broken off goes on where it was. Example: xiaoer pretrain --pack packs/shop_zh --out encoder
    """
    chosen = pretraining.read_pretrain_settings(settings) if settings else pretraining.PretrainSettings()
    corpus = pretraining.read_corpus(texts, packs, chosen.corpus)
    card = pretraining.pretrain(corpus, chosen, out, tell=progress(is_quiet=as_json))
    if as_json:
        show_json(card)
    else:
        scores = "  ".join(f"{name} {score:.4f}" for name, score in card.scores.items())
        click.echo(f"{out} {card.data_hash}: {card.parameters:,} parameters  {scores}")
