"""Linting of the smallest packs that show something."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import dedent, indent

from xiaoer.pack import ActionSpec, DecisionFact, Finding

ACTIONS: Mapping[str, ActionSpec] = {
    spec.name: spec
    for spec in (
        ActionSpec(
            name="order.find",
            about="Finds orders.",
            parameters=("scope", "context", "mention", "mention.order_id"),
            outcomes=("one", "several", "unmatched", "none"),
            facts=("choices", "total"),
            optional=("context", "mention.order_id"),
            scopes=("any",),
        ),
        ActionSpec(
            name="order.take",
            about="Takes what it finds.",
            parameters=("context", "mention"),
            outcomes=("one",),
            facts=("choices",),
            is_effect=True,
        ),
        ActionSpec(
            name="order.read",
            about="Reads an order.",
            parameters=("order",),
            outcomes=("ok", "missing"),
            facts=("order",),
        ),
        ActionSpec(
            name="order.cancel",
            about="Cancels an order.",
            parameters=("order", "reason"),
            outcomes=("done", "refused", "person"),
            facts=("state", "words"),
            is_effect=True,
            optional=("reason",),
            rule_facts=(
                DecisionFact("state", "how far it is", values=("paid", "shipped")),
                DecisionFact("amount_minor", "what it costs", "number", "minor units"),
                DecisionFact("region", "where it goes"),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Report:
    findings: list[Finding]

    def errors(self, code: str) -> list[str]:
        return [str(f.place) for f in self.findings if (f.level, f.code) == ("error", code)]

    def warnings(self, code: str) -> list[str]:
        return [str(f.place) for f in self.findings if (f.level, f.code) == ("warning", code)]


Lint = Callable[..., Report]


def flow_file(
    steps: str, *, name: str = "order.cancel", head: str = "triggers: [order.cancel]", slots: str = ""
) -> str:
    """Write a file with one flow; without `slots`, its slot `order` stands at line 7 and its first step at line 9."""
    lines = [f"  - name: {name}", "    title: cancelling", "    about: cancels", f"    {head}".rstrip(), "    slots:"]
    known = indent(dedent(slots or "- {name: order, ask: which_order, entities: [order_id]}").strip("\n"), " " * 6)
    return "\n".join(["flows:", *lines, known, "    steps:", indent(dedent(steps).strip("\n"), " " * 6)])


def intent(name: str, *utterances: str) -> str:
    """Write an intent for a file of them."""
    lines = [f"  - name: {name}", "    about: a wish", "    utterances: |", *(f"      {said}" for said in utterances)]
    return "\n".join(lines) + "\n"


def intents(*written: str) -> str:
    """Write a file of intents."""
    return "intents:\n" + "".join(written)


def one_reply(name: str, words: str) -> str:
    """Write a file with one reply that has three times the same wording, at lines 4 to 6."""
    return "\n".join(["replies:", f"  - name: {name}", "    warm:", *[f'      - "{words}"'] * 3])
