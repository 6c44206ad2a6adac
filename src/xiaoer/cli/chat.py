"""`xiaoer chat`: talk to the shop in the terminal."""

import asyncio
import sys
from pathlib import Path

import click
import msgspec

from xiaoer.app import joined
from xiaoer.cli.models import ensure_model
from xiaoer.events import Reply
from xiaoer.ids import CustomerId, new_conversation_id
from xiaoer.settings import Settings, load_settings
from xiaoer.turn import Incoming


@click.command("chat")
@click.option("--as", "customer", help="Id of the customer to be; nobody if not given.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder of the database.")
@click.option("--pack", type=click.Path(path_type=Path), help="Folder of the shop's pack.")
@click.option("--json", "as_json", is_flag=True, help="Print each answer as one line of JSON.")
def command(customer: str | None, data: Path | None, pack: Path | None, *, as_json: bool) -> None:
    """Talk to the shop in the terminal; an empty line or Ctrl+D ends. Example: xiaoer chat --as C1001."""
    settings = load_settings(data=data, pack=pack)
    ensure_model(settings, is_quiet=as_json)
    asyncio.run(_talk(settings, CustomerId(customer) if customer else None, as_json=as_json))


async def _talk(settings: Settings, customer: CustomerId | None, *, as_json: bool) -> None:
    async with joined(settings) as parts:
        if customer is not None and await parts.records.customer(customer) is None:
            raise click.ClickException(f"The shop has no customer {customer}; `xiaoer shop customers` lists them.")
        conversation = new_conversation_id()
        opened = await parts.turns.open(conversation, "chat", customer=customer, proof="terminal")
        _show(opened.replies, as_json=as_json)
        while text := await asyncio.to_thread(_read):
            result = await parts.turns.take(
                Incoming(conversation=conversation, text=text, channel="chat", is_private=True)
            )
            _show(result.replies, as_json=as_json)


def _read() -> str:
    if sys.stdin.isatty():
        click.echo("> ", err=True, nl=False)
    return sys.stdin.readline().strip()


def _show(replies: tuple[Reply, ...], *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode(replies).decode())
        return
    for reply in replies:
        click.echo(reply.text)
        for card in reply.cards:
            fields = "  ".join(f"{field.label} {field.value}" for field in card.fields)
            click.echo(f"    ▪ {card.title}  {card.subtitle}  {fields}")
        if reply.quick_replies:
            click.echo("    " + "  ".join(f"[{quick.title}]" for quick in reply.quick_replies))
        for source in reply.sources:
            click.echo(f"    ({source.title})")
