"""The customer's addresses: which one is meant, and which one parcels go to unless another is named."""

import hashlib
import re
from collections.abc import Sequence

import msgspec

from xiaoer.events import Facts
from xiaoer.pack import ActionSpec
from xiaoer.shop.actions.address import hindrance_of, wanted_address, written
from xiaoer.shop.actions.decisions import decided, missing
from xiaoer.shop.actions.request import Change, Effect, Query, Request
from xiaoer.shop.changes import Note, noted, with_default_address
from xiaoer.shop.customers import Address, Customer
from xiaoer.shop.goods import folded, stands_in
from xiaoer.shop.ports import ActionResult
from xiaoer.shop.regions import written_address
from xiaoer.shop.rules import Allowed, Decision, Refused, may_change_address, may_deliver_to
from xiaoer.shop.views import masked_address

_SAID = ("known", "region", "address", "person", "phone")
_FACTS = ("reason", "clause", "clause_title", "region", "address", "may_change_order")
_MENTION = ("context", "mention", "mention.address", "mention.region", "mention.person", "mention.phone")
_KINDS_OF_PLACES = re.compile(r"特别行政区|自治[区州]|地区|[省市区县旗盟]|\s*,\s*|\b[A-Z]{2}$")
_STREET = re.compile(r"[\u4e00-\u9fff]{3,}|[A-Za-z]{4,}")
_HOUSE = re.compile(r"[0-9]")
_TAIL = 4


def _find(request: Request) -> ActionResult:
    known = () if request.holder is None else request.holder.addresses
    meant = _meant(known, request)
    if meant:
        return _found("one" if len(meant) == 1 else "several", meant)
    is_new = any(request.argument(name) for name in _MENTION if name.startswith("mention."))
    # The present default is chosen by who wants a part of it to be another: it stands last.
    return _found("unnamed" if is_new or len(known) < 2 else "several", (*known[1:], *known[:1]))


def _meant(known: Sequence[Address], request: Request) -> tuple[Address, ...]:
    """Give the addresses that are told from the others by what was said; a whole new one means none of them."""
    said = folded(request.argument("mention"))
    if _HOUSE.search(request.argument("mention.address")):
        return tuple(address for address in known if folded(address.street) in said)
    words = [{word for word in _words_of(address) if stands_in(folded(word), said)} for address in known]
    shared = set.intersection(*words) if len(words) > 1 else set()
    scores = [len(own - shared) for own in words]
    best = max(scores, default=0)
    return tuple(address for address, score in zip(known, scores, strict=True) if score == best > 0)


def _words_of(address: Address) -> tuple[str, ...]:
    """Give the words by which a customer may call an address; none of them is more than what is shown of it."""
    street = _STREET.search(address.street)
    places = (place for place in _KINDS_OF_PLACES.split(address.region) if len(place) > 1)
    words = (address.label, *places, street[0] if street else "", address.phone[-_TAIL:])
    return tuple(word for word in words if word)


def _found(outcome: str, addresses: Sequence[Address]) -> ActionResult:
    return ActionResult(outcome, {"choices": [_choice(one) for one in addresses], "total": len(addresses)})


def _choice(address: Address) -> Facts:
    shown = masked_address(address)
    where = written_address(shown["street"], shown["region"])
    title = " ".join(part for part in (address.label, where, shown["person"], shown["phone"]) if part)
    return {"value": _key(address), "title": title, "says": list(_words_of(address))}


def _key(address: Address) -> str:
    """Name an address of the book; it has no id of its own."""
    return hashlib.blake2s(msgspec.json.encode(address), digest_size=6).hexdigest()


def _check(request: Request) -> ActionResult:
    holder = request.holder
    if holder is None:
        return missing()
    wanted = _wanted(holder, request)
    result = decided(_decide(holder, wanted, request))
    facts = result.facts | {
        "address": _shown(wanted, request),
        "may_change_order": any(
            isinstance(may_change_address(order, request.policies), Allowed) for order in request.orders
        ),
    }
    is_incomplete = facts.get("reason") == "address_incomplete"
    return ActionResult("incomplete" if is_incomplete else result.outcome, facts)


def _change(request: Request) -> Change:
    holder = request.holder
    if holder is None:
        return Change(missing())
    wanted = _wanted(holder, request)
    decision = _decide(holder, wanted, request)
    result = decided(decision, allowed="done")
    if not isinstance(decision, Allowed):
        return Change(result)
    before = {"from": written(holder.addresses[0])} if holder.addresses else {}
    note = Note(by=request.by, at=request.now, details={**before, "to": written(wanted)})
    changed = noted(with_default_address(holder, wanted), "change_default_address", note)
    return Change(ActionResult("done", {**result.facts, "address": masked_address(wanted)}), customer=changed)


def _wanted(holder: Customer, request: Request) -> Address:
    """Give the address wanted: a known one, or the default one, with what is said in place of its own.

    One that is in the book already, word for word, is that one.
    """
    bare = Address(person=holder.name, phone=holder.phone, region="", street="")
    default = holder.addresses[0] if holder.addresses else bare
    wanted = wanted_address(_known(holder, request) or default, request)
    return next((kept for kept in holder.addresses if written(kept) == written(wanted)), wanted)


def _known(holder: Customer, request: Request) -> Address | None:
    key = request.argument("known")
    return next((address for address in holder.addresses if _key(address) == key), None)


def _decide(holder: Customer, wanted: Address, request: Request) -> Decision:
    said = written_address(request.argument("address"), request.argument("region"))
    reach = may_deliver_to(said or written_address(wanted.street, wanted.region), request.policies)
    if isinstance(reach, Refused):
        return reach
    if request.argument("known") and _known(holder, request) is None:
        return Refused("address_gone", reach.clause)
    lacks_street = bool(request.argument("region")) and not request.argument("address")
    if lacks_street or not wanted.region or not any(request.argument(name) for name in _SAID):
        return Refused("address_incomplete", reach.clause)
    if hindrance := hindrance_of(wanted):
        return Refused(hindrance, reach.clause)
    return Refused("same_address", reach.clause) if wanted in holder.addresses[:1] else reach


def _shown(wanted: Address, request: Request) -> Facts:
    """Give an address as it will be: what was said just now in full, what is kept with a mask."""
    said = [name for name in ("person", "phone") if request.argument(name)]
    said += ["street"] if request.argument("address") else []
    return masked_address(wanted) | {name: getattr(wanted, name) for name in said}


ADDRESS_BOOK_ACTIONS: tuple[Query | Effect, ...] = (
    Query(
        ActionSpec(
            name="address.find",
            about="Finds which of the customer's addresses is meant: by what it is called, its place, its street.",
            parameters=_MENTION,
            optional=_MENTION,
            outcomes=("one", "several", "unnamed"),
            facts=("choices", "total"),
        ),
        _find,
        needs_orders=False,
        needs_holder=True,
    ),
    Query(
        ActionSpec(
            name="address.check_default",
            about="Says whether parcels can go to an address from now on: of the book, or a new one, or in part.",
            parameters=_SAID,
            optional=_SAID,
            outcomes=("allowed", "incomplete", "refused", "missing"),
            facts=_FACTS,
        ),
        _check,
        needs_holder=True,
    ),
    Effect(
        ActionSpec(
            name="address.change_default",
            about="Makes an address the customer's default; the one before stays in the book, orders stay as they are.",
            parameters=_SAID,
            optional=_SAID,
            outcomes=("done", "refused", "missing"),
            facts=_FACTS,
            is_effect=True,
        ),
        _change,
        needs_holder=True,
    ),
)
