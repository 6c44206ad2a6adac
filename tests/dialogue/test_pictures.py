"""Pictures that come with a message, or instead of one."""

from xiaoer.pack import Pack
from xiaoer.testing.dialogue import Play, ScriptedShop, a_pack, an_outcome

FLOWS = """
flows:
  - name: claim
    title: Claim
    about: claims
    triggers: [broken]
    needs_proof: false
    slots:
      - name: wanted
        ask: what_is_wanted
        choices: [{value: refund, title: Refund}, {value: resend, title: Again}]
      - name: photos
        ask: any_photos
        pictures: true
        choices: [{value: none, title: No photo, says: [no photo]}]
    steps:
      - ask: wanted
      - ask: photos
      - confirm: sure
      - do: open
        with: {wanted: wanted, pictures: photos}
        as: done
  - name: track
    title: Tracking
    about: tracks
    triggers: [where]
    needs_proof: false
    slots: [{name: number, ask: which_number, free_text: true}]
    steps:
      - ask: number
"""
REPLIES = """
replies:
  - {name: any, warm: [any]}
"""
PHRASES = """
yes: ["yes"]
no: ["no"]
questions: ["?"]
"""


def pack() -> Pack:
    return a_pack(flows=FLOWS, replies=REPLIES, phrases=PHRASES)


def a_play(*, takes_pictures: bool = True) -> Play:
    shop = ScriptedShop(effects={"open": an_outcome("done")})
    return Play(pack(), shop, takes_pictures=takes_pictures)


def asked_for_photos() -> Play:
    play = a_play()
    play.say("it is broken", "broken")
    assert play.say("Refund") == ["any_photos"]
    return play


def id_of(number: int) -> str:
    return f"{number:032x}"


def test_the_pictures_sent_fill_the_slot_and_what_is_said_of_it_is_their_number() -> None:
    play = asked_for_photos()
    assert play.send(2) == ["pictures_received", "sure"]
    assert play.slots["photos"] == f"{id_of(0)},{id_of(1)}"
    assert play.state.frame is not None
    assert play.state.frame.slots["photos"].shown == "2"
    play.say("yes")
    assert play.effects[0].arguments == {"wanted": "refund", "pictures": f"{id_of(0)},{id_of(1)}"}


def test_whatever_is_answered_instead_passes_and_nobody_is_asked_again() -> None:
    for answer in ("no photo", "no", "I threw it away"):
        play = asked_for_photos()
        assert play.say(answer) == ["sure"]
        assert play.slots["photos"] == "none"


def test_a_question_does_not_pass_the_photo() -> None:
    play = asked_for_photos()
    assert play.say("of which side?", "broken")[-1] == "any_photos"
    assert "photos" not in play.slots


def test_a_picture_at_the_summary_is_taken_and_the_summary_asked_anew() -> None:
    play = asked_for_photos()
    play.say("no photo")
    assert play.send(1) == ["pictures_received", "sure"]
    assert play.slots["photos"] == id_of(0)
    assert play.effects == []
    play.send(1)
    play.say("yes")
    assert play.effects[0].arguments["pictures"] == f"{id_of(0)},{id_of(1)}"


def test_a_yes_that_comes_with_a_picture_is_a_yes_to_what_was_not_shown() -> None:
    play = asked_for_photos()
    play.say("no photo")
    assert play.send(1, "yes")[-1] == "sure"
    assert play.effects == []


def test_pictures_are_not_asked_for_where_none_can_be_sent() -> None:
    play = a_play(takes_pictures=False)
    play.say("it is broken", "broken")
    assert play.say("Refund") == ["sure"]


def test_a_picture_of_just_before_goes_with_the_task_that_wants_it() -> None:
    play = a_play()
    assert play.send(1) == ["pictures_alone"]
    play.say("it is broken", "broken")
    assert play.slots["photos"] == id_of(0)


def test_a_picture_of_long_ago_does_not() -> None:
    play = a_play()
    play.send(1)
    for _ in range(6):
        play.say("hm")
    play.say("it is broken", "broken")
    assert "photos" not in play.slots


def test_a_picture_goes_with_one_task_only() -> None:
    play = asked_for_photos()
    play.send(1)
    play.say("yes")
    play.say("another one is broken", "broken")
    assert "photos" not in play.slots


def test_yes_to_a_picture_out_of_the_blue_begins_the_task_that_wants_some() -> None:
    play = a_play()
    play.send(1)
    assert play.say("yes") == ["what_is_wanted"]
    assert (play.flow, play.slots["photos"]) == ("claim", id_of(0))


def test_no_to_it_begins_nothing() -> None:
    play = a_play()
    play.send(1)
    assert play.say("no") == ["say_it_differently"]
    assert play.flow == ""


def test_a_picture_in_a_task_that_wants_none_is_owned_up_to_and_the_task_goes_on() -> None:
    play = a_play()
    play.say("where is it", "where")
    assert play.send(1) == ["pictures_unread", "which_number"]
    assert play.slots == {}


def test_words_that_nobody_understands_beside_a_picture_count_as_the_picture_alone() -> None:
    assert a_play().send(1, "look") == ["pictures_alone"]


def test_a_picture_alone_does_not_count_as_misunderstood() -> None:
    play = a_play()
    for _ in range(5):
        assert play.send(1) == ["pictures_alone"]
    assert not play.state.is_with_person
