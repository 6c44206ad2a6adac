import pytest

from xiaoer.learn.figures import area_under_curve, correlation, mcnemar, milliseconds


def test_the_area_under_the_curve_is_the_share_of_pairs_in_the_right_order() -> None:
    # 0.9 is above both others, 0.4 above 0.1 and level with 0.4: (1 + 1 + 1 + 0.5) / 4
    assert area_under_curve([0.9, 0.4], [0.4, 0.1]) == pytest.approx(0.875)
    assert area_under_curve([0.1], [0.2, 0.3]) == 0
    assert area_under_curve([0.5, 0.5], [0.5]) == 0.5


def test_without_either_kind_there_is_no_area() -> None:
    assert area_under_curve([], [0.1]) is None
    assert area_under_curve([0.1], []) is None


def test_correlations_are_linear_and_by_rank() -> None:
    # Deviations -1.5 -0.5 0.5 1.5 and -2 -1 -2 5
    found = correlation([1, 2, 3, 4], [1, 2, 1, 8])
    assert found is not None
    assert found.pairs == 4
    assert found.pearson == pytest.approx(10.0 / (5 * 34) ** 0.5)
    # Ranks 1 2 3 4 and 1.5 3 1.5 4: deviations of the latter -1 0.5 -1 1.5
    assert found.spearman == pytest.approx(3.0 / (5 * 4.5) ** 0.5)


def test_what_never_changes_correlates_with_nothing() -> None:
    assert correlation([1, 2, 3], [0.5, 0.5, 0.5]) is None
    assert correlation([1], [2]) is None


def test_few_differences_are_judged_exactly() -> None:
    # Of eight coins at most one is heads, or at most one is tails: 2 * (1 + 8) / 256
    assert mcnemar(1, 7) == mcnemar(7, 1) == pytest.approx(18 / 256)
    assert mcnemar(0, 6) == pytest.approx(2 / 64)


def test_many_differences_are_judged_by_chi_square_with_continuity() -> None:
    # (|30 - 10| - 1)² / 40 = 9.025; the square root, 3.0042, is left by 0.00266 of a normal distribution
    assert mcnemar(30, 10) == pytest.approx(0.002663, abs=2e-6)
    # (|5 - 20| - 1)² / 25 = 7.84 = 2.8²: 0.00511
    assert mcnemar(5, 20) == pytest.approx(0.005110, abs=2e-6)


def test_models_that_do_not_differ_are_equal() -> None:
    assert mcnemar(0, 0) == mcnemar(4, 4) == mcnemar(50, 50) == mcnemar(50, 51) == 1


def test_durations_are_told_in_milliseconds() -> None:
    assert milliseconds([0.001, 0.002, 0.003], 50) == pytest.approx(2)
    assert milliseconds([0.0, 0.01], 95) == pytest.approx(9.5)
