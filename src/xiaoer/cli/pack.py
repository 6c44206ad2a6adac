"""`xiaoer pack`: make, check and show packs."""

from pathlib import Path

import click

from xiaoer.cli.output import show_json, show_table
from xiaoer.pack import lint, new_pack, read_pack
from xiaoer.shop import ACTIONS


@click.group("pack")
def command() -> None:
    """Make, check and show packs."""


@command.command("lint")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Fail on warnings too.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def lint_command(folder: Path, *, strict: bool, as_json: bool) -> None:
    """Find what is wrong with a pack; exit 1 on errors. Example: xiaoer pack lint packs/shop_zh."""
    findings = lint(read_pack(folder), actions=ACTIONS)
    errors = [finding for finding in findings if finding.level == "error"]
    if as_json:
        show_json({"errors": len(errors), "warnings": len(findings) - len(errors), "findings": findings})
    else:
        for finding in findings:
            click.echo(f"{finding.place}: {finding.level}: {finding.message} [{finding.code}]")
        click.echo(f"{len(errors)} errors, {len(findings) - len(errors)} warnings", err=True)
    if errors or (strict and findings):
        raise SystemExit(1)


@command.command("new")
@click.argument("name")
@click.option("--folder", type=click.Path(path_type=Path), help="Where; packs/NAME if not given.")
@click.option("--title", default="", help="The shop's name; NAME if not given.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the files made as JSON.")
def new_command(name: str, folder: Path | None, title: str, language: str, *, as_json: bool) -> None:
    """Make a small, complete pack to start from. Example: xiaoer pack new my_shop --title 小店."""
    made = new_pack(folder or Path("packs") / name, name=name, title=title or name, language=language)
    if as_json:
        show_json([str(path) for path in made])
    else:
        for path in made:
            click.echo(str(path))


@command.command("show")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show_command(folder: Path, *, as_json: bool) -> None:
    """Count what a pack holds. Example: xiaoer pack show packs/shop_zh."""
    pack = read_pack(folder)
    counts = {
        "intents": len(pack.intents),
        "utterances": len(list(pack.utterances())),
        "flows": len(pack.flows),
        "replies": len(pack.replies),
        "faq": len(pack.faq),
        "clauses": len(pack.clauses),
        "tests": len(pack.tests),
    }
    if as_json:
        show_json({"name": pack.manifest.name, "version": pack.version, **counts})
    else:
        click.echo(f"{pack.manifest.title} ({pack.manifest.name} {pack.version})")
        show_table(("what", "how many"), list(counts.items()))
