"""What simulated customers come for; a new matter is added to `GOALS`, one about a single order as an `OneOrder`."""

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Protocol

from xiaoer.pack import SpokenCustomers
from xiaoer.trial.simulation.goals.address import ChangeAddress
from xiaoer.trial.simulation.goals.cancelling import CancelOrder, CancelPart
from xiaoer.trial.simulation.goals.claiming import ClaimLine
from xiaoer.trial.simulation.goals.hurrying import urged
from xiaoer.trial.simulation.goals.invoice import RequestInvoice
from xiaoer.trial.simulation.goals.one_order import OneOrder
from xiaoer.trial.simulation.goals.order_changes import extended, more_or_fewer, noted, paid_otherwise, restored
from xiaoer.trial.simulation.goals.price import ProtectPrice
from xiaoer.trial.simulation.goals.progress import AskRefund, TrackOrder
from xiaoer.trial.simulation.goals.returning import ReturnAllBut, ReturnLine
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
    }
)

__all__ = ["GOALS", "Goal"]
