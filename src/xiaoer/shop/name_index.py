"""Which of a shop's goods can be meant at all by what was said: found in one pass, however many there are."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import accumulate

import ahocorasick_rs

from xiaoer.ids import ProductId


class NameIndex:
    """The folded names of all goods, with and without their blanks.

    It only gathers candidates; whether a name is meant as a word of its own is for `goods.stands_in` to say. Names in
    a text are found as by Aho and Corasick (1975), names that hold a word in all names written one after the other.
    """

    def __init__(self, names: Mapping[ProductId, frozenset[str]]) -> None:
        holders: defaultdict[str, set[ProductId]] = defaultdict(set)
        for product, own in names.items():
            for form in (form for name in own for form in (name, _unspaced(name)) if form):
                holders[form].add(product)
        self._holders = [frozenset(products) for products in holders.values()]
        self._automaton = ahocorasick_rs.AhoCorasick(list(holders), store_patterns=False)
        self._written = "\n".join(holders)
        self._starts = list(accumulate((len(form) + 1 for form in holders), initial=0))

    def candidates(self, text: str, said: str) -> frozenset[ProductId]:
        """Give the products of which a name stands in a text or in the words said for a product, or holds these."""
        found = {place for words in {text, said} for form in {words, _unspaced(words)} for place in self._within(form)}
        found.update(place for form in {said, _unspaced(said)} - {""} for place in self._holding(form))
        return frozenset().union(*(self._holders[place] for place in found))

    def _within(self, words: str) -> Iterator[int]:
        return (place for place, _, _ in self._automaton.find_matches_as_indexes(words, overlapping=True))

    def _holding(self, word: str) -> Iterator[int]:
        at = self._written.find(word)
        while at >= 0:
            place = bisect_right(self._starts, at) - 1
            yield place
            at = self._written.find(word, self._starts[place + 1])


def _unspaced(words: str) -> str:
    return words.replace(" ", "")
