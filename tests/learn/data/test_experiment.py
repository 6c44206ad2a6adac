from pathlib import Path

import pytest

from xiaoer.learn.data import DataFileError, read_experiment, read_version, run_experiment
from xiaoer.pack import Pack

from .making import file_in

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
        ("to = \n", "line 1"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(DataFileError, match=named):
        read_experiment(file_in(tmp_path / "e.toml", text))
