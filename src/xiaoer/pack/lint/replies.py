"""Replies by name: those that are missing, never said, or have too few wordings."""

from collections.abc import Iterator

from xiaoer.pack.flows import Flow
from xiaoer.pack.lint.findings import Finding, error, warning
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.lint.uses import Use, uses
from xiaoer.pack.replies import FORMATS, PLACEHOLDER, ReplyTemplate, asks

_FEWEST_VARIANTS = 3


def check(subject: Subject) -> Iterator[Finding]:
    """Find replies that are said but missing, never said, said in too few ways, or with broken placeholders."""
    said = list(uses(subject))
    for use in said:
        if use.reply not in subject.pack.replies:
            yield _missing(use)
    named = {use.reply for use in said}
    for reply in subject.pack.replies.values():
        if reply.name not in named:
            place = subject.pack.place(f"replies:{reply.name}")
            yield warning(
                "reply.unused", place, f"nothing says the reply {reply.name}; name it in a flow, or remove it"
            )
        if reply.yes_means is not None:
            yield from _yes_to(subject, reply, reply.yes_means)
        yield from _wordings(subject, reply)
    yield from (finding for flow in subject.pack.flows.values() for finding in _never_asked(subject, flow))


def _yes_to(subject: Subject, reply: ReplyTemplate, intent: str) -> Iterator[Finding]:
    place = subject.pack.place(f"replies:{reply.name}", "yes_means")
    if intent not in subject.pack.intents:
        message = f"there is no intent {intent} for a yes to {reply.name}; add it under intents/"
        yield error("reply.unknown_intent", place, message)
    if not any(asks(text) for wording in reply.wordings() for _, _, text in wording.texts()):
        message = f"no wording of {reply.name} ends as a question: a yes to it can mean nothing; ask, or leave it out"
        yield warning("reply.asks_nothing", place, message)


def _missing(use: Use) -> Finding:
    return error(
        "reply.missing", use.place, f"{use.by} says the reply {use.reply}, which is not there; add it under replies/"
    )


def _never_asked(subject: Subject, flow: Flow) -> Iterator[Finding]:
    """Find missing questions of slots, those included that no step asks for yet."""
    for index, slot in enumerate(flow.slots):
        if slot.ask is not None and slot.ask not in subject.pack.replies:
            place = subject.pack.place(f"flows:{flow.name}", "slots", index, "ask")
            message = f"the flow {flow.name} says the reply {slot.ask}, which is not there; add it under replies/"
            yield error("reply.missing", place, message)


def _wordings(subject: Subject, reply: ReplyTemplate) -> Iterator[Finding]:
    for index, wording in enumerate(reply.wordings()):
        where = ("cases", index - 1) if index else ()
        if len(wording.warm) < _FEWEST_VARIANTS:
            place = subject.pack.place(f"replies:{reply.name}", *where)
            message = f"{reply.name} has {len(wording.warm)} warm wordings; with {_FEWEST_VARIANTS} it does not repeat"
            yield warning("reply.few_variants", place, f"{message} itself at once")
        for tone, number, text in wording.texts():
            place = subject.pack.place(f"replies:{reply.name}", *where, tone, number)
            yield from (error(code, place, message) for code, message in _broken(text))


def _broken(text: str) -> Iterator[tuple[str, str]]:
    for placeholder in PLACEHOLDER.finditer(text):
        if placeholder[2] is not None and placeholder[2] not in FORMATS:
            message = f"there is no format {placeholder[2]} for {placeholder[0]}, only {', '.join(FORMATS)}"
            yield "reply.unknown_format", message
    if any(brace in PLACEHOLDER.sub("", text) for brace in "{}"):
        yield "reply.broken_placeholder", f"a brace that belongs to no placeholder would be shown as it is: {text}"
