"""What is said beside an open question and is no answer to it."""

from collections.abc import Mapping

import pytest

from xiaoer.testing import Outcome, Play, ScriptedShop, a_message, a_pack, an_outcome

from .corner_shop import a_corner
from .little_shop import a_play

TWO_THINGS = """
flows:
  - name: swap
    title: 换
    about: 换一件
    triggers: [swap]
    absorbs: [broken]
    repeats: [换, 换吧]
    needs_proof: false
    slots:
      - {name: order, ask: which_order, look_up: order.find, entities: [product]}
      - {name: line, ask: which_line, look_up: line.find, entities: [product]}
      - {name: kind, ask: which_kind, look_up: kind.find, entities: [colour]}
    steps:
      - ask: order
      - ask: line
      - ask: kind
      - confirm: swap_confirm
      - do: swap.make
        with: {line: line}
      - say: swap_done

  - name: claim
    title: 登记
    about: 坏了的登记
    triggers: [broken]
    needs_proof: false
    slots:
      - {name: what, ask: what_is_wanted, free_text: true}
    steps:
      - ask: what
      - say: claim_done
"""
THINGS = "entities: [{name: product, patterns: [a]}, {name: colour, patterns: [b], catalogue: colour}]"
YES = """
"yes": [好, 嗯, 可以]
"no": [不]
"""


def swapping(*kinds: str) -> Play:
    """Give a talk in which a pillow of an order with a board in it is to be swapped for one of some kinds."""
    order = {"value": "1001", "title": "枕头 + 菜板", "says": ["枕头", "菜板"]}
    lines = {name: {"value": name, "title": name} for name in ("枕头", "菜板")}

    def line(arguments: Mapping[str, str]) -> Outcome:
        said = arguments.get("mention.product", "枕头")
        return an_outcome("one", choices=[lines[said]])

    shop = ScriptedShop(
        finds={
            "order.find": an_outcome("one", choices=[order]),
            "line.find": line,
            "kind.find": an_outcome("several", choices=[{"value": kind, "title": kind} for kind in kinds]),
        },
        effects={"swap.make": an_outcome()},
    )
    play = Play(a_pack(flows=TWO_THINGS, entities=THINGS, phrases=YES), shop)
    assert play.say("[枕头](product)换一个", "swap") == ["which_kind"]
    return play


def test_what_is_said_of_another_thing_in_the_order_is_no_reason_of_this_task() -> None:
    play = swapping("高", "低")
    assert play.say("[菜板](product)裂了", "broken") == ["flow_switched", "what_is_wanted"]
    assert play.state.frames[0].slots["line"].value == "枕头"


def test_a_likely_wish_about_another_thing_changes_nothing_of_this_task() -> None:
    play = swapping("高", "低")
    play.hear(a_message("[菜板](product)好像裂了", "broken", confidence=0.4))
    assert play.state.frames[0].slots["line"].value == "枕头"


def test_what_is_said_of_the_thing_itself_is_a_reason_of_this_task() -> None:
    play = swapping("高", "低")
    assert play.say("[枕头](product)裂了", "broken") == ["which_kind"]
    assert play.flow == "swap"


@pytest.mark.parametrize("said", ["好", "嗯", "换吧", "嗯换吧", "可以 换"])
def test_the_only_one_that_is_left_is_chosen_by_a_yes(said: str) -> None:
    assert swapping("高").say(said) == ["swap_confirm"]


@pytest.mark.parametrize("said", ["好", "嗯换吧"])
def test_of_two_a_yes_chooses_none(said: str) -> None:
    assert swapping("高", "低").say(said)[-1] == "which_kind"


def test_no_only_one_is_chosen_by_a_no() -> None:
    assert swapping("高").say("不")[-1] != "swap_confirm"


def test_a_certain_wish_for_another_task_is_no_answer_to_which_order() -> None:
    play = a_play()
    assert play.say("我要退货", "return.request") == ["which_order"]
    assert play.say("[台灯](product)到哪了", "order.status")[:2] == ["flow_switched", "order_progress"]


def test_a_number_is_an_answer_whatever_the_words_beside_it_read_as() -> None:
    play = a_corner()
    assert play.say("我要取消", "order.cancel") == ["which_order"]
    assert play.say("哦 是[1002](order_id)", "refund.status") == ["why_cancel"]


def test_data_of_another_slot_are_no_free_text() -> None:
    flow = """
    flows:
      - name: invoice
        title: 开票
        about: 开票
        triggers: [invoice]
        needs_proof: false
        slots:
          - {name: title, ask: which_title, entities: [title], free_text: true}
          - {name: email, ask: which_email, entities: [email]}
        steps:
          - ask: title
          - ask: email
          - say: done
    """
    kinds = "entities: [{name: title, patterns: [a]}, {name: email, patterns: [b]}]"
    play = Play(a_pack(flows=flow, entities=kinds), ScriptedShop())
    play.say("开票", "invoice")
    assert play.say("[a1@example.com](email)") == ["which_title"]
    assert play.slots == {"email": "a1@example.com"}
    assert play.say("青禾 [a1@example.com](email)") == ["done"]


def test_a_yes_of_one_character_counts_before_the_words_of_the_task_alone() -> None:
    play = a_corner()
    play.say("取消[1002](order_id)，买错了", "order.cancel")
    assert play.say("好贵的") != ["cancel_done"]
    assert play.say("好取消吧") == ["cancel_done"]
