"""What a customer says to prove who they are, as it is compared with the shop's records."""

from typing import Literal, TypeAlias

from msgspec import Struct

from xiaoer.ids import OrderId

Way: TypeAlias = Literal["email", "name_and_postcode", "order_and_phone"]
"""A way in which a customer may prove by words who they are."""


class _Secret(Struct, frozen=True, kw_only=True, tag_field="by"):
    """A claim's pieces are shown nowhere, not in an error's text either."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class EmailClaim(_Secret, frozen=True, kw_only=True, tag="email"):
    """The e-mail address of the customer's account."""

    email: str


class NameClaim(_Secret, frozen=True, kw_only=True, tag="name_and_postcode"):
    """The customer's name and the postcode of one of their addresses."""

    name: str
    postcode: str


class OrderClaim(_Secret, frozen=True, kw_only=True, tag="order_and_phone"):
    """The number of an order and the last four digits of the telephone number of the customer who placed it."""

    order: OrderId
    phone_tail: str


Claim: TypeAlias = EmailClaim | NameClaim | OrderClaim


def way_of(claim: Claim) -> Way:
    """Give the way in which a claim is to prove who somebody is."""
    match claim:
        case EmailClaim():
            return "email"
        case NameClaim():
            return "name_and_postcode"
        case OrderClaim():
            return "order_and_phone"
