"""Taking a cancelled order up again."""

from collections import Counter
from functools import partial

from xiaoer.ids import SkuId
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import carried_out, judged
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note
from xiaoer.shop.models import Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.restoring import may_restore, restored
from xiaoer.shop.rules import Allowed, Decision
from xiaoer.shop.stock import moved_stock

_FACTS = (
    "reason",
    "clause",
    "clause_title",
    "order",
    "state",
    "cancelled_at",
    "until",
    "hours",
    "lines",
    "refund_amount",
    "refund_method",
)


def _check(request: Request) -> ActionResult:
    return judged(request, partial(_decision, request))


def _restore(request: Request) -> Change:
    def make(order: Order, _: Allowed, result: ActionResult) -> Change:
        changed = restored(order, Note(by=request.by, at=request.now))
        taken: Counter[SkuId] = Counter()
        for line in order.lines:
            taken[line.sku] -= line.kept_quantity
        facts = {**result.facts, "state": changed.state}
        return Change(ActionResult("done", facts), changed, moved_stock(request.goods, taken))

    return carried_out(request, partial(_decision, request), make)


def _decision(request: Request, order: Order) -> Decision:
    return may_restore(order, request.goods, request.policies, request.now)


RESTORE_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_restore",
            about="Says whether a cancelled order may be taken up again, until when, and what is not paid back then.",
            parameters=("order",),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
    ),
    Effect(
        ActionSpec(
            name="order.restore",
            about="Takes a cancelled order up again: its goods are set aside, its refund is not paid.",
            parameters=("order",),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _restore,
        needs_prices=True,
    ),
)
