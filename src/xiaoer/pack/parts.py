"""What all parts of a pack have in common: read strictly, never changed."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=80)]
"""The name of an intent, flow, reply, slot or entity: small letters, digits, `_`, parts joined by dots."""
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Words that a customer sees or says."""
Affix = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
"""Words put before or behind others just as they stand, blanks at their ends included."""


class Part(BaseModel):
    """A piece of a pack: unknown fields are errors, so that a misspelt one is never silently ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
