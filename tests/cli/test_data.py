from pathlib import Path
from typing import Any

import msgspec
import pytest

from ..learn.data.making import lines_in
from ..learn.data.test_quality import sayings
from .conftest import Invoke, Workplace
from .test_commands import expect_failure, output_of

PACK = Path(__file__).parents[1] / "understand" / "tiny_shop"


def written(path: Path) -> Any:  # noqa: ANN401 - whatever stands there
    return msgspec.json.decode(path.read_bytes())


@pytest.fixture
def data(invoke: Invoke, workplace: Workplace) -> Path:
    """Sayings of two intents in a folder of data."""
    lines = [{"text": one.text, "label": [one.intent]} for one in sayings()]
    lines_in(workplace.folder / "d.jsonl", lines)
    assert invoke("data", "import", "d.jsonl", "--to", "raw").exit_code == 0
    return workplace.folder


def test_a_broken_row_is_named_the_rest_kept_and_the_exit_1(invoke: Invoke, workplace: Workplace) -> None:
    (workplace.folder / "t.csv").write_text("text,intent\n查件,a\n,b\n", encoding="utf-8")
    expect_failure(invoke("data", "import", "t.csv", "--to", "raw"), "t.csv:3: text")
    assert written(workplace.folder / "raw" / "manifest.json")["samples"] == 1
    shown = output_of(invoke("data", "import", "t.csv", "--to", "raw2", "--json"), exits=1)
    assert shown["left_out"] == [{"file": "t.csv", "line": 3, "field": "text", "what": "no text stands here"}]
    assert shown["manifest"]["samples"] == 1


def test_what_is_not_there_is_said(invoke: Invoke) -> None:
    expect_failure(invoke("data", "import", "none.csv", "--to", "raw"), "none.csv", "learn.data_file")
    expect_failure(invoke("data", "show", "none"), "none", "xiaoer data import")
    expect_failure(invoke("data", "annotate", "agree", "a.jsonl", "b.jsonl"), "a.jsonl")
    expect_failure(invoke("data", "run", "none.toml"), "none.toml")


def test_data_changed_by_hand_is_refused_by_every_station(invoke: Invoke, data: Path) -> None:
    with (data / "raw" / "samples.jsonl").open("ab") as samples:
        samples.write(b"\n")
    for words in (("clean", "raw", "--to", "x"), ("split", "raw", "--to", "x"), ("quality", "raw"), ("show", "raw")):
        expect_failure(invoke("data", *words), "learn.data_changed")


def test_the_stations_work_one_after_the_other(invoke: Invoke, data: Path) -> None:
    cleaned = output_of(invoke("data", "clean", "raw", "--to", "clean", "--report", "clean.html", "--json"))
    assert cleaned["report"]["before"]["samples"] == 120
    assert (data / "clean.html").is_file()
    parts = output_of(invoke("data", "split", "clean", "--to", "parts", "--by", "random", "--json"))["report"]["parts"]
    assert sum(parts.values()) == cleaned["manifest"]["samples"]
    made = output_of(invoke("data", "augment", "parts", "--to", "more", "--by", "noise", "--share", "1", "--json"))
    assert made["samples"] > parts["train"] * 2
    assert [step["station"] for step in made["steps"]] == ["import", "clean", "split", "augment"]
    assert output_of(invoke("data", "show", "more", "--json")) == made
    assert made["data_hash"] in invoke("data", "show", "more").stdout
    given = output_of(invoke("data", "export", "more", "--part", "train", "--to", "intents.yaml", "--json"))
    assert given == {"written": made["samples"] - parts["dev"] - parts["test"], "left_out": []}
    assert made["data_hash"] in (data / "intents.yaml").read_text(encoding="utf-8")


def test_unfit_data_exits_with_1_and_says_why(invoke: Invoke, data: Path) -> None:
    fit = output_of(invoke("data", "quality", "raw", "--folds", "3", "--report", "q.html", "--json"))
    assert fit["is_fit"]
    assert "<svg" in (data / "q.html").read_text(encoding="utf-8")
    unfit = invoke("data", "quality", "raw", "--folds", "0", "--core", "back", "--core", "other")
    assert unfit.exit_code == 1
    assert "other 0" in unfit.stdout
    assert invoke("data", "quality", "raw", "--folds", "1").exit_code == 2


def test_labels_go_to_people_and_come_back(invoke: Invoke, data: Path) -> None:
    said = [
        {"conversation": at, "sender": "customer", "text": f"发票抬头写{name}"} for at, name in enumerate("甲乙丙丁")
    ]
    lines_in(data / "log.jsonl", said)
    assert invoke("data", "import", "d.jsonl", "log.jsonl", "--to", "both").exit_code == 0
    chosen = output_of(invoke("data", "annotate", "choose", "both", "--count", "4", "--to", "todo.jsonl", "--json"))
    assert {one["sample"]["text"] for one in chosen} == {row["text"] for row in said}
    todo = [msgspec.json.decode(line) for line in (data / "todo.jsonl").read_bytes().splitlines()]
    for name, last in (("ann", "invoice"), ("ben", "invoice"), ("cy", "back")):
        labels = ["invoice"] * 3 + [last]
        lines_in(data / f"{name}.jsonl", [{**row, "label": [label]} for row, label in zip(todo, labels, strict=True)])
    assert output_of(invoke("data", "annotate", "agree", "ann.jsonl", "ben.jsonl", "--json"))["is_enough"]
    apart = invoke("data", "annotate", "agree", "ann.jsonl", "cy.jsonl")
    assert apart.exit_code == 1
    assert "cy.jsonl: back" in apart.stdout
    taken = invoke("data", "annotate", "import", "both", "ann.jsonl", "ben.jsonl", "cy.jsonl", "--to", "done", "--json")
    assert output_of(taken)["changed"] == 4
    assert output_of(taken)["manifest"]["intents"] == 3
    assert invoke("data", "annotate", "export", "done", "--to", "all.jsonl").exit_code == 0
    assert len((data / "all.jsonl").read_bytes().splitlines()) == 124


def test_an_experiment_runs_from_its_file(invoke: Invoke, workplace: Workplace) -> None:
    text = f'to = "out"\n[import]\nfiles = ["{PACK}"]\n[quality]\nfolds = 0\nfewest = 99\n[split]\nfolds = 2\n'
    (workplace.folder / "e.toml").write_text(text, encoding="utf-8")
    ran = invoke("data", "run", "e.toml")
    assert ran.exit_code == 1
    assert "gate missed: coverage of core scenes" in ran.stdout
    assert output_of(invoke("data", "run", "e.toml", "--json"), exits=1)["manifest"]["samples"] == 60


def test_augment_must_be_told_what_to_do(invoke: Invoke, data: Path) -> None:
    assert (data / "raw").is_dir()
    assert invoke("data", "augment", "raw").exit_code == 2
    expect_failure(invoke("data", "augment", "raw", "--to", "x", "--by", "synonyms"), "learn.data_setting")


def test_conversations_are_collected_from_the_shop(invoke: Invoke, workplace: Workplace) -> None:
    workplace.run("chat", stdin="我的手机号是13900000000\n")
    shown = workplace.json("data", "collect", "--to", "said")
    assert (shown["samples"], shown["intents"], shown["steps"][0]["station"]) == (1, 0, "collect")
    assert "13900000000" not in (workplace.folder / "said" / "samples.jsonl").read_text(encoding="utf-8")
    assert workplace.json("data", "collect", "--since", "2999-01-01", "--to", "none")["samples"] == 0
