import pytest

from .linting import Lint, flow_file, intent, intents

ROUTE = "routes:\n  - {{intent: track, title: tracking, {how}}}"
FAQ = "entries:\n  - {id: a, question: q, phrasings: [b, c], answer: d, intents: [track]}"


def test_an_utterance_said_twice_under_one_intent_is_a_warning(linted: Lint) -> None:
    report = linted(intents=intents(intent("track", "Where is it?", "soon", "where  IS it")))

    assert report.warnings("utterance.doubled") == ["intents/intents.yaml:7"]


def test_utterances_of_nothing_but_marks_are_told_apart(linted: Lint) -> None:
    report = linted(intents=intents(intent("chat", "?", "👍", "👎")))

    assert report.warnings("utterance.doubled") == []


def test_an_utterance_under_two_intents_is_an_error(linted: Lint) -> None:
    report = linted(intents=intents(intent("track", "where is it"), intent("cancel", "stop it", "Where is it!")))

    assert report.errors("utterance.two_intents") == ["intents/intents.yaml:10"]


def test_blank_lines_in_a_block_do_not_shift_the_lines_of_findings(linted: Lint) -> None:
    report = linted(intents=intents(intent("track", "", "where", "", "where")))

    assert report.warnings("utterance.doubled") == ["intents/intents.yaml:8"]


def test_a_marked_entity_must_be_a_kind_of_entity(linted: Lint) -> None:
    report = linted(
        intents=intents(intent("track", "order [12](order_id)", "to [Rome](region)")),
        entities="entities: [{name: order_id}]",
    )

    assert report.errors("utterance.unknown_entity") == ["intents/intents.yaml:6"]


def test_a_mark_that_is_not_read_as_one_is_an_error(linted: Lint) -> None:
    report = linted(intents=intents(intent("track", "to [Rome](Region)")))

    assert report.errors("utterance.broken_mark") == ["intents/intents.yaml:5"]


@pytest.mark.parametrize(("count", "is_few"), [(39, True), (40, False)])
def test_an_intent_wants_forty_utterances(linted: Lint, count: int, *, is_few: bool) -> None:
    report = linted(intents=intents(intent("track", *(f"where {number}" for number in range(count)))))

    assert report.warnings("intent.few_utterances") == (["intents/intents.yaml:4"] if is_few else [])


@pytest.mark.parametrize(("larger", "is_uneven"), [(6, False), (7, True)])
def test_no_intent_wants_over_three_times_as_many_utterances_as_another(
    linted: Lint, larger: int, *, is_uneven: bool
) -> None:
    many = intent("cancel", *(f"stop {number}" for number in range(larger)))

    report = linted(intents=intents(intent("track", "where", "when"), many))

    assert report.warnings("intent.uneven") == (["intents/intents.yaml:9"] if is_uneven else [])


@pytest.mark.parametrize(
    ("files", "is_served"),
    [
        ({}, False),
        ({"routes": ROUTE.format(how="reply: hello")}, True),
        ({"routes": ROUTE.format(how="hand_over: true")}, True),
        ({"routes": ROUTE.format(how="knowledge: true")}, False),
        ({"routes": ROUTE.format(how="knowledge: true"), "faq": FAQ}, True),
        ({"faq": FAQ}, True),
        ({"flows": flow_file("- ask: order", head="triggers: [track]")}, True),
        ({"flows": flow_file("- ask: order", head="triggers: [track]\n    only_with: [order_id]")}, False),
    ],
)
def test_an_intent_wants_a_flow_a_route_or_an_answer(linted: Lint, files: dict[str, str], *, is_served: bool) -> None:
    report = linted(intents=intents(intent("track", "where")), **files)

    assert report.warnings("intent.unserved") == ([] if is_served else ["intents/intents.yaml:2"])


def test_an_intent_that_something_else_answers_needs_nothing_in_the_pack(linted: Lint) -> None:
    report = linted(intents=intents(intent("track", "where")), answerable=("track",))

    assert report.warnings("intent.unserved") == []


def test_a_route_needs_its_intent(linted: Lint) -> None:
    report = linted(routes=ROUTE.format(how="reply: hello"))

    assert report.errors("route.unknown_intent") == ["routes.yaml:2"]


def test_wishes_need_their_intents(linted: Lint) -> None:
    wishes = "- text: where is it\n  wishes: [track]\n- text: where, and stop\n  wishes: [track, cancel]\n"

    report = linted(intents=intents(intent("track", "where")), wishes=wishes)

    assert report.errors("wish.unknown_intent") == ["wishes.yaml:4"]


def test_an_entity_needs_its_lexicon(linted: Lint) -> None:
    entities = """
        entities:
          - name: colour
            lexicon: colours
          - name: region
            lexicon: regions
    """

    report = linted(entities=entities, lexicons="name: colours\nentries: {red: [crimson]}")

    assert report.errors("entity.unknown_lexicon") == ["entities.yaml:5"]


def test_a_flow_waits_only_for_entities_that_are_there(linted: Lint) -> None:
    flows = flow_file("- ask: order", head="triggers: [track]\n    only_with: [product]")

    report = linted(flows=flows, entities="entities: [{name: phone}]")

    assert report.errors("entity.unknown") == ["flows/flows.yaml:6", "flows/flows.yaml:8"]
