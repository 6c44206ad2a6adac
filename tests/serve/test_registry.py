from datetime import timedelta
from pathlib import Path

import pytest

from xiaoer.serve import ModelCard, ModelMissingError, ModelRegistry, UnreadableModelCardError

from .models import CREATED, a_card, write_model


def publish(registry: ModelRegistry, card: ModelCard, *, weights: bytes = b"weights") -> Path:
    return registry.publish(card.pack, card.data_hash, lambda folder: write_model(folder, card, weights=weights))


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    return ModelRegistry(tmp_path / "models")


def test_a_published_model_is_found_by_its_pack_and_data(registry: ModelRegistry) -> None:
    folder = publish(registry, a_card())
    assert folder.name == "tiny_shop-abc123"
    assert registry.find("tiny_shop", "abc123") == registry.get("tiny_shop", "abc123") == folder
    assert ModelCard.read(folder) == a_card()


def test_a_model_that_was_never_published_is_missing_by_name(registry: ModelRegistry) -> None:
    assert registry.find("tiny_shop", "abc123") is None
    with pytest.raises(ModelMissingError, match=r"tiny_shop.*abc123.*xiaoer train"):
        registry.get("tiny_shop", "abc123")


def test_a_training_that_breaks_leaves_no_trace(registry: ModelRegistry, tmp_path: Path) -> None:
    def write(folder: Path) -> None:
        (folder / "weights").write_bytes(b"half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        registry.publish("tiny_shop", "abc123", write)
    assert registry.find("tiny_shop", "abc123") is None
    assert list((tmp_path / "models").iterdir()) == []


def test_a_model_without_a_card_is_not_taken_in(registry: ModelRegistry) -> None:
    with pytest.raises(UnreadableModelCardError, match=r"card\.json"):
        registry.publish("tiny_shop", "abc123", lambda folder: None)
    assert registry.list() == []


def test_the_first_of_two_equal_models_stays(registry: ModelRegistry) -> None:
    publish(registry, a_card(), weights=b"first")
    folder = publish(registry, a_card(), weights=b"second")
    assert (folder / "weights").read_bytes() == b"first"


def test_models_are_listed_and_the_latest_of_a_pack_found_by_age(registry: ModelRegistry) -> None:
    publish(registry, a_card(data_hash="bbb"))
    publish(registry, a_card(data_hash="aaa", created=CREATED + timedelta(days=1)))
    publish(registry, a_card(pack="other", data_hash="ccc", created=CREATED + timedelta(days=2)))
    assert [model.card.data_hash for model in registry.list()] == ["bbb", "aaa", "ccc"]
    latest = registry.latest("tiny_shop")
    assert latest is not None
    assert latest.name == "tiny_shop-aaa"
    assert registry.latest("nobody") is None


def test_an_empty_registry_has_no_models(registry: ModelRegistry) -> None:
    assert registry.list() == []
    assert registry.latest("tiny_shop") is None


def test_what_a_crash_left_behind_is_no_model(registry: ModelRegistry, tmp_path: Path) -> None:
    publish(registry, a_card())
    (tmp_path / "models" / ".unfinished-x1").mkdir()
    assert len(registry.list()) == 1
