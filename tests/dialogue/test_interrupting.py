"""Changing the subject: questions in between, tasks that interrupt others, several wishes in one message."""

from dataclasses import replace

import pytest

from xiaoer.dialogue import Say
from xiaoer.events import FlowEnded, FlowStarted
from xiaoer.pack import Pack
from xiaoer.testing import Play, ScriptedShop, a_pack

from .corner_shop import a_corner
from .little_shop import a_play, little_pack, little_shop

ADDRESS = "改到[杭州](region)[文三路9号](street)[13800000000](phone)"


def titles(play: Play) -> list[object]:
    return [said.known["title"] for said in play.spoken if isinstance(said, Say) and "title" in said.known]


def returning() -> Play:
    play = a_play()
    assert play.say("我要退货", "return.request") == ["which_order"]
    return play


def changing_the_address() -> Play:
    play = a_play()
    assert play.say("我要改地址", "address.change") == ["which_region"]
    return play


# A question in between


def test_a_question_in_between_is_answered_and_the_open_question_asked_again() -> None:
    play = returning()
    assert play.say("运费多少", "delivery.fee") == ["answer:fee", "flow_continues", "which_order"]
    assert titles(play) == ["退货"]
    assert play.say("[1002](order_id)") == ["why_return"]


def test_a_question_in_between_at_the_confirm_is_no_answer_to_it() -> None:
    play = a_play()
    play.say(ADDRESS, "address.change")
    assert play.say("运费多少", "delivery.fee") == ["answer:fee", "flow_continues", "address_confirm"]
    assert play.say("好的") == ["address_done"]


def test_a_question_that_only_the_knowledge_understands_is_answered_in_between_as_well() -> None:
    play = changing_the_address()
    assert play.say("多久发货") == ["answer:shipping_time", "flow_continues", "which_region"]


def test_a_greeting_in_between_is_returned() -> None:
    assert changing_the_address().say("在吗", "greet") == ["greet", "flow_continues", "which_region"]


def test_a_customer_who_asks_for_a_moment_is_not_pressed() -> None:
    play = changing_the_address()
    assert play.say("稍等我找找", "hold") == ["hold"]
    assert play.say("[杭州](region)") == ["which_street"]


def test_a_customer_who_asks_for_a_moment_to_look_for_the_order_is_not_pressed() -> None:
    play = returning()
    assert play.say("稍等我找找", "hold") == ["hold"]
    assert play.say("[1002](order_id)") == ["why_return"]


def test_a_customer_who_asks_for_a_moment_has_not_answered() -> None:
    play = a_play()
    play.say("想团购", "bulk.request")
    assert play.say("稍等", "hold") == ["hold"]
    assert play.flow == "bulk.request"


def test_a_question_that_nothing_answers_is_said_so_and_the_task_goes_on() -> None:
    play = returning()
    assert play.say("余额能提现吗", "wallet") == ["no_answer", "flow_continues", "which_order"]


@pytest.mark.parametrize(("said", "begins"), [("退货流程怎么走", False), ("按流程退货", True)])
def test_a_question_about_a_task_that_the_knowledge_answers_does_not_begin_it(said: str, *, begins: bool) -> None:
    play = a_play()
    play.say(said, "return.request")
    assert (play.flow == "return.request") == begins


def test_a_yes_to_a_question_that_wants_none_gets_no_small_talk() -> None:
    assert changing_the_address().say("好的", "affirm") == ["not_understood", "which_region"]


def test_data_without_a_task_are_asked_about() -> None:
    assert a_play().say("[1002](order_id)", "inform") == ["inform_what"]


# Another task in between


def test_another_task_interrupts_and_the_first_is_taken_up_again_by_its_name() -> None:
    play = returning()
    assert play.say("先改下地址", "address.change") == ["flow_switched", "which_region"]
    play.say("[杭州](region)[文三路9号](street)[13800000000](phone)")
    assert play.say("好的") == ["address_done", "flow_resumed", "which_order"]
    assert titles(play) == ["退货"]


def test_switching_names_the_new_task_and_the_one_that_waits() -> None:
    play = returning()
    play.say("先改下地址", "address.change")
    (switched, _) = play.spoken
    assert isinstance(switched, Say)
    assert switched.known == {"title": "改地址", "waiting": "退货"}


def test_a_task_given_up_in_between_goes_back_to_the_first() -> None:
    play = returning()
    play.say("先改下地址", "address.change")
    assert play.say("算了") == ["flow_given_up", "flow_resumed", "which_order"]
    assert play.flow == "return.request"


