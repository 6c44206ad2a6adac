"""What the customer gets to see: words, buttons, cards and the sources of an answer."""

from msgspec import Struct


class QuickReply(Struct, frozen=True, omit_defaults=True):
    """A button: `title` is shown, `message` is sent as if the customer had typed it."""

    title: str
    message: str


class CardField(Struct, frozen=True):
    """A labelled line on a card."""

    label: str
    value: str


class Card(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An order or a product to look at or to choose; `message` is sent when it is chosen."""

    kind: str
    id: str
    title: str
    subtitle: str = ""
    image: str = ""
    fields: tuple[CardField, ...] = ()
    message: str = ""


class Source(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where an answer comes from: a FAQ entry, a policy clause, a document."""

    kind: str
    id: str
    title: str
    score: float = 0.0


class Reply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One bubble of the answer. `name` is the pack's name for these words, for analysis and tests.

    `yes_means` is the intent that a yes to it asks for, where it ends with the question whether that is wanted.
    """

    text: str
    name: str = ""
    quick_replies: tuple[QuickReply, ...] = ()
    cards: tuple[Card, ...] = ()
    sources: tuple[Source, ...] = ()
    yes_means: str = ""
