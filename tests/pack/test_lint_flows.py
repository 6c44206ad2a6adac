import pytest

from .linting import Lint, flow_file

CANCEL = "- do: order.cancel\n  with: {order: order}\n"
CONFIRM = "- confirm: sure\n"


# How flows begin


def test_a_flow_that_nothing_triggers_or_offers_is_dead(linted: Lint) -> None:
    report = linted(flows=flow_file("- ask: order", head=""))

    assert report.warnings("flow.dead") == ["flows/flows.yaml:2"]


def test_a_flow_that_another_one_offers_is_alive(linted: Lint) -> None:
    other = flow_file("- {offer: order.cancel, say: offer}", name="order.track").replace("flows:\n", "")

    report = linted(flows=flow_file("- ask: order", head="") + "\n" + other)

    assert report.warnings("flow.dead") == []


@pytest.mark.parametrize("field", ["triggers", "triggers_when_proved", "gives_up"])
def test_a_flow_names_only_intents_that_are_there(linted: Lint, field: str) -> None:
    report = linted(flows=flow_file("- ask: order", head=f"{field}: [lost.intent]"))

    assert report.errors("flow.unknown_intent") == ["flows/flows.yaml:5"]


def test_a_flow_stands_instead_of_flows_that_are_there(linted: Lint) -> None:
    report = linted(flows=flow_file("- ask: order", head="triggers: [track]\n    instead_of: [lost.flow]"))

    assert report.errors("flow.unknown_flow") == ["flows/flows.yaml:6"]


def test_a_flow_that_only_offers_itself_is_dead(linted: Lint) -> None:
    report = linted(flows=flow_file("- {offer: order.cancel, say: offer}", head=""))

    assert report.warnings("flow.dead") == ["flows/flows.yaml:2"]


def two_flows(first: str, second: str) -> str:
    start = flow_file("- ask: order", name="first", head=first)
    return start + "\n" + flow_file("- ask: order", name="second", head=second).replace("flows:\n", "")


@pytest.mark.parametrize(
    ("first", "second", "is_shadowed"),
    [
        ("triggers: [track]", "triggers: [track]", True),
        ("triggers: [track]", "{triggers: [track], only_with: [order_id]}", True),
        ("{triggers: [track], only_with: [order_id]}", "triggers: [track]", False),
        ("triggers: [track]", "triggers: [cancel]", False),
        ("triggers_when_proved: [track]", "triggers: [track]", False),
        ("triggers: [track]", "triggers_when_proved: [track]", True),
    ],
)
def test_a_flow_behind_one_that_always_starts_instead_is_an_error(
    linted: Lint, first: str, second: str, *, is_shadowed: bool
) -> None:
    heads = [head.strip("{}").replace(", only", "\n    only") for head in (first, second)]

    report = linted(flows=two_flows(*heads))

    assert bool(report.errors("flow.shadowed")) == is_shadowed


# What steps name


def test_a_step_asks_only_for_a_slot_of_its_flow(linted: Lint) -> None:
    report = linted(flows=flow_file("- ask: order\n- ask: colour"))

    assert report.errors("flow.unknown_slot") == ["flows/flows.yaml:10"]


def test_an_offered_flow_must_exist(linted: Lint) -> None:
    report = linted(flows=flow_file("- {offer: order.return, say: offer}"))

    assert report.errors("flow.unknown_flow") == ["flows/flows.yaml:9"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("{reason: order}", ""),
        ("{colour: order}", "flow.unknown_slot"),
        ("{order: order}", "flow.unknown_slot"),
        ("{reason: nothing}", "flow.unknown_name"),
    ],
)
def test_an_offer_hands_over_what_is_known_to_slots_with_choices(linted: Lint, given: str, code: str) -> None:
    slots = "- {name: reason, ask: why, choices: [{value: late, title: late}]}\n- {name: order, ask: which_order}"
    offered = flow_file("- ask: reason", name="order.return", head="triggers: [greet]", slots=slots)
    steps = f"- {{offer: order.return, say: offer, with: {given}}}"
    report = linted(flows=flow_file(steps) + offered.removeprefix("flows:"))
    found = [finding.code for finding in report.findings if finding.code in ("flow.unknown_slot", "flow.unknown_name")]
    assert found == ([code] if code else [])


