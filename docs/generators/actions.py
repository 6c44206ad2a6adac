"""`reference/actions.md`: what a flow may ask of the shop, from the shop's own specifications."""

from collections.abc import Iterable

from generators.markdown import head, table
from xiaoer.pack import ActionSpec, DecisionFact
from xiaoer.shop import ACTIONS

_ABOUT = """
What a `do` step or a slot's `look_up` may name. `with` gives each parameter; parameters in brackets may be left out.
The outcome chooses the branch under `on`; the facts stand under the name that `as` gives, for later steps and for the
placeholders of replies. The outcome `missing` ends a flow that has no branch for it, with the reply `gone`. An action
that changes the shop runs only after a `confirm` step that was answered with yes.

No action takes a customer as a parameter: it sees the orders of the customer whose identity is proved, and no others.
"""


def page() -> str:
    """Make the page."""
    sections = "".join(_section(spec) for _, spec in sorted(ACTIONS.items()))
    return head("Actions", _ABOUT.strip()) + sections + _rule_facts()


def _rule_facts() -> str:
    """Tell what decision rules may look at, and for which actions they are asked."""
    facts = dict.fromkeys(fact for spec in ACTIONS.values() for fact in spec.rule_facts)
    ruled = {name: spec.rule_facts for name, spec in sorted(ACTIONS.items()) if spec.rule_facts and not spec.decides}
    all_of_them = _codes(name for name, known in ruled.items() if len(known) == len(facts))
    fewer = {name: known for name, known in ruled.items() if len(known) < len(facts)}
    theirs = _codes(dict.fromkeys(fact.name for known in fewer.values() for fact in known))
    rows = [(f"`{fact.name}`", _kind(fact), fact.about) for fact in facts]
    about = f"""\
What the conditions of [rules](../do/write-rules.md) about {all_of_them} may name.
Those about {_codes(fewer)}, which change no order, may name {theirs}."""
    return f"\n## Facts for rules\n\n{about}\n\n{table(('Fact', 'Kind', 'Meaning'), rows)}"


def _kind(fact: DecisionFact) -> str:
    if fact.values:
        return _codes(fact.values)
    return f"{fact.kind}, in {fact.unit}" if fact.unit else fact.kind


def _section(spec: ActionSpec) -> str:
    parameters = [f"[`{name}`]" if name in spec.optional else f"`{name}`" for name in spec.parameters]
    rows = [
        ("Parameters", ", ".join(parameters) or "none"),
        ("Outcomes", _codes(spec.outcomes)),
        ("Facts", _codes(spec.facts) or "none"),
        *([("Scopes", _codes(spec.scopes))] if spec.scopes else []),
        ("Changes the shop", "yes: needs a `confirm` step before it" if spec.is_effect else "no"),
    ]
    return f"\n## {spec.name}\n\n{spec.about}\n\n{table(('', ''), rows)}"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
