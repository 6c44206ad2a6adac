"""The house keeps its own rules: sizes, doors, docstrings, layers."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "src" / "xiaoer"
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted(HOUSE.rglob("*.py")))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


def where(path: Path, node: ast.stmt | ast.expr | ast.excepthandler) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def doors() -> Iterator[Path]:
    yield from (path for path in HOUSE.glob("*/__init__.py"))


def reaches_past_a_door(path: Path) -> Iterator[str]:
    """Give the imports of what lies inside another room; `from xiaoer.room import name` is the way in."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names if node.module == "xiaoer")]
        elif isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        else:
            continue
        for module in modules:
            parts = module.split(".")
            if parts[0] == "xiaoer" and len(parts) > 2 and parts[1] != room_of(path):
                yield f"{where(path, node)} imports {module}"


def catches_everything(node: ast.ExceptHandler) -> bool:
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(
        kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"}) for kind in caught
    )


def test_the_house_is_found() -> None:
    assert len(files()) > 20


def test_no_file_is_over_400_lines() -> None:
    sizes = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in files()}
    assert {path: lines for path, lines in sizes.items() if lines > 400} == {}


def test_no_function_is_over_60_lines() -> None:
    functions = [(path, node) for path in files() for node in ast.walk(tree(path)) if isinstance(node, FunctionNode)]
    lengths = {f"{where(path, node)} {node.name}": (node.end_lineno or 0) - node.lineno + 1 for path, node in functions}
    assert {name: lines for name, lines in lengths.items() if lines > 60} == {}


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path.relative_to(ROOT)) for path in files() if not ast.get_docstring(tree(path))] == []


def test_every_room_has_a_door() -> None:
    closed = [path.parent.name for path in doors() if not any(_assigns_all(node) for node in tree(path).body)]
    folders = {path.parent for path in files() if path.parent.parent == HOUSE}
    assert closed == []
    assert [folder.name for folder in folders if not (folder / "__init__.py").is_file()] == []


def _assigns_all(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)


def test_nobody_reaches_past_a_door() -> None:
    assert [found for path in files() for found in reaches_past_a_door(path)] == []


def test_at_most_three_places_catch_everything() -> None:
    handlers = [
        (path, node) for path in files() for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)
    ]
    places = [where(path, node) for path, node in handlers if catches_everything(node)]
    assert len(places) <= 3, places


def test_rooms_know_only_the_rooms_below_them(capsys: pytest.CaptureFixture[str]) -> None:
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out
