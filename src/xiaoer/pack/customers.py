"""How simulated customers speak: sentences of their own, apart from the training's and the tests'."""

from pydantic import Field

from xiaoer.pack.parts import Affix, Name, Part, Words


class SpokenTask(Part):
    """How customers speak of one kind of matter, and by which replies they know how it ended.

    `opens` are first messages, `opens_fully` those that say everything at once. `called`: words by which they know
    the matter among others on a button. `done`, `refused`: names of replies that end it well, or with a no; `tells`:
    what stands in an answer that is right, where the shop's knowledge and not its books know it; `takes`:
    offers of just this matter; `declines`: offers of another one in the midst of it; `confirms`: the replies that sum
    up just this matter, so that the summary of another one is no right one. Sentences may hold what the customer
    knows: `{thing}` (the order, as it is called), `{line}`, `{reason}`, `{address}` and so on.
    """

    opens: tuple[Words, ...] = Field(min_length=1)
    opens_fully: tuple[Words, ...] = ()
    called: tuple[Words, ...] = ()
    done: tuple[Name, ...] = Field(min_length=1)
    tells: tuple[Words, ...] = ()
    refused: tuple[Name, ...] = ()
    takes: tuple[Name, ...] = ()
    declines: tuple[Name, ...] = ()
    confirms: tuple[Name, ...] = ()


class Manner(Part):
    """A way of writing: words put before and behind a message as they stand, and whether marks are left out."""

    name: Name
    before: tuple[Affix, ...] = ()
    behind: tuple[Affix, ...] = ()
    without_marks: bool = False


class SpokenCustomers(Part):
    """`customers.yaml`: what `xiaoer simulate` has customers say.

    `tasks` by the name of a goal. `asked` tells what a reply, by its name, asks for; `answers` how customers say
    that; `address_same` and such say that what is asked for stays as it is. `things` are the ways of pointing at an
    order: by its `number`, the `tail` of it, or the `product` in it.
    `reasons` are words for a reason, by its code, `called` those for what else has a code: ways to pay, steps,
    kinds of requests. `shown`: by which words a summary shows a fact, where the bare fact may stand there for
    something else. `confirms`: replies that show what will be done. `offers`: replies that offer something else.
    `not_that`: what is said to a wrong summary, by what it is wrong about. `unclear`: replies that say that nothing
    was understood. `asides` are questions asked in between. `slips` are words as they are often mistyped. `places`
    are addresses to have things sent to, `far_places` such as the shop does not send to; `people` and `firms` are
    names; `notes` are notes to an order; `ordinals` how the first, second, … of a list is called. `phone` and
    `tax_number` are forms that such numbers are drawn from: `#` stands for a digit, `*` for a digit or a capital
    letter. `day` is the form in which customers write a day (as of `strftime`).
    """

    tasks: dict[Name, SpokenTask]
    things: dict[Name, tuple[Words, ...]]
    reasons: dict[Name, tuple[Words, ...]] = Field(default_factory=dict)
    called: dict[Name, tuple[Words, ...]] = Field(default_factory=dict)
    shown: dict[Name, tuple[Words, ...]] = Field(default_factory=dict)
    asked: dict[Name, Name]
    answers: dict[Name, tuple[Words, ...]]
    confirms: tuple[Name, ...]
    offers: tuple[Name, ...] = ()
    unclear: tuple[Name, ...] = ()
    called_a_person: tuple[Name, ...] = ()
    yes: tuple[Words, ...] = Field(min_length=1)
    no: tuple[Words, ...] = Field(min_length=1)
    drops: tuple[Words, ...] = Field(min_length=1)
    not_that: dict[Name, tuple[Words, ...]]
    asides: tuple[Words, ...] = ()
    manners: tuple[Manner, ...] = Field(min_length=1)
    slips: dict[Words, tuple[Words, ...]] = Field(default_factory=dict)
    places: tuple[Words, ...] = ()
    far_places: tuple[Words, ...] = ()
    people: tuple[Words, ...] = ()
    firms: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()
    phone: Words = Field("##########", pattern="[#*]")
    tax_number: Words = "##########"
    day: Words = "%Y-%m-%d"
    ordinals: tuple[tuple[Words, ...], ...] = ()

    def sentences(self) -> tuple[str, ...]:
        """Give every whole sentence that a customer may begin or answer with, as written in the file."""
        opens = (line for task in self.tasks.values() for line in (*task.opens, *task.opens_fully))
        answers = (line for lines in self.answers.values() for line in lines)
        return (*opens, *answers, *self.asides)
