"""An open question of a task, as the answers and corrections of it are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xiaoer.dialogue.filling import Filling, names_things
from xiaoer.dialogue.matching import stands_written
from xiaoer.dialogue.message import Heard
from xiaoer.events import Frame, QuestionAsked, SlotValue
from xiaoer.pack import EntityKind, Flow, Phrases


@dataclass(frozen=True, slots=True)
class Asked:
    """An open question of a task, and what is known of the message that may answer it.

    `meant` is the flow that a yes lets go on: this one at a confirmation, the other one at an offer of it. From a
    confidence of `least` on a reading is sure (`is_sure`), from 0.8 on certain; `intent` is empty where it is below the
    minimum. `is_data`: the message gives data and asks for nothing. `is_elsewhere`: it is certainly another task by
    itself, `is_plainly_elsewhere`: beyond doubt, as it names a thing for that; `is_of_another`: it is likely one about
    another thing than this task is about; `names_another`: such a thing is named, whatever is said of it.
    """

    question: QuestionAsked
    frame: Frame
    flow: Flow
    meant: Flow
    phrases: Phrases
    kinds: Mapping[str, EntityKind]
    least: float
    intent: str
    is_sure: bool
    is_certain: bool
    is_data: bool
    has_new_wish: bool
    is_elsewhere: bool = False
    is_plainly_elsewhere: bool = False
    is_of_another: bool = False
    names_another: bool = False
    has_rival: bool = False
    joint: str = ", "

    def names_things(self, kind: str) -> bool:
        """Say whether a kind of entity names things, rather than a day, a number or an option of them."""
        return names_things(self.kinds.get(kind))

    def joined(self, titles: Iterable[str]) -> str:
        """Write several things as one, with the pack's joint between them."""
        return self.joint.join(titles)

    @property
    def takes_all(self) -> bool:
        """Whether what is asked for may be anything, so that nothing in the answer is another wish."""
        slot = self.flow.slot(self.slot) if self.slot else None
        return slot is not None and slot.takes_all

    @property
    def slot(self) -> str:
        """The slot that is asked for; empty if something else is."""
        return self.question.slot if self.question.kind == "slot" else ""

    def offers(self, *said: str) -> bool:
        """Say whether one of the things to choose from is called so, in whatever case it is written."""
        words = [word for each in self.question.choices for word in (each.value, each.title, *each.says)]
        return any(stands_written(part, word) for part in said for word in words)

    def values_in(self, heard: Heard) -> dict[str, SlotValue]:
        """Give the values that a message gives to the slots of the task that need no look-up."""
        filling = Filling(self.flow, self.kinds, filled=self.frame.slots, asked=self.slot)
        return filling.said(heard, is_data=self.is_data)
