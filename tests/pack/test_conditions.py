from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from xiaoer.pack import MISSING, Condition, look_up

KNOWN = {
    "trigger": "track",
    "reason": "late",
    "several": ["late", "damaged"],
    "empty": "",
    "nothing": None,
    "check": {"reason": "shipped", "days": 3, "is_insured": True, "parts": []},
}


def read(**fields: object) -> Condition:
    return Condition.model_validate(fields)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ({"of": "reason", "is": "late"}, True),
        ({"of": "reason", "is": "lost"}, False),
        ({"of": "check.reason", "is": "shipped"}, True),
        ({"of": "check.is_insured", "is": True}, True),
        ({"of": "check.is_insured", "is": False}, False),
        ({"of": "check.days", "is": 3}, True),
        ({"of": "lost", "is": "late"}, False),
        ({"of": "reason.deeper", "is": "late"}, False),
        ({"of": "reason", "in": ["lost", "late"]}, True),
        ({"of": "reason", "in": ["lost"]}, False),
        ({"of": "check.parts", "in": ["late"]}, False),
        ({"of": "check.days", "above": 2}, True),
        ({"of": "check.days", "above": 3}, False),
        ({"of": "check.days", "below": 4}, True),
        ({"of": "check.days", "below": 3}, False),
        ({"of": "check.is_insured", "above": 0}, False),
        ({"of": "lost", "below": 9}, False),
        ({"of": "several", "is": "late"}, True),
        ({"of": "several", "in": ["lost", "gone"]}, False),
        ({"of": "check.days", "in": []}, False),
        ({"of": "check.days", "at_least": 3}, True),
        ({"of": "check.days", "at_least": 4}, False),
        ({"of": "check.days", "at_most": 3}, True),
        ({"of": "check.days", "at_most": 0}, False),
        ({"of": "reason", "at_least": 0}, False),
        ({"of": "lost", "at_most": 9}, False),
        ({"of": "reason", "known": True}, True),
        ({"of": "reason", "known": False}, False),
        ({"of": "empty", "known": True}, False),
        ({"of": "nothing", "known": False}, True),
        ({"of": "lost", "known": False}, True),
        ({"all": [{"of": "reason", "is": "late"}, {"of": "trigger", "is": "track"}]}, True),
        ({"all": [{"of": "reason", "is": "late"}, {"of": "trigger", "is": "stop"}]}, False),
        ({"any": [{"of": "reason", "is": "lost"}, {"of": "trigger", "is": "track"}]}, True),
        ({"any": [{"of": "reason", "is": "lost"}, {"of": "trigger", "is": "stop"}]}, False),
        ({"none": [{"of": "reason", "is": "lost"}]}, True),
        ({"none": [{"of": "reason", "is": "late"}]}, False),
    ],
)
def test_a_condition_holds_or_does_not(condition: dict[str, Any], *, holds: bool) -> None:
    assert Condition.model_validate(condition).holds(KNOWN) is holds


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"of": "reason"},
        {"is": "late"},
        {"of": "reason", "is": "late", "known": True},
        {"of": "reason", "all": [{"of": "reason", "is": "late"}]},
        {"all": [{"of": "a", "is": "b"}], "any": [{"of": "a", "is": "b"}]},
        {"all": []},
        {"of": "reason", "equals": "late"},
    ],
)
def test_a_condition_is_exactly_one_test(condition: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate(condition)


def test_a_condition_names_everything_it_looks_at_however_deep() -> None:
    condition = read(any=[{"of": "a.b", "is": 1}, {"none": [{"of": "c", "known": True}, {"of": "a.b", "in": [1]}]}])

    assert condition.names() == {"a.b", "c"}


_names = st.sampled_from(["a", "b", "c.d", "c.e"])
_values = st.one_of(st.text(max_size=3), st.integers(-3, 3), st.booleans(), st.none())
_known = st.fixed_dictionaries(
    {}, optional={"a": _values, "b": _values, "c": st.dictionaries(st.sampled_from(["d", "e"]), _values)}
)
_single = st.one_of(
    st.builds(lambda of, value: {"of": of, "is": value}, _names, st.one_of(st.text(max_size=3), st.integers(-3, 3))),
    st.builds(lambda of, value: {"of": of, "known": value}, _names, st.booleans()),
    st.builds(lambda of, value: {"of": of, "at_least": value}, _names, st.integers(-3, 3)),
    st.builds(lambda of, value: {"of": of, "in": value}, _names, st.lists(st.integers(-3, 3), max_size=3)),
)
_conditions = st.recursive(
    _single,
    lambda inner: st.builds(
        lambda kind, parts: {kind: parts},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
).map(Condition.model_validate)


@given(st.lists(_conditions, min_size=1, max_size=3), _known)
def test_groups_mean_what_logic_means_by_them(parts: list[Condition], known: dict[str, Any]) -> None:
    held = [part.holds(known) for part in parts]

    assert read(all=parts).holds(known) == all(held)
    assert read(any=parts).holds(known) == any(held)
    assert read(none=parts).holds(known) == (not any(held))


@given(_conditions, _known, _values)
def test_what_a_condition_does_not_name_does_not_matter_to_it(
    condition: Condition, known: dict[str, Any], value: object
) -> None:
    assert condition.holds({**known, "elsewhere": value}) == condition.holds(known)


@given(_names, _known)
def test_something_is_known_exactly_if_it_is_not_unknown(name: str, known: dict[str, Any]) -> None:
    assert read(of=name, known=True).holds(known) != read(of=name, known=False).holds(known)


@given(st.lists(st.text("xyz", min_size=1, max_size=2), min_size=1, max_size=4), st.integers())
def test_a_dotted_name_leads_to_what_is_nested_there_and_to_nothing_else(path: list[str], value: int) -> None:
    nested: Any = value
    for part in reversed(path):
        nested = {part: nested}

    assert look_up(nested, ".".join(path)) == value
    assert look_up(nested, ".".join([*path, "w"])) is MISSING
    assert look_up(nested, "w") is MISSING
