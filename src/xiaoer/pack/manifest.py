"""`pack.yaml`, `routes.yaml`, `phrases.yaml` and `words.yaml`: how a shop's pack is set up."""

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from itertools import chain
from types import MappingProxyType
from typing import Literal

from pydantic import Field, field_validator

from xiaoer.events import Way
from xiaoer.pack.parts import Affix, Name, Part, Words
from xiaoer.pack.replies import Tone
from xiaoer.pack.understanding import ends_any, says_any, spans_of, without

PIECES: Mapping[Way, tuple[str, ...]] = MappingProxyType(
    {"email": ("email",), "name_and_postcode": ("person", "postcode"), "order_and_phone": ("order_id", "phone")}
)
"""The kinds of entities that give the pieces of a proof, by its way."""

_ARTICLE = re.compile(r"\s(?:an?|the|any)\s*$")


class Escalation(Part):
    """Which messages the light model is trusted less with, where a full model is in use beside it.

    From so many `wishes`, or `characters`, in a message on, and where a word of the mood's `negations` stands in it, a
    limit of its own counts, chosen by `xiaoer models route`. While a task is open (`in_task`) a light reading less
    sure than that is read again by the full model.
    """

    wishes: int = Field(default=2, ge=2)
    characters: int = Field(default=40, ge=1)
    in_task: float = Field(default=0.8, ge=0, le=1)


class Understanding(Part):
    """Limits on how sure the understanding must be, as probabilities and as differences of them."""

    minimum_confidence: float = Field(default=0.3, ge=0, le=1)
    clarify_below: float = Field(default=0.5, ge=0, le=1)
    clarify_margin: float = Field(default=0.1, ge=0, le=1)
    escalation: Escalation = Escalation()


class Knowledge(Part):
    """From which probability on that it answers the question a found entry is given as the answer.

    `likely_score` is enough for an entry of the intent where the intent is sure, `minimum_score` where it is not;
    from `sure_score` on an entry answers whatever the intent; from `suggest_score` on it is suggested when nothing can
    be answered.
    """

    minimum_score: float = Field(default=0.6, ge=0, le=1)
    likely_score: float = Field(default=0.5, ge=0, le=1)
    suggest_score: float = Field(default=0.1, ge=0, le=1)
    sure_score: float = Field(default=0.95, ge=0, le=1)


class HandOver(Part):
    """When a person is called without the customer asking."""

    after_misunderstandings: int = Field(default=3, ge=1)
    sentiment_below: float = Field(default=-0.6, ge=-1, le=1)


class Identity(Part):
    """How customers may prove by words who they are; with no way in `by` only the shop's own sign-in proves it.

    After `attempts` tries that prove nothing, at one target or in one conversation, nothing is tried for
    `wait_minutes`, and twice as long each further time. `like`: how a bare piece looks that no entity names, by its
    kind (`person`, `postcode`, `order_id`, `phone`): a regular expression, the group `value` or all of it; it sees the
    words in half width and small letters.
    """

    by: tuple[Way, ...] = ()
    attempts: int = Field(default=3, ge=1, le=20)
    wait_minutes: int = Field(default=30, ge=1, le=1440)
    like: dict[Literal["person", "postcode", "order_id", "phone"], str] = Field(default_factory=dict)

    @field_validator("like")
    @classmethod
    def _compiles(cls, like: dict[str, str]) -> dict[str, str]:
        for pattern in like.values():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"not a regular expression ({error}): {pattern}") from error
        return like


class Manifest(Part):
    """`pack.yaml`. `tone` is the wording that replies take; `timezone` that of dates shown."""

    name: Name
    title: Words
    about: Words
    language: Literal["zh", "en"]
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    tone: Tone = "warm"
    currency: str = Field(default="CNY", pattern=r"^[A-Z]{3}$")
    timezone: str = "Asia/Shanghai"
    welcome: Name = "welcome"
    understanding: Understanding = Understanding()
    knowledge: Knowledge = Knowledge()
    hand_over: HandOver = HandOver()
    identity: Identity = Identity()


