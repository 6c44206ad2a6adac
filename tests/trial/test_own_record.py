"""Matters about what is kept of a customer, and questions: what is done about them is judged by the books as well."""

from dataclasses import replace
from datetime import timedelta

import pytest
from msgspec import structs

from xiaoer.events import Reply
from xiaoer.pack import SpokenCustomers
from xiaoer.shop import Address, Customer, StockNotice, parted
from xiaoer.trial import TrialStage
from xiaoer.trial.simulation import Task
from xiaoer.trial.simulation.books import Books, changes, read_books
from xiaoer.trial.simulation.customer import SimulatedCustomer

from .drawing import draw, seeded


async def books_of(stage: TrialStage, task: Task) -> tuple[Books, Customer]:
    books = await read_books((await stage.scene(task.given)).records)
    (owner,) = books.customers.values()
    return books, owner


def as_changed(books: Books, owner: Customer) -> Books:
    return replace(books, customers={owner.id: owner})


def is_done(task: Task, before: Books, after: Books) -> bool:
    assert task.is_fulfilled is not None
    return task.is_fulfilled(before, after) and changes(before, after).of_customers == task.of_customer


async def test_a_default_address_is_another_one_before_those_there_were(
    stage: TrialStage, spoken: SpokenCustomers
) -> None:
    task = next(t for seed in range(50) if "person" in (t := draw("default_address", seed, stage, spoken)).facts)
    before, owner = await books_of(stage, task)
    place = parted(task.facts["address"])
    new = Address(person=task.facts["person"], phone=task.facts["phone"], region=place.region, street=place.street)

    def after(*addresses: Address) -> Books:
        return as_changed(before, structs.replace(owner, addresses=addresses))

    assert is_done(task, before, after(new, *owner.addresses))
    assert not is_done(task, before, after(*owner.addresses, new))
    assert not is_done(task, before, after(new))
    assert not is_done(task, before, after(structs.replace(new, phone=owner.phone), *owner.addresses))


@pytest.mark.parametrize(("goal", "is_asked_for"), [("stock_notice", True), ("notice_off", False)])
async def test_one_notice_more_or_less_is_what_was_wanted_and_nothing_else(
    stage: TrialStage, spoken: SpokenCustomers, goal: str, *, is_asked_for: bool
) -> None:
    task = next(t for seed in range(50) if (t := draw(goal, seed, stage, spoken)).is_allowed)
    before, owner = await books_of(stage, task)
    waits = {notice.sku for notice in owner.stock_notices}
    out = [sku for sku, pieces in before.stock.items() if pieces == 0 and sku in task.given.stock]
    (wanted,) = (
        out
        if is_asked_for
        else [
            sku
            for sku in out
            if any(task.facts["line"] in p.names for p in stage.products if sku in skus_of(p.variants))
        ]
    )
    notices = {wanted} if is_asked_for else waits - {wanted}

    def after(*skus: str) -> Books:
        asked = tuple(
            StockNotice(sku=item.sku, product=product.id, asked_at=stage.now - timedelta(days=1))
            for product in stage.products
            for item in product.variants
            if item.sku in skus
        )
        return as_changed(before, structs.replace(owner, stock_notices=asked))

    assert is_done(task, before, after(*notices))
    assert not is_done(task, before, after(*notices, "P1001-01"))
    assert not is_done(task, before, before)


def skus_of(variants: object) -> set[str]:
    return {str(item.sku) for item in variants} if isinstance(variants, tuple) else set()


async def test_what_else_changes_of_a_customer_is_seen(stage: TrialStage, spoken: SpokenCustomers) -> None:
    before, owner = await books_of(stage, draw("cancel", 1, stage, spoken))
    after = as_changed(before, structs.replace(owner, addresses=()))
    assert changes(before, after).of_customers == {"addresses"}
    assert bool(changes(before, after))


def test_who_asks_a_question_says_no_yes_to_a_summary(stage: TrialStage, spoken: SpokenCustomers) -> None:
    customer = SimulatedCustomer(draw("case", 1, stage, spoken), spoken, seeded(1))
    summary = [Reply(text="", name="withdraw_confirm")]
    assert customer.answer(summary) not in spoken.yes
    assert not customer.says_yes


def test_who_names_another_recipient_says_that_the_address_stays(stage: TrialStage, spoken: SpokenCustomers) -> None:
    task = draw("recipient", 1, stage, spoken)
    customer = SimulatedCustomer(task, spoken.model_copy(update={"asides": ()}), seeded(1))
    assert task.facts["phone"] in customer.answer([Reply(text="", name="new_address")])


@pytest.mark.parametrize("goal", ["points", "coupons", "balance"])
async def test_what_a_customer_holds_is_what_the_answer_has_to_tell(
    stage: TrialStage, spoken: SpokenCustomers, goal: str
) -> None:
    task = draw(goal, 3, stage, spoken)
    before, owner = await books_of(stage, task)
    balances = [m.balance.minor for m in owner.payment_methods if m.balance is not None]
    held = {
        "points": {f"{owner.points}"},
        "coupons": {coupon.title for coupon in owner.coupons}
        | {f"{c.amount.minor / 100:.2f}" for c in owner.coupons if c.amount},
        "balance": {f"{minor / 100:.2f}" for minor in balances},
    }
    told = task.tells(before.orders[task.order])
    assert told
    assert set(told) <= held[goal]
