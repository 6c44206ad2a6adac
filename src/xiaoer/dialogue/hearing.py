"""What the wishes of a message are to the task under way: its own, the reason for it, or something else."""

from collections.abc import Collection
from functools import cached_property

from msgspec import structs

from xiaoer.dialogue.asked import Asked
from xiaoer.dialogue.filling import names_things
from xiaoer.dialogue.held import chosen_for
from xiaoer.dialogue.hits import best_hit
from xiaoer.dialogue.matching import (
    begins_giving_up,
    choose,
    gives_up,
    parts_of,
    plain,
    plain_words,
    points_only,
    says_no,
    stands_written,
)
from xiaoer.dialogue.message import Heard, Message
from xiaoer.dialogue.stage import Stage
from xiaoer.dialogue.walk import known, step_at
from xiaoer.dialogue.wishes import flow_of_wish, flow_unanswered, gives_data, route_of
from xiaoer.events import Conversation, Entity, Facts, Hit, QuestionAsked, Wish
from xiaoer.pack import Flow, OfferStep, without

CERTAIN = 0.8
"""From which confidence on a reading is taken against what a question lets one expect."""
PLAIN = 0.95
"""From which on it is taken even against a question that anything may answer."""
MUCH_LESS = 0.5
"""By which share of another figure one is no rival of it."""


