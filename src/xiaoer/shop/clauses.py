"""The root of what the rules compute with: the values of a clause, and its name."""

from msgspec import Struct


class ClauseRef(Struct, frozen=True):
    """Names the clause that a decision rests on."""

    id: str
    title: str


class Policy(Struct, frozen=True, kw_only=True):
    """The root of all policies: the fields of each are values of its clause."""

    clause: ClauseRef
