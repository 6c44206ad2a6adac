"""Plots as SVG for pages that load nothing: bars, steps of a histogram, points beside a diagonal."""

from collections.abc import Sequence
from html import escape

WIDTH = 720
_LABEL_WIDTH = 220
_ROW = 20
_MOST_BARS = 200
_SIDE = 360


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


def diagonal(points: Sequence[tuple[float, float, int]]) -> str:
    """Draw points (x and y from 0 to 1, and how many texts each stands for) beside the line on which both are equal."""
    most = max((count for _, _, count in points), default=1)
    marks = [
        f'<circle cx="{_at(x):.1f}" cy="{_SIDE - _at(y):.1f}" r="{3 + 9 * (count / most) ** 0.5:.1f}">'
        f"<title>{x:.3f} → {y:.3f}: {count}</title></circle>"
        for x, y, count in points
    ]
    joined = " ".join(f"{_at(x):.1f},{_SIDE - _at(y):.1f}" for x, y, _ in points)
    line = f'<line class="mark" x1="{_at(0)}" y1="{_SIDE - _at(0)}" x2="{_at(1)}" y2="{_SIDE - _at(1)}"/>'
    ends = "".join(
        f'<text x="{_at(end)}" y="{_SIDE - 2}" text-anchor="middle">{end}</text>'
        f'<text x="{_at(0) - 14}" y="{_SIDE - _at(end) + 4}" text-anchor="end">{end}</text>'
        for end in (0, 1)
    )
    return svg(_SIDE, [line, f'<polyline points="{joined}"/>', *marks, ends])


def _at(share: float) -> float:
    return 40 + share * (_SIDE - 60)


def _bar(at: int, label: str, value: float, length: float) -> str:
    y = at * _ROW
    return (
        f'<text x="{_LABEL_WIDTH - 8}" y="{y + 14}" text-anchor="end">{escape(label)}</text>'
        f'<rect x="{_LABEL_WIDTH}" y="{y + 3}" width="{length:.1f}" height="{_ROW - 6}"/>'
        f'<text x="{_LABEL_WIDTH + length + 6:.1f}" y="{y + 14}">{value:,.4g}</text>'
    )


def svg(height: int, parts: Sequence[str], *, is_file: bool = False) -> str:
    """Put parts of a plot together, for a page, which knows what SVG is, or as a file of its own."""
    space = ' xmlns="http://www.w3.org/2000/svg"' if is_file else ""
    return f'<svg{space} viewBox="0 0 {WIDTH} {height}" role="img">{"".join(parts)}</svg>'
