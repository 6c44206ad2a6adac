"""An open question of a task, as the answers and corrections of it are read."""

from dataclasses import dataclass

from xiaoer.events import Frame, QuestionAsked
from xiaoer.pack import Flow, Phrases


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question of a task, and what is known of the message that may answer it."""

    question: QuestionAsked
    frame: Frame
    flow: Flow
    phrases: Phrases
    intent: str
    has_new_wish: bool
