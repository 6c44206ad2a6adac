"""Conversation tests: whole dialogues as plain files, with what must come of them."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

from xiaoer.pack.parts import Name, Part, Words


class GivenLine(Part):
    """A line of an order that a test needs: a SKU of the demo shop, or `any`, and how many.

    `paid_minor` is what was paid for one, in minor units, where that was not today's price.
    """

    sku: str
    quantity: int = Field(default=1, ge=1)
    paid_minor: int | None = Field(default=None, ge=0)


class GivenOrder(Part):
    """An order that a test needs; days and hours are counted back from the test's now (2026-06-15 10:00 local).

    `paid_with` is the id of one of the customer's payment methods; without it the pack's usual way is taken. `refund`,
    `exchange` and `claim` are how far a refund (or a return), an exchange or a claim of its first line is. It is to be
    delivered in `appointment_days`, where a day was chosen. `cancelled_by` is who cancelled it.
    """

    number: str
    state: Name
    paid_hours_ago: float = Field(default=24, ge=0)
    shipped_hours_ago: float | None = None
    delivered_hours_ago: float | None = None
    lines: tuple[GivenLine, ...] = Field(min_length=1)
    invoice: Literal["requested", "issued"] | None = None
    refund: Literal["opened", "sent_back", "received", "rejected", "withdrawn", "processing", "paid"] | None = None
    exchange: Literal["opened", "sent_back", "received", "sent", "rejected", "withdrawn"] | None = None
    claim: Literal["opened", "accepted", "rejected", "withdrawn"] | None = None
    paid_with: Words | None = None
    appointment_days: int | None = Field(default=None, ge=0)
    cancelled_by: Literal["customer", "shop"] = "customer"


class GivenMethod(Part):
    """A payment method that the customer has; `balance_minor` is what is on it, where the shop keeps it."""

    id: Words
    kind: Name
    label: Words
    balance_minor: int | None = Field(default=None, ge=0)


class GivenCoupon(Part):
    """A coupon that the customer has: what it takes off, from which amount on, in minor units.

    Days are counted from the test's now: `until_days` below zero is a coupon that ran out.
    """

    title: Words
    amount_minor: int | None = Field(default=None, gt=0)
    percent: int = Field(default=0, ge=0, le=100)
    minimum_minor: int | None = Field(default=None, gt=0)
    from_days: float = -30
    until_days: float = 30
    is_used: bool = False


class GivenAddress(Part):
    """An address in the customer's book, beside the default one; person and phone are the customer's unless given."""

    region: Words
    street: Words
    label: str = ""
    person: Words | None = None
    phone: Words | None = None


class Given(Part):
    """Who writes, and what that customer has bought and holds. Without `signed_in` nobody knows who it is.

    With `pictures` the customer writes where pictures can be sent, as in the widget. `stock`: how many pieces there
    are, by SKU; of the others there are as many as in the demo. `notices`: the SKUs of which the customer wants to be
    told when they are back. Without `on_record` the shop keeps no record of the customer, whoever vouches for them.
    """

    name: Words = "林小满"
    signed_in: bool = True
    on_record: bool = True
    pictures: bool = False
    orders: tuple[GivenOrder, ...] = ()
    payment_methods: tuple[GivenMethod, ...] = ()
    coupons: tuple[GivenCoupon, ...] = ()
    addresses: tuple[GivenAddress, ...] = ()
    stock: dict[str, int] = Field(default_factory=dict)
    notices: tuple[str, ...] = ()
    points: int = Field(default=0, ge=0)
    level: Name = "standard"

    @model_validator(mode="after")
    def _holds_only_what_is_kept(self) -> "Given":
        kept = ("payment_methods", "coupons", "addresses", "notices", "points", "level")
        held = [] if self.on_record else [name for name in kept if name in self.model_fields_set]
        if held:
            raise ValueError(f"who is not on record holds nothing with the shop: leave out {', '.join(held)}")
        return self


class Expectation(Part):
    """What must be true after the message before it; every field that is given is checked.

    `replies`: names of the replies said, in order. `says`, `never_says`: pieces of text. `flow`: the task under way
    (`none`: no task). `slots`: values by slot. `orders`: states by order number. `balances`: minor units on the
    customer's payment methods, by id. `default_address`: a piece of the address that parcels go to unless another is
    named. `notices`: the SKUs of which the customer wants to be told when they are back. `source`: FAQ entry or clause
    named by the answer. `cards`: how many are shown. `with_person`: whether a person was called.
    """

    replies: tuple[Name, ...] | None = None
    includes: tuple[Name, ...] = ()
    says: tuple[Words, ...] = ()
    never_says: tuple[Words, ...] = ()
    flow: str | None = None
    slots: dict[Name, str] = Field(default_factory=dict)
    orders: dict[str, Name] = Field(default_factory=dict)
    balances: dict[str, int] = Field(default_factory=dict)
    default_address: Words | None = None
    notices: tuple[str, ...] | None = None
    source: Name | None = None
    cards: int | None = None
    with_person: bool | None = None


Intents: TypeAlias = Annotated[dict[Name, Annotated[float, Field(ge=0, le=1)]], Field(min_length=1)]
"""Intents with their confidence: the one understood, then the next likely one."""


class GivenWish(Part):
    """One of several wishes of a message: the words that say it, and the intents that they are read as."""

    words: Words
    intents: Intents


class GivenReading(Part):
    """What a message is understood as, whatever the model makes of it; what is not given here is read by the model.

    `intents` are those of the message as one wish; `wishes` stand for it where there are several. `entities`: kinds
    with the words of the message that name them.
    """

    intents: Intents | None = None
    wishes: tuple[GivenWish, ...] = ()
    entities: dict[Name, Words] | None = None

    def words(self) -> Iterator[str]:
        """Give all words that must stand in the message."""
        yield from (wish.words for wish in self.wishes)
        yield from (self.entities or {}).values()


class SayTurn(Part):
    """The customer writes; with `reading` it does not depend on the training what that is understood as.

    `pictures`: how many the customer sends with it; with some, what is said may be empty.
    """

    say: str
    reading: GivenReading | None = None
    pictures: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _names_what_is_said(self) -> "SayTurn":
        named = self.reading.words() if self.reading else ()
        for words in named:
            if words not in self.say:
                raise ValueError(f"the reading names words that are not in what is said: {words}")
        return self


class SignInTurn(Part):
    """The customer signs in, in the middle of the conversation."""

    sign_in: bool


class Meanwhile(Part):
    """What became of the shop between two messages: orders of the customer as they are by now, pieces in stock.

    `gone`: the numbers of orders that are somebody else's by now, so that for the customer there are none such.
    `addresses`, `notices`: those of the customer by now, in place of the former; what is not given stays.
    """

    orders: tuple[GivenOrder, ...] = ()
    gone: tuple[str, ...] = ()
    stock: dict[str, int] = Field(default_factory=dict)
    addresses: tuple[GivenAddress, ...] | None = None
    notices: tuple[str, ...] | None = None


class MeanwhileTurn(Part):
    """Something happens in the shop in the middle of the conversation: what was summed up may not hold any more."""

    meanwhile: Meanwhile


class ExpectTurn(Part):
    """What must come of what was written before it."""

    expect: Expectation


def _turn_kind(value: Any) -> str | None:  # noqa: ANN401  # whatever stands in the file
    keys = value if isinstance(value, dict) else type(value).model_fields
    return next((f"<{key}>" for key in ("say", "sign_in", "meanwhile", "expect") if key in keys), None)


TalkTurn = Annotated[
    Annotated[SayTurn, Tag("<say>")]
    | Annotated[SignInTurn, Tag("<sign_in>")]
    | Annotated[MeanwhileTurn, Tag("<meanwhile>")]
    | Annotated[ExpectTurn, Tag("<expect>")],
    Discriminator(
        _turn_kind, custom_error_type="turn", custom_error_message="a turn is one of: say, sign_in, meanwhile, expect"
    ),
]


class ConversationTest(Part):
    """One dialogue to hold the pack to.

    `not_yet` says why the dialogue does not go as it should so far: it is played and counted apart, and reported the
    day it goes well.
    """

    name: Words
    not_yet: Words | None = None
    given: Given = Given()
    talk: tuple[TalkTurn, ...] = Field(min_length=2)


class ConversationTestFile(Part):
    """A file under `tests/`."""

    conversations: tuple[ConversationTest, ...]
