"""A tiny full network that learnt two intents, for the tests."""

import torch

from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.full.settings import FullSettings
from xiaoer.learn.full.station import Lesson

SETTINGS = FullSettings.model_validate(
    {
        "encoder": {
            "kind": "transformer",
            "vocabulary": 120,
            "layers": 3,
            "width": 32,
            "attention_heads": 4,
            "longest": 16,
        },
        "ngrams": {"buckets": 64, "width": 8},
        "training": {"epochs": 3, "batch": 8, "rate": 3e-3, "heads_rate": 3e-3, "held_out": 0.25},
    }
)
_WORDS = {
    "pay": ("how can I {} by card", "may I {} later", "which cards do you take {}", "{} with points"),
    "track": ("where is my {}", "the parcel is {} late", "has it left {}", "{} is not here yet"),
}
_FILL = ("now", "please", "today", "again", "really")


def a_table() -> Table:
    texts = [(words.format(fill), intent) for intent, all_ in _WORDS.items() for words in all_ for fill in _FILL]
    return tuple(
        Sample(id=str(at), text=text, intent=intent, split="dev" if at % 4 == 3 else "train")
        for at, (text, intent) in enumerate(texts)
    )


def a_lesson() -> Lesson:
    """Give a network that has learnt nothing."""
    table = a_table()
    torch.manual_seed(0)
    seen = [sample for sample in table if sample.split == "train"]
    return Lesson.of(seen, [sample for sample in table if sample.split == "dev"], 0.0, SETTINGS, 0)
