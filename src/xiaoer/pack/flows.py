"""The grammar of flows: slots to fill, checks, actions, branches, and what ends them. `dialogue` runs it."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from xiaoer.pack.conditions import Condition
from xiaoer.pack.parts import Name, Part, Words

NO_PICTURES = "none"
"""What a slot for pictures holds where the customer goes on without any."""


def _compiling(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression ({error}): {pattern}") from error
    return pattern


Pattern: TypeAlias = Annotated[Words, AfterValidator(_compiling)]
"""A regular expression that compiles."""


class ChoiceOption(Part):
    """One of the values that a slot may take.

    `says` are other words by which customers mean it, `intents` those that mean it where no words do. With `when` it is
    shown only where that holds.
    """

    value: Name
    title: Words
    says: tuple[Words, ...] = ()
    intents: tuple[Name, ...] = ()
    when: Condition | None = None


class Slot(Part):
    """Something that a flow must know.

    `ask` is the reply that asks for it; a slot that no step asks for needs none.
    It is filled from entities of the listed kinds, from a choice, from a look-up (`look_up` names an action that lists
    candidates; `scope` and `with` are its arguments, `scopes` gives the scope for a flow that one of these intents
    began), or, with `free_text`, from whatever the customer answers. With `from_start` it holds the words with which
    the customer began the task; it is asked for only where there are none. With `takes_all` an answer in free text is
    taken whatever else it reads as, unless it is a question.
    A slot for `pictures` holds the ids of those that the customer sends, parted by commas, whenever they come. It is
    asked for where pictures can be sent; whatever else is answered passes it, and it holds `none` then.
    `when_none` is done when a look-up finds nothing at all to choose from. With `several` a look-up may find more than
    one thing that is meant: the value is all of theirs, parted by commas. With `each`, where several
    are meant, the task is done for one after the other, each with its own yes; the reply of that name says so (`titles`
    are theirs). An `optional` slot is filled by what
    is said, or stays empty: it is asked for only where a look-up finds several things that may be meant by that.

    `parts` are regular expressions of what a value is made of, in their order (province, city, district): the slot
    takes what they match from the front of an entity, the rest goes to the next slot that takes such entities; a part
    said later takes the place of the old one and of those after it. `like` is a regular expression: a bare piece of a
    message between marks that is like this is the value, where it stands beside other data of the task, or is all
    that was given (a group `value` is the value in it). With `cues`, a slot that was not asked for is filled only by
    what stands right after one of these words, or right before one of `cues_behind`: of "bought two, give one back"
    the one. What stands so is taken first, and never what stands right after one of `spurns`: "not two". `not_of`:
    kinds of entities that are not of the thing looked up, though they stand in the same words: of "the shirt in white
    instead" the white. The look-up hears of them as `wanted.<kind>`: what can be had in white is likelier meant than
    what cannot.
    """

    name: Name
    ask: Name | None = None
    entities: tuple[Name, ...] = ()
    choices: tuple[ChoiceOption, ...] = ()
    look_up: Name | None = None
    scope: Name | None = None
    scopes: dict[Name, Name] = Field(default_factory=dict)
    with_: dict[Name, Name] = Field(default_factory=dict, alias="with")
    pictures: bool = False
    free_text: bool = False
    from_start: bool = False
    takes_all: bool = False
    several: bool = False
    each: Name | None = None
    optional: bool = False
    parts: tuple[Pattern, ...] = ()
    like: Pattern | None = None
    cues: tuple[Words, ...] = ()
    cues_behind: tuple[Words, ...] = ()
    spurns: tuple[Words, ...] = ()
    not_of: tuple[Name, ...] = ()
    when_none: tuple["Step", ...] = ()

    @property
    def question(self) -> str:
        """The reply that asks for it; a flow that asks for a slot without one cannot be read."""
        return self.ask or ""


class AskStep(Part):
    """Make sure that a slot is filled; a filled slot is not asked again."""

    ask: Name
    when: Condition | None = None


class DoStep(Part):
    """Run an action of the shop and branch on its outcome; an outcome without a branch goes on with the next step.

    `with` gives each parameter the name of a slot or fact; `as` names the facts found, for later steps and replies.
    """

    do: Name
    with_: dict[Name, Name] = Field(default_factory=dict, alias="with")
    as_: Name | None = Field(default=None, alias="as")
    on: dict[Name, tuple["Step", ...]] = Field(default_factory=dict)


class ConfirmStep(Part):
    """Show what will be done and go on only after an explicit yes to exactly that."""

    confirm: Name
    on_no: tuple["Step", ...] = ()


class SayStep(Part):
    """Say a reply once."""

    say: Name


class OfferStep(Part):
    """Offer another flow; on yes this one ends and the other begins with the slots it shares.

    `with` gives a slot of the other flow the name of a slot or fact of this one that says the same.
    """

    offer: Name
    say: Name
    with_: dict[Name, Name] = Field(default_factory=dict, alias="with")


class IfStep(Part):
    """Go one way or the other."""

    if_: Condition = Field(alias="if")
    then: tuple["Step", ...]
    else_: tuple["Step", ...] = Field(default=(), alias="else")


class HandOverStep(Part):
    """Call a person; the flow ends."""

    hand_over: Name


class EndStep(Part):
    """End the flow here."""

    end: Literal["completed", "refused", "given_up"]


class Telling(Part):
    """A question about what a task will bring, answered by a reply from the task's own facts.

    It is one that holds an entity of one of the kinds `of`, or a question that reads as one of the intents `to`. With
    `when` it is told only where that holds; of several that fit the first counts.
    """

    of: tuple[Name, ...] = ()
    to: tuple[Name, ...] = ()
    when: Condition | None = None
    say: Name


_STEP_KEYS = ("ask", "do", "confirm", "offer", "say", "if", "hand_over", "end")


def _step_kind(value: Any) -> str | None:  # noqa: ANN401  # whatever stands in the file
    keys = value if isinstance(value, dict) else {name.rstrip("_") for name in type(value).model_fields}
    return next((f"<{key}>" for key in _STEP_KEYS if key in keys), None)


Step: TypeAlias = Annotated[
    Annotated[AskStep, Tag("<ask>")]
    | Annotated[DoStep, Tag("<do>")]
    | Annotated[ConfirmStep, Tag("<confirm>")]
    | Annotated[OfferStep, Tag("<offer>")]
    | Annotated[SayStep, Tag("<say>")]
    | Annotated[IfStep, Tag("<if>")]
    | Annotated[HandOverStep, Tag("<hand_over>")]
    | Annotated[EndStep, Tag("<end>")],
    Discriminator(
        _step_kind,
        custom_error_type="step",
        custom_error_message="a step is one of: " + ", ".join(_STEP_KEYS),
    ),
]
"""A step, known by its first word. The tags look like no field, so that the reader can tell them from fields."""


class Flow(Part):
    """A task that a customer can have done.

    `title` is how the task is called when it is taken up again. `triggers` are the intents that start it,
    `triggers_when_proved` those that start it only for a customer whose identity is proved, `triggers_unanswered` those
    that start it only where the knowledge has no answer; `gives_up` the intents that mean "no longer wanted" while it
    runs. `only_with`: starts only if the message holds one of these entities, `not_with`: only if it holds none of
    these. `guesses`: starts without the former too, where nothing else is under way, and is dropped unless its look-up
    finds a thing by the words (a name with a typo).
    `opened_by`: kinds of entities that start it when somebody whose identity is proved gives them, asks for nothing and
    has nothing under way. `absorbs`: intents that, stated with this task, are the reason for it and no wish of their
    own. `yields_to`: intents that, asked for beside a trigger, are what is wanted: the task does not begin then.
    `asides`: intents that, said during it, ask what it will bring, so that they are answered and start nothing.
    `tells`: such questions that are answered from what the task knows: how much will be paid back.
    `repeats`: short ways to name the task again, which answer the question for its confirmation, or an offer of it,
    with yes. `called`: words for the task, which say that it is not wanted where they are refused ("don't cancel").
    `instead_of`: tasks that are needless once this one is done for the same thing, begun in the middle of them.
    `as_before`: words by which what a task before was told is told again ("the same address").
    `knowledge_first`: a question that the knowledge surely answers does not start it, nor one that supposes
    ("what if…"); with `only_stated` none that it answers at all. `needs_proof`: nothing happens before it is proved who
    the customer is.
    """

    name: Name
    title: Words
    about: Words
    triggers: tuple[Name, ...] = ()
    triggers_when_proved: tuple[Name, ...] = ()
    triggers_unanswered: tuple[Name, ...] = ()
    opened_by: tuple[Name, ...] = ()
    gives_up: tuple[Name, ...] = ()
    only_with: tuple[Name, ...] = ()
    not_with: tuple[Name, ...] = ()
    guesses: bool = False
    absorbs: tuple[Name, ...] = ()
    yields_to: tuple[Name, ...] = ()
    asides: tuple[Name, ...] = ()
    tells: tuple[Telling, ...] = ()
    repeats: tuple[Words, ...] = ()
    called: tuple[Words, ...] = ()
    instead_of: tuple[Name, ...] = ()
    as_before: tuple[Words, ...] = ()
    knowledge_first: bool = True
    only_stated: bool = False
    needs_proof: bool = True
    slots: tuple[Slot, ...] = ()
    steps: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _asks_in_words(self) -> "Flow":
        asked = {step.ask for step in self.walk() if isinstance(step, AskStep)}
        for slot in self.slots:
            if slot.name in asked and slot.ask is None:
                raise ValueError(f"a step asks for the slot {slot.name}, which has no `ask`: name the reply that does")
        return self

    def slot(self, name: str) -> Slot | None:
        """Find a slot by its name."""
        return next((slot for slot in self.slots if slot.name == name), None)

    @property
    def kinds_looked_up(self) -> frozenset[str]:
        """The kinds of entities that point at what the slots look up."""
        return frozenset(kind for slot in self.slots if slot.look_up is not None for kind in slot.entities)

    @property
    def kinds_taken(self) -> frozenset[str]:
        """The kinds of entities that fill the slots by themselves."""
        return frozenset(kind for slot in self.slots if slot.look_up is None for kind in slot.entities)

    def offered_for(self, slot: str, value: str) -> str | None:
        """Give the task that this one offers where a slot holds a value: the return, where that is wanted."""
        steps = (
            step for step in self.walk() if isinstance(step, IfStep) and (step.if_.of, step.if_.is_) == (slot, value)
        )
        return next((then.offer for step in steps for then in step.then if isinstance(then, OfferStep)), None)

    @property
    def only_tells(self) -> bool:
        """Whether nothing in it waits for a yes: it looks something up and says it."""
        return not any(isinstance(step, ConfirmStep | OfferStep) for step in self.walk())

    def walk(self) -> Iterator["AnyStep"]:
        """Give every step, branches and the steps of look-ups that find nothing included."""
        for slot in self.slots:
            yield from _walk(slot.when_none)
        yield from _walk(self.steps)


AnyStep: TypeAlias = AskStep | DoStep | ConfirmStep | OfferStep | SayStep | IfStep | HandOverStep | EndStep


def _walk(steps: tuple[AnyStep, ...]) -> Iterator[AnyStep]:
    for step in steps:
        yield step
        for branch in branches(step).values():
            yield from _walk(branch)


def branches(step: AnyStep) -> dict[str, tuple[AnyStep, ...]]:
    """Give the steps that hang under a step, by the name of the branch."""
    match step:
        case DoStep(on=on):
            return dict(on)
        case ConfirmStep(on_no=on_no):
            return {"no": on_no}
        case IfStep(then=then, else_=else_):
            return {"then": then, "else": else_}
        case _:
            return {}


class FlowFile(Part):
    """A file under `flows/`."""

    flows: tuple[Flow, ...]
