"""How sure the light tier must be: limits chosen on texts that neither model has seen, for a stated loss."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec import structs

from xiaoer.events import Reading
from xiaoer.learn.data.samples import Table, key_of
from xiaoer.learn.errors import TooFewTextsError
from xiaoer.learn.evaluation import taught_by
from xiaoer.pack import Pack
from xiaoer.understand import ALWAYS, Classifier, Routing, Rule, Signs, Understander, read_in_full, sureness

FEWEST_TEXTS = 100
_FEWEST_OF_A_KIND = 30
_RULES: tuple[Rule, ...] = ("wishes", "negation", "long")
_CHOSEN_BY = "dev"


@dataclass(frozen=True, slots=True)
class Held:
    """A text that neither model was trained on, and the intents of its wishes."""

    text: str
    intents: frozenset[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """What both tiers made of a text: the rules that hold, how sure the light one was, and who was right."""

    rules: tuple[Rule, ...]
    sureness: float
    light_is_right: bool
    full_is_right: bool


def held_out(table: Table, pack: Pack) -> tuple[Held, ...]:
    """Choose what limits may be chosen by: labelled samples and messages of many wishes that no model has seen.

    Of data that was split the part `dev` is taken. What says the same as something that the pack teaches is left out;
    its `wishes.yaml` is never trained on.
    """
    has_parts = any(sample.split for sample in table)
    taught = taught_by([pack])
    single = (
        Held(sample.text, frozenset({sample.intent}))
        for sample in table
        if sample.intent is not None
        and sample.intent in pack.intents
        and (not has_parts or sample.split == _CHOSEN_BY)
        and key_of(sample.text) not in taught
    )
    return (*single, *(Held(message.text, frozenset(message.wishes)) for message in pack.wishes))


def compare_tiers(
    held: Sequence[Held], understander: Understander, full: Classifier, signs: Signs, *, now: datetime
) -> list[Compared]:
    """Have a pack's light tier read texts, and a full model in its place, as messages of a moment (aware)."""
    compared = []
    for one in held:
        light = understander.read(one.text, now=now)
        again = read_in_full(understander, full, one.text, now=now)
        rules = signs.rules(one.text, len(light.wishes))
        compared.append(Compared(rules, sureness(light), _is_right(light, one), _is_right(again, one)))
    return compared


def choose_routing(compared: Sequence[Compared], *, lose: float, light: str = "", data_hash: str = "") -> Routing:
    """Choose the lowest limits with which the routed tiers lose at most `lose` (a share) of the full one's accuracy.

    That holds among the texts of each rule, and among those without any. Where there are too few texts to tell, every
    message of that kind goes to the full tier.

    Raises:
        TooFewTextsError: there are too few texts to choose by.
    """
    if len(compared) < FEWEST_TEXTS:
        raise TooFewTextsError(
            f"Limits are chosen by at least {FEWEST_TEXTS} labelled texts that the models were not trained on; "
            f"there are {len(compared)}."
        )
    routing = Routing(
        threshold=_limit([one for one in compared if not one.rules], lose),
        rules={rule: _limit([one for one in compared if rule in one.rules], lose) for rule in _RULES},
        lose=lose,
        light=light,
        data_hash=data_hash,
    )
    return structs.replace(routing, measured=measure_routing(compared, routing))


def measure_routing(compared: Sequence[Compared], routing: Routing) -> dict[str, float]:
    """Say what limits bring on texts: the accuracy of each tier alone and of both, and the share that is read again."""
    goes = [one.sureness < routing.limit(one.rules) for one in compared]
    pairs = list(zip(compared, goes, strict=True))
    return {
        "texts": len(compared),
        "light_accuracy": _share(one.light_is_right for one in compared),
        "full_accuracy": _share(one.full_is_right for one in compared),
        "routed_accuracy": _share(one.full_is_right if is_full else one.light_is_right for one, is_full in pairs),
        "full_share": _share(goes),
    }


def _limit(compared: Sequence[Compared], lose: float) -> float:
    """Give the lowest limit that costs at most a share: the light tier keeps the texts that it is surest of."""
    if len(compared) < _FEWEST_OF_A_KIND:
        return ALWAYS
    may_lose = lose * len(compared)
    limit, lost = ALWAYS, 0
    by_sureness = sorted(compared, key=lambda one: -one.sureness)
    for at, one in enumerate(by_sureness):
        lost += one.full_is_right - one.light_is_right
        is_last_of_equals = at + 1 == len(by_sureness) or by_sureness[at + 1].sureness < one.sureness
        if is_last_of_equals and lost <= may_lose:
            limit = one.sureness
    return limit


def _is_right(reading: Reading, held: Held) -> bool:
    if len(held.intents) > 1:
        return {wish.intent for wish in reading.wishes} == held.intents
    return reading.intent.name in held.intents


def _share(holds: Iterable[bool]) -> float:
    counted = list(holds)
    return sum(counted) / len(counted) if counted else 0.0
