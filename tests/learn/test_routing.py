import pytest

from xiaoer.learn import Compared, TooFewTextsError, choose_routing, held_out, measure_routing
from xiaoer.learn.data.samples import Sample
from xiaoer.pack import Pack
from xiaoer.understand import ALWAYS, Rule


def texts(count: int, sureness: float, *, light: bool, full: bool, rules: tuple[Rule, ...] = ()) -> list[Compared]:
    return [Compared(rules, sureness, light, full)] * count


def test_the_light_tier_keeps_what_it_is_sure_of_as_long_as_that_costs_no_more_than_stated() -> None:
    compared = [
        *texts(100, 0.9, light=True, full=True),
        *texts(95, 0.6, light=True, full=True),
        *texts(5, 0.6, light=False, full=True),
        *texts(50, 0.2, light=False, full=True),
    ]
    assert choose_routing(compared, lose=0.0).threshold == 0.9
    assert choose_routing(compared, lose=0.02).threshold == 0.6
    assert choose_routing(compared, lose=0.3).threshold == 0.2
    measured = choose_routing(compared, lose=0.02).measured
    assert measured["light_accuracy"] == pytest.approx(195 / 250)
    assert (measured["full_accuracy"], measured["full_share"]) == (1.0, 0.2)
    assert measured["routed_accuracy"] == pytest.approx(245 / 250)


def test_what_the_light_tier_alone_reads_rightly_makes_up_for_what_it_misses() -> None:
    compared = [*texts(90, 0.9, light=False, full=True), *texts(90, 0.5, light=True, full=False)]
    assert choose_routing(compared, lose=0.0).threshold == 0.5


def test_a_tier_that_is_never_good_enough_keeps_nothing() -> None:
    assert choose_routing(texts(200, 0.99, light=False, full=True), lose=0.01).threshold == ALWAYS


def test_each_rule_has_a_limit_of_its_own_and_one_with_few_texts_goes_to_the_full_tier() -> None:
    compared = [
        *texts(100, 0.4, light=True, full=True),
        *texts(40, 0.8, light=True, full=True, rules=("negation",)),
        *texts(40, 0.5, light=False, full=True, rules=("negation",)),
        *texts(29, 0.9, light=True, full=True, rules=("long",)),
    ]
    routing = choose_routing(compared, lose=0.005, light="shop-1", data_hash="abc")
    assert (routing.threshold, routing.rules["negation"], routing.rules["long"]) == (0.4, 0.8, ALWAYS)
    assert (routing.light, routing.data_hash, routing.lose) == ("shop-1", "abc", 0.005)
    assert measure_routing(compared, routing)["routed_accuracy"] == 1.0


def test_too_few_texts_choose_nothing() -> None:
    with pytest.raises(TooFewTextsError, match="there are 99"):
        choose_routing(texts(99, 0.9, light=True, full=True), lose=0.1)


def test_what_the_pack_teaches_and_what_it_does_not_know_is_not_held_out(tiny_pack: Pack) -> None:
    taught, intent = next(iter(tiny_pack.utterances()))
    table = (
        Sample(id="1", text=taught, intent=intent),
        Sample(id="2", text="说点别的什么呢", intent=intent),
        Sample(id="3", text="说点别的什么呀", intent="no.such.intent"),
        Sample(id="4", text="没有标签"),
    )
    held = held_out(table, tiny_pack)
    assert [(one.text, one.intents) for one in held] == [
        ("说点别的什么呢", frozenset({intent})),
        *((message.text, frozenset(message.wishes)) for message in tiny_pack.wishes),
    ]
    split = tuple(Sample(id=s.id, text=s.text, intent=s.intent, split="train") for s in table)
    assert len(held_out(split, tiny_pack)) == len(tiny_pack.wishes), "of split data the part dev is taken"
