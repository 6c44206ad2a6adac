"""Conversation tests: play a pack's dialogues through the whole of Xiaoer and say what came out otherwise."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace

from xiaoer.errors import XiaoerError
from xiaoer.events import Conversation, Reply
from xiaoer.ids import AttachmentId
from xiaoer.pack import ConversationTest, Expectation, ExpectTurn, MeanwhileTurn, SayTurn, SignInTurn
from xiaoer.trial.naming import require_named
from xiaoer.trial.stage import PICTURE_CHANNEL, Scene, TrialStage
from xiaoer.turn import Incoming, TurnResult

_NO_FLOW = "none"
_FAILED = "turn_failed"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of a played dialogue."""

    who: str
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one conversation test; it passed if there are no complaints.

    `not_yet`: the test's own word for why it cannot pass so far; `goes_well`: it does now, and the word can go.
    """

    name: str
    complaints: tuple[str, ...]
    dialogue: tuple[Spoken, ...]
    not_yet: str = ""
    goes_well: bool = False

    @property
    def has_passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.complaints


async def rehearse(stage: TrialStage, tests: Iterable[ConversationTest]) -> AsyncIterator[Verdict]:
    """Play tests one after the other; an error inside one is its complaint."""
    for test in tests:
        try:
            require_named(test, stage.pack, stage.products)
            scene = await stage.scene(test.given)
            yield _judged(test, await _Play(stage, scene, test).run())
        except XiaoerError as error:
            yield Verdict(test.name, (f"{error.code}: {error}",), ())


def _judged(test: ConversationTest, verdict: Verdict) -> Verdict:
    if test.not_yet is None:
        return verdict
    return replace(verdict, complaints=(), not_yet=test.not_yet, goes_well=verdict.has_passed)


class _Play:
    def __init__(self, stage: TrialStage, scene: Scene, test: ConversationTest) -> None:
        self._stage = stage
        self._scene = scene
        self._test = test
        self._is_signed_in = test.given.signed_in
        self._pictures = 0
        self._last = TurnResult((), 0, is_with_person=False)
        self._complaints: list[str] = []
        self._dialogue: list[Spoken] = []

    async def run(self) -> Verdict:
        for number, turn in enumerate(self._test.talk, start=1):
            match turn:
                case SayTurn(say=text, pictures=pictures):
                    self._scene.reader.direct(turn)
                    shown = f"{text} (+{pictures})".strip() if pictures else text
                    self._heard(number, shown, await self._say(text, pictures))
                case SignInTurn():
                    self._is_signed_in = True
                    conversation, customer = self._scene.conversation, self._scene.customer
                    signed_in = await self._scene.turns.sign_in(conversation, customer, proof="trial")
                    self._heard(number, "(signs in)", signed_in)
                case MeanwhileTurn(meanwhile=meanwhile):
                    await self._stage.happen(self._scene, meanwhile)
                case ExpectTurn(expect=expected):
                    found = [complaint async for complaint in self._differences(expected)]
                    self._complaints.extend(f"turn {number}: {complaint}" for complaint in found)
        return Verdict(self._test.name, tuple(self._complaints), tuple(self._dialogue))

    async def _say(self, text: str, pictures: int) -> TurnResult:
        customer = self._scene.customer if self._is_signed_in else None
        first, self._pictures = self._pictures, self._pictures + pictures
        return await self._scene.turns.take(
            Incoming(
                conversation=self._scene.conversation,
                text=text,
                channel=PICTURE_CHANNEL if self._test.given.pictures else "trial",
                customer=customer,
                proof="trial",
                is_private=True,
                attachments=tuple(AttachmentId(f"{number:032x}") for number in range(first, self._pictures)),
            )
        )

    def _heard(self, number: int, text: str, result: TurnResult) -> None:
        self._last = result
        self._dialogue.append(Spoken("customer", text))
        self._dialogue.extend(Spoken("shop", reply.text, (reply.name,)) for reply in result.replies)
        if any(reply.name == _FAILED for reply in result.replies):
            self._complaints.append(f"turn {number}: it failed, and a person was called; the log says why")

    async def _differences(self, expected: Expectation) -> AsyncIterator[str]:
        replies = self._last.replies
        for complaint in [*_reply_differences(expected, replies), *_text_differences(expected, replies)]:
            yield complaint
        for complaint in _state_differences(expected, await self._scene.turns.state(self._scene.conversation)):
            yield complaint
        for number, wanted in expected.orders.items():
            order = await self._scene.order(number)
            if order is None or order.state != wanted:
                yield f"order {number} should be {wanted}, is {order.state if order else 'absent'}"
        for method, minor in expected.balances.items():
            balance = await self._scene.balance(method)
            if balance != minor:
                yield f"there should be {minor} on {method}, is {'nothing' if balance is None else balance}"
        notices = await self._scene.notices()
        if expected.notices is not None and notices != expected.notices:
            yield f"there should be notices of {', '.join(expected.notices) or 'nothing'}, are of {', '.join(notices)}"
        default = await self._scene.default_address()
        if expected.default_address is not None and expected.default_address not in default:
            yield f"the default address should hold {expected.default_address}, is {default or 'none'}"


def _reply_differences(expected: Expectation, replies: Sequence[Reply]) -> list[str]:
    said = tuple(reply.name for reply in replies)
    complaints = []
    if expected.replies is not None and said != expected.replies:
        complaints.append(f"should say {', '.join(expected.replies)}; said {', '.join(said) or 'nothing'}")
    complaints += [
        f"should say {name}; said {', '.join(said) or 'nothing'}" for name in expected.includes if name not in said
    ]
    sources = {source.id for reply in replies for source in reply.sources}
    if expected.source is not None and expected.source not in sources:
        complaints.append(f"should rest on {expected.source}; rests on {', '.join(sorted(sources)) or 'nothing'}")
    cards = sum(len(reply.cards) for reply in replies)
    if expected.cards is not None and cards != expected.cards:
        complaints.append(f"should show {expected.cards} cards; showed {cards}")
    return complaints


def _text_differences(expected: Expectation, replies: Sequence[Reply]) -> list[str]:
    text = "\n".join(reply.text for reply in replies)
    missing = [f"should mention {piece!r}; said {text!r}" for piece in expected.says if piece not in text]
    return missing + [f"must not mention {piece!r}; said {text!r}" for piece in expected.never_says if piece in text]


def _state_differences(expected: Expectation, state: Conversation) -> list[str]:
    complaints = []
    flow = state.frame.flow if state.frame else _NO_FLOW
    if expected.flow is not None and flow != expected.flow:
        complaints.append(f"should be in the flow {expected.flow}; is in {flow}")
    slots = state.frame.slots if state.frame else {}
    for name, wanted in expected.slots.items():
        value = slots[name].value if name in slots else "empty"
        if value != wanted:
            complaints.append(f"slot {name} should be {wanted}; is {value}")
    if expected.with_person is not None and state.is_with_person != expected.with_person:
        complaints.append(f"a person should {'' if expected.with_person else 'not '}have been called")
    return complaints
