"""`reference/shop-data.md`: the tables and columns of files that a shop is imported from and exported to."""

from generators.markdown import code, head, table
from xiaoer.shop import describe_tables, table_names

_ABOUT = """
What `xiaoer shop import` reads and `xiaoer shop export` writes. [Import a shop](../do/import-a-shop.md) shows how it
is done; `xiaoer shop schema` prints the same as JSON Schema. A file is named after its table: `orders.csv`,
`orders.jsonl` or `orders.json`. Any table may be missing.
"""
_CSV = """
## CSV

As in RFC 4180: a header, then the rows; cells in quotation marks where the delimiter, a line end or a quotation mark
stands in them. UTF-8, with or without a byte order mark. The delimiter is a comma, a semicolon or a tab; the header
tells which. Columns may stand in any order, and those that are not needed may be missing. A column or a file whose
name begins with `#` is left out; any other name that is not known is an error, so that nothing is lost by a slip.

"""
_CELLS = (
    (
        "id",
        "1 to 128 characters, without spaces around. A number that a spreadsheet has shortened (`2.02606E+13`) is "
        "refused.",
    ),
    (
        "text",
        "As it is. An empty cell is an empty text where the text is needed, otherwise nothing: the default counts. "
        r"`\e` is always an empty text, and `\\` at the beginning a backslash.",
    ),
    ("whole number", "Digits: `12`."),
    (
        "amount with a point",
        "Major units: `12.99`, `1299.00`. `1299` is refused, because it could be in minor units. Those stand in the "
        "column that ends with `.minor`, without a point.",
    ),
    ("currency", "Three capital letters. By default that of the import: `--currency`, or the pack's."),
    (
        "moment",
        "ISO 8601: `2026-06-15T10:30:00+08:00`. Without a zone, as in `2026-06-15 10:30` or `2026-06-15`, it is one of "
        "the shop's: `--timezone`, or the pack's.",
    ),
    ("texts with a bar between them", r"`one|two`. A bar of a text's own is written `\|`, a backslash `\\`."),
    ("column `…<key>`", "A column for each key: `options.colour`. An empty cell: this row does not have the key."),
)
_RULES = """
A struct that may be left out (`payment`, `invoice`) is there when one of its cells is filled; then the columns that
are needed with it must be filled too. Rows of a table inside a record (`orders.lines`) name the record in their first
column; their order is kept.

## JSON

`.jsonl` holds a document a line, `.json` an array of them. A document may be nested, with all rows of the tables below
inside: `"lines": […]`, `"address": {…}`, `"unit_price": {"minor": 1299, "currency": "CNY"}`. Or it is as flat as a row
of CSV (`"address.person": …`), and the tables below have files of their own. An amount may be written as `"12.99"` or
`12.99`, and `null` is nothing.

## What must hold

- Each id is there once in the import. A record replaces the one of the shop with the same id, whole, unless that would
  undo [what was done in a conversation](../do/import-a-shop.md#what-customers-changed-meanwhile).
- What a record refers to is in the import or in the shop already.
- States are known; amounts and numbers are not negative; a quantity is at least 1.
- A product has a variant, an order a line. All amounts of a product, and of an order, are in one currency.
- No more is given back than was bought. Returns name a line of their order, refunds a return or nothing.
- A parcel is not delivered before it is sent, and its traces stand in order of time.

A row for which something does not hold is reported, and its record is left out whole: an order with a broken line is
not imported. The report is a CSV file with a row for each fault and for each record that was kept, and beside it a
summary in JSON. Its columns: `file`, `line`, `record` (the id), `field`, `fault`, `advice`.
"""


def page() -> str:
    """Make the page."""
    names = ", ".join(code(name) for name in table_names())
    tables = f"\n## Tables\n\n{names}.\n\n{describe_tables(level=3)}"
    return head("Shop data", _ABOUT.strip()) + _CSV + table(("Value", "In a cell"), _CELLS) + _RULES + tables
