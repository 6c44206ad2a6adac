"""Changing where an order goes."""

import re

import msgspec

from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted
from xiaoer.shop.customers import Address
from xiaoer.shop.models import Order
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.regions import (
    Place,
    are_of_two_scripts,
    by_commas,
    is_bare_district,
    joined_region,
    parted,
    written_address,
)
from xiaoer.shop.rules import Allowed, Decision, Refused, may_change_address
from xiaoer.shop.views import masked_address

_PHONE = re.compile(r"\+?[0-9]{7,15}")
_SHORTEST_STREET = 3
_FACTS = ("reason", "clause", "clause_title", "order", "state", "region", "address")


def _check(request: Request) -> ActionResult:
    order = request.order
    if order is None:
        return missing()
    wanted = written_address(request.argument("address"), request.argument("region"))
    decision = may_change_address(order, request.policies, new_address=wanted)
    if isinstance(decision, Allowed) and wanted and _lacks_region(order, wanted_address(order.address, request)):
        decision = Refused("address_incomplete", decision.clause)
    return decided(decision, order)


def _change(request: Request) -> Change:
    order = request.order
    if order is None:
        return Change(missing())
    address = wanted_address(order.address, request)
    decision = _decide(order, address, request)
    result = decided(decision, order, allowed="done")
    if not isinstance(decision, Allowed):
        return Change(result)
    note = Note(by=request.by, at=request.now, details={"from": written(order.address), "to": written(address)})
    changed = noted(msgspec.structs.replace(order, address=address), "change_address", note)
    return Change(ActionResult("done", {**result.facts, "address": masked_address(address)}), changed)


def wanted_address(old: Address, request: Request) -> Address:
    """Give the address wanted; what is not given stays, the region too when only its end or a street is given.

    A region said apart (`region`) goes before what the address itself says of it. A street in Latin letters lies in no
    region in Chinese characters: what it says of its place is its region, or it has none.
    """
    wanted, said_region = request.argument("address"), request.argument("region")
    place = parted(wanted) if wanted else Place(old.region, old.street)
    is_elsewhere = bool(wanted) and not place.region and are_of_two_scripts(wanted + said_region, old.region)
    place = by_commas(wanted) if is_elsewhere else place
    region = place.region
    if wanted and said_region.casefold() not in region.casefold():
        region = joined_region(said_region, region)
    if not is_elsewhere and old.region.casefold().endswith(region.casefold()):
        region = old.region
    is_same_place = (region, place.street) == (old.region, old.street)
    return Address(
        person=request.argument("person") or old.person,
        phone=re.sub(r"[\s().-]", "", request.argument("phone")) or old.phone,
        region=region,
        street=place.street,
        postcode=place.postcode or (old.postcode if region == old.region else ""),
        label=old.label if is_same_place else "",
    )


def hindrance_of(address: Address) -> str:
    """Say by a code why no parcel can be sent to an address as it is written; empty if one can."""
    if len(address.street) < _SHORTEST_STREET or is_bare_district(address.region):
        return "address_incomplete"
    return "" if _PHONE.fullmatch(address.phone) else "phone_invalid"


def written(address: Address) -> str:
    """Write an address in one line for a history."""
    return f"{address.region} {address.street} {address.person} {address.phone}"


def _decide(order: Order, address: Address, request: Request) -> Decision:
    decision = may_change_address(order, request.policies, new_address=written_address(address.street, address.region))
    if isinstance(decision, Refused):
        return decision
    hindrance = "address_incomplete" if _lacks_region(order, address) else hindrance_of(address)
    return Refused(hindrance, decision.clause) if hindrance else decision


def _lacks_region(order: Order, address: Address) -> bool:
    """Say whether an address names no place, where the one before did."""
    return bool(order.address.region) and not address.region


ADDRESS_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="order.check_address",
            about="Says whether an order's address may still be changed, and to that place, as far as it is said.",
            parameters=("order", "region", "address"),
            outcomes=("allowed", "refused", "missing"),
            facts=_FACTS,
            optional=("region", "address"),
        ),
        _check,
    ),
    Effect(
        ActionSpec(
            name="order.change_address",
            about="Changes where an order goes and to whom; what is not given stays.",
            parameters=("order", "region", "address", "person", "phone"),
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
            optional=("region", "address", "person", "phone"),
        ),
        _change,
    ),
)
