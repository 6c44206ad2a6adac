"""Sister packs: where two packs of one shop differ, a conversation cannot go on from one language into the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiaoer.pack.errors import PackError, PackNotFoundError
from xiaoer.pack.flows import AnyStep, AskStep, ConfirmStep, DoStep, EndStep, Flow, HandOverStep, IfStep, branches
from xiaoer.pack.lint.findings import Finding, error, warning
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Pack, Place
from xiaoer.pack.one_shop import other_values
from xiaoer.pack.reader import read_pack
from xiaoer.pack.sisters import Sister

_FILE = "sisters.yaml"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A pack, its sister, and what the sister says otherwise."""

    first: Pack
    sister: Pack
    said: Sister
    place: Place

    def only(self, what: str, ones: Iterable[str], others: Iterable[str]) -> Iterator[Finding]:
        mine, hers = set(ones), set(others)
        for name in sorted(mine - hers):
            yield error(f"sister.no_{what}", self.place, f"{self.said.pack} has no {what} {name}")
        for name in sorted(hers - mine):
            yield error(f"sister.no_{what}", self.place, f"only {self.said.pack} has the {what} {name}")


def check(subject: Subject) -> Iterator[Finding]:
    """Find where sister packs differ in what they must share, and what a sister says that is not true of this shop."""
    for index, said in enumerate(subject.pack.sisters):
        place = subject.pack.place(_FILE, index)
        try:
            sister = read_pack(subject.pack.folder / said.pack)
        except (PackNotFoundError, PackError) as fault:
            yield error("sister.unreadable", place, f"{said.pack} cannot be read: {fault}")
            continue
        pair = _Pair(subject.pack, sister, said, place)
        if sister.manifest.language != said.language or said.language == subject.pack.manifest.language:
            message = f"{said.pack} speaks {sister.manifest.language}, and this pack {subject.pack.manifest.language}"
            yield error("sister.wrong_language", place, message)
        yield from _parts(pair)
        yield from _flows(pair)
        yield from _facts(pair)


def _parts(pair: _Pair) -> Iterator[Finding]:
    first, sister = pair.first, pair.sister
    yield from pair.only("flow", first.flows, sister.flows)
    yield from pair.only("intent", first.intents, sister.intents)
    yield from pair.only("reply", first.replies, sister.replies)
    yield from pair.only("clause", first.clauses, sister.clauses)
    codes = {name for name in first.words if "." not in name} - {*sister.words, *pair.said.words}
    for name in sorted(codes):
        yield error(
            "sister.no_word", pair.place, f"{pair.said.pack} has no word for {name}; give it under `words` here"
        )


def _flows(pair: _Pair) -> Iterator[Finding]:
    """Compare what an open task rests on: slots, choices, and the steps in their order."""
    for name in sorted(pair.first.flows.keys() & pair.sister.flows.keys()):
        mine, hers = pair.first.flows[name], pair.sister.flows[name]
        if _slots(mine) != _slots(hers):
            yield error("sister.other_slots", pair.place, f"{name} has other slots or choices in {pair.said.pack}")
        if list(_steps(mine.steps)) != list(_steps(hers.steps)):
            message = f"{name} has other steps in {pair.said.pack}: what was said yes to could not be told"
            yield error("sister.other_steps", pair.place, message)


def _slots(flow: Flow) -> Mapping[str, tuple[str | None, Sequence[str]]]:
    return {slot.name: (slot.look_up, sorted(choice.value for choice in slot.choices)) for slot in flow.slots}


def _steps(steps: Iterable[AnyStep]) -> Iterator[object]:
    """Give what steps do, without what they say."""
    for step in steps:
        match step:
            case AskStep():
                yield "ask", step.ask
            case DoStep():
                yield "do", step.do, step.with_, step.as_
            case IfStep():
                yield "if", step.if_
            case ConfirmStep():
                yield "confirm"
            case EndStep() | HandOverStep():
                yield step
            case _:
                yield type(step).__name__
        for branch, inner in branches(step).items():
            yield branch, list(_steps(inner))


def _facts(pair: _Pair) -> Iterator[Finding]:
    """Find what the sister says of clauses that have other values here, and what is given for nothing."""
    others = other_values(pair.sister, pair.first)
    for name in sorted((others & pair.sister.clauses.keys()) - pair.said.clauses.keys()):
        message = f"the clause {name} has other values in {pair.said.pack}: give its text here, under `clauses`"
        yield warning("sister.clause_untold", pair.place, message)
    for name, entry in sorted(pair.sister.faq.items()):
        if others.intersection(entry.clauses) and name not in pair.said.answers:
            message = f"{name} rests on a clause with other values and is not answered; give its answer under `answers`"
            yield warning("sister.answer_untold", pair.place, message)
    known = {"answers": pair.sister.faq, "clauses": pair.first.clauses, "rules": pair.first.rules}
    for field, names in known.items():
        for name in sorted(getattr(pair.said, field).keys() - names.keys()):
            yield error("sister.unknown_name", pair.place, f"`{field}` names {name}, which is not there")
