import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.learn.data import DataFileError, Imported, ImportSetting, Span, import_files
from xiaoer.understand import tags_of_spans

from .making import file_in


def imported_from(folder: Path, text: str, name: str = "t.bio") -> Imported:
    return import_files([file_in(folder / name, text)], ImportSetting(form="tagged"))


def lines_of(tokens: str, tags: str) -> str:
    return "".join(f"{token}\t{tag}\n" for token, tag in zip(tokens.split(), tags.split(), strict=True))


@pytest.mark.parametrize(
    "tags",
    [
        "O B-city I-city O O B-shop I-shop",
        "O I-city I-city O O I-shop I-shop",
        "O B-city E-city O O B-shop E-shop",
    ],
)
def test_a_character_a_line_with_its_tag_becomes_a_text_with_spans(tmp_path: Path, tags: str) -> None:
    (sample,) = imported_from(tmp_path, lines_of("去 梅 溪 看 看 双 盏", tags)).version.table
    assert (sample.id, sample.text) == ("t.bio:1", "去梅溪看看双盏")
    assert sample.spans == (Span(1, 3, "city"), Span(5, 7, "shop"))


def test_middle_end_and_single_tags_are_read(tmp_path: Path) -> None:
    (sample,) = imported_from(
        tmp_path, lines_of("阿 九 要 红 围 巾", "B-who E-who O S-color B-what E-what")
    ).version.table
    assert sample.spans == (Span(0, 2, "who"), Span(3, 4, "color"), Span(4, 6, "what"))
    (sample,) = imported_from(tmp_path, lines_of("羊 毛 围 巾 帽 子", "B-a M-a M-a E-a B-a E-a")).version.table
    assert sample.spans == (Span(0, 4, "a"), Span(4, 6, "a"))


def test_blank_lines_part_sentences_and_each_is_named_by_its_first_line(tmp_path: Path) -> None:
    table = imported_from(tmp_path, "\n甲 O\n乙 B-x\n\n\n丙 B-x\r\n").version.table
    assert [(one.id, one.text, one.spans) for one in table] == [
        ("t.bio:2", "甲乙", (Span(1, 2, "x"),)),
        ("t.bio:6", "丙", (Span(0, 1, "x"),)),
    ]


def test_a_sentence_a_line_may_tell_its_intent(tmp_path: Path) -> None:
    table = imported_from(tmp_path, "绒:B-fabric 毯:O :::O <=> ask\n毯:O <=> <NULL>\n", "train").version.table
    assert [(one.text, one.intent, one.spans) for one in table] == [
        ("绒毯::", "ask", (Span(0, 1, "fabric"),)),
        ("毯", None, ()),
    ]


def test_words_keep_blanks_between_them_and_letters_do_not(tmp_path: Path) -> None:
    table = imported_from(tmp_path, "Send Vi Tal home .\n".replace(" ", " O\n").replace(".\n", ". O\n")).version.table
    assert table[0].text == "Send Vi Tal home."
    table = imported_from(tmp_path, lines_of("买 a b c 9 号 楼", "O B-x I-x I-x O O O")).version.table
    assert (table[0].text, table[0].spans) == ("买abc9号楼", (Span(1, 4, "x"),))


def test_a_broken_line_is_named_and_its_sentence_left_out(tmp_path: Path) -> None:
    imported = imported_from(tmp_path, "甲 O\n乙\n\n丙 O\n\n丁 O\n戊 X-y\n\n己:O 庚 <=> a\n")
    assert [one.text for one in imported.version.table] == ["丙"]
    assert [(fault.line, fault.field) for fault in imported.faults] == [(2, "line"), (7, "tag"), (9, "token")]


def test_a_zip_of_one_file_is_read_and_one_of_several_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inside.txt", "甲 B-x\n")
    assert import_files([path]).version.table[0].spans == (Span(0, 1, "x"),)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("other.txt", "")
    with pytest.raises(DataFileError, match="holds 2 files"):
        import_files([path])


@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from(["", "a", "b"])), min_size=1, max_size=12))
def test_spans_that_were_written_as_tags_are_read_again(
    tmp_path_factory: pytest.TempPathFactory, characters: list[tuple[str, str]]
) -> None:
    spans = [(kind, at, at + 1) for at, (_, kind) in enumerate(characters) if kind]
    tags = tags_of_spans(len(characters), spans)
    text = "".join(f"{character} {tag}\n" for (character, _), tag in zip(characters, tags, strict=True))
    (sample,) = imported_from(tmp_path_factory.mktemp("tagged"), text).version.table
    assert sample.text == "".join(character for character, _ in characters)
    assert [(span.entity, span.start, span.end) for span in sample.spans] == spans
