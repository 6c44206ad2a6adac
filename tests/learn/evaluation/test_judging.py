from collections.abc import Sequence
from itertools import count

import numpy as np
import pytest
from numpy.typing import NDArray

from xiaoer.events import Entity, IntentScore, Reading
from xiaoer.learn.data import DataSettingError, Sample
from xiaoer.learn.evaluation import Heard, Latency, evaluate, hear, reading_at, reading_by, reading_in_tiers, unseen
from xiaoer.pack import Pack
from xiaoer.understand import Router, Routing, Understander

from ...understand.conftest import NOW
from ..data.making import a_sample


def a_reading(intent: str, confidence: float = 0.9, *others: tuple[str, float], **given: object) -> Reading:
    ranking = tuple(IntentScore(name, score) for name, score in [(intent, confidence), *others])
    return Reading(intent=ranking[0], intent_ranking=ranking, **given)  # type: ignore[arg-type]  # what a test varies


def heard(*pairs: tuple[Sample, Reading], seconds: float = 0.001) -> Heard:
    return Heard(tuple(one for one, _ in pairs), tuple(one for _, one in pairs), tuple(seconds for _ in pairs))


def test_readings_are_judged_by_the_intent_of_the_sample() -> None:
    given = heard(
        (a_sample("一", "a"), a_reading("a")),
        (a_sample("二", "a"), a_reading("b", 0.5, ("a", 0.4))),
        (a_sample("三", "b"), a_reading("b")),
        (a_sample("四", "b"), a_reading("c", 0.5, ("d", 0.4))),
    )
    report = evaluate(given).intents
    assert given.is_right == (True, False, True, False)
    assert (report.texts, report.accuracy, report.top_two_accuracy) == (4, 0.5, 0.75)
    # a: precision 1, recall 1/2; b: precision 1/2, recall 1/2
    assert report.macro_f1 == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_out_of_scope_is_told_by_how_unlikely_every_intent_of_the_shop_is() -> None:
    report = evaluate(
        heard(
            (a_sample("一", "out_of_scope"), a_reading("out_of_scope", 0.6, ("a", 0.3))),
            (a_sample("二", "a"), a_reading("a", 0.5, ("out_of_scope", 0.4))),
            (a_sample("三", "a"), a_reading("out_of_scope", 0.7, ("a", 0.2))),
        )
    ).intents
    assert report.out_of_scope_auroc == 0.5


def test_entities_are_judged_by_kinds_that_the_data_marks() -> None:
    marked = a_sample("买四件套", "a", spans=[{"start": 2, "end": 4, "entity": "product"}])
    wrong_end = (Entity(entity="product", value="x", start=1, end=4), Entity(entity="date", value="x", start=0, end=1))
    found = (Entity(entity="product", value="x", start=2, end=4),)
    report = evaluate(heard((marked, a_reading("a", entities=found)), (marked, a_reading("a", entities=wrong_end))))
    assert report.entities is not None
    assert report.entities.micro_f1 == 0.5
    assert [kind.name for kind in report.entities.kinds] == ["product"]
    assert evaluate(heard((a_sample("买"), a_reading("a", entities=found)))).entities is None


def test_the_mood_is_judged_where_it_is_told() -> None:
    told = [(a_sample("x", sentiment=mood), a_reading("ask", sentiment=mood / 2)) for mood in (-1.0, 0.0, 0.5)]
    found = evaluate(heard(*told, (a_sample("y"), a_reading("ask", sentiment=1.0)))).sentiment
    assert found is not None
    assert found.pairs == 3
    assert found.pearson == pytest.approx(1)
    assert evaluate(heard((a_sample("y"), a_reading("ask")))).sentiment is None


def test_a_model_reads_every_sample_and_is_timed(tiny_understander: Understander, tiny_pack: Pack) -> None:
    samples = [a_sample("你好呀", "greet"), a_sample("嗯", "ask")]
    ticks = count()
    given = hear(reading_at(tiny_understander, NOW), samples, timer=lambda: next(ticks) * 0.5)
    assert given.readings == tuple(tiny_understander.read(sample.text, now=NOW) for sample in samples)
    assert given.seconds == (0.5, 0.5)
    assert evaluate(given).latency_milliseconds == Latency(500, 500, 500)


