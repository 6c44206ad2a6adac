import tarfile
from datetime import timedelta
from pathlib import Path

import pytest

from xiaoer.serve import (
    BadModelArchiveError,
    Marks,
    ModelCard,
    ModelInUseError,
    ModelMissingError,
    ModelRegistry,
    NoSuchModelError,
    UnreadableMarksError,
    UnreadableModelCardError,
)

from .models import CREATED, a_card, write_model

LIGHT, FULL, NEXT = "tiny_shop-abc123", "tiny_shop-abc123-full1", "tiny_shop-abc123-full2"


@pytest.fixture
def registry(tmp_path: Path) -> ModelRegistry:
    """A registry with a pack's light model and two full ones."""
    made = ModelRegistry(tmp_path / "models")
    made.publish("tiny_shop", "abc123", lambda folder: write_model(folder, a_card()))
    for day in (1, 2):
        card = a_card(kind="full", created=CREATED + timedelta(days=day))
        made.add("tiny_shop", lambda folder, card=card: write_model(folder, card))  # type: ignore[misc]  # bound now
    return made


def ids(registry: ModelRegistry) -> list[str]:
    return [model.id for model in registry.list()]


def test_versions_of_the_same_data_stand_beside_each_other(registry: ModelRegistry) -> None:
    assert ids(registry) == [LIGHT, FULL, NEXT]
    assert registry.model(NEXT).card.created > registry.model(FULL).card.created


def test_a_full_model_is_not_taken_for_the_light_one_of_a_pack(registry: ModelRegistry) -> None:
    latest = registry.latest("tiny_shop")
    assert latest is not None
    assert latest.name == LIGHT
    found = registry.find("tiny_shop", "abc123")
    assert found is not None
    assert ModelCard.read(found).kind == "light"


def test_nothing_is_marked_at_first_and_what_is_marked_stays(registry: ModelRegistry, tmp_path: Path) -> None:
    assert registry.marks("tiny_shop") == Marks()
    registry.use(FULL)
    registry.use(LIGHT)
    assert ModelRegistry(tmp_path / "models").marks("tiny_shop") == Marks(light=LIGHT, full=FULL)
    assert registry.marks("other") == Marks()


def test_the_light_model_that_serves_is_the_chosen_one_or_that_of_the_data(registry: ModelRegistry) -> None:
    other = registry.add("tiny_shop", lambda folder: write_model(folder, a_card(data_hash="fff")))
    assert registry.light("tiny_shop", "abc123").name == LIGHT
    with pytest.raises(ModelMissingError):
        registry.light("tiny_shop", "eee")
    registry.use(other.id)
    assert registry.light("tiny_shop", "eee").name == other.id


def test_one_step_back_gives_what_was_in_use_before(registry: ModelRegistry) -> None:
    registry.use(FULL)
    registry.use(NEXT)
    registry.use(NEXT)
    assert registry.back("tiny_shop").full == FULL
    assert registry.back("tiny_shop") == registry.marks("tiny_shop") == Marks()
    with pytest.raises(NoSuchModelError, match="tiny_shop"):
        registry.back("tiny_shop")


def test_no_step_leads_back_to_a_model_that_is_gone(registry: ModelRegistry) -> None:
    registry.use(FULL)
    registry.use(NEXT)
    registry.remove(FULL)
    with pytest.raises(NoSuchModelError, match=FULL):
        registry.back("tiny_shop")
    assert registry.marks("tiny_shop").full == NEXT


def test_a_kind_may_be_unmarked(registry: ModelRegistry) -> None:
    registry.use(FULL)
    assert registry.unmark("tiny_shop", "full") == Marks()
    assert registry.back("tiny_shop").full == FULL


def test_only_what_is_there_and_serves_can_be_marked(registry: ModelRegistry) -> None:
    for id in ("tiny_shop-abc123-full9", "../tiny_shop-abc123", ""):
        with pytest.raises(NoSuchModelError):
            registry.use(id)
    other = registry.add("tiny_shop", lambda folder: write_model(folder, a_card(kind="tagger")))
    with pytest.raises(NoSuchModelError, match="tagger"):
        registry.use(other.id)


