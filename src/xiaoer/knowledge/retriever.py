"""Which entries of the knowledge may answer a question, each with the probability that it does."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from xiaoer.events import Hit
from xiaoer.knowledge.model import AnswerModel
from xiaoer.knowledge.overlap import Overlap
from xiaoer.knowledge.terms import Terms
from xiaoer.pack import FaqEntry, Lexicon, Pack
from xiaoer.text import normalise

_LEAST = 0.01
_REMEMBERED = 256


class Retriever:
    """Finds entries by what they are asked like: by a trained model those that it was taught, the others by words.

    A pack is served from the moment that it is saved, before a model knows of its new entries.
    """

    def __init__(
        self,
        entries: Iterable[FaqEntry],
        lexicons: Iterable[Lexicon] = (),
        model: AnswerModel | None = None,
    ) -> None:
        named = {entry.id: entry for entry in entries}
        self._terms = Terms(lexicons)
        self._model = model
        taught = model.entries if model else ()
        self._taught = [named.get(name) for name in taught]
        self._untaught = [entry for name, entry in named.items() if name not in taught]
        self._overlap = Overlap(self._untaught, self._terms) if self._untaught else None
        # One message is looked up several times over: as a wish, as a question, as an answer to one, under each intent.
        self._ranked = lru_cache(maxsize=_REMEMBERED)(self._rank)

    @classmethod
    def of_pack(cls, pack: Pack, folder: Path | None = None) -> "Retriever":
        """Make the retriever of a pack, with the model that a folder of trained models holds for it.

        Raises:
            UnreadableAnswersError: another version wrote the model.
        """
        return cls(pack.faq.values(), pack.lexicons.values(), AnswerModel.find(folder) if folder else None)

    def search(self, question: str, intent: str = "", *, limit: int = 5) -> tuple[Hit, ...]:
        """Give the likeliest entries, best first; after them those of the intent, if they are not among them.

        The question is one as it was meant, not as it was typed. A score is the probability that the entry answers it.
        Entries that have hardly anything to do with it are left out.
        """
        ranked = self._ranked(question)
        of_intent = [hit for hit in ranked[limit:] if intent in hit.intents]
        return (*ranked[:limit], *of_intent[:limit])

    def _rank(self, question: str) -> tuple[Hit, ...]:
        terms = self._terms.of(normalise(question).text)
        hits = [*self._by_model(terms), *self._by_words(terms)]
        return tuple(sorted(hits, key=lambda hit: -hit.score))

    def _by_model(self, terms: list[str]) -> list[Hit]:
        chances = self._model.probabilities(terms) if self._model else None
        if chances is None:
            return []
        likely = (chances >= _LEAST).nonzero()[0].tolist()
        return [_hit(entry, float(chances[at])) for at in likely if (entry := self._taught[at]) is not None]

    def _by_words(self, terms: list[str]) -> list[Hit]:
        chances = self._overlap.probabilities(terms) if self._overlap else []
        return [_hit(entry, chance) for entry, chance in zip(self._untaught, chances, strict=False) if chance >= _LEAST]


def _hit(entry: FaqEntry, score: float) -> Hit:
    return Hit(entry=entry.id, score=score, intents=entry.intents)
