import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

_ROOT = Path(__file__).parents[2]
_DOCS = _ROOT / "docs"
_PAGES = sorted([*_ROOT.glob("*.md"), *(p for p in _DOCS.rglob("*.md") if "_build" not in p.parts)])
_CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_SPAN = re.compile(r"`xiaoer ([a-z]+(?: [a-z-]+)?)")
_LOADED = re.compile(r"<(?:script|img|iframe|link)\b[^>]*?\b(?:src|href)=\"((?:https?:)?//[^\"]*)\"")


def _name(page: Path) -> str:
    return page.relative_to(_ROOT).as_posix()


def _python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own program and arguments
        [sys.executable, *arguments], cwd=_ROOT, capture_output=True, text=True, check=False
    )


def _commands(page: Path) -> Iterator[list[str]]:
    """Give the `xiaoer` commands of a page's console blocks, without the program's name."""
    for block in _CONSOLE.findall(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                words = shlex.split(line.removeprefix("$ "))
                names = [index for index, word in enumerate(words) if Path(word).name == "xiaoer"]
                if names:
                    yield words[names[0] + 1 :]


_SHOWN = [pytest.param(words, id=f"{_name(page)}: {shlex.join(words)}") for page in _PAGES for words in _commands(page)]


def _found(words: list[str]) -> tuple[click.Command, click.Context, list[str]]:
    """Find the command that words begin with, and the words that are left for it."""
    from xiaoer.cli import main  # noqa: PLC0415  # a fault there is this test's, not every test's in this file

    command: click.Command = main
    context, rest = main.make_context("xiaoer", ["-"], resilient_parsing=True), words
    while isinstance(command, click.Group) and rest:
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command, context = found, click.Context(found, context, name)
    return command, context, rest


def test_the_pages_build_without_a_warning_and_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    built = _python(
        "-m", "sphinx", "-W", "-q", "-b", "html", "-d", str(tmp_path / "trees"), "docs", str(tmp_path / "html")
    )

    assert built.returncode == 0, built.stderr
    pages = sorted((tmp_path / "html").rglob("*.html"))
    assert len(pages) > len(list(_DOCS.rglob("*.md")))
    assert {page.name: found for page in pages if (found := _LOADED.findall(page.read_text(encoding="utf-8")))} == {}


def test_the_pages_made_from_the_code_are_fresh() -> None:
    checked = _python("docs/generate.py", "--check")

    assert checked.returncode == 0, f"run `python docs/generate.py`\n{checked.stdout}{checked.stderr}"


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_every_relative_link_leads_to_a_file(page: Path) -> None:
    links = _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))
    files = [link.partition("#")[0] for link in links if "://" not in link and not link.startswith(("#", "mailto:"))]

    assert [file for file in files if not (page.parent / file).exists()] == []


@pytest.mark.parametrize("words", _SHOWN)
def test_a_command_that_a_page_shows_can_be_typed(words: list[str]) -> None:
    command, context, rest = _found(words)

    command.make_context(context.info_name, rest, parent=context.parent)


@pytest.mark.parametrize("page", _PAGES, ids=_name)
def test_a_command_that_a_page_names_exists(page: Path) -> None:
    for named in _SPAN.findall(page.read_text(encoding="utf-8")):
        command, _, _ = _found(named.split())

        assert command.name == named.split()[-1], named


def test_the_glossary_translates_each_term_once() -> None:
    rows = [
        line.split("|")[1:3] for line in (_DOCS / "glossary.md").read_text(encoding="utf-8").splitlines() if "|" in line
    ]
    chinese = [term.strip() for row in rows for term in row[0].split("、")]

    terms = [term for term in chinese if re.search(r"[\u4e00-\u9fff]", term) and term != "中文"]
    assert len(terms) == len(set(terms)) > 60


def test_every_dependency_has_its_reason_on_the_page() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [
        *project["dependencies"],
        *(name for extra in project["optional-dependencies"].values() for name in extra),
    ]
    page = (_DOCS / "why" / "dependencies.md").read_text(encoding="utf-8")

    named = {re.split(r"[^A-Za-z0-9_-]", line)[0] for line in needed} - {project["name"]}  # an extra may hold others
    assert [name for name in sorted(named) if f"`{name}`" not in page] == []
