import ast
from collections.abc import Iterator
from pathlib import Path

import xiaoer
from xiaoer.pack import BUILT_IN_REPLIES

SOURCE = Path(xiaoer.__file__).parent


def literals(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def said_in(tree: ast.AST) -> Iterator[tuple[str, frozenset[str] | None]]:
    """Give the names of replies that code says: in calls of `Say` and `say`, and as values of `reply`.

    With a `Say` come the facts that are written out beside it; None where they are not.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Say") | ast.Attribute(attr="say"), args=[name, *rest]):
                facts = rest[0] if rest else ast.Dict(keys=[], values=[])
                known = frozenset(literals_of_keys(facts)) if isinstance(facts, ast.Dict) else None
                yield from ((text, known) for text in literals(name))
            case ast.keyword(arg="reply", value=value):
                yield from ((text, None) for text in literals(value))
            case ast.FunctionDef(args=ast.arguments(kwonlyargs=[*names], kw_defaults=[*values])):
                for argument, default in zip(names, values, strict=True):
                    if argument.arg == "reply" and default is not None:
                        yield from ((text, None) for text in literals(default))
            case ast.Assign(targets=[ast.Tuple(elts=[*targets])], value=ast.Tuple(elts=[*values])):
                for target, value in zip(targets, values, strict=True):
                    if isinstance(target, ast.Name) and target.id == "reply":
                        yield from ((text, None) for text in literals(value))
            case _:
                pass


def literals_of_keys(facts: ast.Dict) -> Iterator[str]:
    for key in facts.keys:
        if key is not None:
            yield from literals(key)


def said_by_code() -> list[tuple[str, frozenset[str] | None]]:
    files = [path for room in ("dialogue", "turn") for path in (SOURCE / room).rglob("*.py")]
    return [said for path in files for said in said_in(ast.parse(path.read_text(encoding="utf-8")))]


def test_the_dialogue_says_exactly_the_built_in_replies() -> None:
    assert {name for name, _ in said_by_code()} == set(BUILT_IN_REPLIES)


def test_the_dialogue_says_them_with_the_facts_that_their_words_may_name() -> None:
    for name, facts in said_by_code():
        if facts is not None:
            assert set(BUILT_IN_REPLIES[name]) <= facts, name