def test_slots_filled_before_an_interruption_stay_filled() -> None:
    play = a_play()
    play.say("退[1001](order_id)的[黑色](colour)", "return.request")
    play.say(ADDRESS, "address.change")
    assert play.say("好的") == ["address_done", "flow_resumed", "why_return"]
    assert play.slots == {"order": "1001", "line": "黑色T恤"}


def test_a_confirm_is_asked_again_after_an_interruption() -> None:
    play = a_play()
    play.say("退[1002](order_id)，坏了", "return.request")
    play.say(ADDRESS, "address.change")
    assert play.say("好的") == ["address_done", "flow_resumed", "return_confirm"]
    assert [effect.action for effect in play.effects] == ["address.change"]


def test_what_was_looked_up_before_an_interruption_is_looked_up_again() -> None:
    play = a_play()
    play.say("退[1002](order_id)，坏了", "return.request")
    play.say(ADDRESS, "address.change")
    play.say("好的")
    assert [action.action for action in play.actions].count("return.check") == 2


def test_a_task_asked_for_again_while_it_waits_is_taken_up_and_not_begun_twice() -> None:
    play = a_play()
    play.say("退[1001](order_id)", "return.request")
    play.say("先改下地址", "address.change")
    assert play.say("还是先退货吧", "return.request")[-1] == "which_line"
    assert (play.flow, play.slots) == ("return.request", {"order": "1001"})
    assert [frame.flow for frame in play.state.frames] == ["address.change", "return.request"]


def test_a_task_asked_for_again_with_data_takes_them() -> None:
    play = returning()
    play.say("先改下地址", "address.change")
    assert play.say("还是先退[1002](order_id)吧", "return.request")[-1] == "why_return"


def test_three_tasks_deep_each_is_taken_up_again() -> None:
    play = a_play()
    play.say("退[1002](order_id)", "return.request")
    play.say("[1001](order_id)换货", "exchange.request")
    assert play.say("改地址", "address.change") == ["flow_switched", "which_region"]
    assert play.say("算了") == ["flow_given_up", "flow_resumed", "which_colour"]
    assert play.say("算了") == ["flow_given_up", "flow_resumed", "why_return"]
    assert play.say("算了") == ["flow_given_up"]
    assert play.state.frames == ()


def test_a_task_that_needs_nothing_more_runs_at_once_and_the_first_goes_on() -> None:
    play = a_play()
    play.say("退[1002](order_id)，坏了", "return.request")
    assert play.say("[1001](order_id)到哪了", "order.status") == [
        "flow_switched",
        "order_progress",
        "flow_resumed",
        "return_confirm",
    ]
    assert play.slots["order"] == "1002"


# Several wishes in one message


def test_of_two_wishes_the_answer_comes_first_and_then_the_task() -> None:
    play = a_play()
    assert play.say("我要退[1002](order_id)|运费多少", "return.request", "delivery.fee") == ["answer:fee", "why_return"]


def test_of_two_tasks_the_second_waits_for_the_first_and_is_announced() -> None:
    play = a_play()
    assert play.say("我要退[1002](order_id)，坏了|再改下地址", "return.request", "address.change") == ["return_confirm"]
    assert [wish.intent for wish in play.state.waiting] == ["address.change"]
    assert play.say("好的") == ["return_done", "next_wish", "which_region"]
    assert titles(play) == ["改地址"]
    assert play.state.waiting == ()


def test_each_wish_has_only_the_data_of_its_own_words() -> None:
    play = a_play()
    play.say("[1001](order_id)到哪了|把[1002](order_id)退了", "order.status", "return.request")
    assert play.actions[0].arguments["mention.order_id"] == "1001"
    assert (play.flow, play.slots["order"]) == ("return.request", "1002")


def test_a_second_task_said_in_the_middle_interrupts_and_a_third_waits() -> None:
    play = returning()
    play.say("先改地址|再换货", "address.change", "exchange.request")
    assert play.flow == "address.change"
    assert play.say("算了") == ["flow_given_up", "next_wish", "which_order"]
    assert play.flow == "exchange.request"


def test_an_answer_with_another_wish_fills_the_slot_and_the_wish_waits() -> None:
    play = returning()
    assert play.say("[1002](order_id)|再改下地址", "inform", "address.change") == ["why_return"]
    assert [wish.intent for wish in play.state.waiting] == ["address.change"]


