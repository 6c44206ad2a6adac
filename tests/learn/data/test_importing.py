from datetime import UTC, datetime
from pathlib import Path

import pytest

from xiaoer.learn.data import DataFileError, Imported, ImportSetting, Sample, Span, import_files
from xiaoer.pack import Pack
from xiaoer.understand import training_hash

from .making import file_in, lines_in

RASA = """\
version: "3.1"
nlu:
- intent: where_is_it
  examples: |
    - 包裹走到[嘉兴](region)没
    - 俺买的[鞋]{"entity": "product", "value": "shoes"}呢
    -
- synonym: 鞋
  examples: |
    - 靴
- intent: no_block
- intent: hello
  examples: |
    - 在不在
    - [掌柜](
    - [掌柜]{"value": "x"}
"""


def texts_of(imported: Imported) -> list[str]:
    return [sample.text for sample in imported.version.table]


def only(imported: Imported) -> Sample:
    (sample,) = imported.version.table
    return sample


def test_rasa_examples_keep_intents_marks_and_lines(tmp_path: Path) -> None:
    imported = import_files([file_in(tmp_path / "nlu.yml", RASA)])
    first, second, third, fourth = imported.version.table
    assert (first.id, first.text, first.intent) == ("nlu.yml:5", "包裹走到嘉兴没", "where_is_it")
    assert first.spans == (Span(4, 6, "region"),)
    assert second.spans == (Span(3, 4, "product"),)
    assert (third.id, third.text) == ("nlu.yml:14", "在不在")
    assert fourth.text == "[掌柜]("
    assert [(fault.line, fault.field) for fault in imported.faults] == [(11, "examples"), (16, "examples")]


@pytest.mark.parametrize("text", ["nlu: 3", "a: [", "", "stories: []"])
def test_a_file_that_is_no_training_data_of_rasa_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(DataFileError, match=r"nlu\.yml"):
        import_files([file_in(tmp_path / "nlu.yml", text)])


def test_a_table_may_have_other_columns_and_texts_of_several_lines(tmp_path: Path) -> None:
    path = file_in(
        tmp_path / "t.csv", 'n,intent,text,time\n1,a,"甲\n乙",2026-05-01T08:00:00+08:00\n2,,丙,\n\n3,b,丁,x\n'
    )
    imported = import_files([path])
    first, second = imported.version.table
    assert (first.id, first.text, first.time) == ("t.csv:2", "甲\n乙", datetime(2026, 5, 1, tzinfo=UTC))
    assert (second.id, second.intent, second.time) == ("t.csv:4", None, None)
    assert [(fault.file, fault.line, fault.field) for fault in imported.faults] == [("t.csv", 6, "time")]


def test_a_table_may_tell_the_mood_of_a_text(tmp_path: Path) -> None:
    path = file_in(tmp_path / "t.csv", "text,intent,sentiment\n甲,a,-0.5\n乙,a,\n丙,a,2\n丁,a,bad\n")
    imported = import_files([path])
    assert [one.sentiment for one in imported.version.table] == [-0.5, None]
    assert [(fault.line, fault.field) for fault in imported.faults] == [(4, "sentiment"), (5, "sentiment")]


def test_a_column_that_is_missing_is_named_with_those_that_are_there(tmp_path: Path) -> None:
    path = file_in(tmp_path / "t.csv", "query,category\nx,y\n")
    with pytest.raises(DataFileError, match=r"t\.csv:1.*'text', but query, category"):
        import_files([path])
    assert only(import_files([path], ImportSetting(text="query", intent="category"))).intent == "y"


def test_a_table_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("text,intent\na,b\n中文,c\n".encode("gbk"))
    with pytest.raises(DataFileError, match=r"t\.csv:3"):
        import_files([path])


def test_what_customers_wrote_is_masked(tmp_path: Path) -> None:
    table = file_in(tmp_path / "t.csv", "text,intent\n打13800001234找我,a\n")
    log = lines_in(tmp_path / "l.jsonl", [{"conversation": 1, "sender": "customer", "text": "我电话13800001234"}])
    assert texts_of(import_files([table, log])) == ["打138****1234找我", "我电话138****1234"]


def test_an_excel_file_gives_what_a_csv_file_does(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("text", "intent"), ("发顺丰不", "carrier"), (None, None), (305, "number"), (None, "empty")]:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    imported = import_files([tmp_path / "t.xlsx"])
    assert [(one.id, one.text) for one in imported.version.table] == [("t.xlsx:2", "发顺丰不"), ("t.xlsx:4", "305")]
    assert [(fault.line, fault.field) for fault in imported.faults] == [(5, "text")]


