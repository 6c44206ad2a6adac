"""`sisters.yaml`: packs of the same shop in other languages, and what they say otherwise in this shop."""

from typing import Literal

from pydantic import Field

from xiaoer.pack.parts import Name, Part, Words


class Sister(Part):
    """A pack of the same shop in another `language`; `pack` is its folder, seen from this one.

    `title` and `about` name the shop in that language. `words` are said for codes that only this shop has. `clauses`
    are the texts of clauses whose values differ here, by id; `rules` the words of decision rules (what the customer is
    told, or the note for a person). `answers` are answers that are others here, by the id of their entry; an empty one
    leaves the entry out.
    """

    language: Literal["zh", "en"]
    pack: Words
    title: str = ""
    about: str = ""
    words: dict[str, Words] = Field(default_factory=dict)
    clauses: dict[Name, Words] = Field(default_factory=dict)
    rules: dict[Name, Words] = Field(default_factory=dict)
    answers: dict[Name, str] = Field(default_factory=dict)
