import pytest

from xiaoer.pack import BUILT_IN_REPLIES

from .linting import Lint, flow_file, intent, intents, one_reply

READ = "- {do: order.read, with: {order: order}, as: info}\n"


def test_a_reply_that_nothing_says_is_unused(linted: Lint) -> None:
    report = linted(replies=one_reply("forgotten", "hello"))

    assert report.warnings("reply.unused") == ["replies/replies.yaml:2"]


def test_a_yes_to_a_reply_asks_for_an_intent_that_is_there(linted: Lint) -> None:
    replies = one_reply("progress", "shall I?") + "\n    yes_means: {}"

    report = linted(replies=replies.format("nobody"), flows=flow_file("- say: progress"))

    assert report.errors("reply.unknown_intent") == ["replies/replies.yaml:7"]
    known = linted(
        replies=replies.format("track"), intents=intents(intent("track", "where")), flows=flow_file("- say: progress")
    )
    assert known.errors("reply.unknown_intent") == []


@pytest.mark.parametrize("name", ["welcome", "which_order", "track", "progress", "sure", "offer", *BUILT_IN_REPLIES])
def test_a_reply_is_used_by_manifest_slots_routes_steps_and_the_dialogue_itself(linted: Lint, name: str) -> None:
    steps = "- ask: order\n- say: progress\n- confirm: sure\n- {offer: order.cancel, say: offer}"

    report = linted(
        replies=one_reply(name, "hello"),
        routes="routes: [{intent: track, title: tracking, reply: track}]",
        flows=flow_file(steps),
    )

    assert report.warnings("reply.unused") == []


def test_the_reply_to_an_alarm_is_used_and_must_be_there(linted: Lint) -> None:
    alarms = "alarms: [{words: [help me], reply: alarm}]\n"
    missing = [finding.message for finding in linted(phrases=alarms).findings if finding.code == "reply.missing"]

    assert any("an alarm says the reply alarm," in message for message in missing)
    assert linted(replies=one_reply("alarm", "at once"), phrases=alarms).warnings("reply.unused") == []


def test_the_question_of_a_slot_that_no_step_asks_for_is_never_said(linted: Lint) -> None:
    report = linted(replies=one_reply("which_order", "which?"), flows=flow_file("- end: completed"))

    assert report.warnings("reply.unused") == ["replies/replies.yaml:2"]


def test_a_slot_that_no_step_asks_for_needs_no_question(linted: Lint) -> None:
    report = linted(flows=flow_file("- end: completed", slots="- {name: order, entities: [order_id]}"))

    assert report.errors("reply.missing") == linted(flows=flow_file("- end: completed", slots="[]")).errors(
        "reply.missing"
    )


def test_a_pack_needs_every_reply_that_the_dialogue_itself_says(linted: Lint) -> None:
    pack = "name: shop\ntitle: shop\nabout: shop\nlanguage: en\nversion: 1.0.0\nidentity: {by: [email]}\n"
    report = linted(pack=pack, phrases="whys: [why]\n")
    said = [finding.message for finding in report.findings if finding.code == "reply.missing"]

    assert all(any(f"the reply {name}," in message for message in said) for name in BUILT_IN_REPLIES)


def test_the_words_for_a_reason_are_needed_only_where_one_can_be_asked_for(linted: Lint) -> None:
    said = [finding.message for finding in linted().findings if finding.code == "reply.missing"]

    assert not any("the reply because," in message for message in said)


def test_the_words_about_proof_are_needed_only_where_a_way_of_it_is_open(linted: Lint) -> None:
    said = [finding.message for finding in linted().findings if finding.code == "reply.missing"]

    assert not any("the reply proof_" in message or "the reply proved" in message for message in said)


def test_a_way_of_proof_needs_its_entities(linted: Lint) -> None:
    pack = "name: shop\ntitle: shop\nabout: shop\nlanguage: en\nversion: 1.0.0\nidentity: {by: [email]}\n"

    assert "pack.yaml:6" in linted(pack=pack).errors("entity.unknown")


def test_replies_that_are_named_must_be_there(linted: Lint) -> None:
    pack = "name: shop\ntitle: shop\nabout: shop\nlanguage: en\nversion: 1.0.0\nwelcome: hi\n"

    report = linted(
        pack=pack,
        routes="routes:\n  - {intent: track, title: tracking, reply: track}",
        flows=flow_file("- ask: order\n- say: progress"),
    )

    missing = set(report.errors("reply.missing"))
    assert {"pack.yaml:6", "routes.yaml:2", "flows/flows.yaml:7", "flows/flows.yaml:10"} <= missing