def test_a_condition_names_only_slots_and_facts_found_before_it(linted: Lint) -> None:
    steps = """
        - if: {of: info.order.state, is: paid}
          then:
            - say: wait
        - do: order.read
          with: {order: order}
          as: info
        - if: {all: [{of: info.order.state, is: paid}, {of: trigger, is: cancel}, {of: order, known: true}]}
          then:
            - say: wait
        - if: {of: info.parcel, known: true}
          then:
            - say: wait
    """

    report = linted(flows=flow_file(steps))

    assert report.errors("flow.unknown_name") == ["flows/flows.yaml:9", "flows/flows.yaml:18"]


def test_a_fact_of_one_branch_may_be_known_after_it(linted: Lint) -> None:
    steps = """
        - if: {of: order, known: true}
          then:
            - {do: order.read, with: {order: order}, as: info}
        - if: {of: info.order.state, is: paid}
          then:
            - say: wait
    """

    assert linted(flows=flow_file(steps)).errors("flow.unknown_name") == []


def test_a_choice_is_shown_only_by_what_is_known_where_it_is_asked_for(linted: Lint) -> None:
    option = "choices: [{value: late, title: late, when: {of: info.order.state, is: paid}}]"
    slots = f"- {{name: order, ask: which_order}}\n- {{name: reason, ask: why, {option}}}"
    read = "- {do: order.read, with: {order: order}, as: info}"

    report = linted(flows=flow_file(f"- ask: reason\n{read}", slots=slots))

    assert len(report.errors("flow.unknown_name")) == 1
    assert linted(flows=flow_file(f"{read}\n- ask: reason", slots=slots)).errors("flow.unknown_name") == []


def test_an_action_is_given_only_slots_and_facts(linted: Lint) -> None:
    report = linted(flows=flow_file("- do: order.read\n  with: {order: trigger}"))

    assert report.errors("flow.unknown_name") == ["flows/flows.yaml:9"]


# What the shop is asked for


def test_an_action_must_be_one_of_the_shops(linted: Lint) -> None:
    report = linted(flows=flow_file("- ask: order\n- do: order.burn"))

    assert report.errors("action.unknown") == ["flows/flows.yaml:10"]


def test_an_outcome_must_be_one_of_the_actions(linted: Lint) -> None:
    steps = """
        - do: order.read
          with: {order: order}
          on:
            missing:
              - say: none
            vanished:
              - say: none
    """

    assert linted(flows=flow_file(steps)).errors("action.unknown_outcome") == ["flows/flows.yaml:14"]


def test_a_required_parameter_must_be_given(linted: Lint) -> None:
    report = linted(flows=flow_file("- do: order.read"))

    assert report.errors("action.missing_parameter") == ["flows/flows.yaml:9"]


def test_an_optional_parameter_may_be_left_out(linted: Lint) -> None:
    report = linted(flows=flow_file(CONFIRM + CANCEL))

    assert report.errors("action.missing_parameter") == []


def test_a_parameter_must_be_one_of_the_actions(linted: Lint) -> None:
    report = linted(flows=flow_file("- do: order.read\n  with: {order: order, speed: order}"))

    assert report.errors("action.unknown_parameter") == ["flows/flows.yaml:10"]


@pytest.mark.parametrize(
    ("look_up", "code"),
    [
        ("look_up: order.find, scope: any", ""),
        ("look_up: order.find, scope: opne", "action.unknown_scope"),
        ("look_up: order.find, scope: any, scopes: {track: opne}", "action.unknown_scope"),
        ("look_up: order.find", "action.missing_parameter"),
        ("look_up: order.find, scope: any, with: {colour: order}", "action.unknown_parameter"),
        ("look_up: order.burn", "action.unknown"),
        ("look_up: order.read", "action.no_look_up"),
        ("look_up: order.take", "action.no_look_up"),
    ],
)
def test_a_slot_is_looked_up_by_an_action_that_lists_candidates(linted: Lint, look_up: str, code: str) -> None:
    report = linted(flows=flow_file("- ask: order", slots=f"- {{name: order, ask: which_order, {look_up}}}"))

    codes = [finding.code for finding in report.findings if finding.code.startswith("action.")]
    assert codes == ([code] if code else [])


