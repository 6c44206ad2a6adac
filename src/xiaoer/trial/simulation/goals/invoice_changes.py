"""An invoice that there is already: how far it is, another name or address on it, and having it sent again."""

from collections.abc import Callable

from xiaoer.pack import GivenOrder
from xiaoer.shop import Invoice, Order
from xiaoer.trial.simulation.goals.one_order import Drawing, Wanted, changed_alone
from xiaoer.trial.simulation.task import draw_like

_STATES = {"issued": 4, "requested": 2, "": 2}
_FRESH_HOURS, _OLD_HOURS = 150.0, 60 * 24.0
"""How long ago an order was paid whose invoice may be made anew, or is too old for that."""


def changed(drawing: Drawing) -> Wanted:
    """Another person's or a firm's name, or another mail address."""
    random, spoken, state = drawing.random, drawing.spoken, drawing.one_of(_STATES)
    what = random.choice(("title", "title", "email", "firm"))
    is_old = state == "issued" and what != "email" and random.random() < 0.25
    facts = {"what": "both" if what == "firm" else what}
    match what:
        case "title":
            facts |= {"title": random.choice(spoken.people), "kind": "personal"}
        case "email":
            facts |= {"email": _mail(drawing)}
        case _:
            facts |= {"title": random.choice(spoken.firms), "kind": "company"}
            facts |= {"tax_no": draw_like(random, spoken.tax_number)}
    is_anew = state == "issued" and what != "email"
    fields = {"invoice", "former_invoices"} if is_anew else {"invoice"}
    return Wanted(
        order=_invoiced(drawing, state, _OLD_HOURS if is_old else _FRESH_HOURS),
        is_allowed=bool(state) and not is_old,
        is_fulfilled=changed_alone(drawing.number, fields, _is_as_told(facts)),
        facts=facts,
        shows=tuple((facts[name],) for name in ("title", "email") if name in facts),
    )


def _is_as_told(facts: dict[str, str]) -> Callable[[Order, Order], bool]:
    def judge(old: Order, new: Order) -> bool:
        was, now = old.invoice, new.invoice
        if was is None or now is None:
            return False
        wanted = {name: facts.get(name, getattr(was, name)) for name in ("title", "kind", "tax_no", "email")}
        return {name: getattr(now, name) for name in wanted} == wanted

    return judge


def resent(drawing: Drawing) -> Wanted:
    """The same again, to the same address or another one; only what was issued can be sent."""
    state = drawing.one_of(_STATES)
    facts = {"email": _mail(drawing)} if drawing.random.random() < 0.5 else {}

    def is_sent(old: Order, new: Order) -> bool:
        was, now = old.invoice, new.invoice
        return was is not None and now is not None and _is_sent(was, now, facts.get("email", was.email))

    return Wanted(
        order=_invoiced(drawing, state, _FRESH_HOURS),
        is_allowed=state == "issued",
        is_fulfilled=changed_alone(drawing.number, {"invoice"}, is_sent),
        facts=facts,
        shows=tuple((mail,) for mail in facts.values()),
        insists="email" if facts else "thing",
    )


def _is_sent(was: Invoice, now: Invoice, mail: str) -> bool:
    is_counted = now.resent_at is not None and now.resent_that_day == was.resent_that_day + 1
    return is_counted and (now.title, now.kind, now.email) == (was.title, was.kind, mail)


def asked_for(drawing: Drawing) -> Wanted:
    """How far is it? Where there is one, the answer says to which address it goes."""
    state = drawing.one_of(_STATES)
    return Wanted(
        order=_invoiced(drawing, state, _FRESH_HOURS),
        is_allowed=bool(state),
        is_fulfilled=None,
        tells=lambda order: (order.invoice.email,) if order.invoice else (),
    )


def _invoiced(drawing: Drawing, state: str, paid_hours_ago: float) -> GivenOrder:
    return drawing.order(
        "delivered", paid_hours_ago=paid_hours_ago, delivered_hours_ago=paid_hours_ago - 90, invoice=state or None
    )


def _mail(drawing: Drawing) -> str:
    return f"kehu{drawing.random.randrange(1000)}@example.com"
