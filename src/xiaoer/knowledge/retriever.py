"""Which entries of the knowledge may answer a question: BM25 over terms, as a share of the best.

BM25 (Robertson and Zaragoza, 2009) by the library bm25s. Its scores have no scale of their own; here each is divided
by what the question would score against itself, so that 1 means "says the same" and 0 "has nothing in common".
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from xiaoer.events import Hit
from xiaoer.knowledge.terms import Terms
from xiaoer.pack import FaqEntry, Lexicon

_K1 = 1.2
_B = 0.3


class Retriever:
    """Finds entries by their questions and phrasings."""

    def __init__(self, entries: Iterable[FaqEntry], lexicons: Iterable[Lexicon] = ()) -> None:
        self._entries = tuple(entries)
        self._terms = Terms(lexicons)
        self._all = np.arange(len(self._entries))
        intents = {intent for entry in self._entries for intent in entry.intents}
        self._of_intent = {intent: self._all[[intent in e.intents for e in self._entries]] for intent in intents}
        tokens = [self._terms.of(text) for entry in self._entries for text in (entry.question, *entry.phrasings)]
        sizes = [1 + len(entry.phrasings) for entry in self._entries]
        self._starts = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, dtype=np.int64)
        self._average_length = sum(map(len, tokens)) / max(len(tokens), 1)
        seen_in = Counter(token for document in tokens for token in set(document))
        self._rarity = {token: _rarity(count, len(tokens)) for token, count in seen_in.items()}
        self._unseen = _rarity(0, len(tokens))
        self._index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        if tokens:
            self._index.index(tokens, show_progress=False)

    def search(self, question: str, intent: str = "", *, limit: int = 5) -> tuple[Hit, ...]:
        """Give the likeliest entries, best first; after them those of the intent, if they are not among them.

        Entries that have nothing in common with the question are left out.
        """
        asked = self._terms.of(question)
        known = [token for token in asked if token in self._rarity]
        if not known or not self._entries:
            return ()
        scores = self._index.get_scores(known) / self._best_possible(asked)
        best = np.maximum.reduceat(scores, self._starts)
        places = dict.fromkeys([*_top(best, self._all, limit), *_top(best, self._of_intent.get(intent), limit)])
        return tuple(self._hit(self._entries[place], float(best[place])) for place in places)

    def _best_possible(self, asked: Sequence[str]) -> float:
        norm = _K1 * (1 - _B + _B * len(asked) / self._average_length)
        counts = Counter(asked)
        return sum(
            self._rarity.get(token, self._unseen) * count * count / (count + norm) for token, count in counts.items()
        )

    def _hit(self, entry: FaqEntry, score: float) -> Hit:
        return Hit(entry=entry.id, score=min(score, 1.0), intents=entry.intents)


def _top(scores: NDArray[np.float32], places: NDArray[np.int64] | None, limit: int) -> list[int]:
    """Give the places of the highest scores over zero among some places, best first."""
    if places is None:
        return []
    scored = places[scores[places] > 0]
    ranked: list[int] = scored[np.argsort(-scores[scored], kind="stable")[:limit]].tolist()
    return ranked


def _rarity(documents_with: int, documents: int) -> float:
    return math.log(1 + (documents - documents_with + 0.5) / (documents_with + 0.5))
