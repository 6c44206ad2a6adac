import shutil
from pathlib import Path

import pytest

from xiaoer.learn.data import import_files, intents_file
from xiaoer.pack import Pack, read_pack

from .making import a_sample, a_table


def test_a_pack_that_goes_out_and_in_again_trains_the_same(tmp_path: Path, tiny_pack: Pack) -> None:
    table = import_files([tiny_pack.folder]).version.table
    about = {name: intent.about for name, intent in tiny_pack.intents.items()}
    written, faults = intents_file(table, about, heading="Data 0123456789ab")
    assert faults == ()
    assert written.startswith("# Data 0123456789ab\n")
    shutil.copytree(tiny_pack.folder, tmp_path / "pack")
    for path in (tmp_path / "pack" / "intents").iterdir():
        path.unlink()
    (tmp_path / "pack" / "intents" / "all.yaml").write_text(written, encoding="utf-8")
    again = read_pack(tmp_path / "pack")
    assert {name: (intent.about, intent.examples()) for name, intent in again.intents.items()} == {
        name: (intent.about, intent.examples()) for name, intent in tiny_pack.intents.items()
    }


@pytest.mark.parametrize("text", ["两\n行", " 空白", "[成都](region)", "a\u2028b", ""])
def test_what_a_pack_would_read_otherwise_is_left_out_and_named(text: str) -> None:
    written, faults = intents_file((a_sample(text, "ask", 1), a_sample("好的", "ask", 2)), {}, heading="x")
    assert [fault.line for fault in faults] == [1]
    assert "好的" in written


def test_what_has_no_intent_cannot_stand_in_a_pack() -> None:
    written, faults = intents_file(a_table(("甲", None), ("# 乙: [x", "ask")), {}, heading="x")
    assert [(fault.line, fault.field) for fault in faults] == [(1, "intent")]
    assert "    # 乙: [x\n" in written


def test_only_the_part_that_is_wanted_is_written() -> None:
    table = (
        a_sample("甲", "ask", 1, split="test"),
        a_sample("乙\n", "ask", 2, split="train"),
        a_sample("丙", "ask", 3, split="train"),
    )
    written, faults = intents_file(table, {}, heading="x", part="train")
    assert [fault.line for fault in faults] == [2]
    assert "丙" in written
    assert "甲" not in written
