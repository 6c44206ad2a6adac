"""Conditions on what is known: structured, without code, checked when the pack is read."""

import operator
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from pydantic import Field, model_validator

from xiaoer.pack.parts import Part

MISSING = object()
TestedValue: TypeAlias = str | int | bool
_COMPARISONS: Mapping[str, Callable[[float, int], bool]] = MappingProxyType(
    {"above": operator.gt, "below": operator.lt, "at_least": operator.ge, "at_most": operator.le}
)


class Condition(Part):
    """A test of one known thing, or a combination of tests.

    `of` names a slot (`reason`) or a fact (`check.reason`, by the name its step gave it). Exactly one test must stand
    beside it: `is_` (written `is`), `in_` (written `in`), `above`, `below`, `at_least`, `at_most` or `known`. Of a fact
    that is a list, one element that is as wanted is enough for `is` and `in`.
    """

    of: str = ""
    is_: str | int | bool | None = Field(default=None, alias="is")
    in_: tuple[str | int, ...] | None = Field(default=None, alias="in")
    above: int | None = None
    below: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    known: bool | None = None
    all: tuple["Condition", ...] = ()
    any: tuple["Condition", ...] = ()
    none: tuple["Condition", ...] = ()

    @model_validator(mode="after")
    def _has_one_test(self) -> "Condition":
        tests = [self.is_, self.in_, self.known]
        stated = sum(test is not None for test in tests) + len(self.limits())
        combined = sum(bool(group) for group in (self.all, self.any, self.none))
        if stated + combined != 1 or bool(stated) != bool(self.of):
            raise ValueError(
                "give `of` with one of is, in, above, below, at_least, at_most, known; or one of all, any, none"
            )
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
        if not self.limits():
            wanted = self.wanted()
            return any(one in wanted for one in (value if isinstance(value, list | tuple) else (value,)))
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        return all(_COMPARISONS[name](value, limit) for name, limit in self.limits().items())

    def wanted(self) -> tuple[TestedValue, ...]:
        """Give the values that `is` or `in` allows."""
        return (self.is_,) if self.is_ is not None else self.in_ or ()

    def limits(self) -> Mapping[str, int]:
        """Give the comparison with a number, by its name."""
        given = {name: getattr(self, name) for name in _COMPARISONS}
        return {name: limit for name, limit in given.items() if limit is not None}

    def tests(self) -> Iterator[tuple[tuple[str | int, ...], "Condition"]]:
        """Give every test in it that names a fact, with the way to it."""
        if self.of:
            yield (), self
        for group in ("all", "any", "none"):
            for index, part in enumerate(getattr(self, group)):
                yield from (((group, index, *where), test) for where, test in part.tests())

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
