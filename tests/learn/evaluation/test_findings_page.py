import re

from xiaoer.learn.evaluation import Findings, compare, evaluate, findings_page, gates

from ..data.making import a_sample
from .test_comparing import readings
from .test_judging import a_reading, heard


def rows_of(page: str) -> list[str]:
    """The rows of all tables, their cells one after the other."""
    return [
        " | ".join(re.findall(r"<t[dh]>(.*?)</t[dh]>", row)) for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    ]


def test_the_page_shows_what_was_found() -> None:
    mine = heard(
        (a_sample("x", "<a>", spans=[{"start": 0, "end": 1, "entity": "size"}]), a_reading("b", 0.5)),
        (a_sample("y", "b"), a_reading("b", 0.9)),
    )
    held = gates({"accuracy": 0.5}, {"accuracy": 0.75}, {})
    found = Findings(evaluate(mine), held, compare(readings("+-"), readings("--"), "old"), left_out={"no intent": 7})
    page = findings_page(found, "Model m")
    rows = rows_of(page)
    assert "accuracy | 0.5 | at least 0.75 | missed" in rows
    assert "&lt;a&gt; | b | 1" in rows
    assert "1 | 0.9 | 1 | 0.1" in rows
    assert "size | 0 | 0 | 0 | 1" in rows
    assert "old | 0 | 0" in rows
    assert "no intent | 7" in rows
    assert "Model m: 2 texts of 2 intents." in page
    assert "<a>" not in page
    assert "http" not in page


def test_the_page_leaves_out_what_was_not_asked_for() -> None:
    page = findings_page(Findings(evaluate(heard((a_sample("x", "a"), a_reading("a"))))), "Model m")
    assert "Gates" not in page
    assert "McNemar" not in page
    assert "Entities" not in page


def test_calibration_is_drawn_a_point_a_tenth() -> None:
    page = findings_page(
        Findings(evaluate(heard((a_sample("x", "a"), a_reading("a")), (a_sample("y", "a"), a_reading("b", 0.5))))), "M"
    )
    assert re.findall(r"<title>([0-9.]+ → [0-9.]+: [0-9]+)</title></circle>", page) == [
        "0.500 → 0.000: 1",
        "0.900 → 1.000: 1",
    ]
