"""What a message means where the conversation stands: an answer, a correction, a new wish, a question in between."""

from dataclasses import replace

from msgspec import structs

from xiaoer.dialogue.alike import told_apart
from xiaoer.dialogue.answers import answer, gives_a_code
from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.clarifying import clarified, which_is_meant
from xiaoer.dialogue.consent import agrees_and_goes_on, certainly_drops
from xiaoer.dialogue.corrections import corrections, direct_corrections, widened
from xiaoer.dialogue.following import asks_the_same_of_another, followed_up
from xiaoer.dialogue.hearing import CERTAIN, Hearing
from xiaoer.dialogue.hits import best_hit
from xiaoer.dialogue.matching import (
    begins_giving_up,
    behind_giving_up,
    corrects,
    denies,
    gives_up,
    plain,
    says_no,
    says_yes,
)
from xiaoer.dialogue.message import Heard, Message
from xiaoer.dialogue.moves import GiveAnswer, Move, Record, Say
from xiaoer.dialogue.pictures import acknowledged
from xiaoer.dialogue.proof import another_customer, proof
from xiaoer.dialogue.reasons import told_why
from xiaoer.dialogue.serving import back_to_task, guessed, serve
from xiaoer.dialogue.stage import Stage
from xiaoer.dialogue.taken_back import put_right
from xiaoer.dialogue.walk import step_at
from xiaoer.dialogue.wishes import hand_over
from xiaoer.events import (
    Confirmed,
    Conversation,
    FlowEnded,
    Frame,
    HandedOver,
    IntentScore,
    NotUnderstood,
    SlotFilled,
    Wish,
    WishDeferred,
    WishTaken,
)
from xiaoer.pack import ConfirmStep, Flow, OfferStep, Phrases

_LIKELY = 0.05


def interpret(state: Conversation, message: Message, stage: Stage) -> list[Move]:
    """Give the moves that a message brings about, before the dialogue goes on by itself."""
    message = _plainly(_pressed(message, state, stage), state, stage.pack.phrases)
    message = message if _takes_any_words(state, stage) else put_right(message, stage.pack)
    if state.frame is None:
        message = told_apart(message, stage.pack, is_proved=state.customer is not None)
    hearing = Hearing(state, message, stage)
    if not message.pictures:
        return [*_calm(hearing), *_meaning(hearing)]
    return acknowledged(hearing, [*_calm(hearing), *_meaning(hearing)] if message.text else [])


def _takes_any_words(state: Conversation, stage: Stage) -> bool:
    """Say whether what is asked for is taken as it is written, so that every word of it counts."""
    flow, question = stage.flow_of(state.frame) if state.frame else None, state.question
    slot = flow.slot(question.slot) if flow and question and question.kind == "slot" else None
    return slot is not None and slot.free_text


def _pressed(message: Message, state: Conversation, stage: Stage) -> Message:
    """Take what stands on a button of a summary or an offer for what the button sends, where it is typed out."""
    flow, question = stage.flow_of(state.frame) if state.frame else None, state.question
    if flow is None or question is None or question.kind not in ("confirm", "offer"):
        return message
    step = step_at(flow, question.step)
    shown = step.confirm if isinstance(step, ConfirmStep) else step.say if isinstance(step, OfferStep) else ""
    reply, said = stage.pack.replies.get(shown), plain(message.text)
    sent = next((button.message for button in reply.buttons if plain(button.title) == said), None) if reply else None
    return message if sent is None else replace(message, text=sent)


def _plainly(message: Message, state: Conversation, phrases: Phrases) -> Message:
    """Read a message that is a listed yes or no, whole, as just that, or a yes as what the reply before it offers."""
    is_yes = says_yes(message.text, phrases)
    names = phrases.yes_intents if is_yes else phrases.no_intents if says_no(message.text, phrases) else ()
    if is_yes and state.offered and state.question is None:
        names = (state.offered,)
    if not names:
        return message
    wish = Wish(intent=names[0], confidence=1.0, start=0, end=len(message.text))
    reading = structs.replace(message.reading, intent=IntentScore(names[0], 1.0), wishes=(wish,), is_in_scope=True)
    return replace(message, reading=reading)


def _meaning(hearing: Hearing) -> list[Move]:
    for sense in (
        _alarm,
        told_why,
        _person,
        another_customer,
        proof,
        _told,
        _instead,
        _besides,
        _answer,
        _give_up,
        _follow_up,
        which_is_meant,
        _wishes,
        _data,
    ):
        moves = sense(hearing)
        if moves is not None:
            return moves
    return _not_understood(hearing)


