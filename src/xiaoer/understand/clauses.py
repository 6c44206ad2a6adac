"""Clauses of a message, and which belong together: a wish may take several clauses, a message hold several wishes."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xiaoer.pack import Phrases
from xiaoer.text import normalise
from xiaoer.understand.intents import Floats

SMALL_TALK = frozenset({"greet", "thanks", "bye", "affirm", "deny", "hold", "chitchat", "inform"})
"""Intents that are no wish of their own beside another: courtesies, and data given for the wish."""

_COURTESIES = frozenset({"greet", "thanks", "bye"})
_MOST_CLAUSES = 6
_MOST_WISHES = 3
_SHORTEST = 2
_LEAST_SURE = 0.5
_FLOOR = 0.05
# What a further wish must gain in log probability, chosen on the pack's utterances and its messages of many wishes:
# little above what the floor allows, so that a pause alone parts only clauses that are as clear as can be.
_PAUSE_COST = 2.95
_JOIN_COST = -0.5


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the normalised text; `is_joined`: a word such as 另外 or 顺便 opens it, not only a mark.

    `is_aside`: it tells how things stand and, beside a wish, asks for nothing.
    """

    start: int
    end: int
    is_joined: bool = False
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest intent of a part of the text, its probability, and the next likeliest."""

    start: int
    end: int
    intent: str
    confidence: float
    runner_up: str = ""
    runner_up_confidence: float = 0.0


class ClauseSplitter:
    """Cuts normalised texts at the pack's marks and before its joining words."""

    def __init__(self, phrases: Phrases) -> None:
        joins = sorted((normalise(join).text for join in phrases.joins), key=len, reverse=True)
        self._piece = pieces_between(phrases.clause_ends)
        self._joins = frozenset(map(bare, joins))
        self._asides = frozenset(bare(normalise(words).text) for words in phrases.circumstances)
        subjects = (*phrases.whole_order, *phrases.order_nouns, *phrases.pointing)
        self._subjects = frozenset(bare(normalise(words).text) for words in subjects)
        others = [re.escape(normalise(word).text) for word in phrases.no_joins]
        # What joins nothing is found first, with the joining word that it holds.
        before = [_before(normalise(join).text, words) for join, words in phrases.joins_before.items()]
        found = [*map(_whole, joins), *before]
        self._join = re.compile("|".join([*others, f"(?P<join>{'|'.join(found)})"])) if found else None

    def split(self, text: str, start: int = 0, end: int | None = None) -> list[Clause]:
        """Give the clauses of a text, or of a part of it, in order, six at most: what comes after the fifth is one."""
        pieces = self._piece.finditer(text, start, len(text) if end is None else end)
        clauses = self._joined([clause for piece in pieces for clause in self._at_joins(text, *piece.span())], text)
        if len(clauses) > _MOST_CLAUSES:
            rest = clauses[_MOST_CLAUSES - 1 :]
            clauses[_MOST_CLAUSES - 1 :] = [Clause(rest[0].start, rest[-1].end, rest[0].is_joined)]
        return clauses

    def _joined(self, clauses: list[Clause], text: str) -> list[Clause]:
        """Leave out clauses that are nothing but a joining word, and join the one behind each: "also, where is it"."""
        kept: list[Clause] = []
        is_joined = False
        for clause in clauses:
            if bare(text[clause.start : clause.end]) in self._joins:
                is_joined = True
            else:
                kept.append(replace(clause, is_joined=True) if is_joined else clause)
                is_joined = False
        return kept or clauses

    def _at_joins(self, text: str, start: int, end: int) -> Iterator[Clause]:
        """Cut a piece before each joining word that has something before and after it; the word stays outside."""
        is_joined = False
        found = self._join.finditer(text, start, end) if self._join else ()
        for join in (match for match in found if match["join"]):
            if end - join.end() < _SHORTEST:
                break
            if bare(text[start : join.start()]) in self._subjects:
                continue  # "that order also": what is pointed at is the subject of what comes behind
            if join.start() - start >= _SHORTEST:
                yield Clause(start, join.start(), is_joined)
            elif join.start() > start:
                continue
            start, is_joined = join.end(), True
        if text[start:end].strip():
            yield Clause(start, end, is_joined, bare(text[start:end]) in self._asides)


def unbroken(clauses: Sequence[Clause], spans: Iterable[tuple[int, int]]) -> list[Clause]:
    """Join clauses between which a mark stands inside of something found: an address, "the alert, take it off"."""
    found, joined = list(spans), list(clauses[:1])
    for clause in clauses[1:]:
        if any(start < joined[-1].end and clause.start < end for start, end in found):
            joined[-1] = replace(joined[-1], end=clause.end, is_aside=joined[-1].is_aside and clause.is_aside)
        else:
            joined.append(clause)
    return joined


def kinship(names: Sequence[str], families: Iterable[Collection[str]]) -> Floats:
    """Give, for each two intents, 1 if they are of one family (served by one task) or the same, otherwise 0."""
    kin = np.eye(len(names), dtype=np.float32)
    for family in families:
        at = [place for place, name in enumerate(names) if name in family]
        kin[np.ix_(at, at)] = 1
    return kin


