"""Training of a network on the Trainer of Hugging Face: stops early, keeps the best, goes on after a kill."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from safetensors.torch import load_file
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import Dataset, Sampler
from transformers import (
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
    set_seed,
)
from transformers.utils import SAFE_WEIGHTS_NAME

from xiaoer.learn.full.dataset import Collator, Rows
from xiaoer.learn.full.judging import judge
from xiaoer.learn.full.network import JointNetwork
from xiaoer.learn.full.optimising import optimiser_of, schedule_of
from xiaoer.learn.full.settings import Precision, TrainingSettings
from xiaoer.learn.telling import Tell

_KEPT_CHECKPOINTS = 2
_LOGGED_STEPS = 20
_WINDOW = 16
_STATE_FILE = "trainer_state.json"


@dataclass(frozen=True, slots=True)
class Job:
    """What is trained on what: rows to learn and rows to judge by, where states are kept, and the seed."""

    seen: Rows
    held_out: Rows
    collator: Collator
    run: Path
    seed: int
    is_new: bool
    """The encoder has learnt nothing yet, so that it learns as fast as the heads."""


def fit(network: JointNetwork, job: Job, settings: TrainingSettings, progress: Tell) -> "JointTrainer":
    """Train a network, and leave it with the weights that were best on what was held out.

    If the folder of the run holds states of this training, it goes on from the last one to the same weights as if it
    had never been stopped.
    """
    set_seed(job.seed)
    trainer = JointTrainer(network, job, settings, progress)
    for folder in job.run.glob("checkpoint-*"):
        if not _is_whole(folder):  # or it would be counted as the newest when older states are removed
            shutil.rmtree(folder, ignore_errors=True)
    last = last_checkpoint(job.run)
    if last is not None and _is_over(_state_of(last), settings.patience):
        best = Path(_state_of(last).best_model_checkpoint or last)
        network.load_state_dict(load_file(best / SAFE_WEIGHTS_NAME))
    else:
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    return trainer


def last_checkpoint(run: Path) -> Path | None:
    """Find the last state that was kept whole: what a kill interrupted lacks its last file."""
    kept = [folder for folder in run.glob("checkpoint-*") if _is_whole(folder)]
    return max(kept, key=lambda folder: int(folder.name.rpartition("-")[2]), default=None)


def _is_whole(folder: Path) -> bool:
    try:
        json.loads((folder / _STATE_FILE).read_bytes())
    except (OSError, ValueError):
        return False
    return True


def _state_of(checkpoint: Path) -> TrainerState:
    state: TrainerState = TrainerState.load_from_json(str(checkpoint / _STATE_FILE))
    return state


class JointTrainer(Trainer):
    """The Trainer with our optimisers, schedules and figures."""

    def __init__(self, network: JointNetwork, job: Job, settings: TrainingSettings, progress: Tell) -> None:
        super().__init__(
            model=network,
            args=_arguments(job, settings),
            train_dataset=job.seen,
            eval_dataset=job.held_out,
            data_collator=job.collator,
            callbacks=[_Watch(settings, progress)],
        )
        self.remove_callback(PrinterCallback)
        self._job, self._settings = job, settings

    def create_optimizer(self, model: torch.nn.Module | None = None) -> Optimizer:
        """Give the optimiser of the settings."""
        if self.optimizer is None:
            self.optimizer = optimiser_of(self._network, self._settings, is_new=self._job.is_new)
        return self.optimizer

    def create_scheduler(self, num_training_steps: int, optimizer: Optimizer | None = None) -> LambdaLR:
        """Give the schedule of the settings."""
        if self.lr_scheduler is None:
            self.lr_scheduler = schedule_of(optimizer or self.create_optimizer(), num_training_steps, self._settings)
            self._created_lr_scheduler = True
        return self.lr_scheduler

    def compute_loss(  # as the Trainer calls it
        self,
        model: torch.nn.Module,
        inputs: dict[str, torch.Tensor | Any],  # any: the library's own type
        return_outputs: bool = False,
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor | tuple[torch.Tensor, Any]:
        """Give the network's loss, with L1 on all weights if it is set."""
        loss: torch.Tensor = model(**inputs)["loss"]
        if self._settings.l1:
            loss = loss + self._settings.l1 * sum(weights.abs().sum() for weights in self._network.parameters())
        return (loss, {"loss": loss}) if return_outputs else loss

    def evaluate(
        self,
        eval_dataset: Dataset[Any] | dict[str, Dataset[Any]] | None = None,
        ignore_keys: list[str] | None = None,
        metric_key_prefix: str = "eval",
    ) -> dict[str, float]:
        """Judge the network on what was held out; each process does so on all of it."""
        figures = judge(self._network, self._job.held_out, self._job.collator)
        named = {f"{metric_key_prefix}_{name}": figure for name, figure in figures.items()}
        self.log(named)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, named)
        return named

    def _get_train_sampler(self, train_dataset: Dataset[Any] | None = None) -> Sampler[int]:
        return _ByLength([len(row.tokens) for row in self._job.seen.rows], self._settings.batch, self._job.seed)

    @property
    def _network(self) -> JointNetwork:
        network: JointNetwork = self.accelerator.unwrap_model(self.model)
        return network