def test_a_wish_that_waited_still_says_by_its_kind_what_is_meant() -> None:
    flow = """
    flows:
      - name: status
        title: 进度
        about: 进度
        triggers: [status]
        needs_proof: false
        slots: [{name: number, ask: which_number, entities: [number]}]
        steps: [{ask: number}, {say: progress}]
      - name: claim
        title: 登记
        about: 登记
        triggers: [broken, lost]
        needs_proof: false
        slots:
          - name: kind
            ask: which_kind
            choices: [{value: broken, title: 坏, intents: [broken]}, {value: lost, title: 丢, intents: [lost]}]
        steps: [{ask: kind}, {say: claim_done}]
    """
    play = Play(a_pack(flows=flow, entities="entities: [{name: number, patterns: [a]}]"), ScriptedShop())
    assert play.say("查一下|没收到", "status", "lost") == ["which_number"]
    assert play.say("[1](number)") == ["progress", "next_wish", "claim_done"]


def test_waiting_wishes_come_before_suspended_tasks_are_taken_up() -> None:
    play = a_play()
    play.say("退[1001](order_id)的[黑色](colour)", "return.request")
    play.say("先改地址|再查[1002](order_id)到哪", "address.change", "order.status")
    assert play.say("算了") == ["flow_given_up", "next_wish", "order_progress", "flow_resumed", "why_return"]


def test_what_is_said_for_another_wish_corrects_nothing() -> None:
    play = a_play()
    play.say("退[1002](order_id)", "return.request")
    play.say("坏了|顺便查[1001](order_id)到哪了", "inform", "order.status")
    assert play.slots["order"] == "1002"


def test_a_yes_with_another_wish_and_its_data_is_a_yes() -> None:
    play = a_play()
    play.say("退[1002](order_id)，坏了", "return.request")
    play.say("好的|顺便查[1001](order_id)到哪了", "affirm", "order.status")
    assert [effect.arguments["order"] for effect in play.effects] == ["1002"]


def test_a_waiting_wish_takes_up_its_own_task_if_that_was_interrupted() -> None:
    play = returning()
    play.say("我要改地址", "address.change")
    play.say("查[1002](order_id)|还有刚才的退货", "order.status", "return.request")
    play.say("算了")
    assert [event.flow for event in play.events if isinstance(event, FlowStarted)].count("return.request") == 1


# Packs that change under a task


def released(pack: Pack, version: str, *, without: str = "", titled: str = "") -> Pack:
    flows = {
        name: flow.model_copy(update={"title": titled or flow.title, "steps": flow.steps[1:]})
        for name, flow in pack.flows.items()
        if name != without
    }
    return replace(pack, version=version, flows=flows)


def test_a_task_is_finished_on_the_pack_that_it_began_with() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    play.release(released(little_pack(), "2.0.0+new"))
    assert play.say("电话[13800000000](phone)") == ["which_region"]


def test_a_new_task_begins_on_the_newest_pack() -> None:
    play = a_play()
    play.release(released(little_pack(), "2.0.0+new"))
    assert play.say("我要改地址", "address.change") == ["which_street"]
    assert play.state.frames[0].pack == "2.0.0+new"


def test_a_task_whose_pack_is_gone_goes_on_with_the_newest() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    later = Play(released(little_pack(), "2.0.0+new"), little_shop())
    later.state = play.state
    assert later.say("电话[13800000000](phone)") == ["which_street"]


def test_a_task_that_is_gone_altogether_ends_with_a_word() -> None:
    play = a_play()
    play.say("我要改地址", "address.change")
    later = Play(released(little_pack(), "2.0.0+new", without="address.change"), little_shop())
    later.state = play.state
    assert later.say("在吗", "greet") == ["greet", "flow_gone"]
    assert later.state.frames == ()
    assert [event.how for event in later.events if isinstance(event, FlowEnded)] == ["given_up"]


# A question about a task, and one of a thing of one's own


def test_a_question_of_ones_own_order_is_told_by_its_task_and_not_by_the_knowledge() -> None:
    play = a_corner()
    assert play.say("退款几天到账", "refund.status") == ["answer:refund_time"]
    assert play.say("[1002](order_id)的退款几天到账", "refund.status") == ["refund_progress"]


def test_a_question_that_names_an_order_but_asks_for_a_change_is_answered_first() -> None:
    assert a_play().say("[1002](order_id)的退货流程怎么走", "return.request") == ["answer:how_to_return"]


def test_a_place_in_a_question_in_between_is_no_answer_to_where_the_parcel_goes() -> None:
    play = a_play()
    assert play.say("改地址", "address.change") == ["which_region"]
    assert play.say("寄[新疆](region)运费多少", "delivery.fee") == ["answer:fee", "flow_continues", "which_region"]
    assert play.slots == {}


def test_a_place_in_a_statement_is_that_answer_whatever_it_reads_as() -> None:
    play = a_play()
    play.say("改地址", "address.change")
    assert play.say("就[新疆](region)", "delivery.fee") == ["which_street"]
