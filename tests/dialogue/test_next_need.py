"""Where a frame stands in its flow, step by step: the first step that is not settled is what is needed."""

from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace

from xiaoer.dialogue import UnconfirmedEffectError
from xiaoer.dialogue.walk import (
    DropSlot,
    Need,
    NeedAction,
    NeedPerson,
    NeedProof,
    NeedSay,
    NeedSlot,
    NeedYes,
    Over,
    StartOffered,
    TakeSlot,
    known,
    next_need,
)
from xiaoer.events import Confirmation, Frame, Mention, Result, SlotValue
from xiaoer.pack import ActionSpec, Flow
from xiaoer.testing import ScriptedShop, a_flow, a_frame, an_entity, an_outcome

SPECS: Mapping[str, ActionSpec] = ScriptedShop(
    finds={"order.find": an_outcome(), "order.read": an_outcome()}, effects={"order.cancel": an_outcome()}
).specs
ASK_TWO = """
slots:
  - {name: order, ask: which_order}
  - {name: reason, ask: why}
steps:
  - ask: order
  - ask: reason
"""
LOOK_UP = """
slots:
  - name: shop
    ask: which_shop
  - name: order
    ask: which_order
    look_up: order.find
    scope: cancellable
    with: {shop: shop}
    entities: [order_id]
    when_none:
      - say: no_orders
steps:
  - ask: order
"""
CANCEL = """
slots:
  - {name: order, ask: which_order}
steps:
  - ask: order
  - confirm: cancel_confirm
    on_no:
      - say: nothing_changed
  - do: order.cancel
    with: {order: order}
    as: done
  - say: cancel_done
"""


def need_of(flow: Flow, frame: Frame, carried: Mapping[str, SlotValue] | None = None) -> Need:
    return next_need(flow, frame, SPECS, is_proved=True, carried=carried)


def with_result(
    frame: Frame, step: str, arguments: Mapping[str, str], outcome: str, choices: Sequence[str] = (), name: str = ""
) -> Frame:
    facts = {"choices": [{"value": choice, "title": choice} for choice in choices]}
    result = Result(arguments, outcome, is_effect=False)
    return replace(frame, results={**frame.results, step: result}, facts={**frame.facts, name or step: facts})


def yes_to(frame: Frame, flow: Flow, *, yes: bool = True) -> Frame:
    need = need_of(flow, frame)
    assert isinstance(need, NeedYes)
    answer = Confirmation(digest=need.digest, yes=yes)
    return replace(frame, confirmations={**frame.confirmations, need.step: answer})


# Proof, slots, the end


def test_nothing_happens_before_the_customer_is_proved() -> None:
    assert next_need(a_flow(ASK_TWO), a_frame(), SPECS, is_proved=False) == NeedProof()


def test_a_flow_that_needs_no_proof_begins_at_once() -> None:
    need = next_need(a_flow("needs_proof: false\n" + ASK_TWO), a_frame(), SPECS, is_proved=False)
    assert isinstance(need, NeedSlot)


@pytest.mark.parametrize(
    ("slots", "wanted"), [({}, "order"), ({"reason": "bad"}, "order"), ({"order": "1001"}, "reason")]
)
def test_the_first_unfilled_slot_is_asked_for(slots: dict[str, str], wanted: str) -> None:
    need = need_of(a_flow(ASK_TWO), a_frame(slots=slots))
    assert isinstance(need, NeedSlot)
    assert need.slot.name == wanted


def test_a_flow_is_over_after_its_last_step() -> None:
    assert need_of(a_flow(ASK_TWO), a_frame(slots={"order": "1", "reason": "2"})) == Over("completed")


@pytest.mark.parametrize("how", ["completed", "refused", "given_up"])
def test_an_end_step_says_how_the_flow_ended(how: str) -> None:
    assert need_of(a_flow(f"steps: [{{end: {how}}}, {{say: never}}]"), a_frame()) == Over(how)  # type: ignore[arg-type]  # the parameters are the three ends


def test_a_slot_is_asked_for_only_under_its_condition() -> None:
    flow = a_flow("""
        slots:
          - {name: kind, ask: which_kind}
          - {name: tax_no, ask: which_tax_no}
        steps:
          - ask: kind
          - ask: tax_no
            when: {of: kind, is: company}
        """)
    assert need_of(flow, a_frame(slots={"kind": "personal"})) == Over("completed")
    assert isinstance(need_of(flow, a_frame(slots={"kind": "company"})), NeedSlot)


