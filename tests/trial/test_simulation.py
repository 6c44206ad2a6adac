"""Simulated customers: what they say is their own, what they want is judged by the shop's books alone."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from msgspec import structs

from xiaoer.events import Reply
from xiaoer.ids import OrderId
from xiaoer.pack import Manner, Pack, SpokenCustomers, SpokenTask, read_pack
from xiaoer.shop import (
    Order,
    Transaction,
)
from xiaoer.text import normalise
from xiaoer.trial import Scene, TrialStage
from xiaoer.trial.simulation import GOALS, Played, play, rates, simulate
from xiaoer.trial.simulation.customer import SimulatedCustomer
from xiaoer.turn import Incoming, TurnResult, Turns

from .drawing import draw, seeded, world_of

_PACKS = Path(__file__).parents[2] / "packs"


def plain(text: str) -> str:
    return re.sub(r"[\s\W_]+", "", normalise(re.sub(r"\{[a-z_]+\}", "", text)).text)


# What they say


@pytest.fixture(scope="module", params=["shop_zh", "shop_en"])
def any_pack(request: pytest.FixtureRequest) -> Pack:
    return read_pack(_PACKS / request.param)


def test_no_sentence_is_one_of_the_training_or_of_the_tests(any_pack: Pack) -> None:
    assert any_pack.customers is not None
    taught = {plain(u.text) for intent in any_pack.intents.values() for u in intent.examples()}
    tested = {plain(turn.say) for test in any_pack.tests for turn in test.talk if hasattr(turn, "say")}
    own = {plain(line): line for line in any_pack.customers.sentences() if len(plain(line)) > 4}
    assert sorted(line for bare, line in own.items() if bare in taught | tested) == []


def test_every_reply_that_they_listen_for_is_said_by_the_pack(any_pack: Pack) -> None:
    assert any_pack.customers is not None
    spoken = any_pack.customers
    tasks = spoken.tasks.values()
    names = {
        *spoken.asked,
        *spoken.confirms,
        *spoken.offers,
        *(n for t in tasks for n in (*t.done, *t.refused, *t.takes, *t.confirms)),
    }
    assert sorted(names - any_pack.replies.keys() - {"answer"}) == []  # that one the knowledge says
    assert set(spoken.tasks) == GOALS.keys()


# How they write


@pytest.mark.parametrize(
    ("manner", "line", "written"),
    [
        (Manner(name="polite", before=("hello, ",)), "where is {thing}?", "hello, where is it?"),
        (Manner(name="curt", without_marks=True), "so {thing}, any news?", "so it any news"),
        (Manner(name="curt", without_marks=True), "send it here: {address}", "send it here 9 Elm St, Boise, ID 83704"),
        (Manner(name="curt", without_marks=True), "你好，{thing}到哪了？", "你好 it到哪了"),
    ],
)
def test_a_message_is_written_in_the_manner_of_its_customer(
    stage: TrialStage, spoken: SpokenCustomers, manner: Manner, line: str, written: str
) -> None:
    own = SpokenTask(opens=(line,), done=("order_progress",))
    words = {"tasks": {"track": own}, "things": {"product": ("it",)}, "manners": (manner,), "slips": {}}
    task = draw("track", 1, stage, spoken)
    task = replace(task, facts={**task.facts, "address": "9 Elm St, Boise, ID 83704"})
    customer = SimulatedCustomer(task, spoken.model_copy(update=words), seeded(1))
    assert customer.opening() == written


async def test_an_offer_in_the_midst_of_a_matter_is_declined_and_the_matter_goes_on(
    stage: TrialStage, spoken: SpokenCustomers
) -> None:
    customer = SimulatedCustomer(replace(draw("urge", 1, stage, spoken), drops=False), spoken, seeded(1))
    replies = [Reply(text="", name="order_urged"), Reply(text="", name="offer_claim")]
    assert customer.answer(replies) in spoken.no
    customer.answer(replies[:1])
    assert customer.ending == "refused"


# How they are judged


class Puppet:
    """Answers as a script says; each step gives the name of a reply, its text, and what is done to the order."""

    def __init__(self, scene: Scene, number: OrderId, steps: list[tuple[str, Callable[[Order], Order] | None]]) -> None:
        self._scene, self._number, self._steps = scene, number, steps

    async def take(self, incoming: Incoming) -> TurnResult:
        name, change = self._steps.pop(0)
        order = await self._scene.order(self._number)
        assert order is not None
        if change is not None:
            changed = change(order)

            async def work(transaction: Transaction) -> None:
                await transaction.store_orders([changed])

            await self._scene.records.change(work)
        titles = "、".join(line.title for line in order.lines)
        return TurnResult((Reply(text=f"{titles} {self._number}", name=name),), 1, is_with_person=False)


async def played(
    stage: TrialStage, spoken: SpokenCustomers, *steps: tuple[str, Callable[[Order], Order] | None], drops: bool = False
) -> Played:
    task = next(
        task
        for seed in range(1000)
        if (task := GOALS["cancel"].draw(seeded(seed), world_of(stage), spoken)).is_allowed and task.drops == drops
    )
    scene = await stage.scene(task.given)
    puppet = cast(Turns, Puppet(scene, task.order, list(steps)))
    return await play(replace(scene, turns=puppet), task, spoken, seeded(5))


def noted(order: Order) -> Order:
    return structs.replace(order, note="changed")


async def test_a_change_without_a_yes_is_wrong(stage: TrialStage, spoken: SpokenCustomers) -> None:
    one = await played(stage, spoken, ("cancel_done", noted))
    assert "without a yes" in one.wrong
    assert not one.is_well


async def test_another_change_than_the_wanted_one_is_wrong(stage: TrialStage, spoken: SpokenCustomers) -> None:
    one = await played(stage, spoken, ("cancel_confirm", None), ("cancel_done", noted))
    assert one.wrong == "the shop was changed otherwise than the customer wanted"
    assert rates([one]).wrong_actions == 1


async def test_what_is_only_said_to_be_done_is_not_completed(stage: TrialStage, spoken: SpokenCustomers) -> None:
    one = await played(stage, spoken, ("cancel_confirm", None), ("cancel_done", None))
    assert (one.wrong, one.is_completed) == ("", False)


async def test_what_was_taken_back_must_not_be_done(stage: TrialStage, spoken: SpokenCustomers) -> None:
    kept = await played(stage, spoken, ("cancel_confirm", None), ("flow_given_up", None), drops=True)
    done = await played(stage, spoken, ("cancel_confirm", None), ("cancel_done", noted), drops=True)
    assert (kept.is_completed, kept.wrong) == (True, "")
    assert "taken it back" in done.wrong


async def test_the_summary_of_another_matter_gets_no_yes(stage: TrialStage, spoken: SpokenCustomers) -> None:
    one = await played(stage, spoken, ("return_confirm", None), ("cancel_confirm", None), ("cancel_done", None))
    said = [spoken_line.text for spoken_line in one.dialogue if spoken_line.who == "customer"]
    assert said[1] not in spoken.yes
    assert said[2] in spoken.yes


@pytest.mark.parametrize(("text", "is_shown"), [("换成 M 码", True), ("summary of the matter", False)])
def test_a_short_option_is_shown_where_it_stands_as_a_word(
    stage: TrialStage, spoken: SpokenCustomers, text: str, *, is_shown: bool
) -> None:
    customer = SimulatedCustomer(draw("track", 1, stage, spoken), spoken, seeded(1))
    assert customer._is_shown("M", text) == is_shown


# All together


async def test_two_shares_are_the_whole(stage: TrialStage) -> None:
    whole = [one async for one in simulate(stage, customers=5, seed=3)]
    halves = [[one async for one in simulate(stage, customers=5, seed=3, share=(k, 2))] for k in range(2)]
    assert [*halves[0], *halves[1]] == [*whole[0::2], *whole[1::2]]


async def test_the_same_seed_plays_the_same_customers(stage: TrialStage) -> None:
    runs = [[one async for one in simulate(stage, customers=len(GOALS), seed=3)] for _ in range(2)]
    assert runs[0] == runs[1]
    assert [one.goal for one in runs[0]] == [*GOALS]


async def test_only_named_matters_are_played(stage: TrialStage) -> None:
    assert {one.goal async for one in simulate(stage, customers=4, seed=1, goals=("track", "refund"))} == {
        "track",
        "refund",
    }


def test_rates_are_of_those_whom_they_are_about() -> None:
    def one(*, allowed: bool, well: bool) -> Played:
        return Played("cancel", allowed, allowed and well, not allowed and well, "", "done", 2, ())

    figures = rates([one(allowed=True, well=True), one(allowed=True, well=False), one(allowed=False, well=True)])
    assert (figures.tasks, figures.completion_rate, figures.refusal_rate) == (3, 0.5, 1.0)
    assert rates([]).completion_rate == 1.0
