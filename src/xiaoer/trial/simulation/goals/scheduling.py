"""The day on which an order is delivered: chosen, or another one than was chosen before."""

from datetime import timedelta

from xiaoer.shop import Order
from xiaoer.trial.simulation.goals.one_order import Drawing, Wanted, changed_alone

_STATES = {"paid": 3, "packing": 2, "shipped": 3, "delivered": 1}
_UP_TO_THE_LAST, _PAST_THE_LAST, _ONE_BEFORE = (-2, -1, 0), (2, 6), -3
"""Days counted from the last one that can be chosen, and of those the day that was chosen before."""
_WANTS_LATER, _HAS_ONE = 0.2, 0.3


def scheduled(drawing: Drawing) -> Wanted:
    """A day towards the end of those that can be chosen; who wants a later one is content with the last."""
    random, world, state = drawing.random, drawing.world, drawing.one_of(_STATES)
    most = world.number("delivery.schedule", "most_days")
    wanted = most + random.choice(_PAST_THE_LAST if random.random() < _WANTS_LATER else _UP_TO_THE_LAST)
    has_one = state != "delivered" and random.random() < _HAS_ONE
    today = world.now.astimezone(world.zone).date()
    day = today + timedelta(days=min(wanted, most))

    def is_then(old: Order, new: Order) -> bool:
        return new.appointment is not None and new.appointment.day == day

    return Wanted(
        order=drawing.order(
            state,
            shipped_hours_ago=3 if state == "shipped" else None,
            appointment_days=most + _ONE_BEFORE if has_one else None,
        ),
        is_allowed=world.is_in_time("delivery.schedule", state),
        is_fulfilled=changed_alone(drawing.number, {"appointment"}, is_then),
        facts={"day": (today + timedelta(days=wanted)).strftime(drawing.spoken.day)},
        shows=((day.strftime(world.day_form),),),
    )
