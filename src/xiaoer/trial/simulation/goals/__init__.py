"""What simulated customers come for; a new matter is added to `GOALS`, one about a single order as an `OneOrder`."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Protocol

from xiaoer.pack import SpokenCustomers
from xiaoer.trial.simulation.goals.address import ChangeAddress, ChangeRecipient
from xiaoer.trial.simulation.goals.cancelling import CancelOrder, CancelPart, CancelPieces
from xiaoer.trial.simulation.goals.claiming import ClaimLine, not_received
from xiaoer.trial.simulation.goals.hurrying import urged
from xiaoer.trial.simulation.goals.invoice import RequestInvoice
from xiaoer.trial.simulation.goals.invoice_changes import asked_for, changed, resent
from xiaoer.trial.simulation.goals.one_order import OneOrder
from xiaoer.trial.simulation.goals.order_changes import extended, more_or_fewer, noted, paid_otherwise, restored
from xiaoer.trial.simulation.goals.own_record import AskStockNotice, ChangeDefaultAddress, WithdrawStockNotice
from xiaoer.trial.simulation.goals.price import ProtectPrice
from xiaoer.trial.simulation.goals.progress import AskRefund, TrackOrder
from xiaoer.trial.simulation.goals.questions import (
    AskKnowledge,
    AskWallet,
    balance,
    case_asked_for,
    coupons,
    points,
    return_asked_about,
)
from xiaoer.trial.simulation.goals.returning import ReturnAllBut, ReturnLine
from xiaoer.trial.simulation.goals.scheduling import scheduled
from xiaoer.trial.simulation.goals.swapping import ChangeOptions, ExchangeLine
from xiaoer.trial.simulation.goals.withdrawing import withdrawn
from xiaoer.trial.simulation.task import Task, World


class Goal(Protocol):
    """A kind of matter; its name is that of its task in `customers.yaml`."""

    def draw(self, random: Random, world: World, spoken: SpokenCustomers) -> Task:
        """Draw a customer's matter: who has bought what, what is wanted, and what the shop's clauses say of it."""


GOALS: Mapping[str, Goal] = MappingProxyType(
    {
        "track": TrackOrder(),
        "cancel": CancelOrder(),
        "cancel_part": CancelPart(),
        "cancel_pieces": CancelPieces(),
        "address": ChangeAddress(),
        "return": ReturnLine(),
        "return_but": ReturnAllBut(),
        "refund": AskRefund(),
        "invoice": RequestInvoice(),
        "claim": ClaimLine(),
        "price": ProtectPrice(),
        "change": ChangeOptions(),
        "exchange": ExchangeLine(),
        "quantity": OneOrder("quantity", more_or_fewer),
        "payment": OneOrder("payment", paid_otherwise),
        "withdraw": OneOrder("withdraw", withdrawn),
        "restore": OneOrder("restore", restored),
        "extend": OneOrder("extend", extended),
        "note": OneOrder("note", noted),
        "urge": OneOrder("urge", urged),
        "schedule": OneOrder("schedule", scheduled),
        "recipient": ChangeRecipient(),
        "not_received": OneOrder("not_received", not_received),
        "invoice_change": OneOrder("invoice_change", changed),
        "invoice_resend": OneOrder("invoice_resend", resent),
        "invoice_status": OneOrder("invoice_status", asked_for),
        "default_address": ChangeDefaultAddress(),
        "stock_notice": AskStockNotice(),
        "notice_off": WithdrawStockNotice(),
        "case": OneOrder("case", case_asked_for),
        "terms": OneOrder("terms", return_asked_about),
        "points": AskWallet("points", points),
        "coupons": AskWallet("coupons", coupons),
        "balance": AskWallet("balance", balance),
        "insurance": AskKnowledge("insurance"),
    }
)

__all__ = ["GOALS", "Goal"]
