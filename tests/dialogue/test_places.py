"""At a summary another thing of the list shown before is meant by its place."""

import pytest

from xiaoer.testing.dialogue import Play, ScriptedShop, a_pack, an_outcome

FLOWS = """
flows:
  - name: send_back
    title: Return
    about: returns
    triggers: [return]
    needs_proof: false
    slots:
      - {name: line, ask: which_line, look_up: find, entities: [product]}
    steps:
      - ask: line
      - confirm: sure
      - do: open
        with: {line: line}
"""
PHRASES = """
yes: ["yes"]
no: ["no"]
questions: ["?"]
corrects: ["not that"]
ordinals: [["first", "the first one"], ["second", "the second one"], ["third", "the third one"]]
"""
_CHOICES = [{"value": "1", "title": "Mug"}, {"value": "2", "title": "Bowl"}]


def at_the_summary(outcome: str = "several") -> Play:
    found = an_outcome(outcome, choices=_CHOICES if outcome != "one" else _CHOICES[:1])
    shop = ScriptedShop(finds={"find": found}, effects={"open": an_outcome("done")})
    play = Play(a_pack(flows=FLOWS, phrases=PHRASES), shop)
    said = play.say("take it back", "return")
    if outcome != "one":
        assert said == ["which_line"]
        said = play.say("the first one")
    assert said == ["sure"]
    return play


@pytest.mark.parametrize("said", ["the second one", "no, the second one", "not that, the second one"])
def test_another_place_is_another_thing_and_is_asked_anew(said: str) -> None:
    play = at_the_summary()
    assert play.say(said) == ["sure"]
    assert play.slots["line"] == "2"
    assert play.effects == []


def test_a_yes_with_another_place_is_no_yes_to_what_was_shown() -> None:
    play = at_the_summary()
    assert play.say("yes, the second one") == ["sure"]
    assert (play.slots["line"], play.effects) == ("2", [])


@pytest.mark.parametrize("said", ["2", "the third one", "is it the second one?"])
def test_a_digit_a_place_beyond_the_list_and_a_question_change_nothing(said: str) -> None:
    play = at_the_summary()
    play.say(said)
    assert play.slots["line"] == "1"
    assert play.effects == []


def test_where_no_list_was_shown_no_place_is_meant() -> None:
    play = at_the_summary("one")
    play.say("the first one")
    play.say("the second one")
    assert play.slots.get("line") == "1"
