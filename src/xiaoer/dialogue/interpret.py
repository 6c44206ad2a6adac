"""What a message means where the conversation stands: an answer, a correction, a new wish, a question in between."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from msgspec import structs

from xiaoer.dialogue.answers import answer
from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.corrections import corrections, direct_corrections
from xiaoer.dialogue.hits import best_hit
from xiaoer.dialogue.matching import choose, gives_up, says_no, says_yes
from xiaoer.dialogue.moves import GiveAnswer, Move, Record, Say
from xiaoer.dialogue.stage import Stage, title_of
from xiaoer.dialogue.wishes import Heard, fill, flow_of_wish, hand_over, serve_wish
from xiaoer.events import (
    Choice,
    Conversation,
    FlowEnded,
    FlowResumed,
    HandedOver,
    IntentScore,
    NotUnderstood,
    QuestionAsked,
    Reading,
    Wish,
    WishDeferred,
    WishTaken,
)
from xiaoer.pack import Flow, Phrases

_NONE_OF_THEM = "none_of_them"
_SURELY = 0.8


@dataclass(frozen=True, slots=True)
class Message:
    """A message as received and as understood on its own."""

    text: str
    reading: Reading

    def part(self, wish: Wish, *, absorbs: Collection[str] = ()) -> Heard:
        """Give the words of one wish and the entities in them; all of them, if it is the only wish.

        Wishes of the intents that it `absorbs` (the reasons for it) do not count as others.
        """
        if all(other is wish or other.intent in absorbs for other in self.reading.wishes):
            return self.whole()
        inside = tuple(e for e in self.reading.entities if wish.start <= e.start and e.end <= wish.end)
        return Heard(self.text[wish.start : wish.end], inside, wish.confidence)

    def whole(self) -> Heard:
        """Give all words and entities."""
        return Heard(self.text, self.reading.entities, self.reading.intent.confidence)


def interpret(state: Conversation, message: Message, stage: Stage) -> list[Move]:
    """Give the moves that a message brings about, before the dialogue goes on by itself."""
    return _Interpreter(state, _plainly(message, stage.pack.phrases), stage).run()


def _plainly(message: Message, phrases: Phrases) -> Message:
    """Read a message that is a listed yes or no, whole, as just that, whatever the model makes of it."""
    is_yes = says_yes(message.text, phrases)
    names = phrases.yes_intents if is_yes else phrases.no_intents if says_no(message.text, phrases) else ()
    if not names:
        return message
    wish = Wish(intent=names[0], confidence=1.0, start=0, end=len(message.text))
    reading = structs.replace(message.reading, intent=IntentScore(names[0], 1.0), wishes=(wish,), is_in_scope=True)
    return Message(message.text, reading)


class _Interpreter:
    def __init__(self, state: Conversation, message: Message, stage: Stage) -> None:
        self._state = state
        self._message = message
        self._stage = stage
        self._pack = stage.pack
        self._limits = stage.pack.manifest.understanding
        self._flow = stage.flow_of(state.frame) if state.frame else None
        self._flows: dict[Wish, Flow | None] = {}

    def run(self) -> list[Move]:
        return [*self._calm(), *self._meaning()]

    def _meaning(self) -> list[Move]:
        for sense in (self._person, self._answer, self._give_up, self._unclear, self._wishes, self._data):
            moves = sense()
            if moves is not None:
                return moves
        return self._not_understood()

    # A person

    def _calm(self) -> list[Move]:
        """Call a person for an angry customer, and serve the wish all the same."""
        if not self._is_angry() or self._state.is_with_person or self._person() is not None:
            return []
        return hand_over("angry", note=self._message.text, reply="calm")

    def _is_angry(self) -> bool:
        return self._message.reading.sentiment <= self._pack.manifest.hand_over.sentiment_below

    def _person(self) -> list[Move] | None:
        """A person is asked for: open tasks end, so that nothing is done behind that person's back."""
        intent = self._message.reading.intent
        route = self._pack.routes.get(intent.name)
        # A short answer to an open question is easily misread; one must be surer there.
        least = _SURELY if self._state.question is not None else self._limits.minimum_confidence
        if route is None or not route.hand_over or intent.confidence < least:
            return None
        called = HandedOver(reason="angry" if self._is_angry() else "asked", note=self._message.text)
        return [Record(called), Say(route.reply or "handed_over"), *self._all_ended()]

    def _all_ended(self) -> list[Move]:
        ended = [Record(FlowEnded(frame=frame.id, how="handed_over")) for frame in reversed(self._state.frames)]
        return [*ended, *(Record(WishTaken()) for _ in self._state.waiting)]

    # The open question

    def _answer(self) -> list[Move] | None:
        question = self._state.question
        if question is None:
            return None
        if question.kind == "clarify":
            is_latest = self._state.question_turn == self._state.turns - 1
            return self._clarified(question) if is_latest else None
        if question.kind == "slot" and gives_up(self._message.text, self._pack.phrases):
            return None
        asked = self._asked()
        heard = self._for_this_task()
        answered = answer(asked, heard) if asked else None
        if asked is None:
            return None
        if answered is None:
            return self._data_beside_a_question(asked, heard)
        several = len(self._message.reading.wishes) > 1
        others = [wish for wish in self._new_wishes() if self._is_sure(wish)] if several else []
        return [*answered, *corrections(asked, heard), *self._served(others, may_start=False)]

    def _data_beside_a_question(self, asked: Asked, heard: Heard) -> list[Move] | None:
        """Take data for this task ("the phone is wrong, call …") even if the words sound like a question."""
        has_new_task = any(self._flow_for(wish) is not None for wish in self._new_wishes())
        return None if has_new_task else (direct_corrections(asked, heard) or None)

    def _for_this_task(self) -> Heard:
        """Give the words as they are, and the entities but those said for another task."""
        heard = self._message.whole()
        if len(self._message.reading.wishes) <= 1:
            return heard
        other = {e for wish in self._new_wishes() for e in self._message.part(wish).entities}
        return Heard(heard.text, tuple(e for e in heard.entities if e not in other))

    def _asked(self) -> Asked | None:
        frame, flow = self._state.frame, self._flow
        if frame is None or flow is None:
            return None
        question = self._state.question or QuestionAsked(kind="proof", frame=frame.id)
        intent = self._message.reading.intent
        name = intent.name if intent.confidence >= self._limits.minimum_confidence else ""
        has_new_wish = any(self._is_sure(wish) for wish in self._new_wishes())
        return Asked(question, frame, flow, self._pack.phrases, name, has_new_wish)

    def _clarified(self, question: QuestionAsked) -> list[Move] | None:
        choice = choose(self._message.text, question.choices, self._pack.phrases)
        if choice is None:
            return None
        if choice.value == _NONE_OF_THEM:
            return [Record(NotUnderstood(text=question.text)), Say("say_it_differently")]
        heard = Heard(question.text, question.entities)
        return serve_wish(self._state, heard, choice.value, self._pack, self._stage.search)

    def _give_up(self) -> list[Move] | None:
        frame, flow, intent = self._state.frame, self._flow, self._message.reading.intent
        if frame is None or flow is None:
            return None
        is_meant = intent.name in flow.gives_up and intent.confidence >= self._limits.minimum_confidence
        if not is_meant and not gives_up(self._message.text, self._pack.phrases):
            return None
        return [Record(FlowEnded(frame=frame.id, how="given_up")), Say("flow_given_up", {"title": flow.title})]

    # Wishes

    def _new_wishes(self) -> list[Wish]:
        """Give the wishes that ask for something other than the task under way."""
        return [wish for wish in self._message.reading.wishes if self._asks_for_more(wish)]

    def _asks_for_more(self, wish: Wish) -> bool:
        flow = self._flow_for(wish)
        if self._flow is not None and wish.intent in self._flow.absorbs:
            return False
        if flow is not None:
            return not self._is_of_this_task(wish)
        route = self._pack.routes.get(wish.intent)
        return route is None or not route.only_idle

    def _flow_for(self, wish: Wish) -> Flow | None:
        if wish not in self._flows:
            self._flows[wish] = self._find_flow(wish)
        return self._flows[wish]

    def _find_flow(self, wish: Wish) -> Flow | None:
        return flow_of_wish(self._state, self._message.part(wish), wish.intent, self._pack, self._stage.search)

    def _is_sure(self, wish: Wish) -> bool:
        return wish.confidence >= self._limits.clarify_below

    def _unclear(self) -> list[Move] | None:
        """Ask which of two is meant, when two readings are close and would be served differently."""
        wishes = self._message.reading.wishes
        if len(wishes) != 1 or self._is_sure(wishes[0]) or not self._asks_for_more(wishes[0]):
            return None
        wish, other = wishes[0], wishes[0].runner_up
        is_close = other is not None and wish.confidence - other.confidence <= self._limits.clarify_margin
        if other is None or not is_close or wish.confidence < self._limits.minimum_confidence:
            return None
        is_this_task = self._flow is not None and other.name in self._flow.triggers
        if is_this_task or not self._differ(wish.intent, other.name) or self._sure_answer() is not None:
            return None
        titles = {intent: title_of(self._pack, intent) for intent in (wish.intent, other.name)}
        choices = (
            *(Choice(value=intent, title=title) for intent, title in titles.items()),
            Choice(value=_NONE_OF_THEM, title=self._pack.words.get(_NONE_OF_THEM, _NONE_OF_THEM)),
        )
        heard = self._message.whole()
        question = QuestionAsked(kind="clarify", choices=choices, text=heard.text, entities=heard.entities)
        return [Say("clarify", {"titles": list(titles.values())}, choices), Record(question)]

    def _differ(self, one: str, other: str) -> bool:
        """Say whether two intents are served by different tasks, or by a task and an answer."""
        flow, other_flow = self._pack.flow_for(one), self._pack.flow_for(other)
        is_passive = other_flow is None and other in self._pack.routes and not self._pack.routes[other].knowledge
        return (flow is not None or other_flow is not None) and flow is not other_flow and not is_passive

    def _sure_answer(self) -> GiveAnswer | None:
        hit = best_hit(self._stage.search(self._message.text, ""), "", self._pack)
        return None if hit is None else GiveAnswer(self._message.text, hit.entry, hit.score)

    def _wishes(self) -> list[Move] | None:
        minimum = self._limits.minimum_confidence
        reading = self._message.reading
        followed_up = self._followed_up()
        if followed_up is not None:
            return self._served([followed_up], may_start=True)
        wishes = [w for w in reading.wishes if w.confidence >= minimum and not self._belongs_to_task(w)]
        if not wishes or not reading.is_in_scope:
            return None
        return self._served(wishes, may_start=True)

    def _followed_up(self) -> Wish | None:
        """Read an unclear "and the dumbbell?" as the wish before it, for the thing named now."""
        wishes, last = self._message.reading.wishes, self._state.previous_intent
        if len(wishes) != 1 or self._is_sure(wishes[0]) or self._flow_for(wishes[0]) is not None:
            return None
        flow = self._pack.flow_for(last, self._message.whole().kinds)
        if flow is None or not flow.only_with or last in self._pack.phrases.yes_intents:
            return None
        return structs.replace(wishes[0], intent=last, confidence=self._limits.clarify_below)

    def _belongs_to_task(self, wish: Wish) -> bool:
        """Say whether a wish is for the task under way, or mere data that only this task could use."""
        route = self._pack.routes.get(wish.intent)
        if self._flow is not None and wish.intent in self._flow.absorbs:
            return True
        is_data = self._flow is not None and self._flow_for(wish) is None and route is not None and route.only_idle
        return is_data or self._is_of_this_task(wish)

    def _is_of_this_task(self, wish: Wish) -> bool:
        flow = self._flow_for(wish)
        if flow is None or self._flow is None:
            return False
        takes_the_same = any(kind in slot.entities for slot in self._flow.slots for kind in flow.only_with)
        return flow.name == self._flow.name or (takes_the_same and wish.intent in self._pack.routes)

    def _served(self, wishes: Sequence[Wish], *, may_start: bool) -> list[Move]:
        """Serve answers first and start the first task after them; further tasks wait."""
        absorbed = {intent for wish in wishes if (flow := self._flow_for(wish)) for intent in flow.absorbs}
        wishes = [wish for wish in wishes if wish.intent not in absorbed and not self._is_cared_for(wish)]
        tasks = {flow.name: wish for wish in reversed(wishes) if (flow := self._flow_for(wish)) is not None}
        instants = [wish for wish in wishes if self._flow_for(wish) is None]
        moves = [move for wish in instants for move in self._instant(wish)]
        ordered = [wish for wish in wishes if wish in tasks.values()]
        if ordered and may_start:
            return [*moves, *self._start(ordered[0]), *(self._deferred(wish) for wish in ordered[1:])]
        moves.extend(self._deferred(wish) for wish in ordered)
        return [*moves, *self._back_to_task(instants)] if may_start else moves

    def _is_cared_for(self, wish: Wish) -> bool:
        """Say whether a person was called already for the anger that speaks from this wish."""
        route = self._pack.routes.get(wish.intent)
        return route is not None and route.hand_over and self._is_angry()

    def _instant(self, wish: Wish) -> list[Move]:
        flow = self._flow_for(wish)
        heard = self._message.part(wish, absorbs=flow.absorbs if flow else ())
        return serve_wish(self._state, heard, wish.intent, self._pack, self._stage.search)

    def _start(self, wish: Wish) -> list[Move]:
        flow = self._flow_for(wish)
        open_frame = next((f for f in self._state.frames if flow and f.flow == flow.name), None)
        if flow is not None and open_frame is not None:
            unfilled = [slot for slot in flow.slots if slot.name not in open_frame.slots]
            filled = [move for slot in unfilled for move in fill(open_frame.id, slot, self._message.part(wish))]
            return [Record(FlowResumed(frame=open_frame.id)), *filled]
        switched: list[Move] = []
        if self._flow is not None and flow is not None:
            switched = [Say("flow_switched", {"title": flow.title, "waiting": self._flow.title})]
        return [*switched, *self._instant(wish)]

    def _deferred(self, wish: Wish) -> Move:
        heard = self._message.part(wish)
        return Record(WishDeferred(intent=wish.intent, text=heard.text, entities=heard.entities))

    def _back_to_task(self, instants: Sequence[Wish]) -> list[Move]:
        """After a question in between: name the task that goes on, or leave its question standing."""
        question, flow = self._state.question, self._flow
        if flow is None:
            return []
        routes = [self._pack.routes.get(wish.intent) for wish in instants]
        if question is not None and routes and all(route is not None and route.waits for route in routes):
            return [Record(question)]
        return [Say("flow_continues", {"title": flow.title})]

    # Data, and nothing at all

    def _data(self) -> list[Move] | None:
        """Take data, or the same wish said again, as filling and correcting the task under way."""
        asked = self._asked()
        if asked is None:
            return None
        moves = corrections(asked, self._message.whole())
        is_same_task = any(self._is_of_this_task(wish) for wish in self._message.reading.wishes)
        sure = self._sure_answer() if self._pack.phrases.ask(self._message.text) else None
        if not moves and sure is not None:
            return [sure, *self._back_to_task(())]
        return moves if moves or is_same_task else None

    def _not_understood(self) -> list[Move]:
        sure = self._sure_answer()
        if sure is not None:
            return [sure, *self._back_to_task(())] if self._flow else [sure]
        missed: Move = Record(NotUnderstood(text=self._message.text))
        is_called = bool(self._calm())  # for anger, with this very message
        if not is_called and self._state.misunderstandings + 1 >= self._pack.manifest.hand_over.after_misunderstandings:
            return [missed, *hand_over("not_understood", note=self._message.text), *self._all_ended()]
        reading = self._message.reading
        is_sure = reading.intent.confidence >= self._limits.minimum_confidence
        route = self._pack.routes.get(reading.intent.name)
        route_says = route.reply if route else None
        is_foreign = not reading.is_in_scope and (is_sure or route_says == "out_of_scope")
        return [missed, Say("out_of_scope" if is_foreign else "not_understood")]
