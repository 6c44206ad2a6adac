from pathlib import Path

import pytest

from xiaoer.learn.data import read_version

from ..learn.data.making import file_in
from .conftest import Invoke, Workplace
from .test_commands import expect_failure, output_of

SAYINGS = """text,intent,sentiment
帮俺瞅瞅那个包裹到哪旮旯了,delivery.track,0
俺想把那个单子给取消喽,order.cancel,0
气死俺了把人给俺叫出来说话,human,-0.9
嘿嘿太谢谢你啦真棒,thanks,0.9
"""


@pytest.fixture
def given(invoke: Invoke, workplace: Workplace) -> Path:
    file_in(workplace.folder / "t.csv", SAYINGS)
    assert invoke("data", "import", "t.csv", "--to", "given").exit_code == 0
    return workplace.folder / "given"


def test_a_model_is_judged_by_labelled_data(invoke: Invoke, given: Path) -> None:
    report = output_of(invoke("evaluate", "--on", given, "--at-least", "accuracy=0", "--json"))
    assert report["is_good"]
    assert report["evaluation"]["intents"]["texts"] == 4
    assert {"accuracy", "sentiment_pearson", "latency_p95_ms"} <= set(report["figures"])
    shown = invoke("evaluate", "--on", given, "--at-most", "latency_p50_ms=0", "--html", "e.html")
    assert shown.exit_code == 1
    assert "missed" in shown.stdout
    page = (given.parent / "e.html").read_text(encoding="utf-8")
    assert "missed" in page
    assert read_version(given).manifest.data_hash in page


def test_a_limit_on_what_the_data_does_not_tell_is_refused(invoke: Invoke, given: Path) -> None:
    expect_failure(invoke("evaluate", "--on", given, "--at-least", "entity_f1=0.5"), "entity_f1", "learn.data_setting")


def test_a_model_is_compared_with_that_of_another_pack(invoke: Invoke, workplace: Workplace, given: Path) -> None:
    same = output_of(invoke("evaluate", "--on", given, "--compare", workplace.pack, "--json"))["comparison"]
    assert (same["only_this"], same["only_other"], same["p_value"]) == (0, 0, 1)
    assert same["accuracy"] == same["other_accuracy"]


def test_the_same_data_is_disturbed(invoke: Invoke, given: Path) -> None:
    found = {
        one["name"]: one for one in output_of(invoke("evaluate", "--on", given, "--robust", "--json"))["robustness"]
    }
    assert {"pinyin", "traditional", "emoji", "filler words"} <= set(found)
    assert found["emoji"]["texts"] == 4
    assert "no punctuation" not in found
    assert "filler words" in invoke("evaluate", "--on", given, "--robust").stdout