def test_what_the_model_was_trained_on_is_not_judged(tiny_pack: Pack) -> None:
    own = next(iter(tiny_pack.intents.values())).examples()
    known = next(iter(own)).text
    table = (a_sample(f"{known}！", at=1), a_sample("从来没有人说过的话", at=2), a_sample("没有意图", None, at=3))
    chosen = unseen(table, [tiny_pack])
    assert [sample.id for sample in chosen.samples] == ["own:2"]
    assert chosen.left_out == {"said in the pack": 1, "no intent": 1}
    with pytest.raises(DataSettingError, match="nothing to judge"):
        unseen(table[:1], [tiny_pack])


def test_of_data_that_was_split_only_the_part_test_is_judged() -> None:
    table = tuple(a_sample(f"话{part}", at=at, split=part) for at, part in enumerate(("train", "dev", "test")))
    chosen = unseen(table, [])
    assert [sample.split for sample in chosen.samples] == ["test"]
    assert chosen.left_out == {"not of the part test": 2}


def test_what_is_refused_counts_as_out_of_scope_where_that_is_a_label() -> None:
    unsure = a_reading("a", 0.3, ("b", 0.2), is_in_scope=False)
    pairs = [(a_sample("一", "out_of_scope"), unsure), (a_sample("二", "a"), unsure), (a_sample("三", "b"), unsure)]
    given = heard(*pairs, (a_sample("四", "a"), a_reading("a")))
    assert given.guesses == ("out_of_scope", "out_of_scope", "out_of_scope", "a")
    report = evaluate(given).intents
    assert (report.accuracy, report.top_two_accuracy) == (0.5, 0.75)
    assert report.in_scope_accuracy == pytest.approx(1 / 3)
    assert report.in_scope_refused == pytest.approx(2 / 3)
    # Three refusals of 0.7, one of them right; one answer of 0.9, right
    assert report.calibration_error == pytest.approx((3 * (0.7 - 1 / 3) + 0.1) / 4)


def test_where_all_texts_are_known_to_be_in_scope_the_likeliest_intent_counts() -> None:
    given = heard((a_sample("一", "a"), a_reading("a", 0.3, is_in_scope=False)), (a_sample("二", "b"), a_reading("a")))
    assert given.guesses == ("a", "a")
    assert evaluate(given).intents.in_scope_refused == 0.5


class Fixed:
    """A classifier that says the same of every text."""

    names = ("a", "b", "out_of_scope")

    def __init__(self, *chances: float, threshold: float) -> None:
        self._chances, self.threshold = chances, threshold

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([self._chances] * len(texts), dtype=np.float32)


def test_a_classifier_reads_the_likeliest_intent_and_refuses_below_its_threshold() -> None:
    read = reading_by(Fixed(0.3, 0.5, 0.2, threshold=0.4))("x")
    assert (read.intent.name, read.is_in_scope) == ("b", True)
    assert [one.name for one in read.intent_ranking] == ["b", "a", "out_of_scope"]
    assert not reading_by(Fixed(0.3, 0.5, 0.2, threshold=0.6))("x").is_in_scope
    assert not reading_by(Fixed(0.1, 0.1, 0.8, threshold=0.4))("x").is_in_scope


class Sure:
    """Says the first of its intents of every text."""

    threshold = 0.0

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[1.0] + [0.0] * (len(self.names) - 1) for _ in texts], dtype=np.float32)


@pytest.mark.parametrize(("threshold", "is_full"), [(0.0, False), (1.01, True)])
def test_in_tiers_the_full_model_reads_what_the_light_one_is_not_sure_of(
    threshold: float, is_full: bool, tiny_understander: Understander, tiny_pack: Pack
) -> None:
    last = tiny_understander.intents[-1]
    full = Sure((last, *tiny_understander.intents[:-1]))
    router = Router(Routing(threshold=threshold), tiny_pack)
    light = tiny_understander.read("我的快递到哪里了", now=NOW)
    reading = reading_in_tiers(tiny_understander, full, router, NOW)("我的快递到哪里了")
    assert light.intent.name != last
    assert reading.intent.name == (last if is_full else light.intent.name)
    assert reading.entities == light.entities
