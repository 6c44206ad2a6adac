"""Plots as SVG for pages that load nothing: bars, and steps of a histogram."""

from collections.abc import Sequence
from html import escape

WIDTH = 720
_LABEL_WIDTH = 220
_ROW = 20
_MOST_BARS = 200


def bars(rows: Sequence[tuple[str, float]], *, mark: float | None = None) -> str:
    """Draw a bar for each row, its value behind it; `mark` is a line across all. Two hundred are drawn at most."""
    shown = rows[:_MOST_BARS]
    longest = max([value for _, value in shown] + ([mark] if mark is not None else []), default=0) or 1
    room = WIDTH - _LABEL_WIDTH - 60
    parts = [_bar(at, label, value, room * value / longest) for at, (label, value) in enumerate(shown)]
    height = _ROW * len(shown) + 4
    if mark is not None:
        x = _LABEL_WIDTH + room * mark / longest
        parts.append(f'<line class="mark" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{height}"/>')
    return svg(height, parts)


def histogram(values: Sequence[float], *, bins: int = 24) -> str:
    """Draw how often values fall into equal bins from the least to the greatest."""
    if not values:
        return svg(_ROW, [])
    least, greatest = min(values), max(values)
    width = (greatest - least) / bins or 1
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, int((value - least) / width))] += 1
    tallest, column = max(counts), WIDTH / bins
    parts = [
        f'<rect x="{at * column + 1:.1f}" y="{120 - 110 * count / tallest:.1f}" width="{column - 2:.1f}"'
        f' height="{110 * count / tallest:.1f}"><title>{least + at * width:.4g} – {least + (at + 1) * width:.4g}:'
        f" {count}</title></rect>"
        for at, count in enumerate(counts)
    ]
    parts.append(f'<text x="0" y="136">{least:.4g}</text>')
    parts.append(f'<text x="{WIDTH}" y="136" text-anchor="end">{greatest:.4g}</text>')
    return svg(142, parts)


def _bar(at: int, label: str, value: float, length: float) -> str:
    y = at * _ROW
    return (
        f'<text x="{_LABEL_WIDTH - 8}" y="{y + 14}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{_LABEL_WIDTH}" y="{y + 3}" width="{length:.1f}" height="{_ROW - 6}"/>'
        f'<text x="{_LABEL_WIDTH + length + 6:.1f}" y="{y + 14}">{value:,.4g}</text>'
    )


def svg(height: int, parts: Sequence[str]) -> str:
    """Put parts of a plot together, for a page or as a file of its own."""
    space = "http://www.w3.org/2000/svg"
    return f'<svg xmlns="{space}" viewBox="0 0 {WIDTH} {height}" role="img">{"".join(parts)}</svg>'
