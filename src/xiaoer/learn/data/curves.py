"""Curves as SVG: shares over a growing number, such as accuracy over the examples that were learnt."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeAlias

from xiaoer.learn.data.charts import WIDTH, svg

Curves: TypeAlias = Mapping[str, Mapping[float, float]]

_HEIGHT = 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 170, 12, 34
_ROW = 20
_COLOURS = ("#3b6fb5", "#b5473b", "#3f8f5a", "#8a5fb0", "#b58a2b", "#5a6b7a")
_GREY, _PALE = "#6b7785", "#d9dee6"
_STYLE = f"<style>text{{font:12px system-ui,sans-serif;fill:{_GREY}}}polyline{{fill:none;stroke-width:2}}</style>"


def curves(drawn: Curves, *, wanted: float | None = None) -> str:
    """Draw named curves, each of shares (0 to 1) at numbers above 0, which stand by their logarithm.

    `wanted` is a share that is marked. The plot is a file of its own, and brings its colours along.
    """
    numbers = sorted({number for curve in drawn.values() for number in curve})
    shares = [share for curve in drawn.values() for share in curve.values()]
    if wanted is not None:
        shares.append(wanted)
    if not numbers:
        return svg(_ROW, [], is_file=True)
    axes = _Axes(numbers, math.floor(min(shares) * 10) / 10)
    parts = [_STYLE, *axes.grid()]
    if wanted is not None:
        parts.append(axes.level(wanted, f'stroke="{_GREY}" stroke-dasharray="4 3"'))
    for at, (name, curve) in enumerate(drawn.items()):
        parts += _curve(name, curve, axes, at)
    return svg(_HEIGHT, parts, is_file=True)


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where numbers and shares stand; `least` is the lowest share that is shown."""

    numbers: Sequence[float]
    least: float

    def right(self, number: float) -> float:
        spread = math.log(self.numbers[-1] / self.numbers[0]) or 1.0
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * math.log(number / self.numbers[0]) / spread

    def down(self, share: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - share) / ((1 - self.least) or 1.0)

    def level(self, share: float, look: str) -> str:
        y = self.down(share)
        return f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" {look}/>'

    def grid(self) -> Iterator[str]:
        for tenth in range(round(self.least * 10), 11):
            yield self.level(tenth / 10, f'stroke="{_PALE}"')
            y = self.down(tenth / 10) + 4
            yield f'<text x="{_LEFT - 6}" y="{y:.1f}" text-anchor="end">{tenth / 10:.1f}</text>'
        for number in self.numbers:
            yield f'<text x="{self.right(number):.1f}" y="{_HEIGHT - 14}" text-anchor="middle">{number:g}</text>'


def _curve(name: str, curve: Mapping[float, float], axes: _Axes, at: int) -> Iterator[str]:
    """Draw a curve, and its name in the list at the right."""
    colour, x, y = _COLOURS[at % len(_COLOURS)], WIDTH - _RIGHT + 14, _TOP + 14 + at * _ROW
    points = " ".join(f"{axes.right(number):.1f},{axes.down(share):.1f}" for number, share in sorted(curve.items()))
    yield f'<polyline points="{points}" stroke="{colour}"><title>{escape(name)}</title></polyline>'
    yield f'<line x1="{x}" x2="{x + 18}" y1="{y - 4}" y2="{y - 4}" stroke="{colour}" stroke-width="2"/>'
    yield f'<text x="{x + 24}" y="{y}">{escape(name)}</text>'
