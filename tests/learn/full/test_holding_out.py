import numpy as np
import pytest

from xiaoer.learn.full.holding_out import parted
from xiaoer.learn.full.settings import Choice, FullSettings, changed

from ..data.making import a_sample, a_table
from ..saying import BY_CHANCE, many, some_drawn_by_chance


def test_what_is_learnt_is_mended_and_what_judges_is_as_it_was_given() -> None:
    texts, meant = many()
    table = a_table(*zip(texts, some_drawn_by_chance(meant), strict=True))
    given = {sample.id: sample.intent for sample in table}
    truth = {sample.id: intent for sample, intent in zip(table, meant, strict=True)}
    parts = parted((*table, a_sample("no intent", None, 9999)), FullSettings(), 0)
    assert parts.noise == pytest.approx(BY_CHANCE, abs=0.1)
    assert np.mean([truth[one.id] == one.intent for one in parts.seen if one.intent]) > 0.97
    assert all(given.get(one.id) == one.intent for one in parts.away)
    assert [one.id for one in (*parts.seen, *parts.away) if one.intent is None] == ["own:9999"]


@pytest.mark.parametrize(
    ("values", "is_trusted"), [({}, True), ({"privacy.epsilon": 8.0}, False), ({"heads.intent": 0.0}, False)]
)
def test_labels_stay_where_nobody_may_mend_them(values: dict[str, Choice], is_trusted: bool) -> None:
    texts, meant = many()
    table = a_table(*zip(texts, some_drawn_by_chance(meant), strict=True))
    parts = parted(table, changed(FullSettings(), values), 0, is_trusted=is_trusted)
    given = {sample.id: sample.intent for sample in table}
    assert parts.noise == 0
    assert all(given[one.id] == one.intent for one in parts.seen)
