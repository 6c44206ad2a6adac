"""`xiaoer shop api` and `xiaoer shop check-api`: the contract of a merchant's system, and whether one keeps it."""

import asyncio
import sys
import time
from dataclasses import asdict
from random import Random

import click

from xiaoer.cli.output import show_json, show_table
from xiaoer.clock import SystemClock
from xiaoer.ids import CustomerId, ShopId
from xiaoer.settings import BadSettingsError, Settings, load_settings
from xiaoer.shop import (
    Finding,
    Records,
    Surroundings,
    check_merchant,
    remote_records,
    shop_contract,
    shop_contract_yaml,
)
from xiaoer.store import Database


@click.command("api")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def api_command(*, as_json: bool) -> None:
    """Print the contract of a merchant's system, an OpenAPI document. Example: xiaoer shop api."""
    if as_json:
        show_json(shop_contract())
    else:
        click.echo(shop_contract_yaml(), nl=False)


@click.command("check-api")
@click.option("--customer", required=True, help="Id of a customer who has at least one order.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def check_command(customer: str, *, as_json: bool) -> None:
    """Try every route of the merchant's system; nothing is changed. Example: xiaoer shop check-api --customer C1001.

    The system is that of the settings `shop_api`. Exit status 1 if it does not keep the contract.
    """
    findings = asyncio.run(_findings(load_settings(), CustomerId(customer)))
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        rows = [("ok" if finding.is_right else "WRONG", finding.tried, finding.told) for finding in findings]
        show_table(("", "tried", "found"), rows)
    if not all(finding.is_right for finding in findings):
        sys.exit(1)


async def _findings(settings: Settings, customer: CustomerId) -> list[Finding]:
    if not settings.shop_api.url:
        raise BadSettingsError("Settings: shop_api.url is not set, so there is no system to check.")
    clock = SystemClock()
    around = Surroundings(clock, time.monotonic, Random())  # noqa: S311  # spreads tries; keeps no secret
    database = await Database.open(":memory:")
    try:
        async with remote_records(settings.shop_api, around, Records(database, ShopId(settings.shop))) as remote:
            tried = check_merchant(remote.merchant, customer, now=clock.now(), identifies=settings.shop_api.identifies)
            return [finding async for finding in tried]
    finally:
        await database.close()
