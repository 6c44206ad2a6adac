import pytest

from xiaoer.learn.data import DataSettingError
from xiaoer.learn.evaluation import FIGURES, Evaluation, evaluate, figures, gates

from ..data.making import a_sample
from .test_judging import a_reading, heard


def test_what_was_not_measured_is_no_figure() -> None:
    report = evaluate(heard((a_sample("一", "a"), a_reading("a")), seconds=0.002))
    measured = figures(report)
    assert measured["accuracy"] == 1
    assert measured["latency_p95_ms"] == pytest.approx(2)
    assert set(FIGURES) - set(measured) == {
        "out_of_scope_auroc",
        "out_of_scope_recall",
        "out_of_scope_precision",
        "entity_f1",
        "sentiment_pearson",
        "sentiment_spearman",
    }
    assert {name for name in figures(Evaluation(report.intents)) if name not in measured or "latency" in name} == set()


def test_figures_are_held_against_what_they_must_be() -> None:
    measured = {"accuracy": 0.9, "calibration_error": 0.2}
    held = gates(measured, {"accuracy": 0.9}, {"calibration_error": 0.1})
    assert [(gate.name, gate.is_met) for gate in held] == [("accuracy", True), ("calibration_error", False)]


def test_a_limit_on_what_was_not_measured_is_refused() -> None:
    with pytest.raises(DataSettingError, match="entity_f1"):
        gates({"accuracy": 0.9}, {"entity_f1": 0.5}, {})


def test_what_is_out_of_scope_has_figures_of_its_own() -> None:
    off = a_sample("一", "out_of_scope"), a_reading("a", 0.3, is_in_scope=False)
    measured = figures(evaluate(heard(off, (a_sample("二", "a"), a_reading("a")), (off[0], a_reading("a", 0.8)))))
    assert (measured["out_of_scope_recall"], measured["out_of_scope_precision"]) == (0.5, 1)
    assert (measured["in_scope_accuracy"], measured["in_scope_refused"]) == (1, 0)
