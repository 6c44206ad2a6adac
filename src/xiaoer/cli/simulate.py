"""`xiaoer simulate`: have simulated customers bring their matters."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypedDict, Unpack

import click
import msgspec

from xiaoer.cli.models import ensure_model, registry_of
from xiaoer.cli.output import progress, show_json, show_table
from xiaoer.cli.rehearsing import FULL
from xiaoer.cli.simulating import Crowd, play_all
from xiaoer.pack import Pack
from xiaoer.settings import Settings, load_settings
from xiaoer.trial import GOALS, Played, rates, rates_by_goal

_TOLD_EVERY = 50


class _Given(TypedDict):
    customers: int
    seed: int
    goals: tuple[str, ...]
    at_least: float
    show_failures: int
    save: Path | None
    jobs: int
    full: str


@click.command("simulate")
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.option("--customers", default=100, show_default=True, type=click.IntRange(min=1), help="How many customers.")
@click.option("--seed", default=0, show_default=True, help="Which customers: the same seed draws the same ones.")
@click.option(
    "--goal", "goals", multiple=True, type=click.Choice([*GOALS]), help="Only these matters; may be repeated."
)
@click.option("--at-least", default=0.0, type=click.FloatRange(0, 1), help="Exit 1 below these rates.")
@click.option("--show-failures", default=0, help="Print so many conversations that ended badly.")
@click.option("--save", type=click.Path(path_type=Path), help="Write every conversation here, as JSON lines.")
@FULL
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(min=1), help="In how many processes.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the models.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(pack: Path | None, data: Path | None, *, as_json: bool, **given: Unpack[_Given]) -> None:
    """Have simulated customers bring their matters to the whole of Xiaoer, and judge it by the shop's books.

    Exit 1 if anything was done that should not have been, or a rate is below --at-least.

    Example: xiaoer simulate packs/shop_zh --customers 500 --jobs 2
    """
    settings = load_settings(pack=pack, data=data)
    read = ensure_model(settings, is_quiet=as_json)
    if read.customers is None:
        raise click.ClickException(f"{read.folder} has no customers.yaml: nobody would know what to say.")
    played = _play(settings, read, given, is_quiet=as_json)
    if given["save"] is not None:
        given["save"].write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in played))
    _show(played, given, as_json=as_json)
    in_all = rates(played)
    if in_all.wrong_actions or min(in_all.completion_rate, in_all.refusal_rate) < given["at_least"]:
        raise SystemExit(1)


def _play(settings: Settings, pack: Pack, given: _Given, *, is_quiet: bool) -> list[Played]:
    tell, count = progress(is_quiet=is_quiet), given["customers"]
    often = max(1, min(_TOLD_EVERY, count // 10))

    def told(done: int) -> None:
        if done % often == 0 or done == count:
            tell(f"{done} of {count} customers", done / count)

    if given["full"]:
        registry_of(settings).model(given["full"])  # brings it here if it lies in a store alone
    crowd = Crowd(pack.folder, settings.data / "models", count, given["seed"], given["goals"], given["full"])
    return play_all(crowd, jobs=given["jobs"], told=told)


def _show(played: Sequence[Played], given: _Given, *, as_json: bool) -> None:
    in_all, by_goal = rates(played), rates_by_goal(played)
    if as_json:
        by_task = {name: asdict(figures) for name, figures in by_goal.items()}
        show_json({"seed": given["seed"], **asdict(in_all), "by_task": by_task})
        return
    rows = [(name, *asdict(figures).values()) for name, figures in [*by_goal.items(), ("in all", in_all)]]
    show_table(["matter", "tasks", "completed", "refused", "wrong", "turns"], rows)
    for one in [one for one in played if not one.is_well][: given["show_failures"]]:
        click.echo(f"\n{one.goal}, {'allowed' if one.is_allowed else 'forbidden'}, ended: {one.ending} {one.wrong}")
        for spoken in one.dialogue:
            names = f"  [{', '.join(spoken.names)}]" if spoken.names else ""
            click.echo(f"    {'顾客' if spoken.who == 'customer' else '小二'}: {spoken.text}{names}")
