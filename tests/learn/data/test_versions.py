from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaoer.learn.data import DataChangedError, DataFileError, Sample, Span, import_files, read_version, write_version
from xiaoer.learn.data.samples import encode, hash_of
from xiaoer.learn.data.versions import Version, first_version

from .making import a_sample, a_table, lines_in


def a_version(table: tuple[Sample, ...]) -> Version:
    return first_version(table, "import", {"form": None}, {"t.csv": "0" * 12})


@settings(deadline=None)
@given(st.lists(st.text(min_size=1), max_size=5))
def test_any_text_survives_the_disk(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    texts = [text.encode("utf-8", "ignore").decode() for text in texts]
    version = a_version(tuple(a_sample(text, None, at) for at, text in enumerate(texts)))
    folder = tmp_path_factory.mktemp("data")
    write_version(version, folder)
    assert read_version(folder) == version


def test_every_field_survives_the_disk(tmp_path: Path) -> None:
    sample = Sample(
        id="f:1",
        text="到苏州",
        intent="ask",
        spans=(Span(1, 3, "region"),),
        source="f",
        group="g",
        time=datetime(2026, 1, 2, tzinfo=UTC),
        split="test",
    )
    write_version(a_version((sample,)), tmp_path)
    assert read_version(tmp_path).table == (sample,)


def test_the_hash_is_of_the_content_alone(tmp_path: Path) -> None:
    first, second = a_table(("甲", "a"), ("乙", "b")), a_table(("甲", "a"), ("乙", "c"))
    assert a_version(first).manifest.data_hash == first_version(first, "x", {}, {}).manifest.data_hash
    assert a_version(first).manifest.data_hash != a_version(second).manifest.data_hash
    assert a_version(first).manifest.data_hash == hash_of(encode(first))


def test_each_step_names_what_it_began_with(tmp_path: Path) -> None:
    first = a_version(a_table(("甲", "a"), ("乙", "b")))
    second = first.then("clean", {"near": 0.8}, first.table[:1])
    write_version(second, tmp_path)
    read = read_version(tmp_path).manifest
    assert [step.station for step in read.steps] == ["import", "clean"]
    assert list(read.steps[1].inputs.values()) == [first.manifest.data_hash]
    assert (read.data_hash, read.samples, read.intents) == (second.manifest.data_hash, 1, 1)


def test_samples_changed_by_hand_are_not_taken_for_the_version(tmp_path: Path) -> None:
    write_version(a_version(a_table(("甲", "a"), ("乙", "b"))), tmp_path)
    samples = tmp_path / "samples.jsonl"
    samples.write_text(samples.read_text(encoding="utf-8").replace("乙", "丙"), encoding="utf-8")
    with pytest.raises(DataChangedError):
        read_version(tmp_path)
    assert [one.text for one in import_files([samples]).version.table] == ["甲", "丙"]


def test_a_folder_of_other_things_is_neither_read_nor_overwritten(tmp_path: Path) -> None:
    lines_in(tmp_path / "other.jsonl", [])
    with pytest.raises(DataFileError, match="holds no data"):
        read_version(tmp_path)
    with pytest.raises(DataFileError, match=r"other\.jsonl"):
        write_version(a_version(()), tmp_path)
