"""`reference/actions.md`: what a flow may ask of the shop, from the shop's own specifications."""

from collections.abc import Iterable

from generators.markdown import head, table
from xiaoer.pack import ActionSpec
from xiaoer.shop import ACTIONS

_ABOUT = """
What a `do` step or a slot's `look_up` may name. `with` gives each parameter; parameters in brackets may be left out.
The outcome chooses the branch under `on`; the facts stand under the name that `as` gives, for later steps and for the
placeholders of replies. An action that changes the shop runs only after a `confirm` step that was answered with yes.

No action takes a customer as a parameter: it sees the orders of the customer whose identity is proved, and no others.
"""


def page() -> str:
    """Make the page."""
    return head("Actions", _ABOUT.strip()) + "".join(_section(spec) for _, spec in sorted(ACTIONS.items()))


def _section(spec: ActionSpec) -> str:
    parameters = [f"[`{name}`]" if name in spec.optional else f"`{name}`" for name in spec.parameters]
    rows = [
        ("Parameters", ", ".join(parameters) or "none"),
        ("Outcomes", _codes(spec.outcomes)),
        ("Facts", _codes(spec.facts) or "none"),
        ("Changes the shop", "yes: needs a `confirm` step before it" if spec.is_effect else "no"),
    ]
    return f"\n## {spec.name}\n\n{spec.about}\n\n{table(('', ''), rows)}"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
