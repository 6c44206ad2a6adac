"""The words of replies: variants in each tone, cases that a fact decides, buttons."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from pydantic import model_validator

from xiaoer.pack.conditions import Condition
from xiaoer.pack.parts import Name, Part, Words

Tone: TypeAlias = Literal["warm", "plain", "formal"]

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*)(?::([a-z]+))?\}")
"""A placeholder in the words of a reply: the name of a slot or fact, and the format if one is given."""

FORMATS = ("money", "date", "day", "time", "word", "list")
"""How a placeholder may be written out."""

BUILT_IN_REPLIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "calm": (),
        "clarify": ("titles",),
        "flow_continues": ("title",),
        "flow_given_up": ("title",),
        "flow_gone": (),
        "flow_resumed": ("title",),
        "flow_switched": ("title", "waiting"),
        "gone": (),
        "handed_over": (),
        "next_wish": ("title",),
        "no_answer": (),
        "nothing_more": (),
        "suggest": (),
        "not_understood": (),
        "out_of_scope": (),
        "pictures_alone": ("pictures",),
        "pictures_for_person": ("pictures",),
        "pictures_received": ("pictures",),
        "pictures_unread": ("pictures",),
        "say_it_differently": (),
        "sign_in_needed": ("ways",),
        "signed_in": (),
        "turn_failed": (),
        "because": ("clause", "text"),
        "another_customer": (),
        "proof_blocked": (),
        "proof_more": ("missing",),
        "proof_wrong": ("ways",),
        "proved": (),
    }
)
"""The replies that the dialogue itself says, in every pack, with what their words may name."""

PROOF_REPLIES = frozenset({"another_customer", "proof_blocked", "proof_more", "proof_wrong", "proved"})
"""Those that only a pack needs in which customers may prove by words who they are."""

REASON_REPLIES = frozenset({"because"})
"""Those that only a pack needs that knows how one asks why (`whys`)."""


def asks(text: str) -> bool:
    """Say whether the words of a reply end as a question."""
    return text.rstrip().endswith(("?", "？"))


class Wording(Part):
    """Several ways to say the same; a tone without words of its own falls back to `warm`."""

    warm: tuple[Words, ...] = ()
    plain: tuple[Words, ...] = ()
    formal: tuple[Words, ...] = ()

    def variants(self, tone: Tone) -> tuple[str, ...]:
        """Give the variants of a tone, never none."""
        wanted: tuple[str, ...] = getattr(self, tone)
        return wanted or self.warm or self.plain or self.formal

    def texts(self) -> Iterator[tuple[Tone, int, str]]:
        """Give every wording with its tone and its place among those of the tone."""
        tones: tuple[tuple[Tone, tuple[str, ...]], ...] = (
            ("warm", self.warm),
            ("plain", self.plain),
            ("formal", self.formal),
        )
        for tone, texts in tones:
            for index, text in enumerate(texts):
                yield tone, index, text

    @model_validator(mode="after")
    def _has_words(self) -> "Wording":
        if not (self.warm or self.plain or self.formal):
            raise ValueError("give at least one wording under warm, plain or formal")
        return self


class ReplyCase(Wording):
    """The words for a special case, chosen before the general ones."""

    when: Condition


class Button(Part):
    """A quick reply: what is shown and what is sent."""

    title: Words
    message: Words


class ReplyTemplate(Wording):
    """A reply by its name.

    Words may hold placeholders: `{order.number}` names a slot or fact; `{amount:money}`, `{day:date}`, `{until:day}`
    (with its year), `{at:time}` and `{state:word}` format it (`word` looks it up in `words.yaml`). `cards` names a fact
    that lists cards to show, `clause` a fact that holds the id of the policy clause to name as the source. `yes_means`
    is the intent that a yes right behind a wording that ends as a question asks for, where no question of a task is
    open ("shall I get a colleague?").
    """

    name: Name
    yes_means: Name | None = None
    cases: tuple[ReplyCase, ...] = ()
    buttons: tuple[Button, ...] = ()
    cards: Name | None = None
    clause: Name | None = None

    def wordings(self) -> tuple[Wording, ...]:
        """Give the general wording and those of all cases."""
        return (self, *self.cases)


class ReplyFile(Part):
    """A file under `replies/`."""

    replies: tuple[ReplyTemplate, ...]
