"""The pieces of a proof of who the customer is: read out of a message, put together to claims."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from xiaoer.dialogue.message import Heard
from xiaoer.events import Claim, EmailClaim, Entity, NameClaim, OrderClaim, Way
from xiaoer.ids import OrderId
from xiaoer.pack import PIECES, Identity
from xiaoer.text import digits_of

_TAIL = 4
_MARKS = " ,.;:!?，。；：！？~～"
_SHORTEST_NUMBER = 7
"""What is shorter is the end of an order's number, which many orders have."""


def pieces_in(heard: Heard, ways: Iterable[Way]) -> dict[str, str]:
    """Give the pieces that the entities of a message name, by their kind; of two of a kind the first."""
    found: dict[str, str] = {}
    for kind, piece in _named(heard, _kinds(ways)):
        found.setdefault(kind, piece)
    return found


def pieces_told(
    heard: Heard, ways: Iterable[Way], identity: Identity, held: Mapping[str, str], *, asks_nothing: bool = False
) -> dict[str, str]:
    """Give the pieces in an answer to who the customer is: bare ones too, where the piece beside them is known.

    A name may stand all alone in a message that `asks_nothing` else.
    """
    kinds = _kinds(ways)
    found = pieces_in(heard, ways)
    rest = _without(heard, [entity for entity in heard.entities if entity.entity in found])
    for kind in ("postcode", "person", "order_id", "phone"):
        beside = {"person": "postcode", "phone": "order_id"}.get(kind, "")
        is_expected = not beside or beside in found or beside in held
        if kind not in kinds or kind in found:
            continue
        may_stand_alone = kind == "person" and asks_nothing
        if not is_expected and not may_stand_alone:
            continue
        if piece := _like(identity.like.get(kind), rest, is_whole=not is_expected):
            found[kind] = piece
    return found


def claims_of(pieces: Mapping[str, str], ways: Iterable[Way], told: Iterable[str]) -> tuple[Claim, ...]:
    """Give the claims that are whole, with something in each that was told just now."""
    new = frozenset(told)
    whole = [way for way in ways if pieces.keys() >= set(PIECES[way]) and not new.isdisjoint(PIECES[way])]
    return tuple(_claim(way, pieces) for way in whole)


def missing(pieces: Mapping[str, str], ways: Iterable[Way]) -> Sequence[str]:
    """Give the kinds of pieces that are missing in the way of which something is known."""
    begun = [way for way in ways if not pieces.keys().isdisjoint(PIECES[way])]
    return [kind for way in begun[:1] for kind in PIECES[way] if kind not in pieces]


def _kinds(ways: Iterable[Way]) -> frozenset[str]:
    return frozenset(kind for way in ways for kind in PIECES[way])


def _named(heard: Heard, kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
    for entity in heard.entities:
        if entity.entity in kinds and (piece := _piece(heard, entity)):
            yield entity.entity, piece


def _piece(heard: Heard, entity: Entity) -> str:
    match entity.entity:
        case "order_id":
            return entity.value if len(entity.value) >= _SHORTEST_NUMBER else ""
        case "phone":
            digits = digits_of(entity.value)
            return digits[-_TAIL:] if len(digits) >= _TAIL else ""
        case _:
            return heard.words(entity)


def _without(heard: Heard, entities: Iterable[Entity]) -> str:
    text = list(heard.text)
    for entity in entities:
        text[entity.start : entity.end] = "," * (entity.end - entity.start)
    return unicodedata.normalize("NFKC", "".join(text)).lower()


def _like(pattern: str | None, text: str, *, is_whole: bool) -> str:
    """Give what of a text is like a pattern; with `is_whole` nothing but that stands in it."""
    match = re.search(pattern, text) if pattern else None
    if match is None or (is_whole and len(match[0].strip()) < len(text.strip(_MARKS))):
        return ""
    return match["value"] if "value" in match.re.groupindex else match[0]


def _claim(way: Way, pieces: Mapping[str, str]) -> Claim:
    match way:
        case "email":
            return EmailClaim(email=pieces["email"])
        case "name_and_postcode":
            return NameClaim(name=pieces["person"], postcode=pieces["postcode"])
        case "order_and_phone":
            return OrderClaim(order=OrderId(pieces["order_id"]), phone_tail=pieces["phone"])
