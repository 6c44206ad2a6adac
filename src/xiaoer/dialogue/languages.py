"""Going on in another language: what stands open is put into the words of the pack that speaks it."""

from collections.abc import Mapping

from msgspec import structs

from xiaoer.dialogue.matching import plain
from xiaoer.dialogue.stage import title_of
from xiaoer.events import Choice, Conversation, Frame, LanguageChanged, QuestionAsked
from xiaoer.pack import Pack, Slot


def changed_language(state: Conversation, pack: Pack) -> LanguageChanged | None:
    """Give the change to a pack's language; none while a task is open that this pack has not got."""
    if any(frame.flow not in pack.flows for frame in state.frames):
        return None
    shown = {frame.id: _shown(frame, pack) for frame in state.frames}
    return LanguageChanged(
        language=pack.manifest.language,
        pack=pack.version,
        shown={frame: slots for frame, slots in shown.items() if slots},
        choices=_choices(state, pack),
    )


def is_offered(text: str, question: QuestionAsked | None) -> bool:
    """Say whether a message is one of the answers that the open question offers, as a button sends it."""
    offered = () if question is None else question.choices
    return plain(text) in {plain(words) for choice in offered for words in (choice.title, choice.value)}


def _shown(frame: Frame, pack: Pack) -> dict[str, str]:
    """Give the words of the pack for what was chosen; what is the shop's own, or the customer's, stays as it is."""
    flow = pack.flows[frame.flow]
    titles = {slot.name: _titles(slot) for slot in flow.slots if slot.look_up is None}
    return {
        name: titles[name][filled.value] for name, filled in frame.slots.items() if filled.value in titles.get(name, {})
    }


def _titles(slot: Slot) -> Mapping[str, str]:
    return {choice.value: choice.title for choice in slot.choices}


def _choices(state: Conversation, pack: Pack) -> tuple[Choice, ...]:
    question = state.question
    if question is None:
        return ()
    frame = next((frame for frame in state.frames if frame.id == question.frame), None)
    if question.kind == "clarify":
        return tuple(structs.replace(choice, title=_matter(choice.value, pack)) for choice in question.choices)
    slot = pack.flows[frame.flow].slot(question.slot) if frame is not None else None
    if slot is None or slot.look_up is not None:
        return ()
    own = {choice.value: choice for choice in slot.choices}
    return tuple(
        Choice(value=choice.value, title=own[choice.value].title, says=own[choice.value].says)
        for choice in question.choices
        if choice.value in own
    )


def _matter(value: str, pack: Pack) -> str:
    """Say how an intent is called, or that none of them is meant."""
    return pack.words.get(value) or title_of(pack, value)
