import pytest

from xiaoer.learn.report import Judged, entity_report, intent_report


def a_case(truth: str, guess: str, *, second: str = "other", confidence: float = 1.0, in_scope: float = 1.0) -> Judged:
    return Judged(truth, guess, second, confidence, in_scope)


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


def test_the_calibration_error_is_the_gap_of_each_tenth_by_its_texts() -> None:
    cases = [
        *(a_case("a", "a", confidence=0.9) for _ in range(3)),
        a_case("a", "b", confidence=0.9),
        a_case("a", "b", confidence=0.3),
    ]
    report = intent_report(cases)
    # Of 0.9 there are four, three of them right; of 0.3 one, wrong: (4 * 0.15 + 1 * 0.3) / 5
    assert report.calibration_error == pytest.approx(0.18)
    assert [(one.texts, one.accuracy) for one in report.calibration if one.texts] == [(1, 0.0), (4, 0.75)]


def test_what_is_out_of_scope_should_seem_least_of_the_shop() -> None:
    shop = [a_case("a", "a", in_scope=0.8), a_case("b", "a", in_scope=0.4)]
    report = intent_report([*shop, a_case("out_of_scope", "a", in_scope=0.6)])
    assert report.out_of_scope_auroc == 0.5
    assert intent_report(shop).out_of_scope_auroc is None


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
