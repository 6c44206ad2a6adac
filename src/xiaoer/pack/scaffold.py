"""Make a new pack: small, complete, free of lint errors, to be made one's own."""

import json
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from pydantic import TypeAdapter, ValidationError

from xiaoer.pack.errors import NewPackError
from xiaoer.pack.parts import Name, Words

LANGUAGES = ("zh", "en")


def new_pack(folder: Path, *, name: str, title: str, language: str) -> list[Path]:
    """Write a small pack in `zh` or `en` and give its files, the manifest first.

    Raises:
        NewPackError: the folder holds something already, or the name, title or language will not do; nothing is
            written then.
    """
    _refuse_bad_words(name, title, language)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NewPackError(f"{folder} is not empty: name a folder that is not there yet.")
    template = resources.files("xiaoer.pack").joinpath("templates", language)
    written = [_written(source, folder.joinpath(*path), name, title) for path, source in _files(template)]
    return sorted(written, key=lambda path: (path.name != "pack.yaml", path))


def _refuse_bad_words(name: str, title: str, language: str) -> None:
    if language not in LANGUAGES:
        raise NewPackError(f"There is no new pack in {language!r}: choose {' or '.join(LANGUAGES)}.")
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError:
        message = "take small letters, digits and `_`, a letter first"
        raise NewPackError(f"{name!r} will not do as the name of a pack: {message}.") from None
    try:
        TypeAdapter(Words).validate_python(title)
    except ValidationError:
        raise NewPackError("A pack needs a title: say how the shop is called.") from None


def _files(folder: Traversable, inside: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Traversable]]:
    found: list[tuple[tuple[str, ...], Traversable]] = []
    for entry in folder.iterdir():
        path = (*inside, entry.name)
        found.extend(_files(entry, path) if entry.is_dir() else [(path, entry)])
    return found


def _written(source: Traversable, target: Path, name: str, title: str) -> Path:
    text = source.read_text(encoding="utf-8")
    if target.name == "pack.yaml":
        text = Template(text).substitute(name=name, title=json.dumps(title, ensure_ascii=False))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target
