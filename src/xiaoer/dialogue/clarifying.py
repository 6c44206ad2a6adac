"""Two readings that are close: ask the customer which of them was meant, and serve the one that is chosen."""

from xiaoer.dialogue.hearing import Hearing
from xiaoer.dialogue.hits import best_hit
from xiaoer.dialogue.matching import choose
from xiaoer.dialogue.message import Heard
from xiaoer.dialogue.moves import Move, Record, Say
from xiaoer.dialogue.stage import title_of
from xiaoer.dialogue.wishes import serve_wish
from xiaoer.events import Choice, NotUnderstood, QuestionAsked
from xiaoer.pack import Pack

NONE_OF_THEM = "none_of_them"


def which_is_meant(hearing: Hearing) -> list[Move] | None:
    """Ask which of two is meant, when two readings are close and would be served differently."""
    if len(hearing.wishes) != 1 or hearing.is_sure(hearing.wishes[0]) or not hearing.asks_for_more(hearing.wishes[0]):
        return None
    wish, other = hearing.wishes[0], hearing.wishes[0].runner_up
    limits = hearing.limits
    is_close = other is not None and wish.confidence - other.confidence <= limits.clarify_margin
    if other is None or not is_close or wish.confidence < limits.minimum_confidence:
        return None
    is_this_task = hearing.flow is not None and other.name in hearing.flow.triggers
    if is_this_task or not _differ(hearing.pack, wish.intent, other.name) or _is_answered(hearing):
        return None
    titles = {intent: title_of(hearing.pack, intent) for intent in (wish.intent, other.name)}
    choices = (
        *(Choice(value=intent, title=title) for intent, title in titles.items()),
        Choice(value=NONE_OF_THEM, title=hearing.pack.words.get(NONE_OF_THEM, NONE_OF_THEM)),
    )
    heard = hearing.message.whole()
    question = QuestionAsked(kind="clarify", choices=choices, text=heard.text, entities=heard.entities)
    return [Say("clarify", {"titles": list(titles.values())}, choices), Record(question)]


def clarified(hearing: Hearing, question: QuestionAsked) -> list[Move] | None:
    """Serve what was chosen with the words said before; None if the message chooses nothing, or chooses too late."""
    if hearing.state.question_turn != hearing.state.turns - 1:
        return None
    choice = choose(hearing.message.text, question.choices, hearing.pack.phrases)
    if choice is None:
        return None
    if choice.value == NONE_OF_THEM:
        return [Record(NotUnderstood(text=question.text)), Say("say_it_differently")]
    heard = Heard(question.text, question.entities)
    return serve_wish(hearing.state, heard, choice.value, hearing.pack, hearing.stage.search)


def _differ(pack: Pack, one: str, other: str) -> bool:
    """Say whether two intents are served by different tasks, or by a task and an answer."""
    flow, other_flow = pack.flow_for(one), pack.flow_for(other)
    is_passive = other_flow is None and other in pack.routes and not pack.routes[other].knowledge
    return (flow is not None or other_flow is not None) and flow is not other_flow and not is_passive


def _is_answered(hearing: Hearing) -> bool:
    return best_hit(hearing.stage.search(hearing.message.text, ""), "", hearing.pack) is not None
