"""Which values a message gives to the slots of a task that are filled by what is said, not by a look-up."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiaoer.dialogue.matching import plain, stands_in
from xiaoer.dialogue.message import Heard
from xiaoer.dialogue.parted import front_of, joined, without_lead
from xiaoer.events import Entity, SlotValue
from xiaoer.pack import ChoiceOption, EntityKind, Flow, Phrases, Slot

_BETWEEN = re.compile(r"[\s\W_]+")
_NAMES = ("as_is", "digits", "upper", "lower")
_OPTIONS = ("colour", "size")


@dataclass(slots=True)
class _Left:
    """An entity and those of its words that no slot has taken yet."""

    entity: Entity
    words: str
    is_cut: bool = False


class Filling:
    """Reads values for a flow's slots out of messages; `kinds` are the pack's entities, `filled` what the slots hold.

    The slot `asked` has the first choice of what is said.
    """

    def __init__(
        self, flow: Flow, kinds: Mapping[str, EntityKind], *, filled: Mapping[str, SlotValue], asked: str = ""
    ) -> None:
        direct = [slot for slot in flow.slots if slot.look_up is None]
        # A slot in parts takes its share before the one that takes the rest.
        self._slots = sorted(direct, key=lambda slot: (not slot.parts, slot.name != asked))
        self._options = frozenset(word for slot in direct for option in slot.choices for word in _words_of(option))
        self._kinds = kinds
        self._filled = filled
        self._asked = asked

    def said(self, heard: Heard, *, is_data: bool = False) -> dict[str, SlotValue]:
        """Give the values by slot; an entity goes to one slot, a slot in parts leaves what is not its own to the next.

        `is_data`: the message gives data and asks for nothing, so that a bare piece of it may be a value by itself.
        """
        left = [_Left(entity, heard.words(entity)) for entity in heard.entities]
        found: dict[str, SlotValue] = {}
        for slot in self._slots:
            cued = self._cued(slot, heard, left)
            value = self._in_parts(slot, cued) if slot.parts else self._whole(slot, cued)
            if value is not None:
                found[slot.name] = SlotValue(value, value)
        if found or is_data:
            found |= self._pieces(heard, found)
        return self._shown(found)

    def _cued(self, slot: Slot, heard: Heard, left: Sequence[_Left]) -> list[_Left]:
        """Give what may fill a slot, that with the slot's cues first; the others only if it was asked or needs none.

        Where nothing is asked for, a message that is no more than a value needs no cue either: "one", at a summary.
        """
        able = [piece for piece in left if not _is_spurned(slot, heard, piece.entity)]
        cued = [p for p in able if self._says_how_many(p.entity) or _is_cued(slot, heard, p.entity)]
        is_bare = not self._asked and any(plain(piece.words) == plain(heard.text) for piece in able)
        if slot.cues and slot.name != self._asked and not is_bare:
            return cued
        return [*cued, *(piece for piece in able if piece not in cued)]

    def _says_how_many(self, entity: Entity) -> bool:
        """Say whether the words of an entity say by themselves what its number is of: pieces that shall go."""
        kind = self._kinds.get(entity.entity)
        return kind is not None and kind.normal == "fewer"

    def _in_parts(self, slot: Slot, left: Sequence[_Left]) -> str | None:
        taken = ""
        for piece in left:
            if not piece.words or piece.entity.entity not in slot.entities:
                continue
            piece.words = without_lead(slot.parts, piece.words)
            front = front_of(slot.parts, piece.words) if self._is_shared(piece.entity.entity, slot) else piece.words
            taken, piece.words, piece.is_cut = taken + front, piece.words[len(front) :], True
            if piece.words:
                break
        old = self._filled.get(slot.name)
        return joined(slot.parts, old.value if old else "", taken) if taken else None

    def _whole(self, slot: Slot, left: Sequence[_Left]) -> str | None:
        for piece in left:
            if piece.words and piece.entity.entity in slot.entities and self._may_fill(slot, piece.entity):
                keeps = piece.is_cut or self._keeps_words(piece.entity)
                value, piece.words = piece.words if keeps else piece.entity.value, ""
                return value
        return None

    def _may_fill(self, slot: Slot, entity: Entity) -> bool:
        """A word that is but the name of an option ("personal", a kind of invoice) fills only a slot that was asked."""
        return slot.name == self._asked or entity.value not in self._options

    def _keeps_words(self, entity: Entity) -> bool:
        """Say whether a kind has no normal form, so that a value is best as the customer wrote it: ABC, not abc."""
        kind = self._kinds.get(entity.entity)
        return kind is not None and kind.normal == "as_is" and kind.lexicon is None and kind.catalogue is None

    def _is_shared(self, kind: str, slot: Slot) -> bool:
        return any(kind in other.entities for other in self._slots if other is not slot)

    def _pieces(self, heard: Heard, found: Mapping[str, SlotValue]) -> Iterator[tuple[str, SlotValue]]:
        """Take bare pieces between marks for slots that know how their values look: a name beside an address."""
        pieces = list(_bare_pieces(heard))
        for slot in self._slots:
            if slot.like is None or slot.name in found:
                continue
            for match in map(re.compile(slot.like).fullmatch, pieces):
                if match is not None:
                    value = match["value"] if "value" in match.re.groupindex else match[0]
                    yield slot.name, SlotValue(value, value)
                    break

    def _shown(self, found: dict[str, SlotValue]) -> dict[str, SlotValue]:
        """Show the rest of a value in parts together with them: the street behind its city, wherever each was said."""
        for head in (slot for slot in self._slots if slot.parts):
            front = found.get(head.name) or self._filled.get(head.name)
            rest = next((slot for slot in self._slots if slot is not head and _share(slot, head)), None)
            value = None if rest is None else found.get(rest.name) or self._filled.get(rest.name)
            if front and rest and value and (head.name in found or rest.name in found):
                found[rest.name] = SlotValue(value.value, front.value + value.value)
        return found


def chosen(slot: Slot, text: str, phrases: Phrases) -> ChoiceOption | None:
    """Find the option of a slot whose words (two characters or more) stand in a text, the longest words counting.

    Words that are refused choose nothing: "I don't need a new one".
    """
    words = ((word, option) for option in slot.choices for word in _words_of(option) if len(word) > 1)
    said = ((word, option) for word, option in words if _is_named(word, text))
    named = [(len(word), option) for word, option in said if not phrases.refuse(word, text)]
    longest = max((length for length, _ in named), default=0)
    best = {option.value: option for length, option in named if length == longest}
    return next(iter(best.values())) if len(best) == 1 else None


def _is_named(word: str, text: str) -> bool:
    return stands_in(word, text) if word.isascii() else word in text


def meant(slot: Slot, heard: Heard, phrases: Phrases, *, least: float) -> ChoiceOption | None:
    """Find the option that is meant by the words, or by what they surely (from `least` on) read as."""
    option = chosen(slot, heard.text, phrases)
    if option is not None:
        return option
    read = {score.name for score in heard.intents if score.confidence >= least}
    found = [option for option in slot.choices if not read.isdisjoint(option.intents)]
    return found[0] if len(found) == 1 else None


def _is_cued(slot: Slot, heard: Heard, entity: Entity) -> bool:
    """Say whether a cue stands before an entity, or behind it and not before another: "bought two, drop one"."""
    behind = heard.text[entity.end :].lstrip()
    if heard.text[: entity.start].rstrip().endswith(slot.cues):
        return True
    starts = [len(heard.text) - other.start for other in heard.entities if other.entity in slot.entities]
    cues = (cue for cue in slot.cues_behind if behind.startswith(cue))
    return any(len(behind[len(cue) :].lstrip()) not in starts for cue in cues)


def _is_spurned(slot: Slot, heard: Heard, entity: Entity) -> bool:
    """Say whether a word that spurns stands right before an entity, or before its cue ("don't return two")."""
    before = heard.text[: entity.start].rstrip()
    cue = max((cue for cue in slot.cues if before.endswith(cue)), key=len, default="")
    return before.endswith(slot.spurns) or before.removesuffix(cue).rstrip().endswith(slot.spurns)


def names_things(kind: EntityKind | None) -> bool:
    """Say whether entities of a kind name things; of a kind that the pack does not describe they do."""
    return kind is None or (kind.normal in _NAMES and kind.catalogue not in _OPTIONS)


def _words_of(option: ChoiceOption) -> tuple[str, ...]:
    return (option.title, *option.says)


def _bare_pieces(heard: Heard) -> Iterator[str]:
    """Give the pieces between marks that hold no entity."""
    at = 0
    for entity in (*sorted(heard.entities, key=lambda e: e.start), None):
        end = len(heard.text) if entity is None else entity.start
        yield from (piece for piece in _BETWEEN.split(heard.text[at : max(at, end)]) if piece)
        at = at if entity is None else max(at, entity.end)


def _share(slot: Slot, head: Slot) -> bool:
    return not set(slot.entities).isdisjoint(head.entities)
