from pathlib import Path

import msgspec
import pytest

from xiaoer.learn.data import (
    LABEL_FILE,
    DataFileError,
    DataSettingError,
    GainReport,
    Outcome,
    labelled_in,
    read_experiment,
    read_version,
    run_experiment,
)
from xiaoer.pack import Pack

from .making import file_in, lines_in

WHOLE = """
to = "out"
pack = "{pack}"
[import]
files = ["{pack}", "more.csv"]
[clean]
near = 0.9
[quality]
folds = 2
fewest = 5
[split]
shares = [0.5, 0.0, 0.5]
seed = 3
[augment]
methods = ["noise", "swap", "synonyms"]
share = 0.5
"""


def test_each_station_works_on_what_the_one_before_gave(tmp_path: Path, tiny_pack: Pack) -> None:
    file_in(tmp_path / "more.csv", "text,intent\n查一下件,order.track\n查一下件!,order.track\n,x\n")
    path = file_in(tmp_path / "e.toml", WHOLE.format(pack=tiny_pack.folder))
    outcome = run_experiment(path, tell=lambda _, __: None)
    assert [step.station for step in outcome.version.manifest.steps] == ["import", "clean", "split", "augment"]
    assert [fault.line for fault in outcome.faults] == [4]
    assert read_version(tmp_path / "out" / "augment") == outcome.version
    stations = ("import", "clean", "split", "augment")
    hashes = [read_version(tmp_path / "out" / name).manifest.data_hash for name in stations]
    assert [step.data_hash for step in outcome.version.manifest.steps] == hashes
    assert outcome.version.manifest.steps[2].settings["seed"] == 3
    assert outcome.judged is not None
    assert "Gates" in (tmp_path / "out" / "quality.html").read_text(encoding="utf-8")
    assert outcome.cleaned is not None
    assert outcome.cleaned.by_reason["duplicate"] == 1
    assert outcome.made is not None
    assert sum(outcome.made.values()) > 0
    again = run_experiment(path, tell=lambda _, __: None)
    assert again.version == outcome.version


def test_stations_that_are_not_named_do_not_run(tmp_path: Path) -> None:
    file_in(tmp_path / "t.csv", "text,intent\n查件,a\n查件,a\n")
    outcome = run_experiment(
        file_in(tmp_path / "e.toml", 'to = "out"\n[import]\nfiles = ["t.csv"]\n'), tell=lambda _, __: None
    )
    assert len(outcome.version.table) == 2
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["import"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('to = "x"', "import"),
        ('to = "x"\n[import]\nfiles = ["t.csv"]\n[claen]\n', "claen"),
        ('to = "x"\n[import]\nfiles = ["t.csv"]\n[clean]\nnear = "much"\n', "clean.near"),
        ('to = "x"\n[import]\nfiles = ["t.csv"]\n[split]\nby = "luck"\n', "split.by"),
        ('to = "x"\n[import]\nfiles = ["t.csv"]\n[measure]\n', "augment"),
        ("to = \n", "line 1"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(DataFileError, match=named):
        read_experiment(file_in(tmp_path / "e.toml", text))


LABELLED = """
to = "out"
[import]
files = ["t.csv"]
[annotate]
files = ["ann.jsonl", "ben.jsonl"]
"""
ROWS = ("查一下件", "件呢", "退了吧", "想退", "要发票", "开票")


def run(path: Path) -> Outcome:
    return run_experiment(path, tell=lambda _, __: None)


def label(tmp_path: Path, who: str, labels: str) -> None:
    given = labelled_in(tmp_path / "out" / LABEL_FILE).samples
    rows = [{"text": one.text, "sample": one.id, "label": [label]} for one, label in zip(given, labels, strict=True)]
    lines_in(tmp_path / f"{who}.jsonl", rows)


def test_a_line_waits_for_people_and_goes_on_with_what_they_agree_on(tmp_path: Path) -> None:
    file_in(tmp_path / "t.csv", "text,intent\n" + "".join(f"{text},a\n" for text in ROWS))
    path = file_in(tmp_path / "e.toml", LABELLED + "[split]\nshares = [0.5, 0.0, 0.5]\n")
    waiting = run(path)
    assert waiting.waits_for == (tmp_path / "ann.jsonl", tmp_path / "ben.jsonl")
    assert waiting.parted is None
    label(tmp_path, "ann", "aabbcc")
    assert run(path).waits_for == (tmp_path / "ben.jsonl",)
    label(tmp_path, "ben", "abcabc")
    with pytest.raises(DataSettingError, match="agree too little"):
        run(path)
    label(tmp_path, "ben", "aabbcc")
    outcome = run(path)
    assert outcome.agreed is not None
    assert outcome.agreed.kappa == 1
    assert sorted(sample.intent or "" for sample in outcome.version.table) == list("aabbcc")
    assert [step.station for step in outcome.version.manifest.steps] == ["import", "annotate", "split"]
    files = outcome.version.manifest.steps[1].settings["files"]
    assert isinstance(files, dict)
    assert set(files) == {"ann.jsonl", "ben.jsonl"}


def test_a_line_measures_what_each_method_brings_before_it_augments(tmp_path: Path, tiny_pack: Pack) -> None:
    text = WHOLE.format(pack=tiny_pack.folder).replace('"more.csv"', "") + "[measure]\nmost = 20\n"
    outcome = run(file_in(tmp_path / "e.toml", text.replace("[quality]\nfolds = 2\nfewest = 5\n", "")))
    assert outcome.gain is not None
    assert set(outcome.gain.gains) == {"noise", "swap", "synonyms"}
    assert outcome.gain.trained_on == 20
    assert msgspec.json.decode((tmp_path / "out" / "measure.json").read_bytes(), type=GainReport) == outcome.gain
    assert outcome.made is not None