class Hearing:
    """A message in the light of a conversation: what `interpret` and its helpers ask about it, found once each."""

    def __init__(self, state: Conversation, message: Message, stage: Stage) -> None:
        self.state = state
        self.message = message
        self.stage = stage
        self.pack = stage.pack
        self.limits = stage.pack.manifest.understanding
        self.flow = stage.flow_of(state.frame) if state.frame else None
        self._flows: dict[Wish, Flow | None] = {}
        self.wishes = tuple(self._settled(wish) for wish in message.reading.wishes)
        self.wishes = tuple(wish for wish in self.wishes if not self._is_served_with_another(wish))

    @cached_property
    def is_question(self) -> bool:
        """Whether the message is a question by its words."""
        return self.pack.phrases.ask(self.message.text)

    @property
    def is_angry(self) -> bool:
        """Whether the message is so angry that a person is called; the number asked for is none of those one calls."""
        if self.state.question is not None and not any(map(str.isalpha, self.message.text)):
            return False
        return self.message.reading.sentiment <= self.pack.manifest.hand_over.sentiment_below

    @cached_property
    def drops_task(self) -> bool:
        """Whether the message drops the task under way, in words that choose none of what it asks.

        Where anything may be the answer only a message that says nothing else does: "drop it off at the office".
        """
        text, phrases = self.message.text, self.pack.phrases
        if self._wants_an_option() or self.is_an_option:
            return False
        named = without(self.flow.called, text) if self.flow else text
        is_no = named != text and plain(named) in plain_words((*phrases.no, *phrases.give_up))
        if gives_up(text, phrases) or is_no:  # "no note after all"
            return True
        question = self.state.question
        if question is None or question.kind != "slot":
            return begins_giving_up(text, phrases)
        slot = self.flow.slot(question.slot) if self.flow else None
        takes_all = slot is not None and slot.takes_all
        return not takes_all and begins_giving_up(text, phrases) and choose(text, question.choices, phrases) is None

    @cached_property
    def denies_task(self) -> bool:
        """Whether the message says of the task under way that it is not wanted, by one of the names of that task."""
        said, phrases = self.message.text, self.pack.phrases
        return self.flow is not None and not phrases.suppose(said) and phrases.deny(self.flow.called, said)

    def _wants_an_option(self) -> bool:
        """Say whether the words surely ask for one of the open question's options: "never mind, just refund me".

        Words that drop the task and name what it would only offer are none: "never mind. Return it".
        """
        question, read = self.state.question, self.message.reading.intent
        slot = self.flow.slot(question.slot) if self.flow and question and question.kind == "slot" else None
        text, phrases = self.message.text, self.pack.phrases
        if slot is None or read.confidence < CERTAIN or phrases.keep(text):
            return False
        meant = [option.value for option in slot.choices if read.name in option.intents]
        if gives_up(text, phrases) and any(self._is_only_offered(slot.name, value, read.name) for value in meant):
            return False
        return bool(meant) and not any(says_no(part, phrases) for part in parts_of(text))

    def _is_only_offered(self, slot: str, value: str, intent: str) -> bool:
        """Say whether a value makes the task under way offer the one that an intent starts."""
        offered = self.flow.offered_for(slot, value) if self.flow else None
        return offered is not None and intent in self.pack.flows[offered].triggers

    @cached_property
    def is_an_option(self) -> bool:
        """Whether the message, whole, is a word for an option that is still open: of two requests the return."""
        if self.flow is None or self.state.frame is None:
            return False
        said = plain(self.message.text)
        slots = [slot for slot in self.flow.slots if slot.name not in self.state.frame.slots]
        return any(said in plain_words(option.says) for slot in slots for option in slot.choices)

    @cached_property
    def new_wishes(self) -> tuple[Wish, ...]:
        """The wishes that ask for something other than the task under way."""
        return tuple(wish for wish in self.wishes if self.asks_for_more(wish))

    def _settled(self, wish: Wish) -> Wish:
        """Read an unsure question as its runner-up, where the knowledge answers that and not the likeliest reading."""
        other = wish.runner_up
        if other is None or self.is_sure(wish) or not self.is_question:
            return wish
        hits = self.stage.search(self.message.part(wish).text, other.name)
        best = max(hits, key=lambda hit: hit.score, default=None)
        if best is None or best.score < self.pack.manifest.knowledge.minimum_score:
            return wish
        is_other = other.name in best.intents and wish.intent not in best.intents
        return structs.replace(wish, intent=other.name, runner_up=None) if is_other else wish

    def _is_served_with_another(self, wish: Wish) -> bool:
        """Say whether the task for another wish of the message serves one that names nothing: "got mugs? how much"."""
        if len(self.wishes) == 1 or self._own_flow(wish) is not None:
            return False
        others = (flow for flow in map(self._own_flow, self.wishes) if flow)
        return any(wish.intent in flow.triggers for flow in others) and self.best_hit(wish) is None

    def is_sure(self, wish: Wish) -> bool:
        """Say whether a wish needs no question back."""
        return wish.confidence >= self.limits.clarify_below

    def heard(self, wish: Wish) -> Heard:
        """Give the words of a wish with those of the reasons for it, of the same task, and of anger about it."""
        if len(self.wishes) == 1:
            return self.message.part(wish)
        is_proved = self.state.customer is not None
        flow = self._own_flow(wish) or self.pack.flow_for(wish.intent, self.pack.entities, is_proved=is_proved)
        same = (*flow.absorbs, *flow.triggers, *flow.triggers_when_proved) if flow else ()
        angry = [other.intent for other in self.wishes if self.is_cared_for(other)]
        apart = [other for other in self.wishes if self.is_apart(other, wish)]
        return self.message.part(wish, absorbs=(*same, *angry), apart=apart)

    def is_apart(self, wish: Wish, other: Wish) -> bool:
        """Say whether a wish is no reason for the other one: a task about another thing, or a question to be told."""
        flow, others = self._own_flow(wish), self._own_flow(other)
        if flow is None or flow is others:
            return False
        if self._is_asked(wish) and flow.only_tells:
            return True
        things, compared = self._things_in(wish), self._things_in(other)
        kinds = things.keys() & compared.keys()
        return bool(kinds) and all(things[kind].isdisjoint(compared[kind]) for kind in kinds)

    def _own_flow(self, wish: Wish) -> Flow | None:
        """Find the task that the words of a wish ask for by themselves."""
        kinds = self.message.part(wish).kinds
        return self.pack.flow_for(wish.intent, kinds, is_proved=self.state.customer is not None)

    def _things_in(self, wish: Wish) -> dict[str, set[str]]:
        """Give what the words of a wish name, by kind, as far as a task may look it up."""
        flow = self._own_flow(wish)
        things: dict[str, set[str]] = {}
        for entity in self.message.entities_of(wish):
            if flow and entity.entity in flow.kinds_looked_up and names_things(self.pack.entities.get(entity.entity)):
                things.setdefault(entity.entity, set()).add(entity.value)
        return things

    def is_cared_for(self, wish: Wish) -> bool:
        """Say whether a person is called already for the anger that speaks from a wish."""
        route = self.pack.routes.get(wish.intent)
        return route is not None and route.hand_over and self.is_angry

    def flow_for(self, wish: Wish) -> Flow | None:
        """Find the task that serves a wish."""
        if wish not in self._flows:
            is_none = self._is_aside(wish) or self._is_mere_answer(wish) or bool(self.told_by_task(wish))
            self._flows[wish] = None if is_none else self._find_flow(wish)
        return self._flows[wish]

    def _find_flow(self, wish: Wish) -> Flow | None:
        heard = self.heard(wish)
        flow = flow_of_wish(self.state, heard, wish.intent, self.pack, self.stage.search)
        if flow is not None or wish.runner_up is None or self.is_sure(wish) or self.best_hit(wish) is not None:
            return flow
        return flow_unanswered(self.state, heard, wish.runner_up.name, self.pack, self.stage.search)

    def _is_mere_answer(self, wish: Wish) -> bool:
        """Say whether a wish is a yes or a no to the open question, and so no task of its own."""
        phrases = self.pack.phrases
        return self.state.question is not None and wish.intent in (*phrases.yes_intents, *phrases.no_intents)

    def _is_aside(self, wish: Wish) -> bool:
        """Say whether a wish is a question about what the task under way will bring, and so no task of its own."""
        return self.flow is not None and wish.intent in self.flow.asides and not self._names_another(wish)

    def told_by_task(self, wish: Wish) -> str:
        """Name the reply by which the task under way answers a question about itself; empty where it has none."""
        frame, flow = self.state.frame, self.flow
        if frame is None or flow is None or not flow.tells or self._names_another(wish):
            return ""
        kinds, facts = {entity.entity for entity in self.message.entities_of(wish)}, known(frame)
        asks = wish.intent if self._is_asked(wish) else ""
        telling = (each for each in flow.tells if not kinds.isdisjoint(each.of) or asks in each.to)
        return next((each.say for each in telling if each.when is None or each.when.holds(facts)), "")

    def asks_for_more(self, wish: Wish) -> bool:
        """Say whether a wish is none of the task under way."""
        if self.is_absorbed(wish):
            return False
        if self.flow_for(wish) is not None:
            return not self.is_of_this_task(wish)
        route = self.pack.routes.get(wish.intent)
        return route is None or not route.only_idle

    def belongs_to_task(self, wish: Wish) -> bool:
        """Say whether a wish is for the task under way, or mere data or a remark that only this task could use."""
        if self.flow is None:
            return False
        if self.is_absorbed(wish) or self.is_of_this_task(wish):
            return True
        if self.flow_for(wish) is not None:
            return False
        route = route_of(self.pack, wish.intent)
        is_remark = route.knowledge and not self.is_sure(wish) and not self.is_question
        return is_remark or (route.only_idle and wish.intent in self.pack.routes)

    def is_absorbed(self, wish: Wish) -> bool:
        """Say whether a wish is the reason for the task: stated, and not of another thing or with what keeps it off."""
        if self.flow is None or wish.intent not in self.flow.absorbs:
            return False
        if not self.message.part(wish).kinds.isdisjoint(self.flow.not_with):
            return False
        return not self._is_asked(wish) and not self._names_another(wish)

    def _is_asked(self, wish: Wish) -> bool:
        """Say whether the words of a wish are a question."""
        return self.pack.phrases.ask(self.message.part(wish).text)

    def is_of_this_task(self, wish: Wish) -> bool:
        """Say whether a wish is served by the task under way."""
        flow = self.flow_for(wish)
        if flow is None or self.flow is None:
            return False
        if flow.name == self.flow.name:
            return True
        takes_the_same = any(kind in slot.entities for slot in self.flow.slots for kind in flow.only_with)
        is_data = takes_the_same and wish.intent in self.pack.routes
        return is_data and not self._is_asked(wish) and not self._names_another(wish, but=flow.only_with)

    def _names_another(self, wish: Wish, *, beside_all: bool = False, but: Collection[str] = ()) -> bool:
        """Say whether the words of a wish name a thing that the task under way is not about.

        A line of an order says more closely than the order what it is about; `beside_all`: nor is it of the order.
        Entities of the kinds `but` count for nothing.
        """
        frame, flow = self.state.frame, self.flow
        if frame is None or flow is None:
            return False
        # What may be chosen besides, as where money goes to, is no thing that the task is about.
        about = [slot for slot in flow.slots if slot.look_up is not None and not slot.optional]
        kinds = {kind for slot in about for kind in slot.entities}.difference(but)
        pointing = [e for e in self.message.entities_of(wish) if e.entity in kinds]
        named = [e for e in pointing if names_things(self.pack.entities.get(e.entity))]
        for entity in named:
            held = list(chosen_for(frame, flow, entity.entity))
            chosen = [choice for choices in held for choice in choices] if beside_all else next(iter(held), [])
            if chosen and self._is_another(entity, chosen):
                return True
        return False

    @property
    def names_the_same(self) -> bool:
        """Whether a thing is named, and it is the one that the task under way is about."""
        kinds = self.flow.kinds_looked_up if self.flow else ()
        is_named = any(entity.entity in kinds for entity in self.message.reading.entities)
        return is_named and not any(self._names_another(wish) for wish in self.wishes)

    @property
    def names_another(self) -> bool:
        """Whether a thing is named that is of nothing that the task under way is about."""
        return any(self._names_another(wish, beside_all=True) for wish in self.wishes)

    def _is_another(self, entity: Entity, chosen: list[Facts]) -> bool:
        """Compare by words; what shares a character with the thing may mean it, but for codes and known names."""
        said = self.message.text[entity.start : entity.end]
        words = [word for choice in chosen for word in (choice["value"], choice["title"], *choice.get("says", ()))]
        if any(stands_written(part, word) for part in (said, entity.value) for word in words):
            return False
        is_exact = entity.value != said or said.isascii()
        return is_exact or not any(character in word for character in said for word in words)

    def best_hit(self, wish: Wish) -> Hit | None:
        """Find the entry of the knowledge that answers a wish."""
        heard = self.heard(wish)
        return best_hit(self.stage.search(heard.text, wish.intent), wish.intent, self.pack, confidence=heard.confidence)

    # The open question

    def asked(self) -> Asked | None:
        """Give the open question of the task under way, if there is a task; one not put yet waits for proof."""
        frame, flow = self.state.frame, self.flow
        if frame is None or flow is None:
            return None
        intent = self.message.reading.intent
        name = intent.name if intent.confidence >= self.limits.minimum_confidence else ""
        question = self.state.question or QuestionAsked(kind="proof", frame=frame.id)
        meant = self._meant(question, flow)
        return Asked(
            question=question,
            frame=frame,
            flow=flow,
            meant=meant,
            phrases=self.pack.phrases,
            kinds=self.pack.entities,
            least=self.limits.clarify_below,
            intent=name,
            is_sure=intent.confidence >= self.limits.clarify_below,
            is_certain=intent.confidence >= CERTAIN,
            is_data=gives_data(self.pack, intent.name) or not name,
            joint=self.pack.words.get("format.list", ", "),
            has_new_wish=not points_only(self.message.text, self.pack.phrases)
            and any(
                self.is_sure(wish) and self._is_served(wish) and not self._takes_up(wish, question, meant)
                for wish in self.new_wishes
            ),
            is_elsewhere=len(self.wishes) == 1 and any(self._is_elsewhere(wish) for wish in self.new_wishes),
            is_plainly_elsewhere=len(self.wishes) == 1 and any(map(self._is_plainly_elsewhere, self.new_wishes)),
            is_of_another=any(self._is_of_another(wish) for wish in self.new_wishes),
            names_another=any(self._names_another(wish) for wish in self.wishes),
            has_rival=any(self._is_rival(wish) for wish in self.new_wishes),
        )

    def _is_rival(self, wish: Wish) -> bool:
        """Say whether a wish is for a task that, done for the same thing, leaves nothing to do of the one under way."""
        flow = self.flow_for(wish)
        is_rival = flow is not None and self.flow is not None and self.flow.name in flow.instead_of
        return is_rival and not self._names_another(wish)

    def _is_elsewhere(self, wish: Wish) -> bool:
        """Say whether a wish is certainly another task, and so what it names is for that one."""
        return wish.confidence >= CERTAIN and self.flow_for(wish) is not None

    def _is_plainly_elsewhere(self, wish: Wish) -> bool:
        """Say whether a wish is beyond doubt another task, stands for no option here, and names a thing for it."""
        options = (option for slot in self.flow.slots for option in slot.choices) if self.flow else ()
        is_option = any(wish.intent in option.intents for option in options)
        is_other = wish.confidence >= PLAIN and not is_option and self.flow_for(wish) is not None
        return is_other and not self._is_asked(wish) and bool(self._things_in(wish))

    def _is_of_another(self, wish: Wish) -> bool:
        """Say whether a wish is likely another task, about another thing than the one under way."""
        is_likely = wish.confidence >= self.limits.minimum_confidence
        return is_likely and self.flow_for(wish) is not None and self._names_another(wish)

    def only_waits(self, wish: Wish) -> bool:
        """Say whether a wish asks for nothing but a moment's time: "wait, I meant the other one"."""
        route = self.pack.routes.get(wish.intent)
        return route is not None and route.waits and self.flow_for(wish) is None

    def _is_served(self, wish: Wish) -> bool:
        """Say whether anything is there to serve a wish with: a statement that nothing answers may be an answer."""
        if self.is_question or self.flow_for(wish) is not None or (self.flow and wish.intent in self.flow.gives_up):
            return True
        route = route_of(self.pack, wish.intent)
        return route.reply is not None or route.hand_over or self.best_hit(wish) is not None

    def _takes_up(self, wish: Wish, question: QuestionAsked, offered: Flow) -> bool:
        """Say whether a wish asks for the very task that is offered, and for the same thing."""
        if question.kind != "offer" or self._is_asked(wish) or self._names_another(wish):
            return False
        return self.flow_for(wish) is offered

    def _meant(self, question: QuestionAsked, flow: Flow) -> Flow:
        step = step_at(flow, question.step) if question.kind == "offer" else None
        return self.pack.flows.get(step.offer, flow) if isinstance(step, OfferStep) else flow
