"""Which of the entries that were found is given as the answer, and which are only suggested."""

from collections.abc import Sequence

from xiaoer.events import Choice, Hit
from xiaoer.pack import Pack

_SUGGESTED = 3


def best_hit(hits: Sequence[Hit], intent: str, pack: Pack, *, confidence: float = 0.0) -> Hit | None:
    """Choose the entry to answer from: a good one of the intent, or a very good one whatever the intent.

    The surer the intent (`confidence`, 0 to 1), the less must the words agree.
    """
    limits = pack.manifest.knowledge
    is_sure = confidence >= pack.manifest.understanding.clarify_below
    enough = limits.likely_score if is_sure else limits.minimum_score
    fitting = [hit for hit in hits if intent in hit.intents and hit.score >= enough]
    sure = [hit for hit in hits if hit.score >= limits.sure_score]
    return max([*fitting, *sure], key=lambda hit: hit.score, default=None)


def suggestions(hits: Sequence[Hit], intent: str, pack: Pack) -> tuple[Choice, ...]:
    """Give the questions of the intent that may be meant, best first, three at most."""
    limits = pack.manifest.knowledge
    likely = sorted((hit for hit in hits if intent in hit.intents), key=lambda hit: -hit.score)
    return tuple(
        Choice(value=hit.entry, title=pack.faq[hit.entry].question)
        for hit in likely[:_SUGGESTED]
        if hit.score >= limits.suggest_score and hit.entry in pack.faq
    )
