"""Messages as they are typed in English: no marks between clauses, nothing in capitals, openers before what counts."""

from collections.abc import Mapping
from functools import cache

import pytest

from xiaoer.pack import Pack
from xiaoer.testing import Outcome, Play, ScriptedShop, a_message, a_pack, an_outcome

_ORDERS = {"20268453": "Steel Tumbler", "20261202": "Dinner Plates"}
_CARDS = {"G1": "gift card ending in 6021", "G2": "gift card ending in 7733"}
_PHRASES = """
"yes": ["yes", ok]
"no": ["no", no thanks, not yet]
give_up: [nvm, leave it]
also: [too]
openers: [oh, actually]
fillers: [hmm]
what_of: ["and {} too"]
questions: ["?"]
clause_ends: [",", "."]
"""
_ENTITIES = """
entities:
  - {name: product, patterns: [a]}
  - {name: order_id, patterns: [a], normal: digits}
  - {name: card_tail, patterns: [a], normal: digits}
"""
_FLOWS = """
flows:
  - name: give_back
    title: Return
    about: Return
    triggers: [give_back]
    slots:
      - {name: order, ask: which_order, look_up: order.find, entities: [product, order_id]}
      - {name: card, ask: which_card, look_up: card.find, entities: [card_tail]}
    steps:
      - ask: order
      - ask: card
      - confirm: sure
        on_no:
          - say: nothing_changed
          - end: given_up
      - do: order.give_back
        with: {order: order, card: card}
      - say: given_back
  - name: swap
    title: Exchange
    about: Exchange
    triggers: [swap]
    slots:
      - {name: order, ask: which_order, look_up: order.find, entities: [product, order_id]}
    steps:
      - ask: order
      - say: swap_refused
      - offer: give_back
        say: offer_return
"""


@cache
def _pack() -> Pack:
    return a_pack(phrases=_PHRASES, entities=_ENTITIES, flows=_FLOWS)


def _find_order(arguments: Mapping[str, str]) -> Outcome:
    said = arguments.get("mention", "").casefold()
    context = arguments.get("context")
    named = [number for number, thing in _ORDERS.items() if number[-4:] in said or thing.split()[1].casefold() in said]
    found = named or [number for number in _ORDERS if number == context]
    choices = [{"value": number, "title": _ORDERS[number]} for number in found or _ORDERS]
    return an_outcome("one" if len(found) == 1 else "several", choices=choices)


def _find_card(arguments: Mapping[str, str]) -> Outcome:
    found = [card for card, label in _CARDS.items() if label[-4:] in arguments.get("mention", "")]
    choices = [{"value": card, "title": _CARDS[card]} for card in found or _CARDS]
    return an_outcome("one" if len(found) == 1 else "several", choices=choices)


def a_talk() -> Play:
    shop = ScriptedShop(
        finds={"order.find": _find_order, "card.find": _find_card}, effects={"order.give_back": an_outcome()}
    )
    return Play(_pack(), shop, search=lambda question, intent: [], customer="c1")


def at_the_summary() -> Play:
    play = a_talk()
    assert play.say("return the [tumbler](product)", "give_back") == ["which_card"]
    assert play.say("7733") == ["sure"]
    return play


@pytest.mark.parametrize("said", ["actually nvm its fine", "oh nvm", "hmm no leave it"])
def test_what_only_opens_a_message_does_not_hide_that_it_drops_the_task(said: str) -> None:
    play = a_talk()
    play.say("return something", "give_back")
    assert play.say(said) == ["flow_given_up"]


@pytest.mark.parametrize("said", ["no thanks ill keep it", "oh not yet i think"])
def test_a_no_of_several_words_needs_no_mark_behind_it(said: str) -> None:
    play = at_the_summary()
    assert play.say(said) == ["nothing_changed"]
    assert play.effects == []


@pytest.mark.parametrize("said", ["no problem with the tumbler", "yes no thanks needed ok"])
def test_other_words_that_hold_one_decide_nothing(said: str) -> None:
    play = at_the_summary()
    assert "nothing_changed" not in play.say(said)
    assert play.effects == []


def test_what_is_offered_is_taken_up_though_the_wish_is_hardly_read() -> None:
    play = a_talk()
    assert play.say("swap the [tumbler](product)", "swap") == ["swap_refused", "offer_return"]
    assert play.hear(a_message("lets send it back then", "give_back", confidence=0.4)) == ["which_card"]
    assert (play.flow, play.slots["order"]) == ("give_back", "20268453")


def test_the_same_for_another_thing_is_not_what_was_offered() -> None:
    play = a_talk()
    play.say("swap the [tumbler](product)", "swap")
    play.hear(a_message("send the [plates](product) back", "give_back", confidence=0.4))
    assert play.slots.get("order") != "20268453"


def test_a_thing_on_the_list_is_the_answer_in_whatever_case_it_is_written() -> None:
    play = a_talk()
    assert play.say("return something", "give_back") == ["which_order"]
    assert play.hear(a_message("[tumbler](product)", "swap", confidence=0.7)) == ["which_card"]
    assert (play.flow, play.slots["order"]) == ("give_back", "20268453")


def test_another_thing_that_is_only_named_as_well_waits_for_the_first() -> None:
    play = at_the_summary()
    assert play.hear(a_message("and the [plates](product) too", "swap", confidence=0.4)) == ["flow_continues", "sure"]
    assert play.slots["order"] == "20268453"
    assert play.say("ok") == ["given_back", "next_wish", "which_card"]
    assert play.slots["order"] == "20261202"


def test_the_end_of_a_number_on_the_list_is_the_answer_and_no_other_order() -> None:
    play = a_talk()
    play.say("return the [tumbler](product)", "give_back")
    assert play.say("the one ending in [7733](order_id)") == ["sure"]
    assert (play.slots["order"], play.slots["card"]) == ("20268453", "G2")


def test_the_end_of_an_order_number_at_the_summary_means_that_order() -> None:
    play = at_the_summary()
    assert play.say("the one ending in [1202](order_id)") == ["sure"]
    assert play.slots["order"] == "20261202"
