"""A pack as one value: everything that a shop says and knows, read and checked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xiaoer.pack.conversations import ConversationTest
from xiaoer.pack.customers import SpokenCustomers
from xiaoer.pack.flows import Flow
from xiaoer.pack.knowledge import Clause, FaqEntry
from xiaoer.pack.manifest import Manifest, Phrases, Route
from xiaoer.pack.replies import ReplyTemplate
from xiaoer.pack.rules import Rule
from xiaoer.pack.sisters import Sister
from xiaoer.pack.understanding import EntityKind, Intent, Lexicon, ManyWishes, MoodLexicon


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of a pack stands."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Pack:
    """A shop's pack.

    `version` is the manifest's version and a hash of all files: two packs with one version are the same to the byte.
    `places` says where everything stands: a named part by `field:name` (`flows:order.track`, `entries:return.window`),
    a file that stands alone by its name (`pack.yaml`), and what is inside by the path to it
    (`flows:order.track/steps/0`); `place` looks it up.
    """

    folder: Path
    version: str
    manifest: Manifest
    intents: Mapping[str, Intent] = field(default_factory=dict)
    wishes: tuple[ManyWishes, ...] = ()
    entities: Mapping[str, EntityKind] = field(default_factory=dict)
    lexicons: Mapping[str, Lexicon] = field(default_factory=dict)
    mood: MoodLexicon | None = None
    flows: Mapping[str, Flow] = field(default_factory=dict)
    replies: Mapping[str, ReplyTemplate] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)
    phrases: Phrases = field(default_factory=Phrases)
    words: Mapping[str, str] = field(default_factory=dict)
    faq: Mapping[str, FaqEntry] = field(default_factory=dict)
    clauses: Mapping[str, Clause] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    tests: tuple[ConversationTest, ...] = ()
    customers: SpokenCustomers | None = None
    sisters: tuple[Sister, ...] = ()
    places: Mapping[str, Place] = field(default_factory=dict)
    _flows_of_intent: Mapping[str, list[tuple[Flow, bool]]] = field(init=False, repr=False, compare=False)
    _flows_unanswered: Mapping[str, list[Flow]] = field(init=False, repr=False, compare=False)
    names_of_look_up: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    """The names of the slots, in whatever flow, that are filled by one look-up."""

    def __post_init__(self) -> None:
        """Sort the flows by the intents that start them; with each, whether that needs proof of who is writing."""
        starts: dict[str, list[tuple[Flow, bool]]] = {}
        unanswered: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            for intent in dict.fromkeys(flow.triggers_unanswered):
                unanswered.setdefault(intent, []).append(flow)
            for intent in dict.fromkeys((*flow.triggers, *flow.triggers_when_proved)):
                starts.setdefault(intent, []).append((flow, intent not in flow.triggers))
        names: dict[str, tuple[str, ...]] = {}
        for slot in (slot for flow in self.flows.values() for slot in flow.slots if slot.look_up is not None):
            before = names.get(slot.look_up or "", ())
            names[slot.look_up or ""] = (slot.name, *(name for name in before if name != slot.name))
        object.__setattr__(self, "names_of_look_up", names)
        object.__setattr__(self, "_flows_of_intent", starts)
        object.__setattr__(self, "_flows_unanswered", unanswered)

    def flow_for(
        self, intent: str, entities: Collection[str] = (), *, is_proved: bool = True, also: Collection[str] = ()
    ) -> Flow | None:
        """Find the flow that an intent starts, given the kinds of entities in the message and who writes it.

        What an entity may be as well (`also`) lets no flow in, but keeps one out.
        """
        for flow, needs_proof in self._flows_of_intent.get(intent, ()):
            is_kept_out = any(kind in entities or kind in also for kind in flow.not_with)
            is_let_in = not flow.only_with or any(kind in entities for kind in flow.only_with)
            if (is_proved or not needs_proof) and is_let_in and not is_kept_out:
                return flow
        return None

    def flow_unanswered(self, intent: str, entities: Collection[str]) -> Flow | None:
        """Find the flow that stands in for an answer to an intent, given the kinds of entities that it is about."""
        flows = self._flows_unanswered.get(intent, ())
        return next((f for f in flows if not f.only_with or any(kind in entities for kind in f.only_with)), None)

    def place(self, part: str, *inside: str | int) -> Place:
        """Say where a part, or something inside it, stands; what is not in the file stands where its parent does."""
        path = (part, *map(str, inside))
        while len(path) > 1 and "/".join(path) not in self.places:
            path = path[:-1]
        return self.places.get("/".join(path), Place(part, 1))

    def utterances(self) -> Iterator[tuple[str, str]]:
        """Give every utterance as plain text with its intent."""
        for intent in self.intents.values():
            for example in intent.examples():
                yield example.text, intent.name
