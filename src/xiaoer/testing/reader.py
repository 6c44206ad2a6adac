"""A reader that needs no model: intents by the words that stand for them, entities by patterns."""

import re
from collections.abc import Mapping
from datetime import datetime

from xiaoer.events import Entity, IntentScore, Reading, Wish

_SURE, _UNSURE = 0.95, 0.1
_NOTHING = "unclear"


class KeywordReader:
    """Implements `turn.Reader`: `KeywordReader({"取消": "order.cancel"}, {"order_id": r"20[0-9]{12}"})`.

    Of words that overlap the longest counts. Each intent found is a wish that reaches from its word to the next one's;
    the first is the message's intent. Without any word the reading is unsure of what is wanted.
    """

    def __init__(
        self, intents: Mapping[str, str], entities: Mapping[str, str] | None = None, *, model_id: str = "keywords"
    ) -> None:
        self.model_id = model_id
        self._intents = dict(intents)
        self._words = re.compile(
            "|".join(re.escape(word) for word in sorted(intents, key=len, reverse=True)) or r"(?!)"
        )
        self._entities = {kind: re.compile(pattern) for kind, pattern in (entities or {}).items()}

    def read(self, text: str, *, now: datetime) -> Reading:
        """Read a message; `now` makes no difference."""
        wishes = self._wishes(text)
        main = wishes[0]
        return Reading(
            intent=IntentScore(main.intent, main.confidence),
            intent_ranking=(IntentScore(main.intent, main.confidence),),
            entities=tuple(self._found(text)),
            wishes=wishes,
        )

    def meant(self, text: str) -> str:
        """Give the text as it is: nothing is mended."""
        return text

    def _wishes(self, text: str) -> tuple[Wish, ...]:
        starts: dict[str, int] = {}
        for found in self._words.finditer(text):
            starts.setdefault(self._intents[found.group()], found.start())
        if not starts:
            return (Wish(intent=_NOTHING, confidence=_UNSURE, start=0, end=len(text)),)
        ends = [*list(starts.values())[1:], len(text)]
        begins = [0, *list(starts.values())[1:]]
        return tuple(
            Wish(intent=intent, confidence=_SURE, start=start, end=end)
            for intent, start, end in zip(starts, begins, ends, strict=True)
        )

    def _found(self, text: str) -> list[Entity]:
        return [
            Entity(entity=kind, value=found.group(), start=found.start(), end=found.end())
            for kind, pattern in self._entities.items()
            for found in pattern.finditer(text)
        ]


def a_shop_reader() -> KeywordReader:
    """Give a reader of the words with which customers of the demo shop ask for its tasks."""
    return KeywordReader(
        {
            "取消": "order.cancel",
            "到哪": "order.status",
            "退货": "return.request",
            "改地址": "order.change_address",
            "发票": "invoice.request",
            "人工": "human",
            "你好": "greet",
            "谢谢": "thanks",
            "包邮": "delivery.fee",
        },
        {"order_id": r"20[0-9]{12}", "phone": r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])", "address": r"(?<=寄到)\S+"},
    )