def test_the_question_of_a_slot_that_is_not_asked_must_be_there_too(linted: Lint) -> None:
    assert "flows/flows.yaml:7" in linted(flows=flow_file("- end: completed")).errors("reply.missing")


def test_a_reply_wants_three_warm_wordings_in_every_case(linted: Lint) -> None:
    replies = """
        replies:
          - name: welcome
            warm: [a, b, c]
            cases:
              - when: {of: order, known: true}
                warm: [a, b]
          - name: calm
            plain: [a, b, c]
    """

    report = linted(replies=replies)

    assert report.warnings("reply.few_variants") == ["replies/replies.yaml:5", "replies/replies.yaml:7"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("{order:word}", ""),
        ("{order:monye}", "reply.unknown_format"),
        ("{Order}", "reply.broken_placeholder"),
        ("{order", "reply.broken_placeholder"),
    ],
)
def test_a_placeholder_must_be_written_as_one(linted: Lint, words: str, code: str) -> None:
    report = linted(replies=one_reply("which_order", words), flows=flow_file("- ask: order"))

    written = {f.code for f in report.findings if f.code in ("reply.unknown_format", "reply.broken_placeholder")}
    assert written == ({code} if code else set())


@pytest.mark.parametrize(
    ("words", "is_known"),
    [
        ("{order}", True),
        ("{slots.order}", True),
        ("{trigger}", True),
        ("{info.order.number} {info.order.lines.first.deep}", True),
        ("{info.parcel}", False),
        ("{slots.colour}", False),
        ("{order.number}", False),
        ("{colour}", False),
        ("{choices}", False),
    ],
)
def test_a_placeholder_names_what_the_flow_can_know_there(linted: Lint, words: str, *, is_known: bool) -> None:
    report = linted(replies=one_reply("progress", words), flows=flow_file(READ + "- say: progress"))

    lines = [] if is_known else [f"replies/replies.yaml:{line}" for line in (4, 5, 6)]
    assert report.errors("reply.unknown_name") == lines


def test_a_reply_said_before_the_fact_is_found_cannot_name_it(linted: Lint) -> None:
    report = linted(replies=one_reply("wait", "{info.order.number}"), flows=flow_file("- say: wait\n" + READ))

    assert len(report.errors("reply.unknown_name")) == 3


def test_the_question_of_a_slot_may_name_what_its_look_up_found(linted: Lint) -> None:
    reply = one_reply("which_order", "{found} {choices}") + "\n    cards: choices"

    assert linted(replies=reply, flows=flow_file("- ask: order")).errors("reply.unknown_name") == []


def test_a_reply_of_a_route_knows_nothing(linted: Lint) -> None:
    report = linted(
        replies=one_reply("track", "{order}"), routes="routes: [{intent: track, title: tracking, reply: track}]"
    )

    assert len(report.errors("reply.unknown_name")) == 3


def test_a_reply_of_the_dialogue_itself_knows_what_it_is_said_with(linted: Lint) -> None:
    assert linted(replies=one_reply("flow_switched", "{title} {waiting}")).errors("reply.unknown_name") == []
    assert len(linted(replies=one_reply("flow_resumed", "{title} {waiting}")).errors("reply.unknown_name")) == 3


def test_a_case_that_no_flow_can_meet_is_an_error(linted: Lint) -> None:
    case = "\n    cases: [{when: {of: info.parcel, is: late}, warm: [a, b, c]}]"

    report = linted(replies=one_reply("progress", "fine") + case, flows=flow_file(READ + "- say: progress"))

    assert report.errors("reply.unknown_name") == ["replies/replies.yaml:7"]


def test_a_case_may_name_what_only_the_flow_that_meets_it_knows(linted: Lint) -> None:
    case = "\n    cases: [{when: {of: info.order.state, is: paid}, warm: ['{info.order.number}', b, c]}]"
    other = flow_file("- say: progress", name="order.other").replace("flows:\n", "")

    report = linted(
        replies=one_reply("progress", "fine") + case, flows=flow_file(READ + "- say: progress") + "\n" + other
    )

    assert report.errors("reply.unknown_name") == []


@pytest.mark.parametrize("field", ["cards", "clause"])
def test_cards_and_clause_of_a_reply_name_a_fact(linted: Lint, field: str) -> None:
    reply = one_reply("progress", "fine") + f"\n    {field}: info.parcel"

    report = linted(replies=reply, flows=flow_file(READ + "- say: progress"))

    assert report.errors("reply.unknown_name") == ["replies/replies.yaml:7"]
