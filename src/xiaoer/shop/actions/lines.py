"""Finding the lines of an order that are meant."""

from collections.abc import Sequence

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.lines_meant import pieces_said
from xiaoer.shop.actions.request import Effect, Query, Request
from xiaoer.shop.matching import Mention, match_lines
from xiaoer.shop.models import OrderLine
from xiaoer.shop.naming import (
    apart_from_order,
    keeps_what_it_names,
    leaves_some_out,
    lines_named,
    names_more,
    names_whole_order,
)
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.variants import able_to_become
from xiaoer.shop.views import line_choices

_PART = "part"
"""In this scope words that mean the whole order name no line of it."""
_MENTION = ("scope", "several", "context", "mention", "mention.product", "mention.colour", "mention.size")
_PIECES = ("quantity", "keep")


def _find(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return ActionResult("none", {"choices": [], "total": 0})
    said, goods, phrases = Mention.read(request.arguments), request.goods, request.phrases
    mention, is_inside = apart_from_order(order.lines, said, goods, phrases)
    may_be_several = bool(request.argument("several"))
    is_whole = request.argument("scope") == _PART and not is_inside and names_whole_order(said, phrases)
    if may_be_several and len(order.lines) > 1 and not is_whole and _stays_open(order.lines, mention, request):
        return _found("several", order.lines, request)
    named = lines_named(order.lines, mention, goods, phrases) if may_be_several and not is_whole else ()
    if named:
        return _found("these", named, request)
    if may_be_several and len(order.lines) > 1 and leaves_some_out(mention, goods, phrases):
        return _found("unnamed", order.lines, request)
    match = match_lines(order.lines, mention, goods, phrases)
    pieces = _for_pieces(order.lines, match.found if match.is_told and not is_whole else (), said, request)
    if pieces:
        return _found("one" if len(pieces) == 1 else "several", pieces, request)
    is_other = is_inside and goods.named_in(mention.text)
    if request.argument("scope") == _PART and len(order.lines) > 1 and not match.found and (match.is_told or is_other):
        return _found("several", order.lines, request)
    lines = match.found or order.lines
    talked_about = tuple(line for line in lines if line.id == request.argument("context"))
    if not match.is_told:
        able = able_to_become(lines, request.arguments, goods)
        lines = _both(able, talked_about) or able or talked_about or lines
    if is_whole or (may_be_several and not match.is_told and len(lines) > 1):
        return _found("unnamed", order.lines, request)
    if len(order.lines) > 1 and match.is_told and not match.found:
        return _found("unmatched", lines, request)
    return _found("one" if len(lines) == 1 else "several", lines, request)


def _for_pieces(
    lines: Sequence[OrderLine], named: Sequence[OrderLine], said: Mention, request: Request
) -> tuple[OrderLine, ...]:
    """Give the lines of which so many pieces may be meant, where a number is said and not of what.

    What only points at the order ("one of the mug order") says of which of them, if it fits.
    """
    number = pieces_said(request)
    if not number or named or len(lines) == 1 or number >= sum(line.kept_quantity for line in lines):
        return ()
    able = tuple(line for line in lines if line.kept_quantity >= number)
    pointed = match_lines(able, said, request.goods, request.phrases) if able else None
    return pointed.found if pointed and pointed.is_told and pointed.found else able


def _both(able: Sequence[OrderLine], talked_about: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    return tuple(line for line in talked_about if line in able)


def _stays_open(lines: Sequence[OrderLine], mention: Mention, request: Request) -> bool:
    """Say whether more is named than the lines that it fits, or only what is to be kept of them."""
    goods, phrases = request.goods, request.phrases
    return names_more(lines, mention, goods, phrases) or keeps_what_it_names(lines, mention, goods, phrases)


def _found(outcome: str, lines: Sequence[OrderLine], request: Request) -> ActionResult:
    return ActionResult(outcome, {"choices": line_choices(lines, request.goods), "total": len(lines)})


LINE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="line.find",
            about="Finds the line of an order that is meant; with `several` all that are, if any is named; all that "
            "may be meant where a number of pieces is said (`quantity`, or to `keep`) and not of what.",
            parameters=("order", *_MENTION, *_PIECES),
            outcomes=("one", "these", "several", "unmatched", "unnamed", "none"),
            facts=("choices", "total"),
            optional=(*_MENTION, *_PIECES),
            scopes=(_PART,),
        ),
        _find,
    ),
)