class _Watch(TrainerCallback):
    """Keeps a state every so many steps, stops when nothing is gained any more, tells how far the training is."""

    def __init__(self, settings: TrainingSettings, progress: Tell) -> None:
        self._settings, self._progress = settings, progress

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> TrainerControl:
        if state.global_step % self._settings.checkpoint_steps == 0:
            control.should_save = True
        best = f", F1 {state.best_metric:.4f}" if state.best_metric is not None else ""
        self._progress(
            f"training, step {state.global_step} of {state.max_steps}{best}", state.global_step / state.max_steps
        )
        return control

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: object
    ) -> TrainerControl:
        control.should_training_stop = _is_over(state, self._settings.patience)
        return control


def _is_over(state: TrainerState, patience: int) -> bool:
    """Say if F1 was not above its best in the last epochs; asked of the log, which a kept state holds."""
    figures = [entry["eval_f1"] for entry in state.log_history if "eval_f1" in entry]
    return len(figures) > patience and max(figures[-patience:]) <= max(figures[:-patience])


class _ByLength(Sampler[int]):
    """Gives texts in a random order in which those of a batch are about as long; an order of its own each epoch."""

    def __init__(self, lengths: list[int], batch: int, seed: int) -> None:
        self._lengths, self._batch, self._seed = np.array(lengths), batch, seed
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self._epoch = epoch

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        chance = np.random.default_rng([self._seed, self._epoch])
        shuffled, size = chance.permutation(len(self._lengths)), self._batch * _WINDOW
        windows = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
        near = np.concatenate([window[np.argsort(self._lengths[window], kind="stable")] for window in windows])
        batches = [near[start : start + self._batch] for start in range(0, len(near), self._batch)]
        *whole, rest = batches  # a batch that is not full comes last
        for at in chance.permutation(len(whole)):
            yield from whole[at].tolist()
        yield from rest.tolist()


def _arguments(job: Job, settings: TrainingSettings) -> TrainingArguments:
    precision = _precision(settings.precision)
    return TrainingArguments(
        output_dir=str(job.run),
        num_train_epochs=settings.epochs,
        per_device_train_batch_size=settings.batch,
        gradient_accumulation_steps=settings.accumulation,
        max_grad_norm=settings.clip,
        eval_strategy="epoch",
        save_strategy="epoch",
        load_best_model_at_end=True,
        metric_for_best_model="f1",
        greater_is_better=True,
        save_total_limit=_KEPT_CHECKPOINTS,
        logging_steps=_LOGGED_STEPS,
        report_to=["tensorboard"],
        disable_tqdm=True,
        remove_unused_columns=False,
        ddp_find_unused_parameters=True,
        use_cpu=not torch.cuda.is_available(),
        bf16=precision == "bfloat16",
        fp16=precision == "float16",
        seed=job.seed,
    )


def _precision(wanted: Precision) -> Literal["float32", "bfloat16", "float16"]:
    if wanted != "auto":
        return wanted
    is_quick = torch.cuda.is_bf16_supported() if torch.cuda.is_available() else _multiplies_bfloat16()
    return "bfloat16" if is_quick else "float32"


def _multiplies_bfloat16() -> bool:
    """Say if the processor has instructions for it, which are four times as quick; without them it is slower."""
    capabilities = torch.cpu.get_capabilities()
    return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16"))
