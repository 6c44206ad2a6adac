"""Having an order's next step hurried: sending it, or delivering it."""

from xiaoer.trial.simulation.goals.one_order import Drawing, Wanted, changed_alone

_STATES = {"paid": 3, "packing": 1, "shipped": 3}
_PAID_HOURS_AGO = (10, 30, 46, 60, 90)
_DAYS_OVER = 2
"""So many days behind the longest way a parcel is late, wherever it goes."""


def urged(drawing: Drawing) -> Wanted:
    """An order that is late, or is not, shall be hurried."""
    state, world = drawing.one_of(_STATES), drawing.world
    if state == "shipped":
        late = (
            max(world.number("delivery.time", f"{zone}_days") for zone in ("near", "other", "remote")) + _DAYS_OVER
        ) * 24
        hours = drawing.random.choice((12, late))
        order, is_allowed = drawing.order(state, shipped_hours_ago=hours), hours == late
    else:
        hours = drawing.random.choice(_PAID_HOURS_AGO)
        due = world.number("shipping.promise", "hours") - world.number("order.urge", "from_hours_before")
        order, is_allowed = drawing.order(state, paid_hours_ago=hours), hours >= due
    step = "delivery" if state == "shipped" else "shipping"
    return Wanted(
        order=order,
        is_allowed=is_allowed,
        is_fulfilled=changed_alone(drawing.number, set(), lambda old, new: new.history[-1].action == f"urge_{step}"),
        facts={"step": drawing.called(step)},
    )
