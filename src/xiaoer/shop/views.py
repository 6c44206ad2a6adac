"""What is shown of orders and goods: facts for the words of a reply, cards and choices. No personal data unmasked."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from xiaoer.events import Facts
from xiaoer.shop.cases import Case
from xiaoer.shop.customers import Address
from xiaoer.shop.goods import Goods
from xiaoer.shop.models import Order, OrderLine, Product, Refund, Variant
from xiaoer.shop.policies import Policies
from xiaoer.shop.promises import expected_delivery, promised_shipping
from xiaoer.shop.rules import money_facts


def order_facts(order: Order, policies: Policies, now: datetime) -> Facts:
    """Give what may be said of an order; moments as ISO 8601 in UTC, days as ISO dates, what is unknown left out.

    `is_late`: what was promised for the order's next step (sending it, delivering it) is over by now.
    """
    shipment = order.shipment
    promised = promised_shipping(order, policies)
    facts: Facts = {
        "number": order.id,
        "state": order.state,
        "placed_at": _moment(order.placed_at),
        "paid_at": _moment(order.paid_at),
        "pay_by": _moment(order.placed_at + timedelta(minutes=policies.unpaid.minutes))
        if order.state == "unpaid"
        else None,
        "payment_method": order.payment.method if order.payment else None,
        "total": money_facts(order.total),
        "freight": money_facts(order.freight),
        "refunded": money_facts(order.refunded_amount),
        "items": [line.title for line in _lines_left(order)],
        "pieces": [_pieces(line) for line in _lines_left(order)],
        "lines": [line_facts(line) for line in order.lines],
        "address": masked_address(order.address),
        "promised_ship_by": _moment(promised) if order.state in ("paid", "packing") else None,
        "note": order.note or None,
        "appointment": _appointment(order),
        "is_late": promised is not None and order.state in ("paid", "packing") and promised < now,
    }
    expected = expected_delivery(order, policies)
    if shipment and expected:
        facts |= {
            "carrier": shipment.carrier,
            "tracking_no": shipment.tracking_no,
            "shipped_at": _moment(shipment.shipped_at),
            "delivered_at": _moment(shipment.delivered_at),
            "expected_delivery": expected.isoformat() if shipment.delivered_at is None else None,
            "is_late": shipment.delivered_at is None and expected < policies.day(now),
            "last_trace": _last_trace(order),
        }
    return {name: value for name, value in facts.items() if value is not None}


def _lines_left(order: Order) -> Sequence[OrderLine]:
    """Give the lines of which not all pieces were cancelled; all lines of an order of which nothing is left."""
    return [line for line in order.lines if line.cancelled_quantity < line.quantity] or order.lines


def _pieces(line: OrderLine) -> str:
    """Name a line with its options and how many pieces of it there are."""
    named = " ".join((line.title, *line.options.values()))
    count = line.quantity - line.cancelled_quantity or line.quantity
    return f"{named} ×{count}" if count > 1 else named


def line_facts(line: OrderLine) -> Facts:
    """Give what may be said of a line."""
    return {
        "id": line.id,
        "sku": line.sku,
        "title": line.title,
        "options": dict(line.options),
        "quantity": line.quantity,
        "returned_quantity": line.returned_quantity,
        "cancelled_quantity": line.cancelled_quantity,
        "unit_price": money_facts(line.unit_price),
        "amount": money_facts(line.amount),
    }


def masked_address(address: Address) -> Facts:
    """Give an address so that its owner knows it again and nobody else learns it."""
    return {
        "person": address.person[:1] + "*" * max(len(address.person) - 1, 1),
        "phone": address.phone[:3] + "****" + address.phone[-4:],
        "region": address.region,
        "street": address.street[: min(4, len(address.street) // 2)] + "****",
    }


def refund_facts(refund: Refund, policies: Policies, now: datetime) -> Facts:
    """Give what may be said of a refund; `is_late`: the day on which it should have been paid is over."""
    expected_by = policies.day(refund.expected_by)
    facts: Facts = {
        "amount": money_facts(refund.amount),
        "method": refund.method,
        "state": refund.state,
        "asked_at": _moment(refund.asked_at),
        "expected_by": expected_by.isoformat(),
        "paid_at": _moment(refund.paid_at),
        "is_late": refund.state == "processing" and expected_by < policies.day(now),
    }
    return {name: value for name, value in facts.items() if value is not None}


def product_facts(product: Product) -> Facts:
    """Give what may be said of a product; `choices` are the values of the options in which its variants differ."""
    choices = _choices(product)
    return {
        "id": product.id,
        "title": product.title,
        "brand": product.brand,
        "category": product.category,
        "description": product.description,
        "price_from": money_facts(product.price_from),
        "price_to": money_facts(product.price_to),
        "stock": product.stock,
        "variants": [
            {
                "sku": variant.sku,
                "options": dict(variant.options),
                "price": money_facts(variant.price),
                "stock": variant.stock,
            }
            for variant in product.variants
        ],
        **({"choices": choices} if choices else {}),
        "attributes": [{"name": name, "value": value} for name, value in product.attributes.items()],
        "details": [{"name": name, "value": value} for name, value in product.attributes.items()],
    }


def _choices(product: Product) -> list[str]:
    """Give what there is to choose from: the values of the options that differ, those in stock only."""
    options: dict[str, dict[str, bool]] = {}
    for variant in product.variants:
        for name, value in variant.options.items():
            values = options.setdefault(name, {})
            values[value] = values.get(value, False) or variant.stock > 0
    return [value for values in options.values() if len(values) > 1 for value, is_there in values.items() if is_there]


def order_choices(orders: Iterable[Order], goods: Goods) -> list[Facts]:
    """Give orders to choose from; labels and states are codes for the pack's words."""
    return [_order_choice(order, goods) for order in orders]