# A person


def _calm(hearing: Hearing) -> list[Move]:
    """Call a person for an angry customer, and serve the wish all the same."""
    if not hearing.is_angry or hearing.state.is_with_person or (_alarm(hearing) or _person(hearing)) is not None:
        return []
    return hand_over("angry", note=hearing.message.text, reply="calm")


def _alarm(hearing: Hearing) -> list[Move] | None:
    """Somebody may be in danger or hurt: that goes before all else, and a person takes over."""
    reply = hearing.pack.phrases.alarm(hearing.message.text)
    if not reply:
        return None
    return [*hand_over("alarm", note=hearing.message.text, reply=reply), *_all_ended(hearing.state)]


def _person(hearing: Hearing) -> list[Move] | None:
    """A person is asked for: open tasks end, so that nothing is done behind that person's back."""
    intent = hearing.message.reading.intent
    route = hearing.pack.routes.get(intent.name)
    # A short answer to an open question is easily misread; one must be surer there.
    least = CERTAIN if hearing.state.question is not None else hearing.limits.minimum_confidence
    is_sure = intent.confidence >= least and not hearing.is_an_option
    if route is None or not route.hand_over or not is_sure or _is_mere_anger(hearing):
        return None
    called = HandedOver(reason="angry" if hearing.is_angry else "asked", note=hearing.message.text)
    return [Record(called), Say(route.reply or "handed_over"), *_all_ended(hearing.state)]


def _is_mere_anger(hearing: Hearing) -> bool:
    """Say whether an angry message also says something that can be served, with a person called for the anger in it."""
    if not hearing.is_angry:
        return False
    if any(hearing.is_sure(wish) and not hearing.is_cared_for(wish) for wish in hearing.wishes):
        return True
    moves = _answer(hearing) or ()
    return any(isinstance(move, Record) and isinstance(move.event, SlotFilled | Confirmed) for move in moves)


def _all_ended(state: Conversation) -> list[Move]:
    ended = [Record(FlowEnded(frame=frame.id, how="handed_over")) for frame in reversed(state.frames)]
    return [*ended, *(Record(WishTaken()) for _ in state.waiting)]


# The task under way, and its open question


def _told(hearing: Hearing) -> list[Move] | None:
    """Answer what is asked of the task under way from what it knows, where the message says nothing for it besides."""
    if len(hearing.wishes) != 1 or not hearing.told_by_task(hearing.wishes[0]):
        return None
    asked = hearing.asked()
    if asked is not None and corrections(asked, hearing.message.whole()).moves:
        return None
    return serve(hearing, hearing.wishes, may_start=True)


def _instead(hearing: Hearing) -> list[Move] | None:
    """Drop the task under way for another, where a message says that it is not this one: "don't cancel, swap it"."""
    frame, flow = hearing.state.frame, hearing.flow
    if frame is None or flow is None or not hearing.denies_task:
        return None
    likely = [wish for wish in hearing.wishes if wish.confidence >= hearing.limits.minimum_confidence]
    # That this is dropped is said already: what reads as that may be the other thing that is wanted.
    likely = [_next_reading(wish) if wish.intent in flow.gives_up else wish for wish in likely]
    others = [
        wish for wish in likely if hearing.flow_for(wish) not in (None, flow) and wish.intent not in flow.gives_up
    ]
    if not others:
        return None
    return [*_dropped(frame, flow), *serve(hearing, others, may_start=False)]


def _next_reading(wish: Wish) -> Wish:
    return wish if wish.runner_up is None else structs.replace(wish, intent=wish.runner_up.name, runner_up=None)


def _dropped(frame: Frame, flow: Flow) -> list[Move]:
    return [Record(FlowEnded(frame=frame.id, how="given_up")), Say("flow_given_up", {"title": flow.title})]


def _besides(hearing: Hearing) -> list[Move] | None:
    """Keep for later what the task is wanted for besides: "the keyboard too", while the earbuds are asked about."""
    if len(hearing.wishes) != 1 or not hearing.pack.phrases.adds(hearing.message.text):
        return None
    wish, asked = hearing.wishes[0], hearing.asked()
    if asked is not None and not asked.slot and agrees_and_goes_on(asked, hearing.message.text):
        return None
    is_the_wish = hearing.is_sure(wish) and hearing.is_of_this_task(wish)
    intent = wish.intent if is_the_wish else asks_the_same_of_another(hearing)
    if not intent:
        return None
    if not hearing.names_another:
        # Of the same order: no task of its own, but one thing more in this one.
        more = replace(asked, is_of_another=False, has_new_wish=False) if asked else None
        return (corrections(more, hearing.message.whole()).moves or None) if more else None
    heard = hearing.heard(wish)
    kept = WishDeferred(intent=intent, text=heard.text, entities=heard.entities)
    return [Record(kept), *back_to_task(hearing, ())]


