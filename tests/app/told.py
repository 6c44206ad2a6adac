"""Full models for tests: each says what its file tells, of every text; and a Xiaoer that takes them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from xiaoer.app import Joined, joined
from xiaoer.events import Understood
from xiaoer.ids import ConversationId
from xiaoer.serve import ModelCard, ModelRegistry
from xiaoer.settings import Settings, TierSettings
from xiaoer.testing.clock import HandClock
from xiaoer.testing.server import GUEST
from xiaoer.understand import LightModel, Routing
from xiaoer.understand.intents import Floats

_SURE = 0.9


@dataclass
class ToldClassifier:
    """Says one intent of every text, with a probability of 0.9; fails on texts that hold a word."""

    names: tuple[str, ...]
    says: str
    threshold: float = 0.0
    fails_at: str = ""
    seen: list[str] = field(default_factory=list)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        self.seen.extend(texts)
        if self.fails_at and any(self.fails_at in text for text in texts):
            raise RuntimeError("a broken graph")
        rows = np.full((len(texts), len(self.names)), (1 - _SURE) / (len(self.names) - 1), dtype=np.float32)
        rows[:, self.names.index(self.says)] = _SURE
        return rows


def add_told(registry: ModelRegistry, pack: str, *, says: str, routing: Routing | None = None) -> str:
    """Publish a full model that says an intent, and give its id; `says` empty: one that cannot be loaded."""

    def write(folder: Path) -> None:
        (folder / "says").write_text(says)
        if routing is not None:
            routing.save(folder)
        card = ModelCard(
            pack=pack,
            data_hash="abc",
            kind="full",
            seed=0,
            code_version="0.1.0",
            created=datetime(2026, 11, 26, tzinfo=UTC),
            scores={},
        )
        card.write(folder)

    return registry.add(pack, write).id


@dataclass
class ToldModels:
    """Reads told models, and remembers them by their folder's name."""

    loaded: dict[str, ToldClassifier] = field(default_factory=dict)
    leaves_out: int = 0

    def __call__(self, folder: Path) -> ToldClassifier:
        says = (folder / "says").read_text()
        if not says:
            raise ValueError("a damaged file")
        light = ModelRegistry(folder.parent).latest("shop_zh")
        assert light is not None
        names = LightModel.load(light).intents.names
        self.loaded[folder.name] = ToldClassifier(tuple(reversed(names[self.leaves_out :])), says)
        return self.loaded[folder.name]


@dataclass
class Tiers:
    """A running Xiaoer that takes told models."""

    joined: Joined
    models: ToldModels

    @property
    def registry(self) -> ModelRegistry:
        return ModelRegistry(self.joined.settings.data / "models")

    @property
    def pack(self) -> str:
        return self.joined.releases.current.pack.manifest.name

    @property
    def light(self) -> str:
        return self.joined.releases.current.reader.model_id

    async def use(self, says: str, routing: Routing | None = None) -> str:
        """Publish a model and take it into use."""
        id = add_told(self.registry, self.pack, says=says, routing=routing)
        self.registry.use(id)
        assert await self.joined.releases.refresh(None)
        return id

    async def understood(self, conversation: ConversationId = GUEST) -> list[Understood]:
        stored = await self.joined.conversations.load(self.joined.shop_id, conversation)
        return [item.event for item in stored if isinstance(item.event, Understood)]


@asynccontextmanager
async def tiers_of(settings: Settings, clock: HandClock) -> AsyncIterator[Tiers]:
    """Run a Xiaoer that takes told models and waits for them as long as it takes."""
    models = ToldModels()
    patient = settings.model_copy(update={"tiers": TierSettings(timeout_seconds=60)})
    async with joined(patient, clock=clock, load_full=models) as parts:
        yield Tiers(parts, models)
