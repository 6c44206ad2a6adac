"""The lines of an order that an action is about, and what is said of them."""

from collections.abc import Sequence

from xiaoer.events import Facts
from xiaoer.shop.actions.request import Request
from xiaoer.shop.models import Order, OrderLine
from xiaoer.shop.rules import Allowed, Decision, Refused


def order_and_lines(request: Request, argument: str = "lines") -> tuple[Order, tuple[OrderLine, ...]] | None:
    """Give the order and the lines that an argument names, or all of its lines; None if one of them is not there."""
    order = request.order
    if order is None:
        return None
    lines = tuple(order.line(line_id) for line_id in request.listed(argument)) or order.lines
    known = tuple(line for line in lines if line is not None)
    return (order, known) if known and len(known) == len(lines) else None


def pieces_said(request: Request) -> int:
    """Give the number of pieces that are said to be meant (`quantity`) or to stay (`keep`), or 0."""
    return next((number for number in map(number_said, map(request.argument, ("quantity", "keep"))) if number), 0)


def number_said(said: str) -> int | None:
    """Give a whole number that is said, be it of pieces that go (below zero); None if it is no number."""
    digits = said.removeprefix("-")
    return int(digits) if digits.isdecimal() else None


def line_name(line: OrderLine) -> str:
    """Name a line by its title and options."""
    return " ".join((line.title, *line.options.values()))


def allowed_lines(decisions: Sequence[tuple[OrderLine, Decision]]) -> tuple[OrderLine, ...]:
    """Give the lines that are decided on as was wished."""
    return tuple(line for line, decision in decisions if isinstance(decision, Allowed))


def left_out(decisions: Sequence[tuple[OrderLine, Decision]]) -> Facts:
    """Name the lines for which a decision that is made for the others is refused, and why."""
    staying = [(line, decision) for line, decision in decisions if isinstance(decision, Refused)]
    return {"left_out": [{"name": line_name(line), "reason": why.reason} for line, why in staying]} if staying else {}
