from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xiaoer.pack import BUILT_IN_REPLIES, NewPackError, lint, new_pack, read_pack
from xiaoer.shop import ACTIONS, make_demo, read_lists, read_policies

NOW = datetime(2026, 6, 15, 2, tzinfo=UTC)


def make(folder: Path, *, name: str = "my_shop", title: str = "My shop", language: str = "zh") -> list[Path]:
    return new_pack(folder, name=name, title=title, language=language)


def everything_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_pack_has_no_errors_and_is_warned_of_its_few_utterances_alone(tmp_path: Path, language: str) -> None:
    make(tmp_path / "new", language=language)

    findings = lint(read_pack(tmp_path / "new"), actions=ACTIONS)

    assert {(finding.level, finding.code) for finding in findings} == {("warning", "intent.few_utterances")}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_pack_is_small_but_complete(tmp_path: Path, language: str) -> None:
    made = make(tmp_path / "new", language=language)

    pack = read_pack(tmp_path / "new")

    assert set(made) == everything_in(tmp_path / "new")
    assert made[0] == tmp_path / "new" / "pack.yaml"
    assert pack.manifest.language == language
    assert len(pack.intents) == 12
    assert min(len(intent.examples()) for intent in pack.intents.values()) >= 12
    assert (len(pack.flows), len(pack.faq), len(pack.tests)) == (1, 6, 2)
    assert set(BUILT_IN_REPLIES) <= set(pack.replies)
    assert pack.mood is not None
    assert pack.entities
    assert pack.words
    assert pack.phrases.yes


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_rules_and_the_demo_of_the_shop_run_on_a_new_pack(tmp_path: Path, language: str) -> None:
    make(tmp_path / "new", language=language)
    pack = read_pack(tmp_path / "new")

    policies = read_policies(pack.clauses, on=NOW.date(), timezone=ZoneInfo(pack.manifest.timezone))
    demo = make_demo(read_lists(pack.folder / "shop"), policies, seed=1, now=NOW, currency=pack.manifest.currency)

    assert demo.orders
    assert f"currency.{pack.manifest.currency}" in pack.words


@pytest.mark.parametrize("title", ['一家"小"店: #1', "$name {title}", "'", "yes", "12"])
def test_a_title_may_hold_any_marks(tmp_path: Path, title: str) -> None:
    make(tmp_path / "new", title=title)

    assert read_pack(tmp_path / "new").manifest.title == title


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert make(tmp_path)


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")

    with pytest.raises(NewPackError, match="not empty"):
        make(tmp_path)

    assert everything_in(tmp_path) == {tmp_path / "notes.txt"}


def test_a_file_in_the_way_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "shop").write_text("mine")

    with pytest.raises(NewPackError, match="not empty"):
        make(tmp_path / "shop")


@pytest.mark.parametrize(
    ("name", "title", "language", "message"),
    [
        ("My Shop", "My shop", "zh", "name of a pack"),
        ("", "My shop", "zh", "name of a pack"),
        ("my_shop", "  ", "zh", "title"),
        ("my_shop", "\ud800", "zh", "title"),
        ("my_shop", "My shop", "../en", "choose zh or en"),
    ],
)
def test_words_that_will_not_do_are_refused_before_anything_is_written(
    tmp_path: Path, name: str, title: str, language: str, message: str
) -> None:
    with pytest.raises(NewPackError, match=message):
        make(tmp_path / "new", name=name, title=title, language=language)

    assert not (tmp_path / "new").exists()
