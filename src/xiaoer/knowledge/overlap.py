"""Which entries share words with a question: for entries that no model was taught yet.

BM25 (Robertson and Zaragoza, 2009) by the library bm25s. Its scores have no scale of their own; here each is divided
by what the question would score against itself, so that 1 means "says the same" and 0 "has nothing in common". On
held-out phrasings of the demo shops this share is, within a tenth, the probability that the entry answers.
"""

import math
from collections import Counter
from collections.abc import Sequence

import bm25s
import numpy as np

from xiaoer.knowledge.terms import Terms
from xiaoer.pack import FaqEntry

_K1 = 1.2
_B = 0.3


class Overlap:
    """Finds entries by the words of their questions and phrasings."""

    def __init__(self, entries: Sequence[FaqEntry], terms: Terms) -> None:
        documents = [terms.of(text) for entry in entries for text in (entry.question, *entry.phrasings)]
        sizes = [1 + len(entry.phrasings) for entry in entries]
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._average_length = sum(map(len, documents)) / max(len(documents), 1)
        seen_in = Counter(term for document in documents for term in set(document))
        self._rarity = {term: _rarity(count, len(documents)) for term, count in seen_in.items()}
        self._unseen = _rarity(0, len(documents))
        self._index = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        if documents:
            self._index.index(documents, show_progress=False)

    def probabilities(self, asked: Sequence[str]) -> list[float]:
        """Give for each entry how probably it answers; an empty list if no term is known."""
        known = [term for term in asked if term in self._rarity]
        if not known:
            return []
        shares = self._index.get_scores(known) / self._best_possible(asked)
        best = np.maximum.reduceat(shares, self._starts)
        chances: list[float] = np.minimum(best, 1.0).tolist()
        return chances

    def _best_possible(self, asked: Sequence[str]) -> float:
        norm = _K1 * (1 - _B + _B * len(asked) / self._average_length)
        counts = Counter(asked)
        return sum(
            self._rarity.get(term, self._unseen) * count * count / (count + norm) for term, count in counts.items()
        )


def _rarity(documents_with: int, documents: int) -> float:
    return math.log(1 + (documents - documents_with + 0.5) / (documents_with + 0.5))
