from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result

from .conftest import Invoke, Workplace

ORDER = "20260612000001"
A_TEST = f"""\
conversations:
  - name: 问候
    talk:
      - say: 您好
      - expect: {{never_says: [退款]}}
  - name: 要找真人
    given: {{orders: [{{number: "{ORDER}", state: paid, lines: [{{sku: any}}]}}]}}
    talk:
      - say: 转人工
      - expect: {{replies: [handed_over], with_person: true, orders: {{"{ORDER}": paid}}}}
"""
A_FAILING_TEST = """\
conversations:
  - name: 不可能
    talk:
      - say: 你好
      - expect: {says: [这句话没有人说]}
"""


def expect_failure(result: Result, *pieces: str) -> None:
    """The command ended with 1 and words on stderr, not with a traceback."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    for piece in pieces:
        assert piece in result.stderr


def output_of(result: Result, *, exits: int = 0) -> Any:  # noqa: ANN401 - whatever the command prints
    """The JSON that a command printed."""
    assert result.exit_code == exits, result.output
    return msgspec.json.decode(result.stdout)


def write_tests(place: Workplace, text: str) -> None:
    (place.pack / "tests").mkdir(exist_ok=True)
    (place.pack / "tests" / "own.yaml").write_text(text, encoding="utf-8")


# Settings


def test_a_setting_of_the_environment_that_cannot_be_is_named(invoke: Invoke) -> None:
    expect_failure(invoke("shop", "show", XIAOER_PORT="eighty"), "port", "settings.invalid")


def test_a_setting_of_the_file_that_is_unknown_is_named(invoke: Invoke, workplace: Workplace) -> None:
    (workplace.folder / "xiaoer.toml").write_text("prot = 80\n")
    expect_failure(invoke("shop", "show"), "prot", "settings.invalid")


def test_a_log_level_that_is_none_is_refused(invoke: Invoke) -> None:
    expect_failure(invoke("up", "--port", "0", XIAOER_LOG_LEVEL="loud"), "loud", "settings.invalid")


@pytest.mark.parametrize("command", ["train", "test", "chat", "replay", "up", "evaluate", "pack show nowhere"])
def test_a_pack_that_is_not_there_is_a_failure_with_a_word(invoke: Invoke, command: str) -> None:
    expect_failure(invoke(*command.split(), XIAOER_PACK="nowhere"), "nowhere", "[pack.")


# Packs


def test_a_new_pack_is_made_whole_and_lints_clean(invoke: Invoke) -> None:
    made = output_of(invoke("pack", "new", "my_shop", "--title", "小店", "--json"))
    assert "packs/my_shop/pack.yaml" in made
    assert output_of(invoke("pack", "lint", "packs/my_shop", "--json"))["errors"] == 0
    assert output_of(invoke("pack", "show", "packs/my_shop", "--json"))["name"] == "my_shop"


def test_a_pack_with_errors_exits_with_1_and_lists_them(invoke: Invoke, workplace: Workplace) -> None:
    with (workplace.pack / "routes.yaml").open("a", encoding="utf-8") as routes:
        routes.write("\n  - {intent: no.such.intent, title: x, reply: no_such_reply}\n")
    report = output_of(invoke("pack", "lint", workplace.pack, "--json"), exits=1)
    assert report["errors"] >= 1
    assert any("no_such_reply" in finding["message"] for finding in report["findings"])
    plain = invoke("pack", "lint", workplace.pack)
    assert plain.exit_code == 1
    assert "no_such_reply" in plain.stdout


def test_a_pack_that_cannot_be_read_names_the_line(invoke: Invoke, workplace: Workplace) -> None:
    (workplace.pack / "words.yaml").write_text("words:\n  state: [\n", encoding="utf-8")
    expect_failure(invoke("pack", "lint", workplace.pack), "words.yaml:")


def test_a_pack_is_counted(invoke: Invoke, workplace: Workplace) -> None:
    counts = output_of(invoke("pack", "show", workplace.pack, "--json"))
    assert counts["name"] == "shop_zh"
    assert counts["flows"] >= 7
    assert counts["utterances"] > counts["intents"] > 50
    assert "shop_zh" in invoke("pack", "show", workplace.pack).stdout


# The shop's data


def test_the_demo_is_made_once_and_counted(workplace: Workplace) -> None:
    assert workplace.json("shop", "demo") == {"written": True}
    assert workplace.json("shop", "demo") == {"written": False}
    counts = workplace.json("shop", "show")
    assert counts["customers"] == 60
    assert counts["orders"] == sum(count for name, count in counts.items() if name.startswith("orders "))
    assert "orders paid" in workplace.run("shop", "show").stdout


# Models


def test_training_again_gives_the_same_model(workplace: Workplace, tmp_path: Path) -> None:
    # Processes of their own: the tagger's library draws from C's random numbers, which other tests' threads may do too.
    card, _ = (workplace.json_apart("train", "--out", tmp_path / name) for name in ("once", "again"))
    (one,), (other,) = (list((tmp_path / name / "models").iterdir()) for name in ("once", "again"))
    assert one.name == other.name == f"{card['pack']}-{card['data_hash']}"
    names = {path.name for path in one.iterdir()}
    assert names == {path.name for path in other.iterdir()}
    for name in names - {"card.json"}:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_a_figure_under_its_limit_exits_with_1(workplace: Workplace) -> None:
    report = workplace.json("evaluate", "--folds", "2", "--at-least", "accuracy=1.01", exits=1)
    assert not report["is_good"]
    assert 0 < report["figures"]["accuracy"] < 1
    assert 0 < report["figures"]["macro_f1"] < 1
    assert len(report["evaluation"]["intents"]["classes"]) > 50


# Conversation tests


def test_conversation_tests_that_go_as_expected_exit_with_0(workplace: Workplace) -> None:
    write_tests(workplace, A_TEST)
    report = workplace.json("test", "--only", "要找真人")
    assert (report["passed"], report["failed"]) == (1, 0)
    assert report["verdicts"][0]["dialogue"][1]["names"] == ["handed_over"]


def test_a_conversation_test_that_goes_otherwise_exits_with_1_and_shows_the_dialogue(workplace: Workplace) -> None:
    write_tests(workplace, A_FAILING_TEST)
    done = workplace.run("test", "--only", "不可能")
    assert done.exit_code == 1
    assert "这句话没有人说" in done.stdout
    assert "顾客: 你好" in done.stdout


def test_no_test_at_all_is_a_failure(workplace: Workplace) -> None:
    assert workplace.run("test", "--only", "no test has this name").exit_code == 1


# Conversations


def test_a_chat_prints_one_line_of_json_an_answer(workplace: Workplace) -> None:
    done = workplace.run("chat", "--as", "C1001", "--json", stdin="转人工\n\n")
    assert done.exit_code == 0, done.stderr
    answers = [msgspec.json.decode(line) for line in done.stdout.splitlines()]
    assert [answer[0]["name"] for answer in answers] == ["welcome", "handed_over"]


def test_a_chat_prints_words_and_buttons_for_a_person(workplace: Workplace) -> None:
    done = workplace.run("chat", stdin="转人工\n")
    assert done.exit_code == 0, done.stderr
    assert "[转人工]" in done.stdout


def test_a_replay_shows_what_a_changed_reply_changes(workplace: Workplace) -> None:
    workplace.run("chat", "--as", "C1001", stdin="转人工\n\n")
    (same,) = workplace.json("replay")
    assert (same["turns"], same["differences"]) == (1, [])
    path = workplace.pack / "replies" / "talk.yaml"
    head, tail = path.read_text(encoding="utf-8").split("- name: handed_over\n", 1)
    kept = tail[tail.index("  - name: ") :]
    path.write_text(f"{head}- name: handed_over\n    warm: [叫人去啦]\n{kept}", encoding="utf-8")
    (report,) = workplace.json("replay", exits=1)
    assert len(report["differences"]) == 1
    assert "叫人去啦" in report["differences"][0]["after"]
