import json
import os
import time
from pathlib import Path

import pytest

from tests.learn.full.talk import talk, tiny
from xiaoer.learn.data import Table
from xiaoer.learn.full.errors import FullSettingError
from xiaoer.learn.full.searched import Searched
from xiaoer.learn.full.searching import search
from xiaoer.learn.full.settings import FullSettings, read_settings

TAUGHT = talk(60)
GRID = {"heads.dropout": [0.0, 0.2, 0.4], "training.batch": [8, 16]}


class Trainer:
    """Trains nothing: dropout of 0.2 and small batches are best."""

    def __init__(self, *, fails_at: int = 0) -> None:
        self.tried: list[tuple[float, int]] = []
        self._fails_at = fails_at

    def __call__(self, table: Table, settings: FullSettings, run: Path) -> float:
        assert {sample.split for sample in table} == {"train", "dev"}
        self.tried.append((settings.heads.dropout, settings.training.batch))
        if len(self.tried) == self._fails_at:
            raise KeyboardInterrupt
        return 1 - abs(settings.heads.dropout - 0.2) - settings.training.batch / 1000


def found(folder: Path, trainer: Trainer, *, told: list[str] | None = None, **wanted: object) -> Searched:
    settings = tiny(search={"folds": 2, "space": GRID, **wanted})
    said = [] if told is None else told
    return search(TAUGHT, folder, settings, trainer, seed=0, progress=lambda what, _: said.append(what))


def test_a_grid_is_tried_whole_on_every_fold_and_the_best_is_given(tmp_path: Path) -> None:
    trainer = Trainer()
    searched = found(tmp_path, trainer, method="grid", trials=9)
    best = searched.settings

    assert len(set(trainer.tried)) == 6
    assert len(trainer.tried) == 12
    assert (best.heads.dropout, best.training.batch) == (0.2, 8)
    assert best.encoder == tiny().encoder
    assert (searched.trials, searched.wanted) == (6, 9), "a grid that was tried whole is told as it is"
    assert json.loads((tmp_path / "found.json").read_bytes())["settings"]["training"]["batch"] == 8


@pytest.mark.parametrize("method", ["random", "bayes"])
def test_a_search_that_is_stopped_goes_on(tmp_path: Path, method: str) -> None:
    told: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        found(tmp_path, Trainer(fails_at=6), told=told, method=method, trials=5)
    assert "2 of 5 trials are done" in told[-1]
    again = Trainer()
    searched = found(tmp_path, again, method=method, trials=5)
    assert (searched.trials, searched.wanted) == (5, 5)
    assert str(searched).startswith("the best of 5 trials, of 5 wanted: F1 0.9")

    assert (tmp_path / "study.db").is_file()
    assert len(again.tried) == 6  # two trials were done before, three of two folds are left


class Elsewhere(Trainer):
    """Trains nothing as well, and leaves the number of its process in the run's folder."""

    def __call__(self, table: Table, settings: FullSettings, run: Path) -> float:
        run.mkdir()
        (run / "process").write_text(str(os.getpid()))
        time.sleep(0.2)  # so that no one process can do all before another is up
        return super().__call__(table, settings, run)


def test_trials_at_once_are_spread_over_processes_and_find_the_same_best(tmp_path: Path) -> None:
    searched = found(tmp_path, Elsewhere(), method="grid", trials=6, at_once=2)
    processes = {int(file.read_text()) for file in tmp_path.glob("*/process")}

    assert (searched.settings.heads.dropout, searched.settings.training.batch) == (0.2, 8)
    assert (searched.trials, searched.wanted) == (6, 6)
    assert len(list(tmp_path.glob("*/process"))) == 12
    assert len(processes) == 2
    assert os.getpid() not in processes


def test_a_trial_that_fails_elsewhere_ends_the_search_and_the_next_one_goes_on(tmp_path: Path) -> None:
    class Broken(Trainer):
        def __call__(self, table: Table, settings: FullSettings, run: Path) -> float:
            raise FullSettingError("This one cannot be.")

    with pytest.raises(FullSettingError, match="This one cannot be"):
        found(tmp_path, Broken(), method="grid", trials=6, at_once=2)
    assert found(tmp_path, Trainer(), method="grid", trials=6).trials == 6


def test_a_range_is_drawn_from(tmp_path: Path) -> None:
    trainer = Trainer()
    found(tmp_path, trainer, method="random", trials=3, space={"heads.dropout": {"low": 0.1, "high": 0.3}})
    assert all(0.1 <= dropout <= 0.3 for dropout, _ in trainer.tried)


@pytest.mark.parametrize(
    ("space", "named"),
    [({"heads.dropout": {"low": 0.1, "high": 0.3}}, "range"), ({"heads.nothing": [1]}, r"heads\.nothing")],
)
def test_a_space_that_does_not_fit_is_refused(tmp_path: Path, space: dict[str, object], named: str) -> None:
    with pytest.raises(FullSettingError, match=named):
        found(tmp_path, Trainer(), method="grid", trials=2, space=space)


def test_settings_are_read_from_a_file_and_what_is_left_out_keeps_its_default(tmp_path: Path) -> None:
    (tmp_path / "encoder").mkdir()
    file = tmp_path / "full.toml"
    file.write_text('[encoder]\nsource = "encoder"\n[heads]\nintent = 0.6\n[training]\noptimiser = "momentum"\n')
    settings = read_settings(file)

    assert settings.encoder.source == str(tmp_path / "encoder")
    assert (settings.heads.intent, settings.heads.sentiment) == (0.6, 0.3)
    assert (settings.training.optimiser, settings.training.patience) == ("momentum", 3)


@pytest.mark.parametrize(
    ("written", "named"),
    [("[training]\nrat = 1\n", r"training\.rat"), ("[training", "TOML"), ("[training]\nepochs = 0\n", "epochs")],
)
def test_a_file_with_a_fault_is_refused_and_the_field_named(tmp_path: Path, written: str, named: str) -> None:
    file = tmp_path / "full.toml"
    file.write_text(written)
    with pytest.raises(FullSettingError, match=named):
        read_settings(file)
