"""Read a pack from its folder; everything that is wrong is reported at once, with file, line and field."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from xiaoer.pack.conversations import ConversationTest, ConversationTestFile
from xiaoer.pack.customers import SpokenCustomers
from xiaoer.pack.errors import Fault, PackError, PackNotFoundError
from xiaoer.pack.flows import Flow, FlowFile
from xiaoer.pack.knowledge import Clause, FaqEntry, FaqFile, PolicyFile
from xiaoer.pack.manifest import Manifest, Phrases, Route, RouteFile, WordFile
from xiaoer.pack.model import Pack, Place
from xiaoer.pack.parts import Part
from xiaoer.pack.replies import ReplyFile, ReplyTemplate
from xiaoer.pack.rules import Rule
from xiaoer.pack.sisters import Sister
from xiaoer.pack.understanding import EntityFile, EntityKind, Intent, IntentFile, Lexicon, ManyWishes, MoodLexicon
from xiaoer.pack.yaml import Document, YamlPath, load

_T = TypeVar("_T")
_SUFFIXES = (".yaml", ".yml")


def read_pack(folder: Path) -> Pack:
    """Read and check a pack; the same one if it was read before and none of its bytes has changed.

    Raises:
        PackNotFoundError: the folder holds no `pack.yaml`.
        PackError: something in it is wrong; the error lists every fault.
    """
    if not (folder / "pack.yaml").is_file():
        raise PackNotFoundError(
            f"{folder} is no pack: it holds no pack.yaml. `xiaoer pack new NAME` makes one; the setting `pack` "
            "(XIAOER_PACK) says which is used."
        )
    return _read(folder, content_hash(folder))


@lru_cache(maxsize=4)
def _read(folder: Path, digest: str) -> Pack:
    return _Reader(folder, digest).read()


def read_manifest(folder: Path) -> Manifest:
    """Read no more of a pack than its `pack.yaml`.

    Raises:
        PackError: it is missing, or something in it is wrong.
    """
    reader = _Reader(folder, "")
    manifest: Manifest | None = reader.one("pack.yaml", Manifest)
    if manifest is None:
        raise PackError(str(folder), reader.faults)
    return manifest


class _Reader:
    def __init__(self, folder: Path, digest: str) -> None:
        self._folder = folder
        self._digest = digest
        self.faults: list[Fault] = []
        self._places: dict[str, Place] = {}

    def read(self) -> Pack:
        manifest = self.one("pack.yaml", Manifest)
        intents = self._named("intents", IntentFile, "intents", Intent)
        entities = self._named("entities.yaml", EntityFile, "entities", EntityKind)
        lexicons = self._lexicons()
        flows = self._named("flows", FlowFile, "flows", Flow)
        replies = self._named("replies", ReplyFile, "replies", ReplyTemplate)
        routes = self._named("routes.yaml", RouteFile, "routes", Route, "intent")
        words = self.one("words.yaml", WordFile)
        faq = self._named("faq", FaqFile, "entries", FaqEntry, "id")
        clauses, rules = self._policies()
        tests = self._named("tests", ConversationTestFile, "conversations", ConversationTest)
        wishes = self.one("wishes.yaml", tuple[ManyWishes, ...])
        mood = self.one("mood.yaml", MoodLexicon)
        phrases = self.one("phrases.yaml", Phrases)
        customers = self.one("customers.yaml", SpokenCustomers)
        sisters = self.one("sisters.yaml", tuple[Sister, ...])
        if self.faults or manifest is None:
            raise PackError(str(self._folder), self.faults)
        return Pack(
            folder=self._folder,
            version=f"{manifest.version}+{self._digest}",
            manifest=manifest,
            intents=intents,
            wishes=wishes or (),
            entities=entities,
            lexicons=lexicons,
            mood=mood,
            flows=flows,
            replies=replies,
            routes=routes,
            phrases=phrases or Phrases(),
            words=words.words if words else {},
            faq=faq,
            clauses=clauses,
            rules=rules,
            tests=tuple(tests.values()),
            customers=customers,
            sisters=sisters or (),
            places=self._places,
        )

    def one(self, file: str, kind: Any) -> Any:  # noqa: ANN401  # the caller names the type
        document = next(iter(self._documents(file)), None)
        if document is None:
            return None
        self._note_places(document, {(): file})
        return self._validated(document, kind)

    def _validated(self, document: Document, kind: Any) -> Any:  # noqa: ANN401  # the caller names the type
        try:
            return TypeAdapter(kind).validate_python(document.value)
        except ValidationError as error:
            self.faults.extend(_faults(document, error))
            return None

    def _documents(self, place: str) -> Iterable[Document]:
        """Load one file, or every YAML file under a folder; what is not there gives nothing."""
        root = self._folder / place
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.suffix in _SUFFIXES and path.is_file() and not _is_hidden(path, self._folder):
                document = load(path, path.relative_to(self._folder).as_posix())
                if isinstance(document, Fault):
                    self.faults.append(document)
                else:
                    yield document

    def _lexicons(self) -> dict[str, Lexicon]:
        found: dict[str, Lexicon] = {}
        for document in self._documents("lexicons"):
            lexicon = self._validated(document, Lexicon)
            if lexicon is not None:
                self._keep(lexicon.name, lexicon, found, _At(document, ("name",), f"lexicons:{lexicon.name}"))
        return found

    def _policies(self) -> tuple[dict[str, Clause], dict[str, Rule]]:
        clauses: dict[str, Clause] = {}
        rules: dict[str, Rule] = {}
        for document in self._documents("policies"):
            file = self._validated(document, PolicyFile)
            if file is not None:
                self._collect(document, file.clauses, "clauses", "id", clauses)
                self._collect(document, file.rules, "rules", "id", rules)
        return clauses, rules

    def _named(self, place: str, file_kind: type[Part], field: str, kind: type[_T], key: str = "name") -> dict[str, _T]:
        """Read parts that have a name of their own; `kind` is what `field` of each file holds."""
        found: dict[str, _T] = {}
        for document in self._documents(place):
            part = self._validated(document, file_kind)
            if part is not None:
                self._collect(document, getattr(part, field), field, key, found)
        return found

    def _collect(self, document: Document, parts: Iterable[_T], field: str, key: str, found: dict[str, _T]) -> None:
        kept: dict[YamlPath, str] = {}
        for index, part in enumerate(parts):
            name = getattr(part, key)
            if self._keep(name, part, found, _At(document, (field, index, key), f"{field}:{name}")):
                kept[field, index] = f"{field}:{name}"
        self._note_places(document, kept)

    def _keep(self, name: str, part: _T, found: dict[str, _T], at: "_At") -> bool:
        if name in found:
            field = ".".join(map(str, at.path))
            message = f"{name!r} stands at {self._places[at.part]} already"
            self.faults.append(Fault(at.document.place(at.path), field, message))
            return False
        found[name] = part
        self._places[at.part] = at.document.place(at.path[:-1])
        return True

    def _note_places(self, document: Document, parts: Mapping[YamlPath, str]) -> None:
        """Note where everything inside some parts stands; the paths of the parts are equally long."""
        depth = len(next(iter(parts), ()))
        for path, line in document.lines.items():
            part = parts.get(path[:depth])
            if part is not None:
                self._places["/".join((part, *map(str, path[depth:])))] = Place(document.file, line)


@dataclass(frozen=True, slots=True)
class _At:
    """Where the name of a part stands, and how the part is called in `Pack.places`."""

    document: Document
    path: YamlPath
    part: str


def _faults(document: Document, error: ValidationError) -> Iterable[Fault]:
    problems = error.errors(include_url=False, include_input=False)
    for problem in problems:
        if problem["type"] == "too_short" and _is_shortened(problem["loc"], [other["loc"] for other in problems]):
            continue
        path = tuple(_in_file(document, problem["loc"], is_missing=problem["type"] == "missing"))
        field = ".".join(str(part) for part in path)
        yield Fault(document.place(path), field, problem["msg"].removeprefix("Value error, "))


def _is_shortened(path: YamlPath, others: Iterable[YamlPath]) -> bool:
    """Say whether a list is too short only because the validator left out items with faults of their own."""
    return any(len(other) > len(path) and other[: len(path)] == path for other in others)


def _in_file(document: Document, loc: YamlPath, *, is_missing: bool) -> Iterable[str | int]:
    """Leave out what the validator adds to a location (the tag of a union's member) and the file does not have."""
    path: YamlPath = ()
    for index, part in enumerate(loc):
        if (*path, part) in document.lines or (is_missing and index == len(loc) - 1):
            path = (*path, part)
            yield part


def content_hash(folder: Path) -> str:
    """Hash the names and bytes of all files of a pack: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _is_hidden(path, folder):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _is_hidden(path: Path, folder: Path) -> bool:
    """Say whether a file is an editor's or the system's own (`.swp`, `.DS_Store`, `.git/…`)."""
    return any(part.startswith(".") for part in path.relative_to(folder).parts)
