import pytest

from .linting import Lint, flow_file

TEST = """
    conversations:
      - name: a talk
        talk:
          - say: hello
          - expect:
              {expected}
"""


def test_a_faq_entry_names_only_intents_and_clauses_that_are_there(linted: Lint) -> None:
    faq = """
        entries:
          - id: days
            question: how many days
            phrasings: [until when, how long]
            answer: seven
            intents: [return.policy]
            clauses: [return.days]
    """

    report = linted(faq=faq)

    assert report.errors("faq.unknown_intent") == ["faq/faq.yaml:6"]
    assert report.errors("faq.unknown_clause") == ["faq/faq.yaml:7"]


def test_a_phrasing_stands_in_one_entry_only(linted: Lint) -> None:
    faq = """
        entries:
          - id: days
            question: how many days
            phrasings: [until when, how long]
            answer: seven
          - id: time
            question: How long?
            phrasings:
              - the time
              - until when
            answer: seven
    """

    assert linted(faq=faq).errors("faq.doubled_phrasing") == ["faq/faq.yaml:7", "faq/faq.yaml:10"]


def test_a_phrasing_may_repeat_the_question_of_its_own_entry(linted: Lint) -> None:
    faq = """
        entries:
          - id: days
            question: how long
            phrasings: [how long, until when]
            answer: seven
    """

    assert linted(faq=faq).errors("faq.doubled_phrasing") == []


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        ("replies: [lost]", "test.unknown_reply"),
        ("includes: [lost]", "test.unknown_reply"),
        ("flow: lost", "test.unknown_flow"),
        ("source: lost", "test.unknown_source"),
        ("slots: {lost: empty}", "test.unknown_slot"),
    ],
)
def test_a_conversation_test_expects_only_what_the_pack_has(linted: Lint, expected: str, code: str) -> None:
    report = linted(tests=TEST.format(expected=expected))

    assert report.errors(code) == ["tests/tests.yaml:6"]


@pytest.mark.parametrize("expected", ["replies: [answer]", "includes: [answer]", "flow: none", "source: days"])
def test_an_answer_no_flow_and_a_source_that_is_there_may_be_expected(linted: Lint, expected: str) -> None:
    faq = "entries: [{id: days, question: how long, phrasings: [until when, by when], answer: seven}]"

    report = linted(tests=TEST.format(expected=expected), faq=faq)

    assert [finding for finding in report.findings if finding.code.startswith("test.")] == []


def test_a_slot_is_expected_of_the_flow_that_is_expected(linted: Lint) -> None:
    flows = (
        flow_file("- ask: order") + "\n" + flow_file("- ask: day", name="day.choose", slots="- {name: day, ask: a}")[7:]
    )
    expected = {"{slots: {day: empty}}": [], "{slots: {day: empty}, flow: order.cancel}": ["tests/tests.yaml:6"]}

    found = {
        each: linted(tests=TEST.format(expected=each), flows=flows).errors("test.unknown_slot") for each in expected
    }

    assert found == expected


def test_findings_come_in_the_order_of_files_and_lines(linted: Lint) -> None:
    report = linted(tests=TEST.format(expected="flow: lost"), flows=flow_file("- ask: colour\n- do: order.burn"))

    places = [(finding.place.file, finding.place.line) for finding in report.findings]
    assert places == sorted(places)
    assert {place[0] for place in places} == {"flows/flows.yaml", "pack.yaml", "tests/tests.yaml"}
