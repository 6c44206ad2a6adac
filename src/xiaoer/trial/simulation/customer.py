"""A simulated customer: knows its matter and its own words, sees what anybody sees of a reply, and answers."""

import re
from collections.abc import Sequence
from random import Random
from string import Formatter
from typing import Literal, TypeAlias

from xiaoer.events import Card, Reply
from xiaoer.pack import SpokenCustomers
from xiaoer.trial.simulation.task import Task, bare

Ending: TypeAlias = Literal["done", "refused", "dropped", "person", "left", ""]

_SHORT = 3
_THE_SAME = "same"
"""Stands for what is asked for and shall stay as it is."""
_LIST_WAYS = ("ordinal", "card", "words")
_MUST_TELL = ("person", "phone", "tax_no")
_MARK = re.compile(r"？|[,.:;?!]+(?=\s|$)")
_STOP = re.compile(r"[，。]")


class SimulatedCustomer:
    """Plays one task; `ending` is empty as long as the customer has something to say.

    All is drawn from `random`: the way of writing, what is said when, how often an answer is given again.
    """

    def __init__(self, task: Task, spoken: SpokenCustomers, random: Random) -> None:
        self.ending: Ending = ""
        self.says_yes = False
        self._task = task
        self._spoken = spoken
        self._random = random
        self._facts = dict(task.facts)
        self._facts["thing"] = self._fill(random.choice(spoken.things[random.choice([*spoken.things])]))
        self._manner = random.choice(spoken.manners)
        self._patience = random.randint(2, 4)
        self._corrects = dict(task.corrects)
        self._asks_aside = random.random() < 0.2 and bool(spoken.asides)
        self._last_asked = ""
        self._is_polite = True

    def opening(self) -> str:
        """Give the first message."""
        own = self._spoken.tasks[self._task.goal]
        fully = [line for line in own.opens_fully if _names_in(line) <= self._facts.keys()]
        return self._written(self._pick(fully if fully and self._random.random() < 0.4 else own.opens))

    def answer(self, replies: Sequence[Reply]) -> str:
        """Give the next message; empty when the customer has come to an end."""
        self.says_yes = False
        names = {reply.name for reply in replies}
        own = self._spoken.tasks[self._task.goal]
        if self.ending or not replies:
            self.ending = self.ending or "left"
        elif replies[-1].name in own.takes:
            return self._plain(self._spoken.yes)
        elif replies[-1].name in own.declines:
            return self._plain(self._spoken.no)
        elif replies[-1].name in own.confirms:
            return self._reaction(replies, own.called)
        elif names.intersection(own.done):
            self.ending = "done"
        elif names.intersection(own.refused):
            self.ending = "refused"
        elif names.intersection(self._spoken.called_a_person):
            self.ending = "person"
        else:
            return self._reaction(replies, own.called)
        return ""

    def _reaction(self, replies: Sequence[Reply], called: Sequence[str]) -> str:
        spoken, reply = self._spoken, replies[-1]
        if reply.name in spoken.confirms:
            own = spoken.tasks[self._task.goal]
            if reply.name not in own.confirms and (own.confirms or self._task.is_fulfilled is None):
                return self._again(own.opens)  # that is another matter
            return self._to_summary("\n".join(each.text for each in replies))
        if reply.name in spoken.offers:
            return self._plain(spoken.no)
        what = spoken.asked.get(reply.name, "")
        if what == "matter":
            return self._which_matter(reply, called)
        if what:
            return self._told(what, reply)
        return self._once_more()

    def _to_summary(self, text: str) -> str:
        for name in list(self._corrects):
            self._facts[name] = self._corrects.pop(name)
            return self._written(self._pick(self._spoken.answers[f"correct_{name}"]))
        shown = bare(text)
        is_right = all(any(self._is_shown(piece, text) for piece in group) for group in self._task.shows)
        if not is_right or any(bare(piece) in shown for piece in self._task.hides):
            return self._again(self._spoken.not_that[self._task.insists])
        if self._task.drops:
            self.ending = "dropped"
            return self._plain(self._spoken.drops)
        self.says_yes = True
        return self._plain(self._spoken.yes)

    def _is_shown(self, piece: str, text: str) -> bool:
        """Say whether a summary holds a piece; a short one of Latin letters ("M") stands there as a word."""
        words = self._fill(piece)
        if len(words) <= _SHORT and words.isascii():
            return re.search(rf"(?<![A-Za-z0-9]){re.escape(words)}(?![A-Za-z0-9])", text, re.IGNORECASE) is not None
        return bare(words) in bare(text)

    def _told(self, what: str, reply: Reply) -> str:
        if self._asks_aside:
            self._asks_aside = False
            return self._written(self._random.choice(self._spoken.asides))
        if what == self._last_asked and not self._has_patience():
            return ""
        if not self._ways_to_say(what):
            return self._once_more()  # asked for what is no part of the matter
        self._last_asked = what
        if what in ("order", "line"):
            return self._pointed(what, reply.cards)
        return self._written(self._pick(self._ways_to_say(what)))

    def _ways_to_say(self, what: str) -> list[str]:
        """Give the sentences that say what is asked for, as far as the customer knows it."""
        answers = self._spoken.answers
        lines = answers.get(f"{what}_{self._facts.get(what, _THE_SAME)}") or answers.get(what, ())
        return [line for line in lines if _names_in(line) <= self._facts.keys()]

    def _pointed(self, what: str, cards: Sequence[Card]) -> str:
        at = next((place for place, card in enumerate(cards) if self._is_meant(what, card)), None)
        way = self._random.choice(_LIST_WAYS)
        if at is not None and way == "card":
            return cards[at].message
        if at is not None and way == "ordinal" and at < len(self._spoken.ordinals):
            return self._plain(self._spoken.ordinals[at])
        return self._written(self._pick(self._spoken.answers[what]))

    def _is_meant(self, what: str, card: Card) -> bool:
        if what == "order":
            return card.id == self._task.order
        return any(piece in card.title for group in self._task.shows for piece in group)

    def _which_matter(self, reply: Reply, called: Sequence[str]) -> str:
        titles = (button.title for button in reply.quick_replies)
        meant = next((title for title in titles if any(word in title for word in called)), None)
        return meant if meant is not None and self._has_patience() else self._once_more()

    def _once_more(self) -> str:
        """Say the answer, or the matter, in other words."""
        if not self._has_patience():
            return ""
        if self._last_asked:
            return self._written(self._pick(self._ways_to_say(self._last_asked)))
        return self._written(self._pick(self._spoken.tasks[self._task.goal].opens))

    def _again(self, lines: Sequence[str]) -> str:
        return self._written(self._pick(lines)) if self._has_patience() else ""

    def _has_patience(self) -> bool:
        self._patience -= 1
        if self._patience < 0:
            self.ending = "left"
        return self._patience >= 0

    # Words

    def _pick(self, lines: Sequence[str]) -> str:
        """Draw a line of which all facts are known, one that tells as much as possible of what must be told."""
        known = [line for line in lines if _names_in(line) <= self._facts.keys()]
        must = {name for name in _MUST_TELL if name in self._facts}
        most = max((len(_names_in(line) & must) for line in known), default=0)
        fitting = [line for line in known if len(_names_in(line) & must) == most]
        return self._random.choice(fitting or list(lines))

    def _fill(self, line: str) -> str:
        return line.format_map(self._facts)

    def _plain(self, words: Sequence[str]) -> str:
        return self._random.choice(words)

    def _written(self, line: str) -> str:
        """Write a line in the customer's manner, with a slip at times; facts keep their letters and marks."""
        text = self._fill(self._marked(line))
        for right, wrong in self._spoken.slips.items():
            if right in text and self._random.random() < 0.06:
                text = text.replace(right, self._random.choice(wrong), 1)
        before, behind = self._manner.before, self._manner.behind
        if self._is_polite and before:
            text = self._marked(self._random.choice(before)) + text
        self._is_polite = False
        if behind and self._random.random() < 0.4:
            text += self._marked(self._random.choice(behind))
        return text.strip()

    def _marked(self, line: str) -> str:
        """Give a line with its marks, or without those that end its parts, as the manner has it."""
        return _MARK.sub("", _STOP.sub(" ", line)) if self._manner.without_marks else line


def _names_in(line: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(line) if name}
