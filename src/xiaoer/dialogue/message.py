"""A message as the dialogue hears it: all of it, or the words of one of its wishes."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from msgspec import structs

from xiaoer.events import Entity, IntentScore, Reading, Wish
from xiaoer.pack import Phrases


def clause_spans(text: str, phrases: Phrases) -> list[tuple[int, int]]:
    """Give where the clauses of a text as received stand, between the pack's marks; without marks it is one."""
    marks = re.escape("".join(phrases.clause_ends))
    found = re.finditer(f"[^{marks}]+", text) if marks else re.finditer(r"(?s).+", text)
    return [match.span() for match in found if match[0].strip()]


@dataclass(frozen=True, slots=True)
class Heard:
    """The words that ask for something, the entities in them (counted in these words), and how sure the intent is.

    `intents` are those of the wishes that the words hold.
    """

    text: str
    entities: tuple[Entity, ...]
    confidence: float = 0.0
    intents: tuple[IntentScore, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of entities in the words."""
        return frozenset(entity.entity for entity in self.entities)

    @property
    def kinds_also(self) -> frozenset[str]:
        """The kinds that entities in the words may be of as well."""
        return frozenset(kind for entity in self.entities for kind in entity.also)

    def words(self, entity: Entity) -> str:
        """Give the words of an entity as the customer wrote them, in compatible forms (half width)."""
        return unicodedata.normalize("NFKC", self.text[entity.start : entity.end]).strip()


@dataclass(frozen=True, slots=True)
class Message:
    """A message as received and as understood on its own, and how many pictures came with it."""

    text: str
    reading: Reading
    pictures: int = 0

    def entities_of(self, wish: Wish) -> tuple[Entity, ...]:
        """Give the entities among the words of one wish."""
        return tuple(e for e in self.reading.entities if wish.start <= e.start and e.end <= wish.end)

    def part(self, wish: Wish, *, absorbs: Collection[str] = (), apart: Collection[Wish] = ()) -> Heard:
        """Give the words of one wish, of those that it `absorbs` (the reasons for it) too, and the entities in them.

        Another wish of the same intent is about another thing, and so are those that are `apart`.
        """
        others, left = frozenset(absorbs) - {wish.intent}, {each.start for each in apart}
        own = [
            other
            for other in self.reading.wishes
            if other.start == wish.start or (other.intent in others and other.start not in left)
        ]
        if len(own) == len(self.reading.wishes):
            return Heard(self.text, self.reading.entities, wish.confidence, _intents(own))
        text = ""
        entities: list[Entity] = []
        for each in own:
            shift = len(text) - each.start
            entities.extend(
                structs.replace(e, start=e.start + shift, end=e.end + shift) for e in self.entities_of(each)
            )
            text += self.text[each.start : each.end] + " "
        return Heard(text[:-1], tuple(entities), wish.confidence, _intents(own))

    def whole(self) -> Heard:
        """Give all words and entities."""
        wishes = self.reading.wishes
        return Heard(self.text, self.reading.entities, self.reading.intent.confidence, _intents(wishes))


def _intents(wishes: Sequence[Wish]) -> tuple[IntentScore, ...]:
    return tuple(IntentScore(wish.intent, wish.confidence) for wish in wishes)
