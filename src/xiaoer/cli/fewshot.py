"""`xiaoer fewshot`: learn intents from few examples of each, with an encoder."""

from pathlib import Path
from typing import Unpack

import click

from xiaoer.cli.output import progress, show_json, typed_command
from xiaoer.cli.reading import Columns, columns, setting_of
from xiaoer.learn import Origin, data, fewshot


class _Given(Columns):
    method: fewshot.Method
    encoder: Path
    pattern: str
    word: tuple[tuple[str, str], ...]
    licence: str
    seed: int


@click.command("fewshot")
@click.option(
    "--data", "path", type=click.Path(path_type=Path), required=True, help="A table, a file or folder of data."
)
@click.option("--encoder", type=click.Path(path_type=Path), required=True, help="Folder of a Hugging Face encoder.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the model.")
@click.option(
    "--method",
    type=click.Choice(["contrastive", "prompts", "prototypes"]),
    default="contrastive",
    show_default=True,
    help="Prompts need a masked-language head.",
)
@click.option("--pattern", default="[MASK]: {text}", show_default=True, help="How a prompt asks.")
@click.option("--word", type=(str, str), multiple=True, help="An intent and a word that says it; may be repeated.")
@click.option("--licence", default="", help="Under which terms the data is used, for the card.")
@columns
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="Print the model's card as JSON.")
def command(path: Path, out: Path, *, as_json: bool, **given: Unpack[_Given]) -> None:
    """Learn intents from few examples of each, with an encoder, and write a model that is served without torch.

    Data has the columns text and intent, or is a folder of `xiaoer data`.

    Example: xiaoer fewshot --data ten-of-each.csv --encoder my-encoder --out my-model
    """
    words: dict[str, list[str]] = {}
    for intent, word in given["word"]:
        words.setdefault(intent, []).append(word)
    card = fewshot.train_few_shot(
        data.version_at(path, setting_of(given)).table,
        out,
        fewshot.FewShotSetting(given["method"], given["encoder"], fewshot.Prompt(given["pattern"], words)),
        seed=given["seed"],
        origin=Origin(str(path), given["licence"], typed_command()),
        progress=progress(is_quiet=as_json),
    )
    if as_json:
        show_json(card)
    else:
        click.echo(f"{out}: " + "  ".join(f"{name} {score:.4g}" for name, score in card.scores.items()))