def test_what_is_no_excel_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    with pytest.raises(DataFileError, match="no Excel file"):
        import_files([file_in(tmp_path / "t.xlsx", "text,intent\n")])


@pytest.mark.parametrize(
    ("row", "intent", "spans"),
    [
        ({"label": ["a"]}, "a", ()),
        ({"label": [[0, 2, "who"]]}, None, (Span(0, 2, "who"),)),
        ({"cats": ["a"], "entities": [[2, 3, "b"], [0, 2, "who"]]}, "a", (Span(0, 2, "who"), Span(2, 3, "b"))),
        ({"entities": [{"id": 4, "label": "who", "start_offset": 0, "end_offset": 2}]}, None, (Span(0, 2, "who"),)),
        ({"label": [], "Comments": []}, None, ()),
    ],
)
def test_all_forms_of_doccano_are_read(
    tmp_path: Path, row: dict[str, object], intent: str | None, spans: tuple[Span, ...]
) -> None:
    sample = only(import_files([lines_in(tmp_path / "d.jsonl", [{"id": 7, "text": "老板娘在吗", **row}])]))
    assert (sample.id, sample.intent, sample.spans) == ("d.jsonl:1", intent, spans)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"text": "好", "label": [[0, 2, "x"]]}, "label"),
        ({"text": "好的", "entities": [[1, 1, "x"]]}, "entities"),
        ({"text": "好的呀", "label": [[0, 2, "x"], [1, 3, "y"]]}, "label"),
        ({"text": "好的", "label": [["0", 1, "x"]]}, "label"),
        ({"text": "好的", "label": ["a", "b"]}, "label"),
        ({"text": "好的", "cats": [3]}, "label"),
        ({"text": " ", "label": []}, "text"),
        ({"label": ["a"]}, "data"),
        ([1], "line"),
    ],
)
def test_a_broken_row_is_named_and_the_rest_kept(tmp_path: Path, row: object, field: str) -> None:
    good = {"text": "行", "label": ["yes"]}
    imported = import_files([lines_in(tmp_path / "d.jsonl", [good, row, good])])
    assert [one.id for one in imported.version.table] == ["d.jsonl:1", "d.jsonl:3"]
    assert [(fault.file, fault.line, fault.field) for fault in imported.faults] == [("d.jsonl", 2, field)]


def test_of_a_log_only_what_customers_wrote_is_taken(tmp_path: Path) -> None:
    said = [{"who": "customer", "text": "查件"}, {"who": "xiaoer", "text": "好的"}, {"who": "customer", "text": "快点"}]
    log = lines_in(
        tmp_path / "l.jsonl",
        [
            {"id": "c1", "dialogue": said},
            {"conversation": "c2", "sender": "买家", "text": "急", "time": 0},
            {"conversation": "c2", "sender": "bot", "text": "请讲"},
            {"conversation": "c2", "text": "谁说的"},
            {"sender": "user", "text": "哪段对话"},
        ],
    )
    imported = import_files([log])
    assert [(one.text, one.group, one.intent) for one in imported.version.table] == [
        ("查件", "c1", None),
        ("快点", "c1", None),
        ("急", "c2", None),
    ]
    assert imported.version.table[2].time == datetime(1970, 1, 1, tzinfo=UTC)
    assert [(fault.line, fault.field) for fault in imported.faults] == [(4, "sender"), (5, "conversation")]


def test_a_pack_is_named_by_the_hash_that_its_models_name(tiny_pack: Pack) -> None:
    imported = import_files([tiny_pack.folder])
    assert len(imported.version.table) == 60
    assert list(imported.version.manifest.steps[0].inputs.values()) == [training_hash(tiny_pack)]
    for sample in imported.version.table:
        file, _, line = sample.id.removeprefix(f"{tiny_pack.manifest.name}:").rpartition(":")
        stands = (tiny_pack.folder / file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert sample.text[0] in stands
        assert not sample.spans or f"({sample.spans[0].entity})" in stands


def test_ids_are_one_of_a_kind_even_where_files_have_one_name(tmp_path: Path) -> None:
    paths = [tmp_path / name / "d.jsonl" for name in ("a", "b")]
    for path in paths:
        path.parent.mkdir()
        lines_in(path, [{"text": "同一句", "label": ["x"]}])
    assert [one.id for one in import_files(paths).version.table] == ["d.jsonl:1", "d.jsonl:1#2"]


def test_a_file_of_which_nothing_is_left_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"d\.jsonl:1: label"):
        import_files([lines_in(tmp_path / "d.jsonl", [{"text": "好", "label": [[5, 6, "x"]]}])])
    with pytest.raises(DataFileError, match="what is this"):
        import_files([file_in(tmp_path / "d.docx", "x")])
