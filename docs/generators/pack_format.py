"""`reference/pack-format.md`: the files of a pack and every field that may stand in them."""

import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from generators.markdown import about, code, head, limits, table, type_words
from xiaoer import pack

_ABOUT = """
A pack is a folder of YAML files in UTF-8. Unknown keys are errors, and so is a key that stands twice; every fault is
reported with its file, line and field by `xiaoer pack lint`. Where a folder is named below, it may hold any number of
files, in folders of any depth, and their entries are joined. A *name* is small letters, digits and `_`, parts joined by
dots: `order.cancel`. Only `true` and `false` are booleans: `on`, `no` and `yes` are words.

A *step* is any of the parts whose names end in *Step*, known by its first key (`ask`, `do`, `say`, …); a *turn* of a
conversation test is any of those that end in *Turn*.
"""


@dataclass(frozen=True, slots=True)
class _File:
    place: str
    key: str
    kind: type[BaseModel] | None
    about: str


_FILES = (
    _File("pack.yaml", "", pack.Manifest, "Who the shop is and how sure the understanding must be. Required."),
    _File("intents/", "intents", pack.Intent, "What customers want, with example utterances."),
    _File("wishes.yaml", "", pack.ManyWishes, "Messages that hold several wishes: a list, without a key over it."),
    _File(
        "entities.yaml", "entities", pack.EntityKind, "What is found inside a message: numbers, goods, dates, places."
    ),
    _File("lexicons/", "", pack.Lexicon, "Word lists that entities name; one list a file."),
    _File("mood.yaml", "", pack.MoodLexicon, "Words that show the customer's mood."),
    _File("phrases.yaml", "", pack.Phrases, "Words with a job of their own in a dialogue."),
    _File("flows/", "flows", pack.Flow, "Tasks that a customer can have done."),
    _File("routes.yaml", "routes", pack.Route, "What is done for an intent that starts no flow."),
    _File("replies/", "replies", pack.ReplyTemplate, "What is said, under a name, in several wordings."),
    _File(
        "words.yaml", "words", None, "How codes (`paid`, `wechat`) and formats are said: a mapping of code to words."
    ),
    _File("faq/", "entries", pack.FaqEntry, "Questions with their answers."),
    _File("policies/", "clauses", pack.Clause, "The shop's rules as dated clauses."),
    _File("policies/", "rules", pack.Rule, "Rows that refuse what the policies would allow, or leave it to a person."),
    _File("sisters.yaml", "", pack.Sister, "Packs of the same shop in other languages: a list, without a key over it."),
    _File("customers.yaml", "", pack.SpokenCustomers, "What simulated customers say."),
    _File("tests/", "conversations", pack.ConversationTest, "Whole dialogues that the pack is held to."),
)


def page() -> str:
    """Make the page."""
    kinds = list(dict.fromkeys(kind for file in _FILES if file.kind for kind in _with_parts(file.kind)))
    links = {kind: kind.__name__.lower() for kind in kinds}
    parts = [head("Pack format", _ABOUT.strip()), "\n## Files\n\n", _files(links), "\n## Parts\n"]
    return "".join((*parts, *(_section(kind, links) for kind in kinds)))


def _with_parts(kind: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Give a model and every model that its fields hold, each before what is inside it."""
    waiting, seen = [kind], set()
    while waiting:
        model = waiting.pop(0)
        if model not in seen:
            seen.add(model)
            yield model
            for hint in typing.get_type_hints(model, include_extras=True).values():
                waiting.extend(_models(hint))


def _models(hint: object) -> Iterator[type[BaseModel]]:
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    for part in typing.get_args(hint):
        yield from _models(part)


def _files(links: Mapping[type, str]) -> str:
    rows = [
        (f"`{f.place}`", f"`{f.key}:`" if f.key else "", type_words(f.kind, links) if f.kind else "", f.about)
        for f in _FILES
    ]
    return table(("File or folder", "Key", "Holds", "What it is for"), rows)


def _section(kind: type[BaseModel], links: Mapping[type, str]) -> str:
    hints = typing.get_type_hints(kind, include_extras=True)
    rows = [
        (f"`{field.alias or name}`", type_words(hints[name], links) + limits(field), _default(field))
        for name, field in kind.model_fields.items()
    ]
    return f"\n### {kind.__name__}\n\n{about(kind)}\n\n{table(('Key', 'Type', 'Default'), rows)}"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value in (None, "", (), {}) and value is not False:
        return "none"
    return "see there" if isinstance(value, BaseModel) else code(value)
