"""The situations in which the demo's orders stand."""

from dataclasses import dataclass

from xiaoer.shop.states import InvoiceState, OrderState, ReturnState


@dataclass(frozen=True, slots=True)
class Scene:
    """A situation of an order; `hours_ago` is the span in which its last step happened, in hours before now.

    `path` is the way to the state where there is more than one; `method` is the place of a payment method in the
    shop's clause. What is not given is left to chance.
    """

    state: OrderState
    hours_ago: tuple[float, float]
    path: tuple[str, ...] = ()
    category: str = ""
    method: int | None = None
    invoice: InvoiceState | None = None
    return_state: ReturnState | None = None
    is_refund_paid: bool = False


_DAY = 24.0
_USUAL, _SECOND, _LAST = 0, 1, -1
_UNPAID = Scene("unpaid", (0.05, 0.4))
_PAID = Scene("paid", (1, 30))
_PACKING = Scene("packing", (0.5, 15))
_SHIPPED = Scene("shipped", (3, 3.5 * _DAY))
_DELIVERED = Scene("delivered", (2, 9 * _DAY))
_COMPLETED = Scene("completed", (_DAY, 120 * _DAY))

FIRST_SCENES: tuple[Scene, ...] = (
    Scene("unpaid", (10 / 60, 10 / 60), category="home"),
    Scene("paid", (5, 5), category="shoes", method=_USUAL),
    Scene("packing", (3, 3), category="appliance", method=_SECOND),
    Scene("shipped", (40, 40), category="bedding", method=_USUAL),
    Scene("delivered", (5.5 * _DAY, 5.5 * _DAY), category="clothes", method=_USUAL),
    Scene("delivered", (8 * _DAY, 8 * _DAY), category="kitchen", method=_SECOND),
    Scene("delivered", (2 * _DAY, 2 * _DAY), category="fresh", method=_USUAL),
    Scene("completed", (25 * _DAY, 25 * _DAY), category="digital", method=_LAST, invoice="issued"),
    Scene("cancelled", (6, 6), category="beauty", method=_LAST),
    Scene("delivered", (7 * _DAY, 7 * _DAY), category="clothes", method=_USUAL, return_state="sent_back"),
)
"""The first customer's orders: one for every flow, the newest placed ten minutes ago."""

SCENES: tuple[Scene, ...] = (
    *(_COMPLETED,) * 8,
    *(_DELIVERED,) * 5,
    *(_SHIPPED,) * 5,
    *(_PAID,) * 3,
    *(_PACKING,) * 2,
    _UNPAID,
    Scene("completed", (_DAY, 60 * _DAY), invoice="issued"),
    Scene("completed", (_DAY, 3 * _DAY), invoice="requested"),
    Scene("paid", (1, 30), invoice="requested"),
    Scene("completed", (200 * _DAY, 220 * _DAY)),
    Scene("cancelled", (1, 18)),
    Scene("cancelled", (10 * _DAY, 60 * _DAY), is_refund_paid=True),
    Scene("cancelled", (2, 20 * _DAY), path=("cancel",)),
    Scene("closed", (2, 30 * _DAY)),
    Scene("delivered", (2 * _DAY, 4 * _DAY), return_state="opened"),
    Scene("delivered", (4 * _DAY, 6 * _DAY), return_state="sent_back"),
    Scene("delivered", (6 * _DAY, 8 * _DAY), return_state="received"),
    Scene("delivered", (5 * _DAY, 7 * _DAY), return_state="refunded"),
    Scene("completed", (20 * _DAY, 60 * _DAY), return_state="refunded", is_refund_paid=True),
    Scene("completed", (20 * _DAY, 60 * _DAY), return_state="rejected"),
    Scene("delivered", (3 * _DAY, 6 * _DAY), return_state="withdrawn"),
)
"""What the other customers' orders look like, taken in turn."""
