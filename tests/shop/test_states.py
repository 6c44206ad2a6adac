import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.shop import StateChangeError, UnreadableDocumentError
from xiaoer.shop.documents import decode_customer, decode_order, decode_product
from xiaoer.shop.states import INVOICE_STATES, ORDER_STATES, REFUND_STATES, RETURN_STATES

_ACTIONS = sorted({action for _, action in ORDER_STATES.changes})


@pytest.mark.parametrize("state", ["shipped", "delivered", "completed", "cancelled", "closed"])
def test_an_order_that_is_on_its_way_or_over_is_not_cancelled(state: str) -> None:
    with pytest.raises(StateChangeError, match="20260615000011"):
        ORDER_STATES.after(state, "cancel", of="20260615000011")  # type: ignore[arg-type]  # any state by its name


@given(st.lists(st.sampled_from(_ACTIONS), max_size=12))
def test_an_order_never_leaves_its_last_states(actions: list[str]) -> None:
    closed = ORDER_STATES.after("unpaid", "expire", of="1")
    cancelled = ORDER_STATES.after("unpaid", "cancel", of="1")
    for action in actions:
        with pytest.raises(StateChangeError):
            ORDER_STATES.after(closed, action, of="1")
        if action != "restore":
            with pytest.raises(StateChangeError):
                ORDER_STATES.after(cancelled, action, of="1")


def test_every_state_can_be_reached() -> None:
    assert {*ORDER_STATES.changes.values(), "unpaid"} == {
        "unpaid",
        "paid",
        "packing",
        "shipped",
        "delivered",
        "completed",
        "cancelled",
        "closed",
    }


def test_a_refund_is_paid_once() -> None:
    paid = REFUND_STATES.after("processing", "pay", of="F1")
    with pytest.raises(StateChangeError):
        REFUND_STATES.after(paid, "pay", of="F1")


def test_a_refund_that_was_paid_is_not_withdrawn() -> None:
    with pytest.raises(StateChangeError):
        REFUND_STATES.after("paid", "withdraw", of="F1")


def test_goods_are_received_before_they_are_paid_back() -> None:
    with pytest.raises(StateChangeError):
        RETURN_STATES.after("opened", "refund", of="R1")


def test_an_issued_invoice_is_not_asked_for_again() -> None:
    with pytest.raises(StateChangeError):
        INVOICE_STATES.after("issued", "request", of="1")


@pytest.mark.parametrize("document", [b"{}", b"[", b'{"id": 1}'])
def test_a_document_of_another_kind_is_refused(document: bytes) -> None:
    for decode in (decode_order, decode_product, decode_customer):
        with pytest.raises(UnreadableDocumentError):
            decode(document)
