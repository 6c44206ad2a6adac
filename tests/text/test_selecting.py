"""Which of several things a message means."""

import re

import pytest

from xiaoer.text import Selector

THINGS = ("mug", "lamp", "rug")


class Phrases:
    clause_ends = (",",)
    all_of_them = ("everything",)
    the_rest = ("the rest",)
    keeps_rest = ("keep", "ship")
    keeps = ("keep",)
    keeps_only = ("only want",)
    keeps_behind = (" stays",)
    closings = ("please",)
    no_keeps = ("only want to",)
    excepts = ("except",)
    excepted = ("aside",)
    also = ("too",)


def _place(word: str, clause: str) -> int:
    found = re.search(rf"\b{word}\b", clause)
    return found.start() if found else -1


def selected(text: str) -> list[str]:
    def called(clause: str) -> list[int]:
        return [at for at, thing in enumerate(THINGS) if thing in clause]

    selector = Selector(Phrases(), str.strip, _place, called)
    return [THINGS[at] for at in selector.selected(text, len(THINGS))]


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("return everything except the mug", ["lamp", "rug"]),
        ("return everything, the mug aside", ["lamp", "rug"]),
        ("return everything except the mug that i keep", ["lamp", "rug"]),
        ("keep everything except the mug", ["mug"]),
        ("keep the mug, return the rest", ["lamp", "rug"]),
        ("return only the mug keep the rest", ["mug"]),
        ("return the mug the rest stays", ["mug"]),
        ("cancel the mug and ship the rest", ["mug"]),
        ("keep the mug and return the rest", ["lamp", "rug"]),
        ("except the mug, the lamp too", ["mug", "lamp"]),
        ("cancel the lamp only want the mug please", ["lamp"]),
        ("i only want the mug", ["mug"]),
        ("cancel everything, i only want the mug", ["lamp", "rug"]),
        ("i only want the mug, cancel the rest", ["lamp", "rug"]),
        ("cancel the rest i only want the mug", ["lamp", "rug"]),
        ("returns, i only want the mug", ["mug"]),
        ("the lamp, i only want the mug back", ["mug", "lamp"]),
        ("the lamp and the mug are broken, only want to return the mug", ["mug", "lamp"]),
        ("cancel the lamp, the mug stays please", ["lamp"]),
        ("cancel the lamp, i only want the mug", ["lamp"]),
        ("i only want to cancel the mug", ["mug"]),
        ("cancel the lamp, the mug stays", ["lamp"]),
        ("the mug here stays", ["mug"]),
        ("i only want it", []),
        ("everything except that thing", []),
        ("ship the rest", []),
        ("the mug and the rug", ["mug", "rug"]),
        ("nothing", []),
    ],
)
def test_what_is_meant_is_named_or_left_after_what_is_kept(text: str, things: list[str]) -> None:
    assert selected(text) == things
