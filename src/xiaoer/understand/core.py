"""What a message is about: its words without what only greets, presses, or laughs."""

from itertools import dropwhile

from xiaoer.pack import Phrases
from xiaoer.text import normalise, trail_of
from xiaoer.understand.clauses import bare, pieces_between

_SHORTEST = 2


class CoreFinder:
    """Finds the core of normalised texts: "um, where is it, lol" asks where it is, and chats about nothing.

    Left out at both ends are clauses that are nothing but one of the pack's `fillers`, in front those that only drop
    what was before ("never mind, just return it"), and what hangs on at the end without a mark (`endings`). A message
    of nothing else is its own core.
    """

    def __init__(self, phrases: Phrases) -> None:
        self._pieces = pieces_between(phrases.clause_ends)
        self._fillers = frozenset(bare(normalise(words).text) for words in phrases.fillers) | {""}
        self._drops = frozenset(bare(normalise(words).text) for words in phrases.give_up)
        self._endings = tuple(normalise(word).text for word in phrases.endings)

    def find(self, text: str) -> tuple[int, int]:
        """Give where the core begins and ends."""
        pieces = [match.span() for match in self._pieces.finditer(text)]
        said = [piece for piece in pieces if bare(text[slice(*piece)]) not in self._fillers]
        said = [*dropwhile(lambda piece: bare(text[slice(*piece)]) in self._drops, said)]
        if not said:
            return 0, len(text)
        start = 0 if said[0] == pieces[0] else said[0][0]
        last = self._without_endings(text, *said[-1])
        end = len(text) if last == pieces[-1][1] else last
        return (start, end) if end - start >= _SHORTEST else (0, len(text))

    def _without_endings(self, text: str, start: int, end: int) -> int:
        while (ending := trail_of(text[start:end], self._endings)) and end - len(ending) > start:
            end -= len(ending)
        return end
