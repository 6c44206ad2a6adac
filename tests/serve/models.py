"""Models for tests of the registry: a card, and a file that stands for the weights."""

from datetime import UTC, datetime
from pathlib import Path

from xiaoer.serve import ModelCard

CREATED = datetime(2026, 11, 21, tzinfo=UTC)


def a_card(
    *, pack: str = "tiny_shop", data_hash: str = "abc123", kind: str = "light", created: datetime = CREATED
) -> ModelCard:
    return ModelCard(
        pack=pack,
        data_hash=data_hash,
        kind=kind,
        seed=0,
        code_version="0.1.0",
        created=created,
        scores={"intents": 5},
    )


def write_model(folder: Path, card: ModelCard, *, weights: bytes = b"weights") -> None:
    (folder / "weights").write_bytes(weights)
    card.write(folder)
