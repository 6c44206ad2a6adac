"""Conditions on what is known: structured, without code, checked when the pack is read."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from xiaoer.pack.parts import Part

MISSING = object()


class Condition(Part):
    """A test of one known thing, or a combination of tests.

    `of` names a slot (`reason`) or a fact (`check.reason`, by the name its step gave it). Exactly one test must stand
    beside it: `is_` (written `is`), `in_` (written `in`), `at_least`, `at_most` or `known`.
    """

    of: str = ""
    is_: str | int | bool | None = Field(default=None, alias="is")
    in_: tuple[str | int, ...] | None = Field(default=None, alias="in")
    at_least: int | None = None
    at_most: int | None = None
    known: bool | None = None
    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    none: tuple["Condition", ...] = ()

    @model_validator(mode="after")
    def _has_one_test(self) -> "Condition":
        tests = [self.is_, self.in_, self.at_least, self.at_most, self.known]
        stated = sum(test is not None for test in tests)
        combined = sum(bool(group) for group in (self.all, self.any, self.none))
        if stated + combined != 1 or bool(stated) != bool(self.of):
            raise ValueError("give `of` with one of is, in, at_least, at_most, known; or one of all, any, none")
        return self

    def holds(self, known: Mapping[str, Any]) -> bool:
        """Say whether the condition holds for what is known (nested mappings, looked up by dotted names)."""
        if self.all:
            return all(condition.holds(known) for condition in self.all)
        if self.any:
            return any(condition.holds(known) for condition in self.any)
        if self.none:
            return not any(condition.holds(known) for condition in self.none)
        return self._test(look_up(known, self.of))

    def _test(self, value: Any) -> bool:  # noqa: ANN401  # a fact is any JSON value
        if self.known is not None:
            return (value is not MISSING and value not in (None, "")) == self.known
        if self.is_ is not None:
            return bool(value == self.is_)
        if self.in_ is not None:
            return value in self.in_
        if not isinstance(value, int | float):
            return False
        return value >= self.at_least if self.at_least is not None else value <= (self.at_most or 0)

    def names(self) -> frozenset[str]:
        """Give every slot and fact that the condition looks at."""
        own = {self.of} if self.of else set()
        return frozenset(own.union(*(part.names() for part in (*self.all, *self.any, *self.none))))


def look_up(known: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401  # a fact is any JSON value
    """Follow a dotted name through nested mappings; `MISSING` if it leads nowhere."""
    value: Any = known
    for part in name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return MISSING
        value = value[part]
    return value
