from typing import Any

import pytest
from pydantic import ValidationError

from xiaoer.pack import (
    AskStep,
    ConfirmStep,
    DoStep,
    EndStep,
    Flow,
    HandOverStep,
    IfStep,
    OfferStep,
    SayStep,
    branches,
)


def a_flow(*steps: dict[str, Any], **fields: list[dict[str, Any]]) -> Flow:
    return Flow.model_validate({"name": "a", "title": "b", "about": "c", "steps": steps, **fields})


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ({"ask": "order"}, AskStep),
        ({"ask": "order", "when": {"of": "kind", "is": "x"}}, AskStep),
        ({"do": "order.read", "with": {"order": "order"}, "as": "info"}, DoStep),
        ({"confirm": "sure", "on_no": [{"say": "fine"}]}, ConfirmStep),
        ({"say": "hello"}, SayStep),
        ({"offer": "other", "say": "hello"}, OfferStep),
        ({"if": {"of": "a", "known": True}, "then": [{"say": "b"}], "else": [{"say": "c"}]}, IfStep),
        ({"hand_over": "help"}, HandOverStep),
        ({"end": "refused"}, EndStep),
    ],
)
def test_a_step_is_known_by_its_first_word(step: dict[str, Any], kind: type) -> None:
    assert type(a_flow(step).steps[0]) is kind


@pytest.mark.parametrize(
    "step",
    [
        {},
        {"dance": "x"},
        {"say": "a", "loud": True},
        {"offer": "a"},
        {"if": {"of": "a", "known": True}},
        {"end": "soon"},
    ],
)
def test_anything_else_is_no_step(step: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_flow(step)


def test_a_flow_needs_a_step() -> None:
    with pytest.raises(ValidationError):
        a_flow()


def test_a_walk_gives_every_step_of_every_branch_and_of_look_ups_that_find_nothing() -> None:
    flow = a_flow(
        {"do": "a", "on": {"x": [{"say": "on_x"}, {"if": {"of": "s", "known": True}, "then": [{"say": "then"}]}]}},
        {"confirm": "sure", "on_no": [{"say": "no"}]},
        {"if": {"of": "s", "known": True}, "then": [{"end": "refused"}], "else": [{"say": "else"}]},
        slots=[{"name": "s", "ask": "q", "when_none": [{"say": "none"}]}],
    )

    said = [step.say for step in flow.walk() if isinstance(step, SayStep)]

    assert said == ["none", "on_x", "then", "no", "else"]
    assert len(list(flow.walk())) == 10


def test_branches_are_named_by_outcome_answer_or_side() -> None:
    flow = a_flow(
        {"do": "a", "on": {"x": [{"say": "b"}]}},
        {"confirm": "sure"},
        {"if": {"of": "s", "known": True}, "then": [{"say": "b"}]},
        {"say": "b"},
    )

    assert [set(branches(step)) for step in flow.steps] == [{"x"}, {"no"}, {"then", "else"}, set()]


def test_a_flow_finds_its_slots_by_name() -> None:
    flow = a_flow({"say": "a"}, slots=[{"name": "order", "ask": "which"}])

    assert flow.slot("order") is flow.slots[0]
    assert flow.slot("line") is None


def test_a_flow_reads_back_from_what_it_writes() -> None:
    flow = a_flow(
        {"if": {"of": "s", "known": True}, "then": [{"do": "a", "as": "b", "with": {"c": "s"}, "on": {}}]},
        slots=[{"name": "s", "ask": "q", "with": {"d": "e"}}],
    )

    assert Flow.model_validate(flow.model_dump(by_alias=True)) == flow