def _answer(hearing: Hearing) -> list[Move] | None:
    question = hearing.state.question
    if question is None:
        return None
    if question.kind == "clarify":
        return clarified(hearing, question)
    if question.kind == "slot" and hearing.drops_task:
        return None
    asked = hearing.asked()
    if asked is None:
        return None
    heard = _for_this_task(hearing)
    # "No, the whole order of the mug" means another order, not more of this one.
    if not hearing.names_another and not asked.is_elsewhere and (more := widened(asked, heard)):
        return more
    answered = answer(asked, heard)
    if answered is None:
        return _data_beside_a_question(hearing, asked, heard)
    is_more = len(hearing.wishes) > 1 or (not asked.slot and agrees_and_goes_on(asked, heard.text))
    several = is_more and not asked.takes_all
    others = [wish for wish in hearing.new_wishes if hearing.is_sure(wish)] if several else []
    corrected = [] if certainly_drops(asked, heard.text) else corrections(asked, heard).moves
    return [*answered, *corrected, *serve(hearing, others, may_start=False)]


def _data_beside_a_question(hearing: Hearing, asked: Asked, heard: Heard) -> list[Move] | None:
    """Take data for this task ("the phone is wrong, call …") even if the words sound like a question."""
    if not asked.slot and hearing.pack.phrases.keep(hearing.message.text):
        # "Keep the mug after all" at a summary of several things, whatever it reads as, leaves that out.
        left_out = corrections(replace(asked, is_of_another=False, has_new_wish=False), heard).moves
        if left_out and any(slot.several for slot in asked.flow.slots):
            return left_out
    if not asked.slot and corrects(hearing.message.text, hearing.pack.phrases):
        # "Wrong one, it is 7419": whatever that reads as, a number says which.
        is_code = any(slot.look_up is not None and gives_a_code(asked, slot, heard) for slot in asked.flow.slots)
        taken_back = replace(asked, is_of_another=False, has_new_wish=asked.has_new_wish and not is_code)
        put_right = corrections(taken_back, heard).moves
        # "No, I meant the mug": it is the mug, or, where nothing else is surely wanted of it, it shall be.
        if hearing.names_the_same or (put_right and hearing.names_another and not taken_back.has_new_wish):
            return put_right
    if any(hearing.flow_for(wish) is not None for wish in hearing.new_wishes):
        return None
    is_moment = bool(hearing.new_wishes) and all(hearing.only_waits(wish) for wish in hearing.new_wishes)
    if is_moment and not asked.slot:
        # "Wait, I meant the other one" at a summary: what is named there is meant instead.
        asked = replace(asked, has_new_wish=False)
        return corrections(asked, heard).moves or None
    is_of_task = all(hearing.told_by_task(wish) for wish in hearing.new_wishes)
    if asked.has_new_wish and hearing.is_question and not is_of_task:
        return None
    told = direct_corrections(asked, heard)
    return told.moves if told.is_told else None


def _for_this_task(hearing: Hearing) -> Heard:
    """Give the words as they are, and the entities but those said for another task."""
    heard = hearing.message.whole()
    if len(hearing.wishes) <= 1:
        return heard
    other = {e for wish in hearing.new_wishes for e in hearing.message.entities_of(wish)}
    return replace(heard, entities=tuple(e for e in heard.entities if e not in other))


def _give_up(hearing: Hearing) -> list[Move] | None:
    frame, flow, intent = hearing.state.frame, hearing.flow, hearing.message.reading.intent
    if frame is None or flow is None:
        return None
    is_read = intent.name in flow.gives_up and intent.confidence >= hearing.limits.minimum_confidence
    is_meant = is_read and not hearing.names_another  # "take back the return of the mug" leaves that of the earbuds
    if not is_meant and not hearing.drops_task:
        return None
    return [*_dropped(frame, flow), *serve(hearing, _other_wishes(hearing), may_start=False)]


