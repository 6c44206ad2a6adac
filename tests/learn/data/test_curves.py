import re
from xml.etree import ElementTree

from xiaoer.learn.data.curves import curves


def points(drawn: str) -> list[list[tuple[float, float]]]:
    return [
        [(float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", line)]
        for line in re.findall(r'<polyline points="([^"]*)"', drawn)
    ]


def test_a_curve_stands_by_the_logarithm_of_its_numbers() -> None:
    ((first, second, third),) = points(curves({"a": {5: 0.5, 50: 0.75, 500: 1.0}}))
    assert second[0] - first[0] == third[0] - second[0]
    assert first[1] > second[1] > third[1]


def test_all_curves_share_the_axes() -> None:
    low, high = points(curves({"low": {5: 0.2, 10: 0.2}, "high": {10: 0.9}}))
    assert low[1][0] == high[0][0]
    assert low[0][1] > high[0][1]


def test_a_name_is_no_markup_and_the_file_is_whole() -> None:
    drawn = curves({"<b> & co": {5: 0.5}}, wanted=0.85)
    assert ElementTree.fromstring(drawn).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  # our own
    assert drawn.count("stroke-dasharray") == 1


def test_nothing_to_draw_is_an_empty_plot() -> None:
    assert points(curves({})) == []
