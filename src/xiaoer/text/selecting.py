"""Which of several things a message means: those it names, all of them, all but some, or the rest of them."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class SelectingWords(Protocol):
    """Words that say how the things named in a message are meant; the phrases of a pack are such."""

    @property
    def clause_ends(self) -> Sequence[str]:
        """Marks between clauses."""
        ...

    @property
    def all_of_them(self) -> Sequence[str]:
        """Words that mean everything in question."""
        ...

    @property
    def the_rest(self) -> Sequence[str]:
        """Words for what is not named."""
        ...

    @property
    def keeps_rest(self) -> Sequence[str]:
        """Words right before what is not named that say that it is left alone ("ship the rest")."""
        ...

    @property
    def keeps(self) -> Sequence[str]:
        """Words that say of what is in the same clause that it is left alone."""
        ...

    @property
    def keeps_only(self) -> Sequence[str]:
        """Words before the last thing of a clause that leave it alone where others are meant ("only want the")."""
        ...

    @property
    def keeps_behind(self) -> Sequence[str]:
        """Words that, right behind the last thing of a clause and at its end, say that it is left alone."""
        ...

    @property
    def closings(self) -> Sequence[str]:
        """Words that may close a clause behind those: particles, "that's all"."""
        ...

    @property
    def no_keeps(self) -> Sequence[str]:
        """Words that hold one of those that leave something alone, and do not ("I only want to return")."""
        ...

    @property
    def excepts(self) -> Sequence[str]:
        """Words before what is left out."""
        ...

    @property
    def excepted(self) -> Sequence[str]:
        """Words behind what is left out."""
        ...

    @property
    def also(self) -> Sequence[str]:
        """Words by which what was left out before is meant too ("besides the mug, the plate as well")."""
        ...


def clauses(text: str, marks: Sequence[str]) -> list[str]:
    """Cut a text at marks; give what stands between them, blank pieces left out."""
    cut = f"[{re.escape(''.join(marks))}]" if marks else r"(?!)"
    return [clause for clause in re.split(cut, text) if clause.strip()]


@dataclass(frozen=True, slots=True)
class Selector:
    """Reads a message. The room that asks says how texts are compared.

    `fold` writes a clause for comparing, `at` gives where a word stands in a folded clause (-1: nowhere), `called` the
    numbers of the things that a piece of one names.
    """

    words: SelectingWords
    fold: Callable[[str], str]
    at: Callable[[str, str], int]
    called: Callable[[str], Collection[int]]

    def leaves_out(self, text: str) -> bool:
        """Say whether something is left out of what is meant, whether it is known by its name or not."""
        return any(self._exception(clause) is not None for clause in self._clauses(text))

    def selected(self, text: str, count: int) -> tuple[int, ...]:
        """Give the numbers, from 0, of those of `count` things that are meant; none where that stays open."""
        said = self._heard(text)
        is_left_out = said.means_all or said.names_the_rest or not said.has_also
        if said.left_out is None or not is_left_out:
            spared, named = said.spared, said.meant | (said.left_out or set())
        elif said.left_out or said.meant:
            spared, named = said.spared | said.left_out, said.meant
        else:
            return ()  # What is left out is not known.
        is_rest = said.means_all_the_rest or (said.names_the_rest and bool(spared) and not named)
        is_all = (said.means_all or bool(said.left_out and is_left_out)) and not named
        meant = set(range(count)) if is_rest or is_all else named
        return tuple(sorted(meant - spared))

    def spared(self, text: str) -> frozenset[int]:
        """Give the numbers of the things that are named and left alone."""
        return frozenset(self._heard(text).spared)

    def _heard(self, text: str) -> "_Said":
        """Hear all clauses; what is wanted alone is left alone where others are meant, and meant where none is."""
        said = _Said()
        for clause in self._clauses(text):
            self._hear(clause, said)
        others = (said.meant | (said.left_out or set())) - said.alone
        if others or said.means_all or said.names_the_rest:
            said.spared |= said.alone
        else:
            said.meant |= said.alone
        return said

    def _clauses(self, text: str) -> Iterator[str]:
        """Give the folded clauses; one that goes on with the rest of the things is cut before that."""
        for clause in (self.fold(clause) for clause in clauses(text, self.words.clause_ends)):
            places = [self.at(word, clause) for word in self.words.the_rest]
            rest = min((at for at in places if at >= 0), default=0)
            cut = rest - self._length_of_keeping(clause[:rest])
            if clause[:cut].strip():
                yield clause[:cut]
            yield clause[cut:]

    def _length_of_keeping(self, before: str) -> int:
        """Say how long the words are, at the end of what stands before the rest, that leave it alone."""
        said = before.rstrip()
        starts = [len(said) - len(word) for word in self.words.keeps_rest if f" {said}".endswith(f" {word}")]
        return len(before) - min(starts) if starts else 0

    def _hear(self, clause: str, said: "_Said") -> None:
        exception = self._exception(clause)
        is_rest, is_all = self._says(self.words.the_rest, clause), self._says(self.words.all_of_them, clause)
        said.has_also |= self._says(self.words.also, clause)
        if exception is not None and clause.startswith(exception[0]) and self._says(self.words.keeps, exception[0]):
            said.meant |= set(self.called(exception[1]))  # "keep everything but the mug": the mug is what is meant
        elif exception is not None:
            meant, left_out = exception
            said.left_out = (said.left_out or set()) | set(self.called(left_out))
            said.meant |= set(self.called(meant)) - said.left_out
            said.means_all |= is_all or is_rest
        elif (
            self._says(self.words.keeps, self._masked(clause)) or self._is_kept(clause) or self._keeps_the_rest(clause)
        ):
            said.spared |= set(self.called(clause))
        elif alone := self._kept_alone(clause):
            said.alone |= set(self.called(alone))
            self._hear(clause.removesuffix(alone), said)
        elif is_rest:
            said.names_the_rest = True
            said.means_all_the_rest |= is_all
        else:
            said.meant |= set(self.called(clause))
            said.means_all |= is_all

    def _masked(self, clause: str) -> str:
        """Give a clause without the words that only look like leaving something alone."""
        for other in self.words.no_keeps:
            while (at := self.at(other, clause)) >= 0:
                clause = f"{clause[:at]}\n{clause[at + len(other) :]}"
        return clause

    def _kept_alone(self, clause: str) -> str:
        """Give the end of a clause that names what alone is left alone, from the words that say so on; or nothing."""
        masked = self._masked(clause)
        places = [(self.at(word, masked), word) for word in self.words.keeps_only]
        at, word = max(places, default=(-1, ""))
        alone = masked[at:] if at >= 0 and clause.endswith(masked[at:]) else ""
        return alone if self._ends_with_thing(self._closed(alone[len(word) :])) else ""

    def _is_kept(self, clause: str) -> bool:
        """Say whether a clause ends with a thing and the words that leave it alone."""
        said = self._closed(clause)
        return any(
            self._ends_with_thing(said.removesuffix(word)) for word in self.words.keeps_behind if said.endswith(word)
        )

    def _closed(self, clause: str) -> str:
        """Cut off what may close a clause behind the words that leave something alone."""
        said = clause.rstrip()
        while closing := max((word for word in self.words.closings if said.endswith(word)), key=len, default=""):
            said = said.removesuffix(closing).rstrip()
        return said

    def _ends_with_thing(self, words: str) -> bool:
        return len(self.called(words)) > len(self.called(words[:-1]))

    def _keeps_the_rest(self, clause: str) -> bool:
        rest = [self.at(word, clause) for word in self.words.the_rest]
        return any(at > 0 and self._length_of_keeping(clause[:at]) > 0 for at in rest)

    def _exception(self, clause: str) -> tuple[str, str] | None:
        """Part a clause into what it means and what it leaves out; None if it leaves nothing out."""
        before = [(self.at(word, clause), word) for word in self.words.excepts]
        start = min((at for at, _ in before if at >= 0), default=-1)
        if start >= 0:
            return clause[:start], clause[start:]
        behind = [self.at(word, clause) for word in self.words.excepted]
        end = min((at for at in behind if at >= 0), default=-1)
        return (clause[end:], clause[:end]) if end > 0 else None

    def _says(self, words: Sequence[str], clause: str) -> bool:
        return any(self.at(word, clause) >= 0 for word in words)


@dataclass(slots=True)
class _Said:
    """What the clauses said so far; `left_out` is None while nothing is left out, empty if it is not known."""

    meant: set[int] = field(default_factory=set)
    spared: set[int] = field(default_factory=set)
    alone: set[int] = field(default_factory=set)
    left_out: set[int] | None = None
    means_all: bool = False
    names_the_rest: bool = False
    means_all_the_rest: bool = False
    has_also: bool = False