def _other_wishes(hearing: Hearing) -> list[Wish]:
    """Give what a message that drops the task asks for besides."""
    text, phrases, drops = hearing.message.text, hearing.pack.phrases, hearing.flow.gives_up if hearing.flow else ()
    said = [(wish, text[wish.start : wish.end]) for wish in hearing.new_wishes if hearing.is_sure(wish)]
    if len(hearing.wishes) == 1:  # "never mind, just return it": another task behind the words that drop this one
        behind = [(wish, behind_giving_up(text[: wish.start], words, phrases)) for wish, words in said]
        said = [(wish, words) for wish, words in behind if words and not denies(words, phrases)]
        said = [(wish, words) for wish, words in said if hearing.flow_for(wish) is not None]
    return [wish for wish, words in said if wish.intent not in drops and not gives_up(words, phrases)]


# Wishes


def _follow_up(hearing: Hearing) -> list[Move] | None:
    wish = followed_up(hearing)
    if wish is None:
        return None
    # What is said of the task under way itself puts it right: "no, blue, and in L".
    is_of_task = hearing.flow is not None and hearing.flow_for(wish) is hearing.flow
    return (_data(hearing) if is_of_task else None) or serve(hearing, [wish], may_start=True)


def _wishes(hearing: Hearing) -> list[Move] | None:
    minimum = hearing.limits.minimum_confidence
    wishes = [w for w in hearing.wishes if w.confidence >= minimum and not hearing.belongs_to_task(w)]
    if not wishes or not hearing.message.reading.is_in_scope:
        return None
    return guessed(hearing) or serve(hearing, wishes, may_start=True)


# Data, and nothing at all


def _data(hearing: Hearing) -> list[Move] | None:
    """Take data, a remark, or the same wish said again as filling, correcting or meaning the task under way."""
    asked = hearing.asked()
    if asked is None:
        return None
    told = corrections(asked, hearing.message.whole())
    if told.moves:
        return told.moves
    answered = _answer_in_between(hearing) if hearing.is_question else None
    if answered is not None:
        return [answered, *back_to_task(hearing, ())]
    is_meant = any(hearing.is_of_this_task(wish) or hearing.is_absorbed(wish) for wish in hearing.wishes)
    return [] if is_meant or told.is_told else None


def _answer_in_between(hearing: Hearing) -> GiveAnswer | None:
    """Find what answers a question about the task under way: for what it reads or may yet read as, or a sure one."""
    text, reading = hearing.message.text, hearing.message.reading
    wishes = [(wish.intent, wish.confidence) for wish in hearing.wishes]
    others = [w.runner_up for w in hearing.wishes if w.runner_up is not None] + list(reading.intent_ranking)
    likely = [(score.name, 0.0) for score in others if score.confidence >= _LIKELY]
    for intent, confidence in [*wishes, *likely, ("", 0.0)]:
        hit = best_hit(hearing.stage.search(text, intent), intent, hearing.pack, confidence=confidence)
        if hit is not None:
            return GiveAnswer(text, hit.entry, hit.score)
    return None


def _not_understood(hearing: Hearing) -> list[Move]:
    is_possible = hearing.flow is None or hearing.is_question  # a statement in a task is about that task
    sure = _sure_answer(hearing) if is_possible else None
    if sure is not None:
        return [sure, *back_to_task(hearing, ())]
    if hearing.flow is None and begins_giving_up(hearing.message.text, hearing.pack.phrases):
        return [Say("nothing_more")]
    return guessed(hearing) or _missed(hearing)


def _sure_answer(hearing: Hearing) -> GiveAnswer | None:
    text = hearing.message.text
    hit = best_hit(hearing.stage.search(text, ""), "", hearing.pack)
    return None if hit is None else GiveAnswer(text, hit.entry, hit.score)


def _missed(hearing: Hearing) -> list[Move]:
    missed: Move = Record(NotUnderstood(text=hearing.message.text))
    is_called = bool(_calm(hearing))  # for anger, with this very message
    after = hearing.pack.manifest.hand_over.after_misunderstandings
    if not is_called and hearing.state.misunderstandings + 1 >= after:
        return [missed, *hand_over("not_understood", note=hearing.message.text), *_all_ended(hearing.state)]
    reading = hearing.message.reading
    is_sure = reading.intent.confidence >= hearing.limits.minimum_confidence
    route = hearing.pack.routes.get(reading.intent.name)
    route_says = route.reply if route else None
    is_foreign = not reading.is_in_scope and (is_sure or route_says == "out_of_scope")
    return [missed, Say("out_of_scope" if is_foreign else "not_understood")]
