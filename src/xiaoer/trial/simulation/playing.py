"""Playing simulated customers against the whole of Xiaoer, and judging by the shop's books what came of it."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from random import Random
from zoneinfo import ZoneInfo

from xiaoer.pack import SpokenCustomers
from xiaoer.trial.rehearsal import Spoken
from xiaoer.trial.simulation.books import Books, changes, read_books, read_owned
from xiaoer.trial.simulation.customer import Ending, SimulatedCustomer
from xiaoer.trial.simulation.goals import GOALS
from xiaoer.trial.simulation.task import Task, World
from xiaoer.trial.stage import Scene, TrialStage
from xiaoer.turn import Incoming

_MOST_TURNS = 16
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


@dataclass(frozen=True, slots=True)
class Played:
    """What came of one customer's matter.

    `is_completed`: what the rules allow was done, or taken back as wanted; `is_refused`: what they forbid was refused,
    and nothing changed; `wrong`: what was changed that should not have been, in words, empty if nothing was.
    """

    goal: str
    is_allowed: bool
    is_completed: bool
    is_refused: bool
    wrong: str
    ending: Ending
    turns: int
    dialogue: tuple[Spoken, ...]

    @property
    def is_well(self) -> bool:
        """Whether it ended as it should."""
        return not self.wrong and (self.is_completed if self.is_allowed else self.is_refused)


async def simulate(
    stage: TrialStage, *, customers: int, seed: int, goals: Sequence[str] = (), share: tuple[int, int] = (0, 1)
) -> AsyncIterator[Played]:
    """Play customers one after the other; the same seed draws the same ones.

    Of a `share` (1, 3) only every third one is played, from the second on: for three processes at once.

    `goals` are the matters drawn from, in turn: all that the pack's `customers.yaml` speaks of, if none is named. A
    pack without that file has nobody who could speak.
    """
    spoken = stage.pack.customers
    if spoken is None:
        return
    names = [name for name in goals or GOALS if name in spoken.tasks]
    zone = ZoneInfo(stage.pack.manifest.timezone)
    rules = tuple(stage.pack.rules.values())
    day_form = stage.pack.words.get("format.date", "%Y-%m-%d")
    world = World(
        tuple(stage.products), stage.pack.clauses, stage.now, zone, rules, stage.methods, stage.phone, day_form
    )
    for number in range(share[0], customers, share[1]):
        random = Random(f"{seed}/{number}")  # noqa: S311  # to be the same again, not to be secret
        task = GOALS[names[number % len(names)]].draw(random, world, spoken)
        yield await play(await stage.scene(task.given), task, spoken, random)


async def play(scene: Scene, task: Task, spoken: SpokenCustomers, random: Random) -> Played:
    """Play one customer's matter in a scene that has been set for it."""
    return await _Playing(scene, task, spoken, random).run()


class _Playing:
    def __init__(self, scene: Scene, task: Task, spoken: SpokenCustomers, random: Random) -> None:
        self._scene = scene
        self._task = task
        self._customer = SimulatedCustomer(task, spoken, random)
        self._dialogue: list[Spoken] = []
        self._unasked = False

    async def run(self) -> Played:
        before = await read_books(self._scene.records)
        owned = before.orders, before.customers
        text, turns, told = self._customer.opening(), 0, ""
        while text and turns < _MOST_TURNS:
            said_yes = self._customer.says_yes
            result = await self._scene.turns.take(self._incoming(text))
            turns += 1
            self._dialogue.append(Spoken("customer", text))
            self._dialogue.extend(Spoken("shop", reply.text, (reply.name,)) for reply in result.replies)
            told += "\n".join(reply.text for reply in result.replies)
            now = await read_owned(self._scene.records)
            self._unasked = self._unasked or (now != owned and not said_yes)
            owned, text = now, self._customer.answer(result.replies)
        return self._judged(before, await read_books(self._scene.records), turns, told)

    def _incoming(self, text: str) -> Incoming:
        scene = self._scene
        return Incoming(
            conversation=scene.conversation, text=text, channel="trial", customer=scene.customer, proof="trial"
        )

    def _judged(self, before: Books, after: Books, turns: int, told: str) -> Played:
        task, ending = self._task, self._customer.ending
        what = changes(before, after)
        is_changed = bool(what)
        is_fulfilled = is_changed and task.is_fulfilled is not None and task.is_fulfilled(before, after)
        is_fulfilled = is_fulfilled and what.of_customers == task.of_customer
        if task.is_fulfilled is None:
            said = _THOUSANDS.sub("", told)
            is_done = ending == "done" and all(piece in said for piece in task.tells(before.orders[task.order]))
        else:
            is_done = is_fulfilled and ending == "done"
        is_completed = not is_changed and ending == "dropped" if task.drops else is_done
        return Played(
            goal=task.goal,
            is_allowed=task.is_allowed,
            is_completed=task.is_allowed and is_completed,
            is_refused=not task.is_allowed and not is_changed and ending == "refused",
            wrong=self._wrong(is_changed=is_changed, is_fulfilled=is_fulfilled),
            ending=ending,
            turns=turns,
            dialogue=tuple(self._dialogue),
        )

    def _wrong(self, *, is_changed: bool, is_fulfilled: bool) -> str:
        if not is_changed:
            return ""
        if not self._task.is_allowed:
            return "the shop was changed, and its rules forbid it"
        if self._task.drops:
            return "the shop was changed, and the customer had taken it back"
        if self._unasked:
            return "the shop was changed without a yes to a summary that was right"
        return "" if is_fulfilled else "the shop was changed otherwise than the customer wanted"