# Slots


@pytest.mark.parametrize(
    ("slot", "is_filled"),
    [
        ("free_text: true", False),
        ("look_up: order.find, scope: any, entities: [order_id]", False),
        ("entities: [order_id]", True),
        ("choices: [{value: late, title: late}]", True),
    ],
)
def test_a_slot_that_is_never_asked_must_be_one_that_a_message_fills(
    linted: Lint, slot: str, *, is_filled: bool
) -> None:
    report = linted(flows=flow_file("- say: done", slots=f"- {{name: reason, ask: why, {slot}}}"))

    assert report.warnings("slot.never_asked") == ([] if is_filled else ["flows/flows.yaml:7"])


def test_a_look_up_rests_on_slots_of_its_flow(linted: Lint) -> None:
    slot = "- {name: order, ask: which_order, look_up: order.find, with: {scope: area}}"

    assert linted(flows=flow_file("- ask: order", slots=slot)).errors("flow.unknown_name") == ["flows/flows.yaml:7"]


# The order of steps


@pytest.mark.parametrize(
    "steps",
    [
        "- end: completed\n- say: late",
        "- hand_over: help\n- say: late",
        "- if: {of: order, known: true}\n  then: [{end: completed}]\n  else: [{end: refused}]\n- say: late",
        "- do: order.read\n  on: {ok: [{end: completed}], missing: [{end: refused}]}\n- say: late",
    ],
)
def test_a_step_that_every_path_ends_before_is_unreachable(linted: Lint, steps: str) -> None:
    last = len(flow_file(steps).splitlines())

    report = linted(flows=flow_file(steps + "\n- say: later"))

    assert report.errors("flow.unreachable") == [f"flows/flows.yaml:{last}"]


def test_what_stands_behind_an_end_leads_nowhere(linted: Lint) -> None:
    steps = """
        - if: {of: order, known: true}
          then:
            - end: completed
            - say: late
          else:
            - end: refused
        - say: later
    """

    assert linted(flows=flow_file(steps)).errors("flow.unreachable") == ["flows/flows.yaml:12", "flows/flows.yaml:15"]


@pytest.mark.parametrize(
    "steps",
    [
        "- if: {of: order, known: true}\n  then: [{end: completed}]\n- say: late",
        "- do: order.read\n  with: {order: order}\n  on:\n    missing: [{end: refused}]\n- say: late",
        "- confirm: sure\n  on_no: [{end: given_up}]\n- say: late",
    ],
)
def test_a_step_that_some_path_reaches_is_reachable(linted: Lint, steps: str) -> None:
    assert linted(flows=flow_file(steps)).errors("flow.unreachable") == []


@pytest.mark.parametrize(
    ("steps", "is_safe"),
    [
        (CANCEL, False),
        (CONFIRM + CANCEL, True),
        (CANCEL + CONFIRM, False),
        ("- if: {of: order, known: true}\n  then: [{confirm: sure}]\n" + CANCEL, False),
        ("- if: {of: order, known: true}\n  then: [{confirm: sure}]\n  else: [{confirm: sure}]\n" + CANCEL, True),
        ("- if: {of: order, known: true}\n  then: [{confirm: sure}]\n  else: [{end: refused}]\n" + CANCEL, True),
        ("- confirm: sure\n  on_no: [{do: order.cancel, with: {order: order}}]", False),
        ("- {offer: order.cancel, say: sure}\n" + CANCEL, False),
    ],
)
def test_a_change_of_the_shop_needs_a_yes_on_every_path(linted: Lint, steps: str, *, is_safe: bool) -> None:
    report = linted(flows=flow_file(steps))

    assert bool(report.errors("flow.unconfirmed_effect")) != is_safe


def test_a_change_of_the_shop_where_a_look_up_finds_nothing_needs_a_yes_too(linted: Lint) -> None:
    slots = """
        - name: order
          ask: which_order
          look_up: order.find
          scope: any
          when_none:
            - {do: order.cancel, with: {order: order}}
    """

    report = linted(flows=flow_file("- ask: order", slots=slots))

    assert report.errors("flow.unconfirmed_effect") == ["flows/flows.yaml:12"]
