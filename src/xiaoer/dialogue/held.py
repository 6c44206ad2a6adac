"""What a task holds of the things that it looked up: those found for a slot, and those chosen of them."""

from collections.abc import Iterator

from xiaoer.dialogue.walk import is_look_up, step_at
from xiaoer.events import Facts, Frame
from xiaoer.pack import AskStep, Flow


def chosen_for(frame: Frame, flow: Flow, kind: str) -> Iterator[list[Facts]]:
    """Give what look-ups found of the things that the filled slots for a kind of entity hold, the last slot first."""
    for slot in reversed(flow.slots):
        filled = frame.slots.get(slot.name)
        if filled is None or slot.look_up is None or kind not in slot.entities:
            continue
        values = {filled.value, *filled.value.split(",")}
        chosen = [choice for choice in found_for(frame, flow, slot.name) if str(choice["value"]) in values]
        if chosen:
            yield chosen


def found_for(frame: Frame, flow: Flow, slot: str) -> Iterator[Facts]:
    """Give what the last look-up for a slot found."""
    for path, facts in frame.facts.items():
        step = step_at(flow, path.rpartition(".")[0]) if is_look_up(path) else None
        if isinstance(step, AskStep) and step.ask == slot:
            yield from facts.get("choices", ())