def _order_choice(order: Order, goods: Goods) -> Facts:
    title = " + ".join(line.title for line in _lines_left(order))
    says = {order.id[-4:], *(name for line in order.lines for name in goods.names_of(line.product, line.title))}
    fields = [
        ["state", order.state],
        ["total", money_facts(order.total)],
        ["placed_at", _moment(order.placed_at)],
    ]
    card = {"kind": "order", "id": order.id, "title": title, "subtitle": order.id, "image": "", "fields": fields}
    return {"value": order.id, "title": title, "says": sorted(says), "card": {**card, "message": order.id}}


def line_choices(lines: Iterable[OrderLine], goods: Goods) -> list[Facts]:
    """Give lines of an order to choose from."""
    return [_line_choice(line, goods) for line in lines]


def _line_choice(line: OrderLine, goods: Goods) -> Facts:
    options = " ".join(line.options.values())
    fields = [["quantity", str(line.quantity)], ["unit_price", money_facts(line.unit_price)]]
    card = {"kind": "product", "id": line.product, "title": line.title, "subtitle": options, "image": ""}
    return {
        "value": line.id,
        "title": f"{line.title} {options}".strip(),
        "says": sorted({*goods.names_of(line.product, line.title), *line.options.values()}),
        "card": {**card, "fields": fields, "message": f"{line.title} {options}".strip()},
    }


def case_choices(cases: Iterable[Case]) -> list[Facts]:
    """Give returns, exchanges and claims to choose from."""
    return [_case_choice(case) for case in cases]


def _case_choice(case: Case) -> Facts:
    title = " + ".join(line.title for line in case.lines)
    state = "processing" if case.kind == "claim" and case.is_open else case.item.state
    fields = [["kind", case.kind], ["state", state], ["opened_at", _moment(case.item.opened_at)]]
    card = {"kind": "order", "id": case.id, "title": title, "subtitle": case.id, "image": "", "fields": fields}
    says = sorted({title, case.id[-4:], *(value for line in case.lines for value in line.options.values())})
    return {"value": case.id, "title": f"{title} {case.id}", "says": says, "card": {**card, "message": case.id}}


def product_choices(products: Iterable[Product], goods: Goods) -> list[Facts]:
    """Give products to choose from."""
    return [_product_choice(product, goods) for product in products]


def _product_choice(product: Product, goods: Goods) -> Facts:
    fields = [
        ["price_from", money_facts(product.price_from)],
        ["price_to", money_facts(product.price_to)],
        ["stock", str(product.stock)],
    ]
    card = {"kind": "product", "id": product.id, "title": product.title, "subtitle": product.brand, "image": ""}
    return {
        "value": product.id,
        "title": product.title,
        "says": sorted(goods.names_of(product.id, product.title)),
        "card": {**card, "fields": fields, "message": product.title},
    }


def variant_choices(variants: Iterable[Variant]) -> list[Facts]:
    """Give variants of one product to choose from."""
    return [
        {"value": variant.sku, "title": " ".join(variant.options.values()), "says": sorted(variant.options.values())}
        for variant in variants
    ]


def _appointment(order: Order) -> Facts | None:
    if order.appointment is None or order.delivered_at is not None:
        return None
    return {"day": order.appointment.day.isoformat(), "part": order.appointment.part}


def _last_trace(order: Order) -> Facts | None:
    if order.shipment is None or not order.shipment.traces:
        return None
    trace = order.shipment.traces[-1]
    return {"at": _moment(trace.at), "place": trace.place, "what": trace.what, "parameters": dict(trace.parameters)}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
