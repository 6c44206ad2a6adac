from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from xiaoer.learn import train_from_data
from xiaoer.learn.data import Sample, Table
from xiaoer.pack import Pack, read_pack
from xiaoer.serve import ModelRegistry

from .conftest import Invoke, Workplace
from .test_commands import A_TEST, ORDER, expect_failure, output_of, write_tests

_OF_EACH = 8
A_LONGER_TEST = f"""\
conversations:
  - name: 单子没了
    given: {{orders: [{{number: "{ORDER}", state: paid, lines: [{{sku: any}}]}}]}}
    talk:
      - say: 取消订单{ORDER}
      - say: 拍错了
      - say: 好
"""

AddModel = Callable[..., str]


@pytest.fixture
def add_model(workplace: Workplace) -> AddModel:
    """Adds a model of the pack that takes each text for the intent so many places behind its own; gives its id."""
    pack = read_pack(workplace.pack)

    def add(*, places: int = 0, without: str = "") -> str:
        table = table_of(pack, places, without)
        registry = ModelRegistry(workplace.data / "models")

        def write(folder: Path) -> None:
            train_from_data(table, folder)

        return registry.add(pack.manifest.name, write).id

    return add


def table_of(pack: Pack, places: int, without: str) -> Table:
    names, seen = sorted(pack.intents), Counter[str]()
    rows: list[Sample] = []
    for text, intent in pack.utterances():
        seen[intent] += 1
        if seen[intent] <= _OF_EACH and intent != without:
            meant = names[(names.index(intent) + places) % len(names)]
            rows.append(Sample(id=str(len(rows)), text=text, intent=meant))
    return tuple(rows)


def test_conversation_tests_are_played_with_the_full_model_that_is_named(
    invoke: Invoke, workplace: Workplace, add_model: AddModel
) -> None:
    write_tests(workplace, A_TEST)
    given = ("test", "--only", "要找真人", "--json", "--full")
    assert output_of(invoke(*given, add_model()))["passed"] == 1
    assert invoke(*given, add_model(places=1)).exit_code == 1, "it reads, and takes the message for something else"


def test_simulated_customers_talk_to_the_full_model_that_is_named(invoke: Invoke, add_model: AddModel) -> None:
    given = ("simulate", "--customers", "3", "--goal", "track", "--json")
    without, with_other = output_of(invoke(*given)), output_of(invoke(*given, "--full", add_model(places=1)))
    assert with_other["completion_rate"] < without["completion_rate"]


def test_a_full_model_that_is_not_there_or_does_not_fit_is_refused(
    invoke: Invoke, workplace: Workplace, add_model: AddModel
) -> None:
    write_tests(workplace, A_TEST)
    expect_failure(invoke("test", "--full", "shop_zh-0a-full9"), "shop_zh-0a-full9", "serve.no_such_model")
    expect_failure(invoke("test", "--full", add_model(without="greet")), "other intents", "model.unfit")


def test_conversations_are_played_with_their_orders_gone(invoke: Invoke, workplace: Workplace) -> None:
    write_tests(workplace, A_LONGER_TEST)
    given = ("test", "--only", "单子没了", "--vanishing", "--json")
    played = output_of(invoke(*given))
    assert played["passed"] == 2
    assert [verdict["name"] for verdict in played["verdicts"]] == ["单子没了 (拍错了)", "单子没了 (好)"]
    assert output_of(invoke(*given, "--every", "2"))["passed"] == 1
