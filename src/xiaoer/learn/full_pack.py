"""Training of a full tier from a pack: its utterances with their marks, and the questions of its knowledge."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from xiaoer.learn.data.formats.packs import read_utterances
from xiaoer.learn.data.samples import Sample, Table
from xiaoer.learn.full import FullSettings, train_full
from xiaoer.learn.telling import Tell
from xiaoer.pack import Pack
from xiaoer.serve import ModelCard
from xiaoer.understand import training_hash


def train_full_of_pack(
    pack: Pack,
    folder: Path,
    *,
    settings: FullSettings | None = None,
    seed: int = 0,
    progress: Tell | None = None,
) -> ModelCard:
    """Train a full tier from a pack and write it into a folder; it knows the intents that the light tier knows.

    Raises:
        XiaoerError: as `train_full` does.
    """
    card = train_full(table_of_pack(pack), folder, settings=settings, seed=seed, progress=progress)
    card = msgspec.structs.replace(card, pack=pack.manifest.name, data_hash=training_hash(pack))
    card.write(folder)
    return card


def table_of_pack(pack: Pack) -> Table:
    """Give a pack's utterances, and the questions of its knowledge that come under one intent only, each once."""
    samples = [*read_utterances(pack).samples, *_questions(pack)]
    return tuple({sample.text: sample for sample in reversed(samples)}.values())[::-1]


def _questions(pack: Pack) -> Iterator[Sample]:
    for entry in pack.faq.values():
        if len(entry.intents) == 1 and entry.intents[0] in pack.intents:
            for number, words in enumerate((entry.question, *entry.phrasings)):
                yield Sample(id=f"{entry.id}:{number}", text=words, intent=entry.intents[0])