# What is not there any more

READ = """
slots:
  - {name: order, ask: which_order}
steps:
  - ask: order
  - do: order.read
    with: {order: order}
    as: info
  - say: order_progress
"""


def test_what_is_gone_is_said_and_ends_the_flow() -> None:
    frame = with_result(a_frame(slots={"order": "1"}), "1", {"order": "1"}, "missing", [])
    need = need_of(a_flow(READ), frame)
    assert isinstance(need, NeedSay)
    assert need.reply == "gone"
    assert need_of(a_flow(READ), replace(frame, said={need.step: need.digest})) == Over("refused")


def test_a_flow_may_do_something_else_where_a_thing_is_gone() -> None:
    flow = a_flow(READ.replace("    as: info\n", "    as: info\n    on:\n      missing:\n        - say: sold_out\n"))
    frame = with_result(a_frame(slots={"order": "1"}), "1", {"order": "1"}, "missing", [])
    need = need_of(flow, frame)
    assert isinstance(need, NeedSay)
    assert need.reply == "sold_out"


# Look-ups


def test_a_look_up_is_run_on_what_was_mentioned_and_fixed_and_carried() -> None:
    mention = Mention("第[1001]单", (an_entity("order_id", "1001"), an_entity("order_id", "1002")))
    frame = replace(a_frame(slots={"shop": "s1"}), mentions={"order": mention})
    need = need_of(a_flow(LOOK_UP), frame, {"order": SlotValue("0999", "0999")})
    assert isinstance(need, NeedAction)
    assert (need.action, need.step, need.is_effect) == ("order.find", "0.find", False)
    assert need.arguments == {
        "mention": "第[1001]单",
        "mention.order_id": "1001",
        "scope": "cancellable",
        "context": "0999",
        "shop": "s1",
    }


def test_a_look_up_with_one_finding_fills_the_slot() -> None:
    frame = with_result(a_frame(), "0.find", {"scope": "cancellable"}, "one", ["1001"])
    need = need_of(a_flow(LOOK_UP), frame)
    assert isinstance(need, TakeSlot)
    assert [choice["value"] for choice in need.choices] == ["1001"]


def test_a_look_up_of_several_things_takes_all_that_are_meant() -> None:
    flow = a_flow(LOOK_UP.replace("scope: cancellable", "scope: cancellable\n    several: true"))
    asked = need_of(flow, a_frame())
    assert isinstance(asked, NeedAction)
    assert asked.arguments["several"] == "yes"
    frame = with_result(a_frame(), "0.find", {"scope": "cancellable", "several": "yes"}, "these", ["1001", "1002"])
    need = need_of(flow, frame)
    assert isinstance(need, TakeSlot)
    assert [choice["value"] for choice in need.choices] == ["1001", "1002"]


@pytest.mark.parametrize("outcome", ["unnamed", "unmatched", "none"])
def test_an_optional_slot_that_nothing_is_said_of_is_not_asked_for(outcome: str) -> None:
    flow = a_flow(LOOK_UP.replace("scope: cancellable", "scope: cancellable\n    optional: true"))
    frame = with_result(a_frame(), "0.find", {"scope": "cancellable"}, outcome, ["1001", "1002"])
    assert not isinstance(need_of(flow, frame), NeedSlot | TakeSlot)


def test_an_optional_slot_is_asked_for_where_it_is_unclear_what_is_meant() -> None:
    flow = a_flow(LOOK_UP.replace("scope: cancellable", "scope: cancellable\n    optional: true"))
    frame = with_result(a_frame(), "0.find", {"scope": "cancellable"}, "several", ["1001", "1002"])
    assert isinstance(need_of(flow, frame), NeedSlot)


@pytest.mark.parametrize("outcome", ["several", "unmatched"])
def test_a_look_up_that_leaves_a_choice_asks_and_says_why(outcome: str) -> None:
    frame = with_result(a_frame(), "0.find", {"scope": "cancellable"}, outcome, ["1001", "1002"])
    need = need_of(a_flow(LOOK_UP), frame)
    assert isinstance(need, NeedSlot)
    assert (need.slot.name, need.found) == ("order", outcome)


def test_a_look_up_that_finds_nothing_says_so_once_and_the_flow_is_refused() -> None:
    frame = with_result(a_frame(), "0.find", {"scope": "cancellable"}, "none")
    need = need_of(a_flow(LOOK_UP), frame)
    assert isinstance(need, NeedSay)
    assert need.reply == "no_orders"
    assert need_of(a_flow(LOOK_UP), replace(frame, said={need.step: need.digest})) == Over("refused")


