"""A search for better settings by Optuna: cross-validated, and gone on with after a kill."""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import msgspec
import numpy as np
import optuna
from optuna.samplers import BaseSampler, GridSampler, RandomSampler, TPESampler
from optuna.trial import FrozenTrial, TrialState

from xiaoer.learn.data.samples import Table
from xiaoer.learn.data.splitting import SplitSetting, split
from xiaoer.learn.errors import TierMissingError
from xiaoer.learn.full.errors import FullSettingError
from xiaoer.learn.full.searched import Searched
from xiaoer.learn.full.settings import Choice, FullSettings, SearchSettings, changed
from xiaoer.learn.telling import Tell

STUDY_FILE = "study.db"

Space = Mapping[str, list[Choice] | dict[str, float | bool]]
Train = Callable[[Table, FullSettings, Path], float]
_Note = Callable[[int], None]
"""Told how many folds of a trial are done."""


def search(table: Table, folder: Path, settings: FullSettings, train: Train, *, seed: int, progress: Tell) -> Searched:
    """Try settings until as many trials as wanted are done, those of an earlier call counted; give the best.

    The study lies in the folder as a database of SQLite, that Optuna's own tools read as well; several processes may
    share it. `train` learns from a table whose part `dev` is held out, in a folder, and gives the F1. A grid ends when
    it was tried whole. One that is interrupted tells how far it got. Several trials at once are spread over Ray; as
    each begins with less known of the others, they are not those that one after the other would be.

    Raises:
        FullSettingError: the space has no such setting, or a range where grid search needs a list.
        TierMissingError: several trials at once are wanted, and Ray is not installed.
    """
    wanted = settings.search
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler = _sampler(wanted, seed)
    for name, values in wanted.space.items():
        changed(settings, {name: values[0] if isinstance(values, list) else values["low"]})
    study = optuna.create_study(
        storage=f"sqlite:///{folder / STUDY_FILE}",
        study_name=f"{wanted.method}-{seed}",
        sampler=sampler,
        direction="maximize",
        load_if_exists=True,
    )
    folds, most = _folds(table, wanted.folds, seed), _most_trials(wanted)

    def suggested(trial: optuna.Trial) -> FullSettings:
        return changed(settings, _suggested(trial, wanted.space))

    if _done(study) < most:
        try:
            if wanted.at_once == 1:
                _try_here(study, suggested, partial(_score, train, folds, folder), len(folds), most, progress)
            else:
                _try_elsewhere(study, suggested, partial(_score, train, folds, folder), wanted.at_once, most, progress)
        except KeyboardInterrupt:
            done = _done(study)
            progress(f"stopped: {done} of {most} trials are done, and the same search goes on from there", done / most)
            raise
    found = Searched(changed(settings, study.best_params), study.best_value, _done(study), wanted.trials)
    found.write(folder)
    return found


def _score(
    train: Train, folds: Sequence[Table], folder: Path, trial: int, settings: FullSettings, note: _Note | None = None
) -> float:
    """Train on every fold; give the mean F1."""
    scores = []
    for number, fold in enumerate(folds):
        if note is not None:
            note(number)
        scores.append(train(fold, settings, folder / f"{trial}-{number}"))
    return float(np.mean(scores))


def _try_here(  # the study, what it draws, what judges that, and what is told
    study: optuna.Study,
    suggested: Callable[[optuna.Trial], FullSettings],
    score: Callable[[int, FullSettings, _Note], float],
    folds: int,
    most: int,
    progress: Tell,
) -> None:
    def tried(trial: optuna.Trial) -> float:
        done = _done(study)

        def note(fold: int) -> None:
            progress(f"trial {done + 1} of {most}, fold {fold + 1}", min(0.99, (done + fold / folds) / most))

        return score(trial.number, suggested(trial), note)

    study.optimize(tried, n_trials=most - _done(study))


def _try_elsewhere(  # the study, what it draws, what judges that, and what is told
    study: optuna.Study,
    suggested: Callable[[optuna.Trial], FullSettings],
    score: Callable[[int, FullSettings], float],
    at_once: int,
    most: int,
    progress: Tell,
) -> None:
    if find_spec("ray") is None:
        raise TierMissingError("Several trials at once are spread over Ray: pip install 'xiaoer[spread]'.")
    from xiaoer.learn.full.spreading import spread  # noqa: PLC0415  # only who wants it needs the library

    running: dict[Future[float], optuna.Trial] = {}
    with spread(score, at_once) as begin:
        while (done := _done(study)) < most:
            while len(running) < min(at_once, most - done):
                trial = study.ask()
                running[begin(trial.number, suggested(trial))] = trial
            progress(f"{done} of {most} trials done, {len(running)} under way", done / most)
            for ended in wait(running, return_when=FIRST_COMPLETED).done:
                trial, error = running.pop(ended), ended.exception()
                if error is not None:
                    study.tell(trial, state=TrialState.FAIL)
                    raise error
                study.tell(trial, ended.result())


class _WholeGrid(GridSampler):
    """Draws every point of a grid once; how many trials that makes is known before, so that it ends nothing itself."""

    def after_trial(
        self, study: optuna.Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None
    ) -> None:
        """Do nothing."""


def _done(study: optuna.Study) -> int:
    return len(study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,)))


def _most_trials(wanted: SearchSettings) -> int:
    """Give how many trials there can be: a grid has no more than its values make."""
    if wanted.method != "grid":
        return wanted.trials
    return min(wanted.trials, math.prod(len(values) for values in wanted.space.values()))


def _sampler(wanted: SearchSettings, seed: int) -> BaseSampler:
    match wanted.method:
        case "grid":
            ranges = [name for name, values in wanted.space.items() if not isinstance(values, list)]
            if ranges:
                raise FullSettingError(f"search.space: a grid needs lists of values; these are ranges: {ranges}.")
            return _WholeGrid({name: list(values) for name, values in wanted.space.items()}, seed=seed)
        case "random":
            return RandomSampler(seed=seed)
        case "bayes":
            return TPESampler(seed=seed)


def _suggested(trial: optuna.Trial, space: Space) -> dict[str, Choice]:
    chosen: dict[str, Choice] = {}
    for name, values in space.items():
        if isinstance(values, list):
            picked = trial.suggest_categorical(name, values)
            if picked is not None:  # as the library's type has it; no setting is None here
                chosen[name] = picked
        else:
            chosen[name] = trial.suggest_float(name, values["low"], values["high"], log=bool(values.get("log")))
    return chosen


def _folds(table: Table, count: int, seed: int) -> list[Table]:
    """Give the table so many times, another fold of it held out each time; near duplicates are in one fold."""
    kept = tuple(sample for sample in table if sample.split != "test")
    parted, _ = split(kept, SplitSetting(folds=count, seed=seed))
    return [
        tuple(
            msgspec.structs.replace(sample, split="dev" if sample.split == f"fold{number}" else "train")
            for sample in parted
        )
        for number in range(1, count + 1)
    ]
