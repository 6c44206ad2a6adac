"""Pages of reports: one HTML file each, which loads nothing."""

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } .wide { overflow-x: auto; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid #d9dee6; vertical-align: top; }
svg { width: 100%; font-size: 12px; } rect, circle { fill: #3b6fb5; }
polyline { fill: none; stroke: #3b6fb5; } .mark { stroke: #b5473b; stroke-dasharray: 4 3; }
@media (prefers-color-scheme: dark) { body { background: #14181f; color: #e4e8ee; } text { fill: #e4e8ee; } }
"""


def page(title: str, about: str, sections: Iterable[tuple[str, str]]) -> str:
    """Make a page of sections: a heading and its HTML each."""
    body = "".join(f"<section><h2>{escape(heading)}</h2>{content}</section>" for heading, content in sections)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1><p>{escape(about)}</p>{body}</body></html>\n"
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Make a table."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(f'<td>{escape(_shown(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _shown(cell: object) -> str:
    match cell:
        case None:
            return "–"
        case float():
            return f"{cell:.4g}"
        case _:
            return str(cell)
