"""The ways from a record to all values of one sort in it, found in its shape once and gone in each record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from xiaoer.shop.transfer.faults import Where
from xiaoer.shop.transfer.shapes import Listed, Nested, Part, Shape


@dataclass(frozen=True, slots=True)
class Trail:
    """A step to a field; behind it lies what was looked for, or, where there are further steps, more of them."""

    part: Part
    further: "tuple[Trail, ...]" = ()


def trails_to(shape: Shape, is_wanted: Callable[[Part], bool]) -> tuple[Trail, ...]:
    """Find the ways to all parts that are wanted; those that lead nowhere are left out."""
    found = []
    for part in shape.parts:
        further = trails_to(part.shape, is_wanted) if isinstance(part, Listed | Nested) else ()
        if further or is_wanted(part):
            found.append(Trail(part, further))
    return tuple(found)


def follow(trails: tuple[Trail, ...], record: Any, where: Where = ()) -> Iterator[tuple[Where, Part, Any]]:  # noqa: ANN401  # any record
    """Give where each value stands in a record, the part of its shape, and the value; None is left out."""
    for trail in trails:
        value = getattr(record, trail.part.name)
        place = (*where, trail.part.name)
        if value is None:
            continue
        if not trail.further:
            yield place, trail.part, value
        elif isinstance(trail.part, Listed):
            for number, element in enumerate(value):
                yield from follow(trail.further, element, (*place, number))
        else:
            yield from follow(trail.further, value, place)
