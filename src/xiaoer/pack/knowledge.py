"""What a shop knows: questions with answers, and policies as dated clauses with values and words."""

from datetime import date

from pydantic import Field

from xiaoer.pack.parts import Name, Part, Words
from xiaoer.pack.rules import Rule


class FaqEntry(Part):
    """A question that customers ask, in several phrasings, with its answer.

    `intents` are those under which the question usually comes; `clauses` the policy clauses that the answer rests on.
    """

    id: Name
    question: Words
    phrasings: tuple[Words, ...] = Field(min_length=2)
    answer: Words
    intents: tuple[Name, ...] = ()
    clauses: tuple[Name, ...] = ()


class FaqFile(Part):
    """A file under `faq/`."""

    entries: tuple[FaqEntry, ...]


class Clause(Part):
    """A rule of the shop, in force between two days: `values` are what the rules compute with, `text` what is said."""

    id: Name
    title: Words
    text: Words
    valid_from: date
    valid_until: date | None = None
    values: dict[Name, int | bool | str | tuple[str, ...]] = Field(default_factory=dict)


class PolicyFile(Part):
    """A file under `policies/`."""

    clauses: tuple[Clause, ...] = ()
    rules: tuple[Rule, ...] = ()
