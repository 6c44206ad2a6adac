"""`xiaoer data collect`: take what customers wrote in the shop's conversations."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from xiaoer.cli.data_shown import TO, show_version
from xiaoer.errors import XiaoerError
from xiaoer.ids import ShopId
from xiaoer.learn import data
from xiaoer.pack import read_pack
from xiaoer.settings import Settings, load_settings
from xiaoer.store import Conversations, Database


@click.command("collect")
@click.option("--to", "folder", type=TO, required=True, help="Folder for the data.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only conversations that went on since then (UTC).")
@click.option("--data", "place", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--pack", type=click.Path(path_type=Path), help="The pack that says which entities are personal.")
@click.option("--json", "as_json", is_flag=True, help="Print the manifest as JSON.")
def collect_command(
    folder: Path, since: datetime | None, place: Path | None, pack: Path | None, *, as_json: bool
) -> None:
    """Take what customers wrote in the stored conversations, with what is personal masked; nothing is labelled yet.

    `xiaoer data annotate` finds what is worth labelling. Example: xiaoer data collect --since 2026-11-01 --to said
    """
    settings = load_settings(data=place, pack=pack)
    begin = since.replace(tzinfo=UTC) if since else None
    table = asyncio.run(_collect(settings, begin))
    version = data.first_version(table, "collect", {"since": begin.isoformat() if begin else None}, {})
    data.write_version(version, folder)
    show_version(version, as_json=as_json)


async def _collect(settings: Settings, since: datetime | None) -> data.Table:
    database = await Database.open(settings.store_url)
    try:
        personal = _personal(settings.pack)
        return await data.collect(Conversations(database), ShopId(settings.shop), personal=personal, since=since)
    finally:
        await database.close()


def _personal(folder: Path) -> frozenset[str]:
    """Name the personal kinds of entities of a pack and its sisters; without one that cannot be read it serves, too."""
    packs = [read_pack(folder)]
    for sister in packs[0].sisters:
        with suppress(XiaoerError):
            packs.append(read_pack(folder / sister.pack))
    return frozenset(kind.name for pack in packs for kind in pack.entities.values() if kind.is_personal)
