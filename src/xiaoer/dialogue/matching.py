"""What the pack's phrases say of a short message: yes, no, give up, the second one, the white one."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category

from xiaoer.events import Choice
from xiaoer.pack import Phrases
from xiaoer.text import Selector, lead_of, normalise, read_english_number, read_number

_NOISE = re.compile(r"[\s\W_]+")
_MARKS = re.compile(r"[^\w\s'’-]+")
_LATIN = re.compile(r"[a-z0-9]")
_LETTER = re.compile(r"[a-z]")
_NEVER = re.compile(r"(?!)")
_RUN = re.compile(r"[a-z0-9]+|[^a-z0-9]+")
_SEVERAL = re.compile(r"[0-9]|[a-z] [a-z]")
_PLACES = re.compile(r"[0-9]+")
_PLACES_ALONE = re.compile(r"[0-9](?:\D{1,5}[0-9])+\D{0,3}")
_SHORTEST_SHARED = 3
_FORMS = ("Sk", "Mn", "Cf")
"""Categories of characters that only shape the one before them."""


def plain(text: str) -> str:
    """Give the text normalised, without spaces, punctuation and emoji."""
    clauses = clauses_of(text)
    # What stood apart may repeat itself where it stands together: "a: aa".
    return "".join(clauses if len(clauses) < 2 else clauses_of("".join(clauses)))


@lru_cache(maxsize=8192)
def clauses_of(text: str) -> tuple[str, ...]:
    """Give the plain clauses of a text: what stands between marks and spaces; asked for several times a turn."""
    return tuple(clause for clause in _NOISE.split(normalise(text).text) if clause)


@lru_cache(maxsize=8192)
def spoken(text: str) -> str:
    """Give the plain clauses with blanks around each, and around every run of Latin letters and digits in them."""
    return f" {' '.join(run for clause in clauses_of(text) for run in _RUN.findall(clause))} "


def stands_in(word: str, text: str) -> bool:
    """Say whether a word of the pack stands in a message; one of Latin letters stands there whole."""
    return _is_any_in(_sought((word,)), _said(text))


def stands_written(part: str, word: str) -> bool:
    """Say whether a piece stands in a word or title, in whatever case it is written."""
    return part.casefold() in word.casefold()


class _Said(NamedTuple):
    """A message, its plain form, and whether that is of Latin letters and digits alone."""

    text: str
    plain: str
    is_latin: bool


def _said(text: str) -> _Said:
    bare = plain(text)
    return _Said(text, bare, _is_latin(bare))


def _is_latin(bare: str) -> bool:
    return bare.isascii() and _LETTER.search(bare) is not None


class _Sought(NamedTuple):
    """Words as they are looked for: those found anywhere, plain, and Latin ones, with blanks around them.

    Those of `at_end` count only where nothing but a mark comes behind them.
    """

    anywhere: tuple[str, ...]
    apart: tuple[str, ...]
    at_end: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def _sought(words: tuple[str, ...], *, is_long: bool = False) -> _Sought:
    """Sort words by how they are looked for.

    `is_long` leaves out what says too little inside of a message: "first" may be "first of all", "1st" is none. What
    another of the words goes on from must end there: "the second one" tells that "the second time" is none.
    A Latin word of several may be written as one: "airfryer".
    """
    bare = {word: plain(word) for word in words}
    latin = {spoken(word) for word in words if _is_latin(bare[word])}
    other = {form for form in bare.values() if form and not _is_latin(form)}
    at_end: set[str] = set()
    if is_long:
        at_end = {word for word in latin if any(longer != word and longer.startswith(word) for longer in latin)}
        latin = {word for word in latin if _SEVERAL.search(word)}
        other = {word for word in other if len(word) > 1}
        at_end &= latin
    apart = latin - at_end
    return _Sought(tuple(other), tuple(apart | {f" {word.replace(' ', '')} " for word in apart}), tuple(at_end))


def _is_any_in(sought: _Sought, said: _Said) -> bool:
    if any(word in said.plain for word in sought.anywhere):
        return True
    if sought.apart and any(word in spoken(said.text) for word in sought.apart):
        return True
    return bool(sought.at_end) and any(spoken(piece).endswith(sought.at_end) for piece in _MARKS.split(said.text))


@lru_cache(maxsize=256)
def plain_words(words: tuple[str, ...]) -> frozenset[str]:
    """Give a list of the pack as a set of plain words, to compare whole messages and clauses with."""
    return frozenset(plain(word) for word in words) - {""}


def says_yes(text: str, phrases: Phrases) -> bool:
    """Say whether the whole message is a yes."""
    return plain(text) in plain_words(phrases.yes) or _is_sign(text, phrases.yes)


def says_no(text: str, phrases: Phrases) -> bool:
    """Say whether the whole message is a no."""
    return plain(text) in plain_words(phrases.no) or _is_sign(text, phrases.no)


def _is_sign(text: str, words: tuple[str, ...]) -> bool:
    """Say whether a message is nothing but listed signs (emoji), in whatever colour of skin."""
    if plain(text):
        return False
    signs = [character for character in text if not character.isspace() and category(character) not in _FORMS]
    return bool(signs) and _signs(words).issuperset(signs)


@lru_cache(maxsize=64)
def _signs(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset("".join(word for word in words if not plain(word)))


def gives_up(text: str, phrases: Phrases) -> bool:
    """Say whether the message, or a clause of it that marks cut off, drops the task.

    A no may stand behind it, a no or what takes something back before it.
    """
    words = plain_words(phrases.give_up)
    before = plain_words(phrases.no) | plain_words(phrases.corrects)
    behind = words | plain_words(phrases.no)
    return any(
        clause in words
        or any(clause.startswith(word) and clause[len(word) :] in behind for word in words)
        or any(clause.endswith(word) and clause[: -len(word)] in before for word in words)
        for clause in (plain(text), *parts_of(text))
    )


def begins_giving_up(text: str, phrases: Phrases) -> bool:
    """Say whether the message begins by dropping the task, whatever it goes on with: "oh never mind, I'll wait"."""
    if _is_latin(plain(text)):
        said = _behind_openers(spoken(text), phrases)
        return said.startswith(_sought(phrases.give_up).apart) or gives_up(said, phrases)
    first = next((clause for clause in clauses_of(text) if not phrases.open(clause)), "")
    return any(first.startswith(word) for word in plain_words(phrases.give_up) if len(word) > 1)


def behind_giving_up(before: str, words: str, phrases: Phrases) -> str:
    """Give what is said behind words that drop the task, which stand before or, in Chinese, begin them (算了退吧)."""
    if gives_up(before, phrases):
        return words
    if _is_latin(plain(words)):
        return ""
    while opening := lead_of(words, (*phrases.openers, *phrases.fillers)):
        words = words[len(opening) :].lstrip()
    by_length = sorted((word for word in phrases.give_up if len(word) > 1), key=len, reverse=True)
    return words[len(lead) :] if (lead := lead_of(words, by_length)) else ""


def _behind_openers(said: str, phrases: Phrases) -> str:
    """Leave out the words that only open a message of Latin letters: "oh", "actually", "hmm"."""
    opening = _sought((*phrases.openers, *phrases.fillers)).apart
    while lead := max((word for word in opening if said.startswith(word)), key=len, default=""):
        said = said[len(lead) - 1 :]
    return said


def parts_of(text: str) -> tuple[str, ...]:
    """Give the plain parts of a message: between marks and blanks, of Latin letters between marks alone."""
    if not _is_latin(plain(text)):
        return clauses_of(text)
    return tuple(filter(None, map(plain, _MARKS.split(normalise(text).text))))


def opens_with_no(text: str, phrases: Phrases) -> bool:
    """Say whether a no of several words opens a message that no marks part: "no thanks ill keep it"."""
    words = tuple(word for word in phrases.no if " " in word)
    return _is_latin(plain(text)) and _behind_openers(spoken(text), phrases).startswith(_sought(words).apart)


def denies(text: str, phrases: Phrases) -> bool:
    """Say whether a no stands anywhere in the message."""
    return _stands_in(phrases.no, text)


def corrects(text: str, phrases: Phrases) -> bool:
    """Say whether the message takes back what was said before ("no, I meant …")."""
    return _stands_in(phrases.corrects, text)


def has_question_mark(text: str, phrases: Phrases) -> bool:
    """Say whether a mark that makes a question stands in the message: "yes?" is no yes."""
    return any(mark in text for mark in _marks(phrases.questions))


@lru_cache(maxsize=64)
def _marks(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if not plain(word))


def _stands_in(words: tuple[str, ...], text: str) -> bool:
    inside, apart = _patterns(words)
    return bool(inside.search(plain(text)) or apart.search(" ".join(clauses_of(text))))


@lru_cache(maxsize=256)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Compile words that are found anywhere, and those of Latin letters, which stand apart: "no" is not in "know"."""
    spoken = [" ".join(clauses_of(word)) for word in words]
    inside = [word.replace(" ", "") for word in spoken if word and not _LATIN.search(word)]
    apart = [word for word in spoken if _LATIN.search(word)]
    return _any_of(inside, "{}"), _any_of(apart, r"(?<![a-z0-9])(?:{})(?![a-z0-9])")


