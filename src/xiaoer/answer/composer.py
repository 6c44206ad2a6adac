"""The words of a reply: choose a wording in the shop's tone, fill in the facts, add buttons, cards and sources."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from xiaoer.answer.errors import MissingFactError, UnknownReplyError
from xiaoer.answer.formats import Formats
from xiaoer.events import Card, CardField, Choice, QuickReply, Reply, Source
from xiaoer.pack import MISSING, Clause, Pack, ReplyTemplate, Wording, asks, look_up


class Composer:
    """Puts the replies of one pack into words."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self.formats = Formats(pack.words, ZoneInfo(pack.manifest.timezone))

    def say(self, name: str, known: Mapping[str, Any], choices: Sequence[Choice] = (), *, turn: int) -> Reply:
        """Give a reply by its name; `turn` picks the wording, so that neighbouring turns differ and replays do not.

        Raises:
            UnknownReplyError: the pack has no such reply.
            MissingFactError: no wording can be filled from what is known.
        """
        template = self._pack.replies.get(name)
        if template is None:
            raise UnknownReplyError(f"The pack {self._pack.folder.name} has no reply {name!r}; add it under replies/.")
        cards = self._cards(template, known)
        buttons = [QuickReply(title=button.title, message=button.message) for button in template.buttons]
        if not cards:
            buttons = [*(QuickReply(title=choice.title, message=choice.title) for choice in choices), *buttons]
        text = self._words(template, known, turn)
        return Reply(
            text=text,
            name=name,
            yes_means=(template.yes_means or "") if asks(text) else "",
            quick_replies=tuple(buttons),
            cards=cards,
            sources=self._sources(template, known),
        )

    def answer(self, entry: str, score: float, *, now: datetime) -> Reply:
        """Give the answer of an entry of the knowledge with its sources: the entry and its clauses in force."""
        faq = self._pack.faq[entry]
        found = [Source(kind="faq", id=faq.id, title=faq.question, score=round(score, 3))]
        clauses = [self._pack.clauses[name] for name in faq.clauses if name in self._pack.clauses]
        found.extend(_source(clause) for clause in clauses if _is_in_force(clause, now.astimezone(self.formats.zone)))
        return Reply(text=faq.answer, name="answer", sources=tuple(found))

    def _words(self, template: ReplyTemplate, known: Mapping[str, Any], turn: int) -> str:
        case = next((case for case in template.cases if case.when.holds(known)), None)
        wordings: list[Wording] = [template] if case is None else [case, template]
        for wording in wordings:
            variants = wording.variants(self._pack.manifest.tone)
            for offset in range(len(variants)):
                text = self.formats.fill(variants[(turn + offset) % len(variants)], known)
                if text is not None:
                    return text
        raise MissingFactError(
            f"Reply {template.name!r}: every wording names something unknown; known are {', '.join(sorted(known))}."
        )

    def _cards(self, template: ReplyTemplate, known: Mapping[str, Any]) -> tuple[Card, ...]:
        found = MISSING if template.cards is None else look_up(known, template.cards)
        if not isinstance(found, list | tuple | Mapping):
            return ()
        items = [found] if isinstance(found, Mapping) else found
        return tuple(self._card(item.get("card", item)) for item in items)

    def _card(self, card: Mapping[str, Any]) -> Card:
        write = self.formats.write
        fields = tuple(CardField(write(label, "word"), self._value(value)) for label, value in card.get("fields", ()))
        return Card(
            kind=card["kind"],
            id=card["id"],
            title=card["title"],
            subtitle=write(card.get("subtitle", ""), "word"),
            image=card.get("image", ""),
            fields=fields,
            message=card.get("message", card["id"]),
        )

    def _value(self, value: object) -> str:
        """Write a field's value: an amount, a moment, a code with a word in the pack, or what it says."""
        if not isinstance(value, str):
            return self.formats.write(value, "")
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return self.formats.write(value, "word")
        return self.formats.write(value, "time" if moment.tzinfo else "date")

    def _sources(self, template: ReplyTemplate, known: Mapping[str, Any]) -> tuple[Source, ...]:
        found = MISSING if template.clause is None else look_up(known, template.clause)
        clause = self._pack.clauses.get(str(found))
        return () if clause is None else (_source(clause),)


def _source(clause: Clause) -> Source:
    return Source(kind="policy", id=clause.id, title=clause.title)


def _is_in_force(clause: Clause, now: datetime) -> bool:
    day = now.date()
    return clause.valid_from <= day and (clause.valid_until is None or day <= clause.valid_until)
