"""`xiaoer shop schema`: show which tables and columns files may have."""

import click

from xiaoer.cli.output import show_json
from xiaoer.shop import describe_tables, table_names, table_schemas


@click.command("schema")
@click.argument("tables", nargs=-1)
@click.option("--format", "shown_as", type=click.Choice(["json", "markdown"]), default="json", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def schema_command(tables: tuple[str, ...], shown_as: str, *, as_json: bool) -> None:
    """Show what `xiaoer shop import` reads: JSON Schemas, or tables of columns, of some TABLES or all.

    Example: xiaoer shop schema orders orders.lines --format markdown
    """
    unknown = [name for name in tables if name not in table_names()]
    if unknown:
        raise click.BadParameter(f"no such table: {', '.join(unknown)}. There are {', '.join(table_names())}.")
    if as_json or shown_as == "json":
        show_json(table_schemas(tables))
    else:
        click.echo(describe_tables(tables), nl=False)
