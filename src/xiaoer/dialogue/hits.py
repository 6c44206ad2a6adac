"""Which of the entries that were found is given as the answer, and which are only suggested."""

from collections.abc import Sequence

from xiaoer.events import Choice, Hit
from xiaoer.pack import Pack

_SUGGESTED = 3
_LIKELIER = 2.0


def best_hit(hits: Sequence[Hit], intent: str, pack: Pack, *, confidence: float = 0.0) -> Hit | None:
    """Choose the entry to answer from: a likely one of the intent, or a very likely one whatever the intent.

    The surer the intent (`confidence`, 0 to 1), the less likely the entry need be: what no entry answers is seldom
    understood as something that entries stand under.
    """
    limits = pack.manifest.knowledge
    is_sure = confidence >= pack.manifest.understanding.clarify_below
    enough = limits.likely_score if is_sure else limits.minimum_score
    fitting = [hit for hit in hits if intent in hit.intents and hit.score >= enough]
    sure = [hit for hit in hits if hit.score >= limits.sure_score]
    return max([*fitting, *sure], key=lambda hit: hit.score, default=None)


def suggestions(hits: Sequence[Hit], intent: str, pack: Pack) -> tuple[Choice, ...]:
    """Give the questions that may be meant, best first, three at most.

    Those that come under another intent must be twice as likely: the intent may be what was read wrongly.
    """
    enough = pack.manifest.knowledge.suggest_score
    likely = [hit for hit in hits if hit.score >= (enough if intent in hit.intents else _LIKELIER * enough)]
    best = sorted((hit for hit in likely if hit.entry in pack.faq), key=lambda hit: -hit.score)
    return tuple(Choice(value=hit.entry, title=pack.faq[hit.entry].question) for hit in best[:_SUGGESTED])
