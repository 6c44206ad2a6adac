"""The loop of both trainings: Hugging Face's Trainer over batches that are made already."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.utils.data import Dataset
from transformers import (
    BertForMaskedLM,
    PrinterCallback,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)
from transformers.trainer_utils import get_last_checkpoint

from xiaoer.learn.pretraining.batches import Batch
from xiaoer.learn.telling import Tell

Objective: TypeAlias = Callable[[BertForMaskedLM, Mapping[str, Tensor]], Tensor]

_TOLD_EVERY = 20
_CHECKPOINTS_KEPT = 2


@dataclass(frozen=True, slots=True)
class Course:
    """How a training goes: its name, the rate at its highest, the share of steps until then, and what it minimises.

    `half_precision` computes in bfloat16 what bears it.
    """

    name: str
    rate: float
    warm_up: float
    weight_decay: float
    objective: Objective
    half_precision: bool


def train_network(
    network: BertForMaskedLM, batches: Dataset[Batch], course: Course, arguments: Mapping[str, Any], *, tell: Tell
) -> None:
    """Train over all batches once, from the last checkpoint of the folder if there is one.

    `arguments` are further ones of `TrainingArguments`, the folder (`output_dir`) among them.
    """
    folder = Path(arguments["output_dir"])
    folder.mkdir(parents=True, exist_ok=True)
    trainer = _Trainer(
        model=network,
        args=TrainingArguments(
            learning_rate=course.rate,
            warmup_steps=course.warm_up,
            weight_decay=course.weight_decay,
            lr_scheduler_type="linear",
            optim="adamw_torch_fused",
            num_train_epochs=1,
            per_device_train_batch_size=1,
            train_sampling_strategy="sequential",
            remove_unused_columns=False,
            dataloader_pin_memory=False,
            report_to="tensorboard",
            save_total_limit=_CHECKPOINTS_KEPT,
            logging_steps=min(_TOLD_EVERY, arguments["save_steps"]),
            disable_tqdm=True,
            **arguments,
        ),
        train_dataset=batches,
        data_collator=_whole,
        callbacks=[_Teller(course.name, tell)],
    )
    trainer.course = course
    trainer.pop_callback(PrinterCallback)
    last: str | None = get_last_checkpoint(str(folder))  # type: ignore[no-untyped-call]  # it has no types
    trainer.train(resume_from_checkpoint=last)


class _Trainer(Trainer):
    """Trains with an objective of its own."""

    course: Course

    def compute_loss(
        self,
        model: Any,  # noqa: ANN401  # the library's own signature
        inputs: dict[str, Any],
        return_outputs: bool = False,
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:  # noqa: ANN401  # the library's own signature
        """Give the loss of a batch."""
        device = self.args.device.type
        with torch.autocast(device, dtype=torch.bfloat16, enabled=self.course.half_precision):
            return self.course.objective(model, inputs)


class _Teller(TrainerCallback):
    """Tells how far a training is, and with which loss."""

    def __init__(self, name: str, tell: Tell) -> None:
        self._name, self._tell = name, tell

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **kwargs: Any,  # noqa: ANN401  # whatever the library adds
    ) -> None:
        if logs and "loss" in logs:
            self._tell(
                f"{self._name}: step {state.global_step} of {state.max_steps}, loss {float(logs['loss']):.3f}",
                min(0.99, state.global_step / state.max_steps),
            )


def _whole(items: list[Batch]) -> Batch:
    """Give the one batch that a step takes."""
    return items[0]