def _any_of(words: Iterable[str], form: str) -> re.Pattern[str]:
    alternatives = "|".join(map(re.escape, words))
    return re.compile(form.format(alternatives)) if alternatives else _NEVER


def choose(text: str, choices: Sequence[Choice], phrases: Phrases, *, is_loose: bool = False) -> Choice | None:
    """Find the one choice that the message means: by its place in the list, its value, its title or other words.

    The message may hold such words or be a part of them; with `is_loose` it is enough that it shares a piece with them
    ("the glass one"), which suits names of things.
    """
    said = _said(text)
    if not said.plain or not choices:
        return None
    by_place = _place(said, phrases, len(choices))
    if by_place is not None:
        return choices[by_place]
    likenesses = (_is_exact, _is_part, _overlap, *((_shared,) if is_loose else ()))
    for likeness in likenesses:
        scores = [(likeness(said, choice), choice) for choice in choices]
        best = max(score for score, _ in scores)
        winners = [choice for score, choice in scores if score == best]
        if best > 0 and len(winners) == 1:
            return winners[0]
    return None


def points_only(text: str, phrases: Phrases) -> bool:
    """Say whether a message is nothing but a word of the pack that points at one of the customer's orders."""
    return plain(text) in plain_words(phrases.pointing)


def place_named(text: str, phrases: Phrases, count: int) -> int | None:
    """Find which of so many things in a list is meant by its place in words ("the second one"); a digit is none."""
    said = _said(text)
    return None if said.plain.isdecimal() else _place(said, phrases, count)


