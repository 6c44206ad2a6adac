"""Why something was refused: the clause that the refusal rests on is told to who asks."""

from xiaoer.dialogue.hearing import Hearing
from xiaoer.dialogue.matching import plain, plain_words
from xiaoer.dialogue.moves import Move, Say
from xiaoer.dialogue.serving import back_to_task
from xiaoer.pack import Phrases

_PARTICLES = 2
"""Characters that may follow in Chinese: 为什么不行了啊."""


def told_why(hearing: Hearing) -> list[Move] | None:
    """Give the clause by which the last task was refused, where a message right behind that only asks why."""
    clauses = (hearing.pack.clauses.get(name) for name in hearing.state.rests_on)
    clause = next((clause for clause in clauses if clause is not None), None)
    if clause is None or not _asks_why(hearing.message.text, hearing.pack.phrases):
        return None
    return [Say("because", {"clause": clause.id, "text": clause.text}), *back_to_task(hearing, ())]


def _asks_why(text: str, phrases: Phrases) -> bool:
    """Say whether the whole message asks for a reason; in Chinese a particle or two may end it."""
    said = plain(text)
    return any(
        said == word or (not word.isascii() and said.startswith(word) and len(said) - len(word) <= _PARTICLES)
        for word in plain_words(phrases.whys)
    )
