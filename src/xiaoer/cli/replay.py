"""`xiaoer replay`: run stored conversations again and show the differences."""

import asyncio
from pathlib import Path

import click

from xiaoer.app import Joined, joined
from xiaoer.cli.models import ensure_model
from xiaoer.cli.output import progress, show_json
from xiaoer.ids import ConversationId
from xiaoer.settings import Settings, load_settings
from xiaoer.trial import Replayer, ReplayReport


@click.command("replay")
@click.argument("conversations", nargs=-1)
@click.option("--last", type=int, default=20, show_default=True, help="Without ids: as many of the newest.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--pack", type=click.Path(path_type=Path), help="The pack to replay against.")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def command(conversations: tuple[str, ...], last: int, data: Path | None, pack: Path | None, *, as_json: bool) -> None:
    """Run stored conversations again, against the pack and model as they are now; exit 1 on any difference.

    Nothing is changed: the shop answers from the log. Example: xiaoer replay --last 100 --pack packs/shop_zh
    """
    settings = load_settings(data=data, pack=pack)
    ensure_model(settings, is_quiet=as_json)
    reports = asyncio.run(_replay(settings, conversations, last, is_quiet=as_json))
    if as_json:
        show_json(reports)
    else:
        for report in reports:
            _show(report)
        changed = sum(bool(report.differences) for report in reports)
        click.echo(f"{len(reports)} conversations, {changed} came out otherwise")
    if any(report.differences for report in reports):
        raise SystemExit(1)


async def _replay(settings: Settings, ids: tuple[str, ...], last: int, *, is_quiet: bool) -> list[ReplayReport]:
    tell = progress(is_quiet=is_quiet)
    async with joined(settings) as parts:
        chosen = [ConversationId(id) for id in ids] or await _newest(parts, last)
        replayer, reports = Replayer(parts.turn_parts, parts.releases.current), []
        for number, conversation in enumerate(chosen, start=1):
            reports.append(await replayer.replay(conversation))
            if number % 100 == 0:
                tell(f"{number} of {len(chosen)} conversations", number / len(chosen))
        return reports


async def _newest(parts: Joined, last: int) -> list[ConversationId]:
    return [row.id for row in await parts.conversations.list(parts.shop_id, limit=last)]


def _show(report: ReplayReport) -> None:
    click.echo(f"{report.conversation}: {report.turns} turns, {report.events} events", err=True)
    for difference in report.differences:
        click.echo(f"{report.conversation} #{difference.sequence}")
        click.echo(f"  - {difference.before or '(nothing)'}")
        click.echo(f"  + {difference.after or '(nothing)'}")
