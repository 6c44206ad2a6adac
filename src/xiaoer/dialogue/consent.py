"""A yes or no to what was shown. What changes the shop needs a plain yes; a yes with a reservation is none."""

from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.filling import chosen
from xiaoer.dialogue.matching import (
    begins_giving_up,
    clauses_of,
    corrects,
    denies,
    has_question_mark,
    opens_with_no,
    parts_of,
    plain,
    plain_words,
    says_no,
    says_yes,
    spoken,
)

_SHORTEST_OPENING = 2
"""Shorter ones open too much else: 是 is a yes, and 是的话 none; in front of the task itself they are a yes."""


def consents(asked: Asked, text: str, *, has_corrections: bool) -> bool | None:
    """Say whether a message is a yes or a no to a confirmation or an offer; None if it is neither.

    A yes is a listed yes and nothing else, a message that surely reads as one, or a yes that stands for itself in front
    of (or behind) the task's own wish, or in front of another wish that is put as no question. The wish said again
    without a yes is none. A listed no in front is one, whatever stands behind it, but for a yes or another wish.
    """
    if says_no(text, asked.phrases) or certainly_drops(asked, text):
        return False
    if not has_corrections and agrees_and_goes_on(asked, text):
        return True
    if has_corrections or has_question_mark(text, asked.phrases):
        return None
    if says_yes(text, asked.phrases) or is_all_yes(asked, text) or _goes_on(asked, text):
        return True
    is_reserved = asked.phrases.ask(text) or corrects(text, asked.phrases)
    if not is_reserved and _opens_with_no(asked, text):
        return False
    if not is_reserved and _agrees(asked, text):
        return True
    # "Still sealed" sounds like a no; an offer that it ends does not come again.
    is_no = asked.intent in asked.phrases.no_intents and (asked.question.kind != "offer" or asked.is_certain)
    return False if is_no else None


def agrees_and_goes_on(asked: Asked, text: str) -> bool:
    """Say whether a message opens with a yes and right behind it asks for something besides: "yes, and return the rug".

    What follows the yes begins with a word that joins, or is, in Chinese, one clause about another thing. A question, a
    task that would take the place of this one, and what takes back, holds back or stands between make it none: "ok, but
    not the rug", "fine, and can I swap it instead?", "sure, once she agrees, and return the rug".
    """
    phrases, clauses = asked.phrases, clauses_of(text)
    opening = plain_words(phrases.yes) - plain_words(phrases.requests)
    agreed = next((at for at, clause in enumerate(clauses) if clause not in opening), len(clauses))
    rest = " ".join(clauses[agreed:])
    if not agreed or not rest or not asked.has_new_wish or asked.has_rival:
        return False
    joins = (*phrases.joins, *phrases.joins_before, *phrases.also)
    is_joined = any(_begins(join, rest) for join in joins)
    is_of_another = asked.names_another and not rest.isascii() and len(clauses) == agreed + 1
    is_reserved = phrases.ask(text) or has_question_mark(text, phrases) or phrases.hold_back(rest)
    is_taken_back = corrects(rest, phrases) or denies(rest, phrases)
    return (is_joined or is_of_another) and not is_reserved and not is_taken_back


def _begins(word: str, text: str) -> bool:
    """Say whether a text begins with a word of the pack; one of Latin letters stands there whole."""
    return spoken(text).startswith(spoken(word)) if word.isascii() else plain(text).startswith(plain(word))


def _goes_on(asked: Asked, text: str) -> bool:
    """Say whether a message answers what the task that is offered would ask: "for the company", of an invoice."""
    if asked.question.kind != "offer" or asked.has_new_wish or denies(text, asked.phrases):
        return False
    return any(chosen(slot, text, asked.phrases) is not None for slot in asked.meant.slots if slot.choices)


def certainly_drops(asked: Asked, text: str) -> bool:
    """Say whether a message that begins by giving up is a no as a whole: "forget it, one will do" corrects nothing."""
    is_no = asked.is_certain and asked.intent in asked.phrases.no_intents
    return is_no and begins_giving_up(text, asked.phrases) and not corrects(text, asked.phrases)


def _opens_with_no(asked: Asked, text: str) -> bool:
    parts = parts_of(text)
    is_open = bool(parts) and (parts[0] in plain_words(asked.phrases.no) or opens_with_no(text, asked.phrases))
    if asked.has_new_wish or not is_open:
        return False
    return not any(_is_yes(asked, part) for part in parts[1:])


def _agrees(asked: Asked, text: str) -> bool:
    if denies(text, asked.phrases):
        return False
    # One intent may serve several tasks: "no need to tell me any more" is none to be told.
    wishes = (*asked.meant.triggers, *asked.meant.triggers_when_proved)
    is_the_wish = asked.intent in wishes and not asked.has_new_wish
    if asked.question.kind == "offer" and is_the_wish and not asked.is_of_another:
        return True  # However likely: what is offered has a summary of its own.
    return asked.is_sure and (asked.intent in asked.phrases.yes_intents or (is_the_wish and _has_a_yes(asked, text)))


def is_all_yes(asked: Asked, text: str) -> bool:
    """Say whether a message is nothing but a yes: a listed one, the task named in short, or several of them."""
    clauses = clauses_of(text)
    # Blanks part words too: "go ahead and cancel it" is one thing said.
    return bool(clauses) and (_is_yes(asked, plain(text)) or all(_is_yes(asked, clause) for clause in clauses))


def _has_a_yes(asked: Asked, text: str) -> bool:
    """Say whether a listed yes opens the message, or any kind of yes ends it: "yes, cancel it", "asked him. do it".

    What asks for something is no yes in front of it: "please cancel it".
    """
    clauses = clauses_of(text)
    opening = plain_words(asked.phrases.yes) - plain_words(asked.phrases.requests)
    return bool(clauses) and (clauses[0] in opening or _is_yes(asked, clauses[-1]))


def _is_yes(asked: Asked, clause: str) -> bool:
    """Say whether a clause is a yes: a listed one, the task named in short, or one of them behind a listed one."""
    yes, repeats = plain_words(asked.phrases.yes), plain_words(asked.meant.repeats)
    if clause in yes | repeats:
        return True
    parted = ((clause[:end], clause[end:]) for end in range(1, len(clause)))
    return any(
        opening in yes and (rest in repeats or (rest in yes and len(opening) >= _SHORTEST_OPENING))
        for opening, rest in parted
    )
