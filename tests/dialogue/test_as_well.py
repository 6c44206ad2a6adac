"""What a task is wanted for besides: another thing of the same order, or one of another order; or that one instead."""

from collections.abc import Mapping
from functools import cache

import pytest

from xiaoer.pack import Pack
from xiaoer.testing import Outcome, Play, ScriptedShop, a_message, a_pack, an_outcome

_ORDERS = {"1001": ("耳机", "键盘"), "1002": ("台灯",)}
_PHRASES = """
"yes": [好]
"no": [不要]
give_up: [不退了, 不换了]
also: [也]
corrects: [不对]
whole_order: [那单]
clause_ends: [，, " "]
"""
_ENTITIES = """
entities:
  - {name: product, patterns: [a]}
  - {name: way, patterns: [a]}
"""
_FLOWS = """
flows:
  - name: give_back
    title: 退货
    about: 退货
    triggers: [give_back]
    absorbs: [wallet]
    slots:
      - {name: order, ask: which_order, look_up: order.find, entities: [product]}
      - {name: lines, ask: which_lines, look_up: line.find, with: {order: order}, several: true, entities: [product]}
      - {name: to, ask: which_way, look_up: way.find, optional: true, entities: [way]}
    steps:
      - ask: order
      - ask: lines
      - ask: to
      - confirm: sure
      - do: order.give_back
        with: {order: order, lines: lines, to: to}
      - say: given_back
  - name: take_back
    title: 撤销
    about: 撤销
    triggers: [take_back]
    slots:
      - name: kind
        ask: which_kind
        choices:
          - {value: return, title: 退货, says: [不退了]}
          - {value: exchange, title: 换货, says: [不换了]}
    steps:
      - ask: kind
      - say: taken_back
"""


@cache
def _pack() -> Pack:
    return a_pack(phrases=_PHRASES, entities=_ENTITIES, flows=_FLOWS)


def _find_order(arguments: Mapping[str, str]) -> Outcome:
    said = arguments.get("mention", "")
    found = [number for number, lines in _ORDERS.items() if any(line in said for line in lines)]
    choices = [{"value": number, "title": number, "says": list(_ORDERS[number])} for number in found or _ORDERS]
    return an_outcome("one" if len(found) == 1 else "several", choices=choices)


def _find_line(arguments: Mapping[str, str]) -> Outcome:
    lines = _ORDERS[arguments["order"]]
    found = [line for line in lines if line in arguments.get("mention", "")] or list(lines)
    choices = [{"value": line, "title": line} for line in found]
    return an_outcome("one" if len(found) == 1 else "these", choices=choices)


def _find_way(arguments: Mapping[str, str]) -> Outcome:
    is_told = "卡" in arguments.get("mention", "")
    return an_outcome("one" if is_told else "unnamed", choices=[{"value": "card", "title": "礼品卡"}])


def asked(said: str = "退[耳机](product)") -> Play:
    """Play up to the summary of a return."""
    shop = ScriptedShop(
        finds={"order.find": _find_order, "line.find": _find_line, "way.find": _find_way},
        effects={"order.give_back": an_outcome()},
    )
    play = Play(_pack(), shop, search=lambda question, intent: [], customer="c1")
    assert play.say(said, "give_back") == ["sure"]
    return play


def test_another_thing_of_the_same_order_is_taken_in_as_well() -> None:
    play = asked()
    assert play.say("[键盘](product)也退", "give_back") == ["sure"]
    assert (play.slots["order"], play.slots["lines"]) == ("1001", "耳机,键盘")


def test_another_thing_without_that_word_is_meant_instead() -> None:
    play = asked()
    play.say("退[键盘](product)", "give_back")
    assert play.slots["lines"] == "键盘"


def test_a_thing_of_another_order_is_kept_for_later_and_this_one_goes_on() -> None:
    play = asked()
    assert play.say("[台灯](product)也退", "give_back") == ["flow_continues", "sure"]
    assert play.slots["order"] == "1001"
    assert play.say("好") == ["given_back", "next_wish", "sure"]
    assert play.slots["order"] == "1002"


def test_a_correction_that_calls_the_other_order_by_its_thing_means_that_order() -> None:
    play = asked()
    assert play.say("不对，[台灯](product)那单", "give_back") == ["sure"]
    assert (play.slots["order"], play.slots["lines"]) == ("1002", "台灯")


def test_it_means_that_order_though_it_reads_a_little_like_a_wish_of_another_kind() -> None:
    play = asked()
    assert play.hear(a_message("不对，[台灯](product)", "take_back", confidence=0.4)) == ["sure"]
    assert (play.flow, play.slots["order"]) == ("give_back", "1002")


def test_a_sure_wish_of_another_kind_is_that_wish() -> None:
    play = asked()
    play.say("不对，[台灯](product)", "take_back")
    assert play.flow == "take_back"


def test_where_money_goes_to_is_no_other_thing() -> None:
    play = asked()
    assert play.say("退到[礼品卡](way)", "wallet") == ["sure"]
    assert (play.slots["order"], play.slots["to"]) == ("1001", "card")


@pytest.mark.parametrize(("said", "kind"), [("不退了", "return"), ("不换了", "exchange")])
def test_a_word_for_an_open_option_does_not_drop_the_task(said: str, kind: str) -> None:
    play = Play(_pack(), ScriptedShop(), search=lambda question, intent: [], customer="c1")
    assert play.say("帮我撤销一下", "take_back") == ["which_kind"]
    assert play.say(said) == ["taken_back"]
    assert play.state.carried["kind"].value == kind
