"""A customer's messages, and the shop's books compared around each of them."""

from dataclasses import dataclass

from xiaoer.events import Conversation
from xiaoer.ids import CustomerId
from xiaoer.shop import Customer, Order
from xiaoer.shop.documents import decode_customer, decode_order
from xiaoer.shop.states import OrderState

from .ways import Way
from .world import Books, World

# What may be done in which state, written down apart from the rules that are tested.
ALLOWED_IN: dict[str, set[OrderState]] = {
    "cancel": {"unpaid", "paid", "packing"},
    "cancel_lines": {"unpaid", "paid", "packing"},
    "change_address": {"unpaid", "paid", "packing"},
    "open_return": {"delivered", "completed"},
    "open_exchange": {"delivered", "completed"},
    "change_options": {"unpaid", "paid", "packing"},
    "request_invoice": {"paid", "packing", "shipped", "delivered", "completed"},
    "change_invoice": {"paid", "packing", "shipped", "delivered", "completed"},
    "reissue_invoice": {"paid", "packing", "shipped", "delivered", "completed"},
    "resend_invoice": {"paid", "packing", "shipped", "delivered", "completed"},
    "urge_shipping": {"paid", "packing"},
    "urge_delivery": {"shipped"},
    "note": {"unpaid", "paid", "packing"},
    "schedule_delivery": {"paid", "packing", "shipped"},
    "protect_price": {"paid", "packing", "shipped", "delivered", "completed"},
    "open_claim": {"shipped", "delivered", "completed"},
    "withdraw_claim": {"shipped", "delivered", "completed"},
    "withdraw_return": {"delivered", "completed"},
    "withdraw_exchange": {"delivered", "completed"},
    "change_quantity": {"unpaid", "paid", "packing"},
    "change_payment": {"unpaid", "paid", "packing"},
    "restore": {"cancelled"},
    "extend_receipt": {"shipped", "delivered"},
}


# What of a customer is changed by what.
RECORDED_AS: dict[str, set[str]] = {
    "change_default_address": {"addresses"},
    "ask_stock_notice": {"stock_notices"},
    "withdraw_stock_notice": {"stock_notices"},
}


@dataclass(frozen=True, slots=True)
class Said:
    """A message of a play; `is_yes` as its author means it."""

    text: str
    is_yes: bool = False


class Watch:
    """Compares the shop's books around each message."""

    def __init__(self, world: World, way: Way, proved: CustomerId | None) -> None:
        self.world, self.way, self.proved = world, way, proved
        self.changes: list[str] = []

    async def say(self, said: Said, before: Books) -> Books:
        """Send a message; fail where the books changed and may not have."""
        state = await self.world.joined.turns.state(self.way.conversation)
        await self.way.say(said.text)
        after = await self.world.read_books()
        if after != before:
            self.expect_a_plain_yes(said, state)
            if changed_customers(before, after):
                self.expect_ones_own_record(before, after)
            else:
                self.expect_one_own_order(before, after, state)
        return after

    def expect_a_plain_yes(self, said: Said, state: Conversation) -> None:
        """Fail where nothing had been summed up, or what was said is no yes to it."""
        assert state.customer == self.proved is not None
        assert state.question is not None
        assert state.question.kind == "confirm", state.question
        assert said.is_yes, said

    def expect_ones_own_record(self, before: Books, after: Books) -> None:
        """Fail where anything else changed than what the customer's own history says: the address book, or a notice."""
        ((was, now),) = changed_customers(before, after)
        (entry,) = now.history[len(was.history) :]
        assert entry.by == f"customer:{self.proved}"
        assert was.id == now.id == self.proved
        changed = {name for name in now.__struct_fields__ if getattr(now, name) != getattr(was, name)} - {"history"}
        assert changed == RECORDED_AS[entry.action]
        assert set(was.addresses) <= set(now.addresses)
        assert before[:2] == after[:2], "orders or goods"
        self.changes.append(entry.action)

    def expect_one_own_order(self, before: Books, after: Books, state: Conversation) -> None:
        """Fail where anything else changed than the customer's own order that the task is about, as the rules allow."""
        ((was, order),) = changed_orders(before, after)
        assert order.customer == was.customer == self.proved
        assert state.frame is not None
        assert any(order.id in slot.value for slot in state.frame.slots.values())
        assert self.done_to(was, order) in ALLOWED_IN, order.history[-1]
        assert was.state in ALLOWED_IN[order.history[-1].action]
        assert order.refunded_amount <= was.paid_amount

    def done_to(self, was: Order, order: Order) -> str:
        """Give the one thing that was done, as the order's history says."""
        (entry,) = order.history[len(was.history) :]
        assert entry.by == f"customer:{self.proved}"
        self.changes.append(entry.action)
        return entry.action


def changed_customers(before: Books, after: Books) -> list[tuple[Customer, Customer]]:
    """Give the customers that differ, as they were and as they are; none is new and none is gone."""
    pairs = zip(before[2], after[2], strict=True)
    return [(decode_customer(was), decode_customer(now)) for was, now in pairs if was != now]


def changed_orders(before: Books, after: Books) -> list[tuple[Order, Order]]:
    """Give the orders that differ, as they were and as they are; none is new and none is gone."""
    pairs = zip(before[0], after[0], strict=True)
    return [(decode_order(was), decode_order(now)) for was, now in pairs if was != now]