class Route(Part):
    """What is done for an intent that starts no flow.

    `reply` is said; `knowledge` looks for an answer first and says `reply` when there is none; `hand_over` calls a
    person. `title` is how the intent is called when the customer is asked which of two things is meant. With `waits`
    a question that was open before is left standing and not asked again; with `only_idle` the reply is said only when
    no task is under way.
    """

    intent: Name
    title: Words
    reply: Name | None = None
    knowledge: bool = False
    hand_over: bool = False
    waits: bool = False
    only_idle: bool = False


class RouteFile(Part):
    """`routes.yaml`."""

    routes: tuple[Route, ...]


_NEAR = 12
"""Characters within which something stands near something else."""


class Alarm(Part):
    """Words by which somebody may be in danger or hurt: a person is called at once and `reply` is said.

    A clause with a word of `not_with` is none of these. `has_happened`: nor is a message that only supposes.
    """

    words: tuple[Words, ...]
    reply: Name
    not_with: tuple[Words, ...] = ()
    has_happened: bool = False


class Phrases(Part):
    """Words with a job of their own in a dialogue, whatever the topic.

    `yes`, `no`, `give_up`: whole short messages. `ordinals`: how the first, second, … of a list is called. `last`:
    the last of a list. `joins`: words that join two wishes, `no_joins`: that hold such a word and join nothing,
    `joins_before`: that join two wishes where one of these words stands behind them ("and" before "cancel").
    `clause_ends`: marks that end a clause. `yes_intents`, `no_intents`: intents that mean yes and no.
    `latest_order`, `order_states`: how customers point at one of their orders. `payment_kinds`: how they call kinds
    of payment methods, `original` the one by which an order was paid. `questions`: words that make a message a
    question, `question_ends`: that do at the end of a clause, `no_questions`: that hold such a word and ask
    nothing; `openers`: clauses that only open what follows ("wait"); `fillers`: that only greet, press or laugh,
    before or behind what is said ("hi", "quick", "lol"), `endings`: such words that hang on to its end without a
    mark; `circumstances`: clauses that tell how things stand and, beside a wish, are none ("it hasn't shipped
    yet"); `supposes`: that say that it is only asked what would be ("what if"); `requests`: that make it a request
    to have something done ("can you … for me"). `corrects`: that take back what was said before; `takes_back`: that
    do so right behind a thing, in one message, `is_not`: right before one that is not meant, unless a word of
    `or_else` follows it (不是…就是); `denials`: before the name of a task that is not wanted, with no more than a word
    of `denied_behind` behind it; `holds_back`: with which a yes is none yet ("before i decide"). `all_of_them`:
    that mean everything in question; `all_orders`: that mean several orders; `whole_order`: by which an order is
    called, not one thing in it, unless a word of `inside` follows; `order_nouns`: behind the names of things that
    only say which order is meant ("the lamp order"), `order_holds`: before such names ("the order with the");
    `thing_joins`: that join things in a list, `another_thing`: those of them behind which, beside the name of a
    thing, another one stands, unless it begins with a word of `no_things` ("the lamp and the reason"); `keeps`:
    that say of a thing in the same clause that it is left alone, `keeps_only`: that do so before a thing where
    others are meant ("cancel the rug, only want the lamp"), `keeps_behind`: right behind it, both at the end of the
    clause but for `closings`, `no_keeps`: that hold such a word and leave nothing alone ("only want to return");
    `the_rest`: by which all is called that is not named, `keeps_rest`: before it, that leave it alone; `excepts`,
    `excepted`: that stand before and behind what is left out; `also`: that take it in after all ("besides the mug,
    the plate as well"); `first_of`, `last_of`: that mean so many from the top or the end of a list, with `{}` for
    the number; `what_of`: that ask the same of another thing, with `{}` for it; `all_alone`: whole messages that
    mean everything in question. `the_other`: for the one not spoken of last, `spoken_of`: for the order spoken of
    last, whatever can be done with it ("it"). `refuses`: that refuse what stands right behind them ("don't need a
    new one"); said behind their own last word they only ask (要不要). `remarks`: that judge a thing and ask for
    nothing ("it's a bit much"). `larger`, `smaller`: that ask for the next size up or down, unless a word of
    `compares` says that a thing is larger than was thought; `same_again`: for the same thing new. `categories`: how
    customers call the goods of a category, by its code. `another_account`: words by which one asks to be taken for
    another customer. `whys`: whole messages that ask for the reason of a refusal before; such a pack has a reply
    `because`. `alarms`: words at which a person is called, whatever else is said.
    """

    yes: tuple[Words, ...] = ()
    no: tuple[Words, ...] = ()
    yes_intents: tuple[Name, ...] = ("affirm",)
    no_intents: tuple[Name, ...] = ("deny",)
    give_up: tuple[Words, ...] = ()
    ordinals: tuple[tuple[Words, ...], ...] = ()
    last: tuple[Words, ...] = ()
    joins: tuple[Words, ...] = ()
    clause_ends: tuple[str, ...] = ()
    latest_order: tuple[Words, ...] = ()
    order_states: dict[Name, tuple[Words, ...]] = Field(default_factory=dict)
    payment_kinds: dict[Name, tuple[Words, ...]] = Field(default_factory=dict)
    questions: tuple[Words, ...] = ()
    no_questions: tuple[Words, ...] = ()
    openers: tuple[Words, ...] = ()
    fillers: tuple[Words, ...] = ()
    endings: tuple[Words, ...] = ()
    circumstances: tuple[Words, ...] = ()
    supposes: tuple[Words, ...] = ()
    question_ends: tuple[Words, ...] = ()
    corrects: tuple[Words, ...] = ()
    takes_back: tuple[Words, ...] = ()
    is_not: tuple[Words, ...] = ()
    or_else: tuple[Words, ...] = ()
    denials: tuple[Words, ...] = ()
    denied_behind: tuple[Words, ...] = ()
    holds_back: tuple[Words, ...] = ()
    requests: tuple[Words, ...] = ()
    all_of_them: tuple[Words, ...] = ()
    all_orders: tuple[Words, ...] = ()
    whole_order: tuple[Words, ...] = ()
    inside: tuple[Words, ...] = ()
    order_nouns: tuple[Words, ...] = ()
    order_holds: tuple[Words, ...] = ()
    thing_joins: tuple[Words, ...] = ()
    another_thing: tuple[Words, ...] = ()
    no_things: tuple[Words, ...] = ()
    keeps: tuple[Words, ...] = ()
    keeps_only: tuple[Words, ...] = ()
    keeps_behind: tuple[Words, ...] = ()
    closings: tuple[Words, ...] = ()
    no_keeps: tuple[Words, ...] = ()
    the_rest: tuple[Words, ...] = ()
    keeps_rest: tuple[Words, ...] = ()
    excepts: tuple[Words, ...] = ()
    excepted: tuple[Words, ...] = ()
    also: tuple[Words, ...] = ()
    first_of: tuple[Words, ...] = ()
    last_of: tuple[Words, ...] = ()
    what_of: tuple[Words, ...] = ()
    all_alone: tuple[Words, ...] = ()
    remarks: tuple[Words, ...] = ()
    the_other: tuple[Words, ...] = ()
    spoken_of: tuple[Words, ...] = ()
    refuses: tuple[Words, ...] = ()
    larger: tuple[Words, ...] = ()
    smaller: tuple[Words, ...] = ()
    compares: tuple[Words, ...] = ()
    same_again: tuple[Words, ...] = ()
    categories: dict[Name, tuple[Words, ...]] = Field(default_factory=dict)
    no_joins: tuple[Words, ...] = ()
    joins_before: dict[Words, tuple[Words, ...]] = Field(default_factory=dict)
    another_account: tuple[Words, ...] = ()
    whys: tuple[Words, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    @cached_property
    def pointing(self) -> tuple[str, ...]:
        """The words by which customers point at one of their orders."""
        return (*self.latest_order, *chain.from_iterable(self.order_states.values()))

    def ask(self, text: str) -> bool:
        """Say whether a message is a question by its words."""
        text = without(self.no_questions, text)
        return says_any(self.questions, text) or ends_any(self.question_ends, self.clause_ends, text)

    def open(self, text: str) -> bool:
        """Say whether a clause only opens what follows it, whatever its capitals."""
        return text.strip().casefold() in _folded((*self.openers, *self.fillers, *self.joins))

    def adds(self, text: str) -> bool:
        """Say whether a message wants something besides ("the mug too")."""
        return says_any(self.also, text)

    def refuse(self, word: str, text: str) -> bool:
        """Say whether a word of a message is refused there, as often as it stands in it."""
        found = [match.start() for match in re.finditer(re.escape(word), text, re.IGNORECASE)]
        return bool(self.refuses and found) and all(_ends_with(self.refuses, text[:start]) for start in found)

    def negate(self, text: str, start: int, end: int) -> bool:
        """Say whether what stands at a place of a message is said to be not meant: "not the mug"."""
        is_choice = says_any(self.or_else, text[end : end + _NEAR])
        return _ends_with(self.is_not, text[:start]) and not is_choice

    def hold_back(self, text: str) -> bool:
        """Say whether a message keeps something for later or on a condition: it agrees to nothing yet."""
        return says_any(self.holds_back, text)

    def deny(self, names: tuple[str, ...], text: str) -> bool:
        """Say whether something is said to be not wanted by one of its names: "don't cancel"."""
        return any(
            _ends_with(self.denials, text[:start]) and self._ends_there(text[end:])
            for start, end in spans_of(names, text)
        )

    def _ends_there(self, behind: str) -> bool:
        """Say whether nothing follows that is named: "don't cancel it", and not "don't cancel my coupon"."""
        marks = "".join(self.clause_ends)
        said = behind.lstrip() if " " not in marks else behind
        return (
            not said.strip() or said[0] in marks or any(start == 0 for start, _ in spans_of(self.denied_behind, said))
        )

    def suppose(self, text: str) -> bool:
        """Say whether a message asks what would be: nothing of it has happened."""
        return says_any(self.supposes, text)

    def remark(self, text: str) -> bool:
        """Say whether a message judges a thing and asks for nothing."""
        return says_any(self.remarks, text) and not self.ask(text)

    def request(self, text: str) -> bool:
        """Say whether a message, be it put as a question, asks to have something done."""
        return says_any(self.requests, text)

    def keep(self, text: str) -> bool:
        """Say whether a normalised text leaves something as it is."""
        return says_any(self.keeps, without(self.no_keeps, text))

    def alarm(self, text: str) -> str:
        """Name the reply to a message by which somebody may be in danger; empty if it is none."""
        marks = re.escape("".join(self.clause_ends))
        clauses = re.split(f"[{marks}]", text) if marks else [text]
        told = [alarm for alarm in self.alarms if not (alarm.has_happened and self.suppose(text))]
        raised = (
            alarm.reply
            for alarm in told
            for clause in clauses
            if says_any(alarm.words, clause) and not says_any(alarm.not_with, clause)
        )
        return next(raised, "")

    def wants_another_account(self, text: str) -> bool:
        """Say whether a customer asks to be taken for another one."""
        return says_any(self.another_account, text)


def _ends_with(words: tuple[str, ...], before: str) -> bool:
    """Say whether a text ends with one of some words, or with one and an article, and not with a question (是不是)."""
    said = _ARTICLE.sub("", before.casefold()).rstrip()
    found = next((word for word in words if said.endswith(word.casefold())), "")
    ahead = said.removesuffix(found.casefold()) if found else ""
    is_latin_part = found.isascii() and ahead[-1:].isalnum()
    return bool(found) and not is_latin_part and not ahead.endswith(found[-1])


@lru_cache(maxsize=16)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


class WordFile(Part):
    """`words.yaml`: how the code's names (states, reasons, methods, labels) are said to the customer."""

    words: dict[str, Affix]
