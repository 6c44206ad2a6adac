"""`reference/errors.md`: every error that Xiaoer raises on purpose, by its code."""

import importlib
import pkgutil
from collections.abc import Iterator

import xiaoer
from generators.markdown import about, head, table
from xiaoer.errors import XiaoerError

_ABOUT = """
Every error has a code that never changes, and a message that says what was wrong, where, and what to do. Over HTTP it
is answered as `{"error": {"code": …, "message": …}}` with the status below; on the command line the message goes to
stderr and the exit status is 1.
"""
_LEFT_OUT = ("xiaoer.testing",)


def page() -> str:
    """Make the page."""
    _import_all()
    errors = sorted(_below(XiaoerError), key=lambda error: (error.code, error.__name__))
    rows = [
        (f"`{error.code}`", str(error.status), about(error), f"`{_room(error)}.{error.__name__}`") for error in errors
    ]
    return head("Errors", _ABOUT.strip()) + "\n" + table(("Code", "HTTP status", "Meaning", "Raised as"), rows)


def _import_all() -> None:
    for module in pkgutil.walk_packages(xiaoer.__path__, "xiaoer."):
        if not module.name.startswith(_LEFT_OUT) and not module.name.endswith(".__main__"):
            importlib.import_module(module.name)


def _below(error: type[XiaoerError]) -> Iterator[type[XiaoerError]]:
    for kind in error.__subclasses__():
        if not kind.__module__.startswith(_LEFT_OUT):
            yield kind
        yield from _below(kind)


def _room(error: type[XiaoerError]) -> str:
    return ".".join(error.__module__.split(".")[:2])
