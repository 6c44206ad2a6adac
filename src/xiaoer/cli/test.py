"""`xiaoer test`: play a pack's conversation tests."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from xiaoer.cli.models import ensure_model, registry_of
from xiaoer.cli.output import progress, show_json
from xiaoer.cli.rehearsing import FULL, stage_of
from xiaoer.pack import ConversationTest, Pack
from xiaoer.settings import Settings, load_settings
from xiaoer.trial import Verdict, rehearse, vanishing


@click.command("test")
@click.argument("pack", type=click.Path(path_type=Path), required=False)
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the models.")
@FULL
@click.option("--only", default="", help="Play only tests whose name holds this text.")
@click.option("--vanishing", "is_vanishing", is_flag=True, help="With all orders gone before each later message.")
@click.option("--every", type=click.IntRange(min=1), default=1, help="Play one of so many.", show_default=True)
@click.option("--show", is_flag=True, help="Print every dialogue, not only those that went otherwise.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdicts as JSON.")
def command(  # noqa: PLR0913  # one an option
    pack: Path | None,
    data: Path | None,
    full: str,
    only: str,
    every: int,
    *,
    is_vanishing: bool,
    show: bool,
    as_json: bool,
) -> None:
    """Play a pack's conversation tests; exit 1 if any went otherwise than expected.

    Example: xiaoer test packs/shop_zh --only 退货
    """
    settings = load_settings(pack=pack, data=data)
    read = ensure_model(settings, is_quiet=as_json)
    tests = [test for test in read.tests if only in test.name]
    tests = [*(vanishing(tests) if is_vanishing else tests)][::every]
    verdicts = asyncio.run(_play(settings, read, full, tests, is_quiet=as_json))
    failed = [verdict for verdict in verdicts if not verdict.has_passed]
    if as_json:
        not_yet = sum(bool(verdict.not_yet) for verdict in verdicts if verdict.has_passed)
        counts = {"passed": len(verdicts) - len(failed) - not_yet, "failed": len(failed), "not_yet": not_yet}
        show_json({**counts, "verdicts": verdicts})
    else:
        for verdict in verdicts if show else failed:
            _show(verdict)
        for verdict in verdicts:
            if verdict.goes_well:
                click.echo(f"goes well now, take its `not_yet` away: {verdict.name}")
        not_yet = sum(bool(verdict.not_yet) for verdict in verdicts if verdict.has_passed)
        passed = len(verdicts) - len(failed) - not_yet
        click.echo(f"{passed} passed, {len(failed)} failed" + (f" ({not_yet} more not yet)" if not_yet else ""))
    if failed or not verdicts:
        raise SystemExit(1)


async def _play(
    settings: Settings, pack: Pack, full: str, tests: Sequence[ConversationTest], *, is_quiet: bool
) -> list[Verdict]:
    tell, verdicts = progress(is_quiet=is_quiet), []
    async with stage_of(pack, registry_of(settings), full) as stage:
        async for verdict in rehearse(stage, tests):
            verdicts.append(verdict)
            if len(verdicts) % 20 == 0 or len(verdicts) == len(tests):
                tell(f"{len(verdicts)} of {len(tests)} conversations", len(verdicts) / len(tests))
    return verdicts


def _show(verdict: Verdict) -> None:
    click.echo(f"\n{'ok  ' if verdict.has_passed else 'FAIL'} {verdict.name}")
    for spoken in verdict.dialogue:
        names = f"  [{', '.join(spoken.names)}]" if spoken.names else ""
        click.echo(f"    {'顾客' if spoken.who == 'customer' else '小二'}: {spoken.text}{names}")
    for complaint in verdict.complaints:
        click.echo(f"  ! {complaint}")