def test_a_look_up_is_run_again_when_more_is_said() -> None:
    frame = with_result(a_frame(), "0.find", {"scope": "cancellable"}, "several", ["1001", "1002"])
    said_more = replace(frame, mentions={"order": Mention("昨天那单")})
    assert isinstance(need_of(a_flow(LOOK_UP), said_more), NeedAction)


def test_a_slot_chosen_for_something_else_is_looked_up_again_and_stays_where_it_is_still_there() -> None:
    filled = a_frame(slots={"shop": "s2", "order": "1001"})
    need = need_of(a_flow(LOOK_UP), with_result(filled, "0.find", {"shop": "s1"}, "several", ["1001"]))
    assert isinstance(need, NeedAction)
    assert need.arguments["shop"] == "s2"
    still_there = with_result(filled, "0.find", need.arguments, "several", ["1000", "1001"])
    assert need_of(a_flow(LOOK_UP), still_there) == Over("completed")
    gone = with_result(filled, "0.find", need.arguments, "several", ["1002"])
    dropped = need_of(a_flow(LOOK_UP), gone)
    assert isinstance(dropped, DropSlot)
    assert dropped.slot.name == "order"


def test_a_filled_slot_is_not_looked_up() -> None:
    assert need_of(a_flow(LOOK_UP), a_frame(slots={"order": "1001"})) == Over("completed")


# Actions, branches, words


def test_an_action_is_run_on_slots_and_facts() -> None:
    flow = a_flow("""
        slots: [{name: order, ask: which_order}]
        steps:
          - do: order.read
            with: {order: order, carrier: parcel.carrier, absent: nowhere}
            as: order_read
        """)
    frame = replace(a_frame(slots={"order": "1001"}), facts={"parcel": {"carrier": "SF"}})
    assert need_of(flow, frame) == NeedAction(
        "0", "order.read", {"order": "1001", "carrier": "SF"}, "order_read", is_effect=False
    )


def test_a_look_up_whose_arguments_changed_is_run_again() -> None:
    flow = a_flow("slots: [{name: order, ask: w}]\nsteps: [{do: order.read, with: {order: order}}]")
    frame = with_result(a_frame(slots={"order": "1002"}), "0", {"order": "1001"}, "found")
    assert isinstance(need_of(flow, frame), NeedAction)
    assert need_of(flow, with_result(frame, "0", {"order": "1002"}, "found")) == Over("completed")


def test_an_outcome_with_a_branch_goes_that_way_and_others_go_on() -> None:
    flow = a_flow("""
        steps:
          - do: order.read
            on:
              none:
                - end: refused
          - end: given_up
        """)
    assert need_of(flow, with_result(a_frame(), "0", {}, "none")) == Over("refused")
    assert need_of(flow, with_result(a_frame(), "0", {}, "found")) == Over("given_up")


def test_a_branch_without_an_end_joins_the_next_step() -> None:
    flow = a_flow("""
        steps:
          - do: order.read
            on:
              late:
                - say: sorry_for_the_wait
          - end: given_up
        """)
    frame = with_result(a_frame(), "0", {}, "late")
    need = need_of(flow, frame)
    assert isinstance(need, NeedSay)
    assert need_of(flow, replace(frame, said={need.step: need.digest})) == Over("given_up")


def test_an_if_step_looks_at_slots_and_facts() -> None:
    flow = a_flow("""
        steps:
          - if: {of: check.days, at_most: 7}
            then: [{end: completed}]
            else: [{end: refused}]
        """)
    assert need_of(flow, replace(a_frame(), facts={"check": {"days": 7}})) == Over("completed")
    assert need_of(flow, replace(a_frame(), facts={"check": {"days": 8}})) == Over("refused")
    assert need_of(flow, a_frame()) == Over("refused")


def test_a_reply_is_said_again_when_what_it_rests_on_changed() -> None:
    flow = a_flow("slots: [{name: order, ask: w}]\nsteps: [{ask: order}, {say: progress}]")
    first = need_of(flow, a_frame(slots={"order": "1001"}))
    assert isinstance(first, NeedSay)
    said = {first.step: first.digest}
    assert need_of(flow, replace(a_frame(slots={"order": "1001"}), said=said)) == Over("completed")
    assert isinstance(need_of(flow, replace(a_frame(slots={"order": "1002"}), said=said)), NeedSay)