def choose_several(text: str, choices: Sequence[Choice], phrases: Phrases) -> tuple[Choice, ...]:
    """Find choices that are meant together, by their places, by their names, all of them or all but some.

    Nothing is given where one is meant by itself or where it stays open which are.
    """
    if plain(text) in plain_words(phrases.all_alone):
        return tuple(choices)
    places = _digits(text, len(choices)) or _run(text, phrases, len(choices))
    if not places:
        selector = _selector(choices, phrases)
        places = selector.selected(text, len(choices))
        if len(places) == 1 and not selector.leaves_out(text):
            return ()
    return tuple(choices[place] for place in places)


def leaves_some_out(text: str, phrases: Phrases) -> bool:
    """Say whether a message leaves something out of what it means ("all but the …"), be it known or not."""
    return _selector((), phrases).leaves_out(text)


def _selector(choices: Sequence[Choice], phrases: Phrases) -> Selector:
    ordinals = phrases.ordinals[: len(choices)]
    sought = [_sought(_words_of(choice)) for choice in choices]

    def called(clause: str) -> list[int]:
        said = _said(clause)
        by_place = {at for at, words in enumerate(ordinals) if _is_any_in(_sought(words, is_long=True), said)}
        return sorted(by_place | {at for at, words in enumerate(sought) if _is_any_in(words, said)})

    return Selector(phrases, lambda clause: f" {clause.strip()} ", _place_of_word, called)


def _place_of_word(word: str, clause: str) -> int:
    found = re.search(_whole(word), clause, re.IGNORECASE)
    return found.start() if found else -1


