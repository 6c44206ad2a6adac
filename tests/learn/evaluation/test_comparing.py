import pytest

from xiaoer.learn.evaluation import Findings, Heard, compare, evaluate, gates

from ..data.making import a_sample
from .test_judging import a_reading, heard


def readings(right: str) -> Heard:
    """What a model read: rightly where a + stands."""
    return heard(*((a_sample(str(at), "a", at), a_reading("a" if one == "+" else "b")) for at, one in enumerate(right)))


def test_texts_that_one_alone_reads_rightly_are_counted() -> None:
    found = compare(readings("++-+-"), readings("+---+"), "old")
    assert (found.other, found.only_this, found.only_other) == ("old", 2, 1)
    assert (found.accuracy, found.other_accuracy) == (0.6, 0.4)
    assert found.p_value == pytest.approx(1)


def test_a_model_is_worse_only_by_more_than_chance() -> None:
    # Of six, all on one side: p = 2 / 64; of five: 2 / 32
    assert compare(readings("------"), readings("++++++"), "old").is_worse
    assert not compare(readings("-----"), readings("+++++"), "old").is_worse
    assert not compare(readings("++++++"), readings("------"), "old").is_worse


def test_a_model_will_do_if_its_gates_are_met_and_it_is_no_worse() -> None:
    evaluated = evaluate(readings("-"))
    missed, met = gates({"accuracy": 0.0}, {"accuracy": 0.1}, {}), gates({"accuracy": 0.0}, {"accuracy": 0.0}, {})
    worse, like = (compare(readings("------"), readings(other), "old") for other in ("++++++", "------"))
    assert Findings(evaluated, met, like).is_good
    assert not Findings(evaluated, missed, like).is_good
    assert not Findings(evaluated, met, worse).is_good
