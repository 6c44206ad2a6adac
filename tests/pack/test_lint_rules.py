import pytest

from xiaoer.pack import PackError

from .linting import Lint, flow_file, one_reply

_CLAUSE = """
clauses:
  - {id: a.clause, title: a, text: b, valid_from: 2025-01-01}
rules:
"""
_CONFIRMED = """
- confirm: sure
- do: order.cancel
  with: {order: order}
  as: done
"""


def _rule(when: str = "{of: state, is: paid}", then: str = "{person: look}", **fields: str) -> str:
    """Write a file with one rule, whose id stands at line 4."""
    given = {"id": "a.rule", "action": "order.cancel", "when": when, "then": then, "clause": "a.clause", **fields}
    rows = [f"{name}: {value}" for name, value in given.items() if value]
    return _CLAUSE.lstrip("\n") + "  - " + "\n    ".join(rows)


def test_a_rule_that_names_what_is_there_is_right(linted: Lint) -> None:
    report = linted(policies=_rule("{all: [{of: amount_minor, above: 5000}, {of: state, in: [paid]}]}"))
    assert [f for f in report.findings if f.code.startswith("rule.")] == []


@pytest.mark.parametrize(
    ("rule", "code", "line"),
    [
        (_rule(clause="no.clause"), "rule.unknown_clause", 8),
        (_rule(action="order.find"), "rule.unknown_action", 5),
        (_rule(action="order.explode"), "rule.unknown_action", 5),
        (_rule("{of: amount, above: 5}"), "rule.unknown_fact", 6),
        (_rule("{any: [{of: state, is: paid}, {of: stat, is: paid}]}"), "rule.unknown_fact", 6),
        (_rule("{of: amount_minor, is: '5000'}"), "rule.wrong_kind", 6),
        (_rule("{of: amount_minor, is: true}"), "rule.wrong_kind", 6),
        (_rule("{of: region, above: 5}"), "rule.wrong_kind", 6),
        (_rule("{of: region, in: [5]}"), "rule.wrong_kind", 6),
        (_rule("{of: state, is: payed}"), "rule.unknown_value", 6),
    ],
)
def test_a_rule_that_names_what_is_not_there_is_an_error(linted: Lint, rule: str, code: str, line: int) -> None:
    assert linted(policies=rule).errors(code) == [f"policies/policies.yaml:{line}"]


def test_a_fact_without_its_unit_is_told_the_unit(linted: Lint) -> None:
    (finding,) = [f for f in linted(policies=_rule("{of: amount, above: 5}")).findings if f.code == "rule.unknown_fact"]
    assert "did you mean amount_minor (in minor units)" in finding.message


def test_a_row_below_one_that_always_decides_is_doubtful(linted: Lint) -> None:
    second = "\n  - {id: b.rule, action: order.cancel, then: {person: look}, clause: a.clause}"
    report = linted(policies=_rule(when="") + second)
    assert report.warnings("rule.never_reached") == ["policies/policies.yaml:8"]


def test_a_flow_that_would_go_past_a_person_is_an_error(linted: Lint) -> None:
    report = linted(policies=_rule(), flows=flow_file(_CONFIRMED))
    assert report.errors("flow.person_unhandled") == ["flows/flows.yaml:10"]


def test_a_flow_with_a_branch_for_the_person_is_right(linted: Lint) -> None:
    steps = _CONFIRMED + "  on:\n    person: [{hand_over: rule}]"
    assert linted(policies=_rule(), flows=flow_file(steps)).errors("flow.person_unhandled") == []


@pytest.mark.parametrize(("on", "unhandled"), [("person", ["flows/flows.yaml:10"]), ("refused", [])])
def test_a_flow_that_would_go_past_a_refusal_is_an_error(linted: Lint, on: str, unhandled: list[str]) -> None:
    steps = _CONFIRMED + f"  on:\n    {on}: [{{end: refused}}]"
    report = linted(policies=_rule(then="{refuse: too_big, words: that is too big}"), flows=flow_file(steps))
    assert report.errors("flow.refusal_unhandled") == unhandled


@pytest.mark.parametrize(("words", "unsaid"), [("sorry", ["flows/flows.yaml:10"]), ("{done.words}", [])])
def test_the_words_of_a_refusal_are_said(linted: Lint, words: str, unsaid: list[str]) -> None:
    steps = _CONFIRMED + "  on:\n    refused: [{say: refused}]"
    refusing = _rule(then="{refuse: too_big, words: that is too big}")
    report = linted(policies=refusing, flows=flow_file(steps), replies=one_reply("refused", words))
    assert report.warnings("flow.words_unsaid") == unsaid


@pytest.mark.parametrize(
    "then", ["{}", "{person: a, refuse: b, words: c}", "{refuse: b}", "{person: a, words: c}", "{pay: 5}"]
)
def test_a_result_is_a_refusal_with_words_or_a_person(linted: Lint, then: str) -> None:
    with pytest.raises(PackError, match=r"policies/policies\.yaml:7 \[rules\.0\.then"):
        linted(policies=_rule(then=then))


def test_a_limit_that_is_no_whole_number_is_a_fault(linted: Lint) -> None:
    with pytest.raises(PackError, match=r"policies/policies\.yaml:6 \[rules\.0\.when\.above\]"):
        linted(policies=_rule("{of: amount_minor, above: 50 yuan}"))