def group(
    clauses: Sequence[Clause], names: Sequence[str], probabilities: Callable[[int, int], Floats], kin: Floats
) -> list[Guess]:
    """Join clauses into wishes: an intent may cover several clauses as long as none of them clearly says another.

    `probabilities` classifies a part of the text, by `names`. How well an intent covers clauses is the sum of its log
    probabilities in each, with a floor, so that no clause speaks too loudly; a further wish must gain its cost.
    Intents of one family (`kin`) speak together: a clause split between two names for one task is clear.
    Small talk beside a wish is none, and what stands between courtesies is read without them. One is given at least,
    three at most.
    """
    clauses = _without_courtesies(clauses, names, probabilities)
    whole = guess_of(probabilities(clauses[0].start, clauses[-1].end), names, clauses[0].start, clauses[-1].end)
    parts = [
        guess_of(probabilities(start, end), names, start, end)
        for start, end in _best_parts(clauses, [probabilities(clause.start, clause.end) @ kin for clause in clauses])
    ]
    asides = {(clause.start, clause.end) for clause in clauses if clause.is_aside}
    said = [part for part in parts if (part.start, part.end) not in asides]
    wishes = _wishes(part for part in said if _is_clear(part, names, probabilities(part.start, part.end) @ kin))
    is_hidden = len(wishes) == 1 and whole.intent in SMALL_TALK
    return wishes if len(wishes) > 1 or is_hidden else [whole]


def _without_courtesies(
    clauses: Sequence[Clause], names: Sequence[str], probabilities: Callable[[int, int], Floats]
) -> Sequence[Clause]:
    """Leave out greetings and thanks at both ends of a message, where more than small talk stands between them."""
    guesses = [guess_of(probabilities(each.start, each.end), names, each.start, each.end) for each in clauses]
    said = [at for at, guess in enumerate(guesses) if not _is_courtesy(guess)]
    if not said or len(said) == len(clauses):
        return clauses
    between = clauses[said[0] : said[-1] + 1]
    start, end = between[0].start, between[-1].end
    return clauses if guess_of(probabilities(start, end), names, start, end).intent in SMALL_TALK else between


def _is_courtesy(guess: Guess) -> bool:
    return guess.intent in _COURTESIES and guess.confidence >= _LEAST_SURE


def _best_parts(clauses: Sequence[Clause], probabilities: Sequence[Floats]) -> list[tuple[int, int]]:
    spoken = [np.log(clause + _FLOOR) for clause in probabilities]
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for last in range(len(clauses)):
        options = []
        for first in range(last + 1):
            covered = float(np.sum(spoken[first : last + 1], axis=0).max())
            cost = (_JOIN_COST if clauses[first].is_joined else _PAUSE_COST) if first else 0.0
            part = (clauses[first].start, clauses[last].end)
            options.append((best[first][0] + covered - cost, [*best[first][1], part]))
        best.append(max(options, key=lambda option: option[0]))
    return best[-1][1]


def guess_of(probabilities: Floats, names: Sequence[str], start: int, end: int) -> Guess:
    """Give the likeliest intent and the next likeliest."""
    best = int(probabilities.argmax())
    if len(names) < 2:
        return Guess(start, end, names[best], float(probabilities[best]))
    others = probabilities.copy()
    others[best] = -1
    second = int(others.argmax())
    return Guess(start, end, names[best], float(probabilities[best]), names[second], float(probabilities[second]))


def _is_clear(part: Guess, names: Sequence[str], together: Floats) -> bool:
    return part.intent not in SMALL_TALK and float(together[names.index(part.intent)]) >= _LEAST_SURE


def _wishes(parts: Iterable[Guess]) -> list[Guess]:
    wishes: list[Guess] = []
    for part in parts:
        if all(part.intent != wish.intent for wish in wishes):
            wishes.append(part)
    return wishes[:_MOST_WISHES]


def pieces_between(clause_ends: Iterable[str]) -> re.Pattern[str]:
    """Compile what stands between the marks that end clauses; one inside of $49.99 or example.com ends nothing."""
    several = frozenset(form for mark in clause_ends for form in _forms(mark))
    marks, joining = "".join(sorted(several)), "".join(sorted(several - {" "}))
    if not marks:
        return re.compile(".+", re.DOTALL)
    inside = f"|(?<=[a-z0-9])[{re.escape(joining)}](?=[a-z0-9])" if joining else ""
    return re.compile(f"(?:[^{re.escape(marks)}]+{inside})+", re.DOTALL)


def bare(text: str) -> str:
    """Give the letters and digits of a normalised text."""
    return "".join(character for character in text if character.isalnum())


def _whole(join: str) -> str:
    """Give an expression for a joining word, which of Latin letters stands whole: no "plus" in "surplus"."""
    before = r"(?<![a-z0-9'])" if join[:1].isascii() else ""
    after = r"(?![a-z0-9'])" if join[-1:].isascii() else ""
    return f"{before}{re.escape(join)}{after}"


def _before(join: str, words: Iterable[str]) -> str:
    """Give an expression for a joining word where one of these words, whole, stands behind it."""
    behind = "|".join(_whole(normalise(word).text) for word in words)
    return rf"{_whole(join)}(?=\s*(?:{behind}))"


def _forms(mark: str) -> set[str]:
    """Give a mark as it may stand in a normalised text, where the end of a line is a blank like any other: none."""
    return set(normalise(mark).text or (" " if mark == " " else ""))
