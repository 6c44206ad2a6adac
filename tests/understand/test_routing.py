from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.events import IntentScore, Reading, Wish
from xiaoer.pack import Pack
from xiaoer.text import normalise
from xiaoer.understand import (
    ALWAYS,
    Analyser,
    BadRoutingError,
    LightModel,
    Router,
    Routing,
    Signs,
    Understander,
    read_in_full,
    sureness,
)
from xiaoer.understand.intents import Floats

SIGNS = Signs(wishes=2, characters=10, negations=("不", "not"))


class Itself:
    """The light model as a classifier of its own, its intents in the opposite order."""

    def __init__(self, model: LightModel, pack: Pack) -> None:
        self._model, self._analyser = model.intents, Analyser(pack)
        self.names = tuple(reversed(model.intents.names))
        self.threshold = model.intents.threshold

    def probabilities(self, texts: Sequence[str]) -> Floats:
        rows = [
            self._model.probabilities(self._analyser.features(self._analyser.analyse(normalise(text).text)))[::-1]
            for text in texts
        ]
        return np.array(rows, dtype=np.float32)


def a_reading(*confidences: float) -> Reading:
    wishes = tuple(Wish(intent="greet", confidence=one, start=0, end=1) for one in confidences)
    return Reading(intent=IntentScore("greet", max(confidences)), wishes=wishes)


@pytest.mark.parametrize(
    ("text", "wishes", "rules"),
    [
        ("退货", 1, ()),
        ("不退货", 1, ("negation",)),
        ("退货和发票", 2, ("wishes",)),
        ("一二三四五六七八九十", 1, ("long",)),
        ("do not send anything", 1, ("negation", "long")),
        ("a knot", 1, ()),
    ],
)
def test_rules_hold_by_what_a_text_is(text: str, wishes: int, rules: tuple[str, ...]) -> None:
    assert SIGNS.rules(text, wishes) == rules


def test_the_highest_limit_of_the_rules_that_hold_counts() -> None:
    routing = Routing(threshold=0.5, rules={"negation": 0.4, "long": 0.9})
    assert routing.limit(()) == 0.5
    assert routing.limit(("negation",)) == 0.4
    assert routing.limit(("negation", "long")) == 0.9
    assert routing.limit(("wishes",)) == 0.5, "for a rule without a limit of its own the general one counts"


def test_limits_are_kept_in_the_model_s_folder_and_before_they_are_chosen_all_goes_to_the_full_tier(
    tmp_path: Path,
) -> None:
    assert Routing.load(tmp_path).limit(()) == ALWAYS
    routing = Routing(threshold=0.5, rules={"long": 0.9}, lose=0.01, light="a-1", measured={"texts": 3})
    routing.save(tmp_path)
    assert Routing.load(tmp_path) == routing
    (tmp_path / "routing.json").write_text('{"threshold": "much"}')
    with pytest.raises(BadRoutingError, match=r"routing\.json"):
        Routing.load(tmp_path)


def test_a_reading_is_as_sure_as_its_least_likely_wish() -> None:
    assert sureness(a_reading(0.9, 0.6)) == 0.6
    assert sureness(msgspec.structs.replace(a_reading(0.7), wishes=())) == 0.7


def test_an_open_task_asks_for_more(tiny_pack: Pack) -> None:
    router = Router(Routing(threshold=0.5), tiny_pack)
    in_task = tiny_pack.manifest.understanding.escalation.in_task
    reading = a_reading((0.5 + in_task) / 2)
    assert not router.escalates("退货", reading, has_task=False)
    assert router.escalates("退货", reading, has_task=True)
    assert not router.escalates("退货", a_reading(in_task), has_task=True)


@pytest.mark.parametrize(
    "text", ["我要退货", "  我要退货。 ", "我要退货，另外我的快递到哪里了", "你好，取消订单。快递到哪里了？谢谢", ""]
)
def test_a_model_that_says_the_same_gives_the_same_reading(
    text: str, understander: Understander, tiny_model: LightModel, tiny_pack: Pack, now: datetime
) -> None:
    again = read_in_full(understander, Itself(tiny_model, tiny_pack), text, now=now)
    light = understander.read(text, now=now)
    assert [(wish.intent, wish.start, wish.end) for wish in again.wishes] == [
        (wish.intent, wish.start, wish.end) for wish in light.wishes
    ]
    assert again.intent.confidence == pytest.approx(light.intent.confidence, abs=1e-5)
    assert (again.entities, again.sentiment, again.is_in_scope) == (
        light.entities,
        light.sentiment,
        light.is_in_scope,
    )


def test_the_pieces_of_a_message_are_the_whole_and_its_clauses_however_joined(understander: Understander) -> None:
    assert understander.pieces("我要退货") == ("我要退货",)
    assert understander.pieces("一，二二，三三") == ("一，二二，三三", "一", "一，二二", "二二", "二二，三三", "三三")


@given(st.text(max_size=40))
def test_any_text_can_be_read_by_another_model(understander: Understander, now: datetime, text: str) -> None:
    pieces = understander.pieces(text)
    rows = np.zeros((len(pieces), len(understander.intents)), dtype=np.float32)
    rows[:, 0] = 1
    reading = understander.read_as(text, rows, 0.0, now=now)
    assert reading.intent.name == understander.intents[0]
