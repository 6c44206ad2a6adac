"""Decision rules: rows that refuse what the policies would allow, or leave it to a person."""

from pydantic import model_validator

from xiaoer.pack.conditions import Condition
from xiaoer.pack.parts import Name, Part, Words


class RuleResult(Part):
    """What a rule decides: `refuse`, a reason code, with `words` for the customer; or `person`, a note for one."""

    refuse: Name | None = None
    words: Words | None = None
    person: Words | None = None

    @model_validator(mode="after")
    def _is_one_of_two(self) -> "RuleResult":
        if (self.refuse is None) == (self.person is None):
            raise ValueError("give `refuse` (a reason code, with `words`) or `person` (a note for whoever decides)")
        if (self.refuse is None) != (self.words is None):
            raise ValueError("`words` for the customer belong to `refuse`, and `refuse` needs them")
        return self


class Rule(Part):
    """A row of a decision table: what is decided about an action of the shop when a condition holds.

    It is asked where the policies allow the action. Rows are read from top to bottom, files in the order of their
    names; the first whose `when` holds decides, one without `when` always. It is in force while its `clause` is. `when`
    may look at the facts that the page of actions lists for the action.
    """

    id: Name
    action: Name
    when: Condition | None = None
    then: RuleResult
    clause: Name
