"""Several things in one message, each with what is wanted of it: one wish or as many as things."""

from functools import cache

import pytest

from xiaoer.dialogue.alike import told_apart
from xiaoer.pack import Pack
from xiaoer.testing import Play, ScriptedShop, a_message, a_pack, an_outcome

_PHRASES = """
"yes": [好]
"no": [不要]
clause_ends: [，, " "]
"""
_ENTITIES = """
entities:
  - {name: product, patterns: [a]}
  - {name: count, patterns: [a], normal: quantity}
"""
_FLOWS = """
flows:
  - name: recount
    title: 改件数
    about: 改件数
    triggers: [recount]
    slots:
      - {name: line, ask: which_line, look_up: line.find, entities: [product]}
      - {name: count, ask: how_many, entities: [count]}
    steps:
      - ask: line
      - ask: count
      - say: recounted
  - name: give_back
    title: 退货
    about: 退货
    triggers: [give_back]
    slots:
      - {name: lines, ask: which_lines, look_up: line.find, several: true, entities: [product]}
      - {name: count, ask: how_many, entities: [count]}
    steps:
      - ask: lines
      - ask: count
      - say: given_back
"""


@cache
def counting_pack() -> Pack:
    return a_pack(phrases=_PHRASES, entities=_ENTITIES, flows=_FLOWS)


def parts(marked: str, intent: str = "recount") -> list[str]:
    message = a_message(marked, intent)
    apart = told_apart(message, counting_pack(), is_proved=True)
    return [message.text[wish.start : wish.end] for wish in apart.reading.wishes]


def test_two_things_with_a_number_each_are_two_wishes() -> None:
    assert parts("[碗](product)改成[2件](count)，[盘](product)改成[3件](count)") == ["碗改成2件", "盘改成3件"]


@pytest.mark.parametrize(
    "marked",
    [
        "[碗](product)，改成[2件](count)",
        "[碗](product)，[盘](product)改成[2件](count)",
        "[碗](product)改成[2件](count)，[碗](product)要[3件](count)",
        "麻烦了，[碗](product)改成[2件](count)",
    ],
)
def test_what_names_no_other_thing_with_a_number_of_its_own_is_one_wish(marked: str) -> None:
    assert len(parts(marked)) == 1


def test_a_task_that_takes_several_things_at_once_keeps_them_together() -> None:
    assert len(parts("[碗](product)退[2件](count)，[盘](product)退[3件](count)", "give_back")) == 1


def test_the_second_of_two_wishes_of_one_kind_is_served_after_the_first() -> None:
    found = an_outcome("one", choices=[{"value": "1", "title": "碗"}])
    play = Play(counting_pack(), ScriptedShop(finds={"line.find": found}), customer="c1")
    said = play.say("[碗](product)改成[2件](count)，[盘](product)改成[3件](count)", "recount")
    assert said == ["recounted", "next_wish", "recounted"]
    assert [action.arguments["mention.product"] for action in play.actions] == ["碗", "盘"]


def test_two_things_with_a_number_each_are_two_wishes_in_one_clause_too() -> None:
    assert parts("[碗](product)改成[2件](count)和[盘](product)改成[3件](count)") == ["碗改成2件和", "盘改成3件"]


def test_a_thing_beside_two_numbers_and_two_things_beside_one_stay_together() -> None:
    assert len(parts("[碗](product)从[2件](count)改成[3件](count)")) == 1
    assert len(parts("[碗](product)和[盘](product)改成[3件](count)")) == 1
    assert len(parts("[碗](product)改成[3件](count)和[盘](product)一样")) == 1