def test_a_model_in_use_is_not_removed(registry: ModelRegistry) -> None:
    registry.use(FULL)
    with pytest.raises(ModelInUseError, match=FULL):
        registry.remove(FULL)
    registry.remove(NEXT)
    assert ids(registry) == [LIGHT, FULL]


def test_a_number_of_a_version_that_was_removed_is_taken_again_only_when_free(registry: ModelRegistry) -> None:
    registry.remove(FULL)
    again = registry.add("tiny_shop", lambda folder: write_model(folder, a_card(kind="full")))
    further = registry.add("tiny_shop", lambda folder: write_model(folder, a_card(kind="full")))
    assert [again.id, further.id] == [FULL, "tiny_shop-abc123-full3"]


def test_a_writing_that_breaks_leaves_no_version(registry: ModelRegistry) -> None:
    def write(folder: Path) -> None:
        (folder / "weights").write_bytes(b"half")

    with pytest.raises(UnreadableModelCardError):
        registry.add("tiny_shop", write)
    assert ids(registry) == [LIGHT, FULL, NEXT]


def test_what_is_exported_can_be_imported_elsewhere(registry: ModelRegistry, tmp_path: Path) -> None:
    registry.export(FULL, tmp_path / "out" / "model.tar.gz")
    elsewhere = ModelRegistry(tmp_path / "elsewhere")
    taken = elsewhere.take(tmp_path / "out" / "model.tar.gz")
    assert taken.id == FULL
    assert taken.card == registry.model(FULL).card
    assert (taken.folder / "weights").read_bytes() == b"weights"


def test_a_model_of_data_is_taken_in_from_its_folder_under_a_name(registry: ModelRegistry, tmp_path: Path) -> None:
    folder = tmp_path / "my model"
    folder.mkdir()
    write_model(folder, a_card(pack="", data_hash="fff"))
    assert registry.take(folder).id == "my_model-fff-light1"
    assert registry.take(folder, name="bank").id == "bank-fff-light1"


def test_the_states_of_a_training_are_not_taken_in(registry: ModelRegistry, tmp_path: Path) -> None:
    def write(folder: Path) -> None:
        (folder / "run" / "checkpoint-1").mkdir(parents=True)
        write_model(folder, a_card(data_hash="fff"))

    added = registry.add("tiny_shop", write)
    assert sorted(path.name for path in added.folder.iterdir()) == ["card.json", "weights"]
    (added.folder / "run").mkdir()
    assert not (registry.take(added.folder).folder / "run").exists()


def test_a_file_that_is_no_export_is_refused(registry: ModelRegistry, tmp_path: Path) -> None:
    registry.export(FULL, tmp_path / "whole.tar.gz")
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes((tmp_path / "whole.tar.gz").read_bytes()[:150])
    empty = tmp_path / "empty.tar.gz"
    with tarfile.open(empty, "w:gz"):
        pass
    for bad in (cut, empty, tmp_path / "nowhere.tar.gz"):
        with pytest.raises(BadModelArchiveError, match=bad.name):
            registry.take(bad)
    assert ids(registry) == [LIGHT, FULL, NEXT]


def test_an_archive_cannot_write_outside_its_place(registry: ModelRegistry, tmp_path: Path) -> None:
    (tmp_path / "evil").write_bytes(b"x")
    bad = tmp_path / "bad.tar.gz"
    with tarfile.open(bad, "w:gz") as archive:
        archive.add(tmp_path / "evil", arcname="../../outside")
    with pytest.raises(BadModelArchiveError):
        registry.take(bad)


def test_damaged_marks_are_named(registry: ModelRegistry, tmp_path: Path) -> None:
    (tmp_path / "models" / "in_use.json").write_text("{")
    with pytest.raises(UnreadableMarksError, match=r"in_use\.json"):
        registry.marks("tiny_shop")
