import pytest

from xiaoer.learn.report import Judged, entity_report, intent_report


def a_case(truth: str, guess: str, *, second: str = "other", confidence: float = 1.0) -> Judged:
    return Judged(truth, guess, second, confidence)


def test_accuracy_and_confusions_are_counted() -> None:
    report = intent_report([a_case("a", "a"), a_case("a", "b", second="a"), a_case("a", "b"), a_case("b", "b")])
    assert (report.accuracy, report.top_two_accuracy) == (0.5, 0.75)
    assert [(one.truth, one.guess, one.count) for one in report.confusions] == [("a", "b", 2)]
    precision_of_b = {score.name: score.precision for score in report.classes}["b"]
    assert precision_of_b == pytest.approx(1 / 3)


def test_macro_f1_counts_rare_intents_as_much_as_others() -> None:
    report = intent_report([*(a_case("a", "a") for _ in range(98)), a_case("b", "a"), a_case("b", "a")])
    assert report.accuracy == 0.98
    assert report.macro_f1 == pytest.approx(0.495, abs=0.01)


def test_a_model_as_sure_as_it_is_right_has_no_calibration_error() -> None:
    cases = [a_case("a", "a" if at < 75 else "b", confidence=0.75) for at in range(100)]
    assert intent_report(cases).calibration_error == pytest.approx(0)
    assert intent_report([a_case("a", "b", confidence=1.0)]).calibration_error == 1.0


def test_a_span_counts_only_if_kind_and_bounds_are_right() -> None:
    truth = {("date", 0, 2), ("product", 3, 5)}
    report = entity_report([(truth, {("date", 0, 2), ("product", 3, 6)}), (set(), {("date", 0, 2)})])
    assert report.spans == 2
    assert report.micro_f1 == pytest.approx(2 * 1 / (2 + 3))
    assert {score.name: (score.precision, score.recall) for score in report.kinds} == {
        "date": (0.5, 1.0),
        "product": (0.0, 0.0),
    }


def test_no_predictions_give_a_report_of_zeros() -> None:
    assert intent_report([]).accuracy == 0
    assert entity_report([]).micro_f1 == 0
