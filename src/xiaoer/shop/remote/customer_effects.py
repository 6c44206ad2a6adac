"""A changed customer told in the trade's words, and those words made true again: as `effects.py` for orders."""

from collections.abc import Iterable, Iterator
from functools import reduce
from typing import assert_never

import msgspec

from xiaoer.shop.changes import with_default_address, with_stock_notice, without_stock_notice
from xiaoer.shop.customers import Customer
from xiaoer.shop.history import HistoryEntry
from xiaoer.shop.remote.errors import UntellableChangeError
from xiaoer.shop.remote.shapes import AskStockNotice, CustomerEffect, SetDefaultAddress, WithdrawStockNotice


def customer_effects_of(before: Customer, after: Customer) -> tuple[CustomerEffect, ...]:
    """Tell what happened to a customer.

    Raises:
        UntellableChangeError: something happened for which there is no word.
    """
    effects = tuple(_told(before, after))
    if with_customer_effects(before, effects, customer_history_of(before, after)) != after:
        raise UntellableChangeError("An action changed a customer in a way that the contract has no word for.")
    return effects


def customer_history_of(before: Customer, after: Customer) -> tuple[HistoryEntry, ...]:
    """Give the entries that were added to a customer's history."""
    return after.history[len(before.history) :]


def with_customer_effects(
    customer: Customer, effects: Iterable[CustomerEffect], history: Iterable[HistoryEntry]
) -> Customer:
    """Give a customer to whom effects happened, with entries added to the history."""
    return msgspec.structs.replace(reduce(_after, effects, customer), history=(*customer.history, *history))


def _told(before: Customer, after: Customer) -> Iterator[CustomerEffect]:
    if after.addresses != before.addresses:
        yield from (SetDefaultAddress(address=address) for address in after.addresses[:1])
    for notice in after.stock_notices:
        if notice not in before.stock_notices:
            yield AskStockNotice(notice=notice)
    for notice in before.stock_notices:
        if notice not in after.stock_notices:
            yield WithdrawStockNotice(sku=notice.sku)


def _after(customer: Customer, effect: CustomerEffect) -> Customer:
    match effect:
        case SetDefaultAddress(address=address):
            return with_default_address(customer, address)
        case AskStockNotice(notice=notice):
            return with_stock_notice(customer, notice)
        case WithdrawStockNotice(sku=sku):
            return without_stock_notice(customer, sku)
        case other:
            assert_never(other)