def test_a_flow_may_call_a_person() -> None:
    assert need_of(a_flow("steps: [{hand_over: bulk}]"), a_frame()) == NeedPerson("bulk")


# Yes and no


def test_a_change_of_the_shop_waits_for_a_yes() -> None:
    flow, frame = a_flow(CANCEL), a_frame(slots={"order": "1001"})
    asked = need_of(flow, frame)
    assert isinstance(asked, NeedYes)
    assert (asked.reply, asked.offer) == ("cancel_confirm", "")
    assert need_of(flow, yes_to(frame, flow)) == NeedAction(
        "2", "order.cancel", {"order": "1001"}, "done", is_effect=True
    )


def test_a_yes_to_one_thing_is_no_yes_to_another() -> None:
    flow = a_flow(CANCEL)
    frame = yes_to(a_frame(slots={"order": "1001"}), flow)
    corrected = replace(frame, slots={"order": SlotValue("1002", "1002")})
    assert isinstance(need_of(flow, corrected), NeedYes)


def test_a_no_goes_its_own_way_and_ends_the_flow() -> None:
    flow = a_flow(CANCEL)
    frame = yes_to(a_frame(slots={"order": "1001"}), flow, yes=False)
    need = need_of(flow, frame)
    assert isinstance(need, NeedSay)
    assert need.reply == "nothing_changed"
    assert need_of(flow, replace(frame, said={need.step: need.digest})) == Over("given_up")


def test_a_change_of_the_shop_is_not_wanted_twice_even_if_a_slot_changes_afterwards() -> None:
    flow = a_flow(CANCEL)
    frame = yes_to(a_frame(slots={"order": "1001"}), flow)
    done = replace(frame, results={"2": Result({"order": "1001"}, "done", is_effect=True)})
    assert isinstance(need_of(flow, done), NeedSay)
    corrected = yes_to(replace(done, slots={"order": SlotValue("1002", "1002")}), flow)
    assert isinstance(need_of(flow, corrected), NeedSay)


def test_a_change_of_the_shop_without_a_confirm_before_it_is_refused() -> None:
    flow = a_flow("slots: [{name: order, ask: w}]\nsteps: [{do: order.cancel, with: {order: order}}]", name="hasty")
    with pytest.raises(UnconfirmedEffectError, match=r"hasty.*step 0.*order\.cancel") as refused:
        need_of(flow, a_frame(slots={"order": "1001"}))
    assert refused.value.code == "dialogue.unconfirmed_effect"


def test_a_confirm_in_a_branch_not_taken_confirms_nothing() -> None:
    flow = a_flow("""
        steps:
          - if: {of: order, known: true}
            then: [{confirm: cancel_confirm}]
          - do: order.cancel
        """)
    with pytest.raises(UnconfirmedEffectError):
        need_of(flow, a_frame())


def test_an_offer_starts_the_other_flow_on_yes_and_goes_on_on_no() -> None:
    flow = a_flow("steps: [{offer: exchange, say: offer_exchange}, {end: refused}]")
    offered = need_of(flow, a_frame())
    assert isinstance(offered, NeedYes)
    assert (offered.reply, offered.offer) == ("offer_exchange", "exchange")
    assert need_of(flow, yes_to(a_frame(), flow)) == StartOffered("exchange")
    assert need_of(flow, yes_to(a_frame(), flow, yes=False)) == Over("refused")


def test_an_offer_hands_over_what_is_known_under_another_name() -> None:
    flow = a_flow("""
        slots: [{name: kind, ask: which_kind}]
        steps: [{offer: exchange, say: offer_exchange, with: {reason: kind, colour: wanted}}]
        """)
    frame = a_frame(slots={"kind": "faulty"})
    assert need_of(flow, yes_to(frame, flow)) == StartOffered("exchange", {"reason": "faulty"})


# What replies may name


def test_replies_may_name_slots_by_value_and_as_shown_and_facts_over_them() -> None:
    frame = Frame(
        id=a_frame().id,
        flow="flow",
        pack="test",
        trigger="return.request",
        slots={"reason": SlotValue("faulty", "质量问题"), "order": SlotValue("1001", "1001")},
        facts={"order": {"number": "1001"}},
    )
    assert known(frame) == {
        "trigger": "return.request",
        "reason": "faulty",
        "order": {"number": "1001"},
        "slots": {"reason": "质量问题", "order": "1001"},
    }
