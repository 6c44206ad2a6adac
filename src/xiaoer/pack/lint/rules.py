"""Decision rules: the actions, facts and clauses they name, and the flows that must know of them."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from xiaoer.pack.actions import ActionSpec, DecisionFact
from xiaoer.pack.conditions import Condition
from xiaoer.pack.flows import AnyStep, DoStep, Flow, SayStep, branches
from xiaoer.pack.lint.findings import Finding, error, warning
from xiaoer.pack.lint.paths import Visit, visits
from xiaoer.pack.lint.subject import Subject
from xiaoer.pack.model import Place
from xiaoer.pack.replies import PLACEHOLDER, ReplyTemplate
from xiaoer.pack.rules import Rule

_PERSON, _REFUSED = "person", "refused"


def check(subject: Subject) -> Iterator[Finding]:
    """Find rules that name what is not there or can never decide, and flows that leave their decisions unsaid."""
    closed: set[str] = set()
    for rule in subject.pack.rules.values():
        yield from _names(subject, rule)
        if rule.action in closed:
            message = f"a row above decides about every {rule.action}, so this one never does; move it up"
            yield warning("rule.never_reached", _place(subject, rule), message)
        if rule.when is None:
            closed.add(rule.action)
    for flow in subject.pack.flows.values():
        for visit in visits(flow, subject.actions):
            if isinstance(visit.step, DoStep):
                yield from _unsaid(subject, visit, visit.step)


def _names(subject: Subject, rule: Rule) -> Iterator[Finding]:
    if rule.clause not in subject.pack.clauses:
        message = f"{rule.id} rests on the clause {rule.clause}, which is not there; add it under policies/"
        yield error("rule.unknown_clause", _place(subject, rule, "clause"), message)
    spec = subject.actions.get(rule.action)
    if spec is None or not spec.rule_facts or spec.decides:
        ruled = (name for name, known in subject.actions.items() if known.rule_facts and not known.decides)
        message = f"rules decide nothing about {rule.action}; they do about {', '.join(sorted(ruled))}"
        yield error("rule.unknown_action", _place(subject, rule, "action"), message)
    elif rule.when is not None:
        facts = {fact.name: fact for fact in spec.rule_facts}
        for where, test in rule.when.tests():
            yield from _test(rule, test, facts, _place(subject, rule, "when", *where))


def _test(rule: Rule, test: Condition, facts: Mapping[str, DecisionFact], place: Place) -> Iterator[Finding]:
    fact = facts.get(test.of)
    if fact is None:
        close = get_close_matches(test.of, facts, n=1) or [name for name in facts if name.startswith(test.of)][:1]
        advice = f"; did you mean {_shown(facts[close[0]])}?" if close else f"; it has {', '.join(sorted(facts))}"
        yield error("rule.unknown_fact", place, f"{rule.action} has no fact {test.of}{advice}")
    elif fact.kind == "word" and (test.limits() or any(not isinstance(word, str) for word in test.wanted())):
        message = f"{test.of} is a word: compare it by `is` or `in` with words, not with a number"
        yield error("rule.wrong_kind", place, message)
    elif fact.kind == "number" and any(isinstance(value, bool | str) for value in test.wanted()):
        yield error("rule.wrong_kind", place, f"{_shown(fact)} is a number: compare it with a whole number")
    elif fact.values and (unknown := [word for word in test.wanted() if word not in fact.values]):
        message = f"{test.of} is never {unknown[0]}, only {', '.join(fact.values)}"
        yield error("rule.unknown_value", place, message)


def _shown(fact: DecisionFact) -> str:
    return f"{fact.name} (in {fact.unit})" if fact.unit else fact.name


def _unsaid(subject: Subject, visit: Visit, step: DoStep) -> Iterator[Finding]:
    """Find a decision of the rules that a flow would go past, or whose words it never says."""
    rules = list(_deciding(subject, subject.actions.get(step.do)))
    place = subject.pack.place(f"flows:{visit.flow.name}", *visit.where)
    leaving = [rule for rule in rules if rule.then.person is not None]
    if leaving and _PERSON not in step.on:
        message = f"the rule {leaving[0].id} leaves {leaving[0].action} to a person; add the branch `person` here"
        yield error("flow.person_unhandled", place, message)
    refusing = [rule for rule in rules if rule.then.refuse is not None]
    if refusing and _REFUSED not in step.on:
        message = f"the rule {refusing[0].id} refuses {refusing[0].action}; add the branch `refused` here"
        yield error("flow.refusal_unhandled", place, message)
    if refusing and step.as_ is not None and not _says(subject, visit.flow, step, f"{step.as_}.words"):
        message = f"the words of the rule {refusing[0].id} are never said: name {step.as_}.words in a reply"
        yield warning("flow.words_unsaid", place, message)


def _deciding(subject: Subject, spec: ActionSpec | None) -> Iterable[Rule]:
    if spec is None:
        return ()
    action = spec.decides or spec.name
    return (rule for rule in subject.pack.rules.values() if rule.action == action)


def _says(subject: Subject, flow: Flow, step: DoStep, name: str) -> bool:
    """Say whether a reply under the refusal of a step, or anywhere in the flow if there is none, names a fact."""
    steps = step.on.get(_REFUSED) or flow.steps
    said = (subject.pack.replies.get(each.say) for each in _below(steps) if isinstance(each, SayStep))
    return any(reply is not None and name in _named(reply) for reply in said)


def _below(steps: Iterable[AnyStep]) -> Iterator[AnyStep]:
    for step in steps:
        yield step
        for branch in branches(step).values():
            yield from _below(branch)


def _named(reply: ReplyTemplate) -> frozenset[str]:
    wordings = (reply, *reply.cases)
    texts = (text for wording in wordings for _, _, text in wording.texts())
    return frozenset(placeholder[1] for text in texts for placeholder in PLACEHOLDER.finditer(text))


def _place(subject: Subject, rule: Rule, *where: str | int) -> Place:
    return subject.pack.place(f"rules:{rule.id}", *where)