@lru_cache(maxsize=512)
def _whole(word: str) -> str:
    """A pattern for a word; of Latin letters it stands apart."""
    return rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word)


def _digits(text: str, count: int) -> tuple[int, ...]:
    """Read a list of places in digits: "1, 3", "1 and 3"."""
    said = [int(digit) for digit in _PLACES.findall(text)]
    is_list = len(said) > 1 and _PLACES_ALONE.fullmatch(text.strip()) is not None
    is_right = len(set(said)) == len(said) and all(1 <= place <= count for place in said)
    return tuple(sorted(place - 1 for place in said)) if is_list and is_right else ()


def _run(text: str, phrases: Phrases, count: int) -> tuple[int, ...]:
    """Read so many from the top or from the end: "the first two"."""
    said = normalise(text).text
    for forms, from_end in ((phrases.last_of, True), (phrases.first_of, False)):
        for form in forms:
            number = _number_in(form, said)
            if 1 < number <= count:
                return tuple(range(count - number, count)) if from_end else tuple(range(number))
    return ()


def _number_in(form: str, said: str) -> int:
    """Give the whole number that stands in a text where the form has braces; 0 if there is none."""
    before, _, after = form.partition("{}")
    found = re.search(f"{re.escape(before)}([^\\s]{{1,5}}?){re.escape(after)}", said)
    value = (read_number(found[1]) or read_english_number(found[1])) if found else None
    return int(value) if value is not None and value == int(value) else 0


def _place(said: _Said, phrases: Phrases, count: int) -> int | None:
    """Find a whole-message ordinal or digit, or a longer ordinal inside ("就要第二个吧", "the second one please")."""
    bare = said.plain
    if len(bare) == 1 and bare.isdecimal() and 1 <= int(bare) <= count:
        return int(bare) - 1
    for place, words in enumerate(phrases.ordinals[:count]):
        if bare in plain_words(words) or _is_any_in(_sought(words, is_long=True), said):
            return place
    is_last = bare in plain_words(phrases.last) or _is_any_in(_sought(phrases.last, is_long=True), said)
    return count - 1 if is_last else None


def _is_exact(said: _Said, choice: Choice) -> bool:
    return said.plain == plain(choice.value) or said.plain in plain_words(_words_of(choice))


def _is_part(said: _Said, choice: Choice) -> bool:
    if len(said.plain) < 2:
        return False
    if said.is_latin:
        return any(spoken(said.text) in spoken(word) for word in _words_of(choice))
    return any(said.plain in word for word in plain_words(_words_of(choice)))


def _overlap(said: _Said, choice: Choice) -> int:
    """Count the characters of the choice's words (two or more each) that stand in the message."""
    sought = _sought(_words_of(choice))
    apart = spoken(said.text) if sought.apart else ""
    anywhere = (len(word) for word in sought.anywhere if len(word) > 1 and word in said.plain)
    whole = (len(word) - 2 for word in sought.apart if len(word) > _SHORTEST_SHARED and word in apart)
    return max((*anywhere, *whole), default=0)


def _shared(said: _Said, choice: Choice) -> int:
    """Count the characters of the longest piece that the message shares with the choice's words.

    Of Latin letters the piece is whole words, three characters at least, otherwise two characters at least, none of
    them a digit or Latin letter: a tax number shares some with any order's number.
    """
    if said.is_latin:
        return _shared_words(spoken(said.text).split(), choice)
    words, text = plain_words(_words_of(choice)), said.plain
    pieces = (text[at : at + size] for size in range(len(text), 1, -1) for at in range(len(text) - size + 1))
    own = (piece for piece in pieces if not any(map(str.isascii, piece)))
    return next((len(piece) for piece in own if any(piece in word for word in words)), 0)


def _shared_words(said: Sequence[str], choice: Choice) -> int:
    words = [spoken(word) for word in _words_of(choice)]
    runs = (" ".join(said[at:end]) for at in range(len(said)) for end in range(at + 1, len(said) + 1))
    found = (run for run in runs if len(run) >= _SHORTEST_SHARED and any(f" {run} " in word for word in words))
    return max(map(len, found), default=0)


def _words_of(choice: Choice) -> tuple[str, ...]:
    return (choice.title, *choice.says)
