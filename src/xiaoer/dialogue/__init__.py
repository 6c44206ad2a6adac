"""What to do next: the flow engine (a stack of frames) and the policy that reads a message in its light.

`interpret` says what a message brings about, `advance` what follows by itself; both only return moves.
"""

from xiaoer.dialogue.advance import advance
from xiaoer.dialogue.errors import EndlessFlowError, UnconfirmedEffectError
from xiaoer.dialogue.hits import best_hit, suggestions
from xiaoer.dialogue.interpret import interpret
from xiaoer.dialogue.languages import changed_language, is_offered
from xiaoer.dialogue.message import Message
from xiaoer.dialogue.moves import Act, GiveAnswer, Move, Prove, Record, Say, Wait
from xiaoer.dialogue.proof import after_proof
from xiaoer.dialogue.stage import Search, Stage

__all__ = [
    "Act",
    "EndlessFlowError",
    "GiveAnswer",
    "Message",
    "Move",
    "Prove",
    "Record",
    "Say",
    "Search",
    "Stage",
    "UnconfirmedEffectError",
    "Wait",
    "advance",
    "after_proof",
    "best_hit",
    "changed_language",
    "interpret",
    "is_offered",
    "suggestions",
]
