"""Sister packs: what the lint finds where two packs of one shop differ."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from xiaoer.pack import Sister, lint, new_pack, of_one_shop, read_pack
from xiaoer.shop import ACTIONS


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """The folder of a Chinese pack with an English sister beside it: both as `xiaoer pack new` makes them."""
    new_pack(tmp_path / "zh", name="my_zh", title="小店", language="zh")
    new_pack(tmp_path / "en", name="my_en", title="My shop", language="en")
    say(tmp_path / "zh", {})
    return tmp_path / "zh"


def say(folder: Path, more: dict[str, object]) -> None:
    said = [{"language": "en", "pack": "../en", **more}]
    (folder / "sisters.yaml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")


def codes(folder: Path) -> set[str]:
    found = lint(read_pack(folder), actions=ACTIONS)
    return {finding.code for finding in found if finding.code.startswith("sister.")}


def untold(folder: Path) -> str:
    """Give what is said of clauses whose text is missing."""
    found = lint(read_pack(folder), actions=ACTIONS)
    return " ".join(finding.message for finding in found if finding.code == "sister.clause_untold")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_sister_that_is_not_there_is_an_error(pair: Path) -> None:
    shutil.rmtree(pair.parent / "en")
    assert codes(pair) == {"sister.unreadable"}


def test_a_sister_of_another_language_than_said_is_an_error(pair: Path) -> None:
    change(pair.parent / "en" / "pack.yaml", "language: en", "language: zh")
    assert "sister.wrong_language" in codes(pair)


def test_a_flow_that_only_one_has_is_an_error(pair: Path) -> None:
    for path in (pair.parent / "en" / "flows").glob("*.yaml"):
        path.unlink()
    assert "sister.no_flow" in codes(pair)


def test_other_steps_are_an_error(pair: Path) -> None:
    path = next((pair.parent / "en" / "flows").glob("*.yaml"))
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n      - end: completed\n", encoding="utf-8")
    assert "sister.other_steps" in codes(pair)


def test_a_clause_with_other_values_wants_its_text(pair: Path) -> None:
    path = pair / "policies" / "claims.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["clauses"][0]["values"]["days_damaged"] = 99
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    name = content["clauses"][0]["id"]
    assert name in untold(pair)
    say(pair, {"clauses": {name: "Ninety-nine days."}})
    assert name not in untold(pair)
    english = of_one_shop(read_pack(pair.parent / "en"), read_pack(pair), read_pack(pair).sisters[0])
    assert english.clauses[name].text == "Ninety-nine days."
    assert english.clauses[name].values["days_damaged"] == 99


def test_what_is_said_of_nothing_is_an_error(pair: Path) -> None:
    say(pair, {"answers": {"no.such_entry": "Words."}})
    assert "sister.unknown_name" in codes(pair)


def test_an_answer_on_other_values_is_left_out_unless_it_is_given(pair: Path) -> None:
    english, first = read_pack(pair.parent / "en"), read_pack(pair)
    entry = next(iter(english.faq.values()))
    clause = next(iter(first.clauses))
    rests = {**english.faq, entry.id: entry.model_copy(update={"clauses": (clause,)})}
    english = replace(english, faq=rests)
    others = first.clauses[clause].model_copy(update={"values": {"days": 1}})
    first = replace(first, clauses={**first.clauses, clause: others})
    silent = Sister(language="en", pack="../en")
    assert entry.id not in of_one_shop(english, first, silent).faq
    told = silent.model_copy(update={"answers": {entry.id: "As it is here."}})
    assert of_one_shop(english, first, told).faq[entry.id].answer == "As it is here."


def test_the_shop_is_called_by_its_name_here(pair: Path) -> None:
    english, first = read_pack(pair.parent / "en"), read_pack(pair)
    said = Sister(language="en", pack="../en", title="Little Shop")
    served = of_one_shop(english, first, said)
    words = "".join(reply.model_dump_json() for reply in served.replies.values())
    assert served.manifest.title == "Little Shop"
    assert "My shop" not in words
