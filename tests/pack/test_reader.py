import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.pack import Fault, Pack, PackError, PackNotFoundError, Place, content_hash, read_pack
from xiaoer.pack.yaml import Document, load
from xiaoer.testing.packs import write_pack

from .linting import flow_file

ROUTE = "routes:\n  - {intent: greet, title: hello, reply: greet}\n"


def a_test_with(given: str) -> str:
    return f"conversations:\n  - name: a\n    given: {{{given}}}\n    talk: [{{say: b}}, {{expect: {{}}}}]\n"


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(PackError) as caught:
        read_pack(folder)
    return caught.value.faults


def test_a_folder_without_a_manifest_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(PackNotFoundError, match=r"pack\.yaml"):
        read_pack(tmp_path)


def test_a_pack_of_a_manifest_alone_is_a_pack(tmp_path: Path) -> None:
    pack = read_pack(write_pack(tmp_path))

    assert (pack.manifest.name, len(pack.flows), pack.manifest.welcome) == ("small_shop", 0, "welcome")


@pytest.mark.parametrize(
    ("files", "place", "field", "message"),
    [
        ({"routes": ROUTE + "    colour: red\n"}, "routes.yaml:3", "", "not valid YAML"),
        (
            {"routes": "routes:\n  - intent: greet\n    title: a\n    titel: b\n"},
            "routes.yaml:4",
            "routes.0.titel",
            "Extra",
        ),
        ({"routes": "routes:\n  - intent: greet\n"}, "routes.yaml:2", "routes.0.title", "required"),
        ({"routes": "routes:\n  - {intent: Greet, title: a}\n"}, "routes.yaml:2", "routes.0.intent", "pattern"),
        ({"routes": "routes:\n  - {intent: a, title: 7}\n"}, "routes.yaml:2", "routes.0.title", "string"),
        ({"words": "words:\n  a: b\n  a: c\n"}, "words.yaml:3", "a", "twice"),
        ({"words": "words: {a: &a b, c: *a}\n"}, "words.yaml:1", "", "aliases"),
        ({"words": "words:\n  a: !!binary b\n"}, "words.yaml:2", "", "tags"),
        ({"words": "words: " + "[" * 50 + "]" * 50}, "words.yaml:1", "", "deep"),
        ({"words": "words: [\n"}, "words.yaml:2", "", "not valid YAML"),
        ({"pack": "name: a\nabout: b\nlanguage: en\nversion: 1.0.0\n"}, "pack.yaml:1", "title", "required"),
        ({"flows": flow_file("- say: a\n- dance: b")}, "flows/flows.yaml:10", "flows.0.steps.1", "a step is one of"),
        ({"flows": flow_file("- say: a\n- end: soon")}, "flows/flows.yaml:10", "flows.0.steps.1.end", "completed"),
        (
            {"flows": flow_file("- end: completed\n- ask: day", slots="- {name: day}")},
            "flows/flows.yaml:2",
            "flows.0",
            "no `ask`",
        ),
        (
            {"flows": flow_file("- if: {of: a}\n  then: [{say: b}]")},
            "flows/flows.yaml:9",
            "flows.0.steps.0.if",
            "give `of` with one of",
        ),
        (
            {"flows": flow_file("- do: a.b\n  on:\n    ok:\n      - say: c\n      - {offer: d}")},
            "flows/flows.yaml:13",
            "flows.0.steps.0.on.ok.1.say",
            "required",
        ),
        (
            {"flows": flow_file("- if: {of: a, is: b}\n  then:\n    - ask: c\n      when: {of: a, equals: b, is: c}")},
            "flows/flows.yaml:12",
            "flows.0.steps.0.then.0.when.equals",
            "Extra",
        ),
        (
            {"entities": "entities:\n  - name: a\n    patterns:\n      - '['\n"},
            "entities.yaml:3",
            "entities.0.patterns",
            "not a regular expression",
        ),
        (
            {"entities": "entities:\n  - name: a\n    certain_patterns:\n      - '[0-9]+'\n"},
            "entities.yaml:3",
            "entities.0.certain_patterns",
            "without the group `value`",
        ),
        (
            {"intents": "intents:\n  - name: a\n    about: b\n    utterances: ' '\n"},
            "intents/intents.yaml:4",
            "intents.0.utterances",
            "one utterance",
        ),
        (
            {"policies": "clauses:\n  - {id: a, title: b, text: c, valid_from: 2025-02-30}\n"},
            "policies/policies.yaml:2",
            "clauses.0.valid_from",
            "valid date",
        ),
        (
            {"faq": "entries:\n  - id: a\n    question: b\n    phrasings: [c]\n    answer: d\n"},
            "faq/faq.yaml:4",
            "entries.0.phrasings",
            "at least 2",
        ),
        (
            {"tests": "conversations:\n  - name: a\n    talk:\n      - say: b\n      - shout: c\n"},
            "tests/tests.yaml:5",
            "conversations.0.talk.1",
            "a turn is one of",
        ),
        *(
            (
                {"tests": a_test_with(f"orders: [{{number: '1', state: paid, lines: [{{sku: any}}], {kind}: lost}}]")},
                "tests/tests.yaml:3",
                f"conversations.0.given.orders.0.{kind}",
                "Input should be",
            )
            for kind in ("invoice", "refund", "exchange", "claim")
        ),
        (
            {"tests": a_test_with("on_record: false, points: 3")},
            "tests/tests.yaml:3",
            "conversations.0.given",
            "leave out points",
        ),
        (
            {"replies": "replies:\n  - name: a\n    warm: []\n"},
            "replies/replies.yaml:2",
            "replies.0",
            "at least one wording",
        ),
    ],
)
def test_a_fault_tells_file_line_and_field(
    tmp_path: Path, files: dict[str, str], place: str, field: str, message: str
) -> None:
    [fault] = faults_of(write_pack(tmp_path, **files))

    assert (str(fault.place), fault.field) == (place, field)
    assert message in fault.message


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        routes="routes:\n  - {intent: greet}\n  - {title: bye}\n",
        words="words: [",
        phrases="colour: red\n",
    )

    assert {str(fault.place) for fault in faults_of(folder)} == {
        "routes.yaml:2",
        "routes.yaml:3",
        "words.yaml:2",
        "phrases.yaml:1",
    }


@pytest.mark.parametrize(
    ("part", "first", "second", "place", "field"),
    [
        (
            "replies",
            "replies:\n  - {name: a, warm: [b]}\n",
            "replies:\n\n  - {name: a, warm: [c]}\n",
            "replies/more.yaml:3",
            "replies.0.name",
        ),
        ("lexicons", "name: a\nentries: {}\n", "entries: {}\nname: a\n", "lexicons/more.yaml:2", "name"),
    ],
)
def test_a_name_given_twice_tells_where_the_first_one_stands(
    tmp_path: Path, part: str, first: str, second: str, place: str, field: str
) -> None:
    folder = write_pack(tmp_path, **{part: first})
    (folder / part / "more.yaml").write_text(second)
    (folder / part / f"{part}.yaml").rename(folder / part / "first.yaml")

    [fault] = faults_of(folder)

    assert (str(fault.place), fault.field) == (place, field)
    assert f"{part}/first.yaml" in fault.message


def test_a_file_that_is_not_utf_8_is_a_fault(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "words.yaml").write_bytes(b"words: {a: \xff\xfe}")

    [fault] = faults_of(folder)

    assert fault.place.file == "words.yaml"
    assert "UTF-8" in fault.message


def test_on_no_yes_and_dates_stay_words_while_true_and_false_do_not(tmp_path: Path) -> None:
    phrases = "yes: [yes, on, y, 2025-01-01]\nno: [no, off, n]\n"
    routes = "routes: [{intent: a, title: on, knowledge: true}, {intent: b, title: no, knowledge: false}]"

    pack = read_pack(write_pack(tmp_path, phrases=phrases, routes=routes))

    assert pack.phrases.yes == ("yes", "on", "y", "2025-01-01")
    assert pack.phrases.no == ("no", "off", "n")
    assert [(route.title, route.knowledge) for route in pack.routes.values()] == [("on", True), ("no", False)]


def test_files_that_begin_with_a_dot_are_no_part_of_a_pack(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, replies="replies: [{name: a, warm: [b]}]")
    before = read_pack(folder)
    (folder / "replies" / ".a.yaml").write_text("replies: [{name: b, warm: [c]}]")

    after = read_pack(folder)

    assert (set(after.replies), after.version) == ({"a"}, before.version)


def test_files_deeper_in_a_folder_are_part_of_a_pack(tmp_path: Path) -> None:
    folder = write_pack(tmp_path)
    (folder / "replies" / "talk").mkdir(parents=True)
    (folder / "replies" / "talk" / "small.yml").write_text("replies: [{name: b, warm: [c]}]")

    assert str(read_pack(folder).place("replies:b")) == "replies/talk/small.yml:1"


# Versions


def a_small_pack(folder: Path) -> Path:
    return write_pack(folder, routes=ROUTE, words="words: {a: b}")


def test_a_pack_read_twice_or_copied_has_the_same_version(tmp_path: Path) -> None:
    folder = a_small_pack(tmp_path / "one")
    shutil.copytree(folder, tmp_path / "two")

    versions = {read_pack(folder).version, read_pack(folder).version, read_pack(tmp_path / "two").version}

    assert len(versions) == 1
    assert versions.pop() == f"1.0.0+{content_hash(folder)}"


@pytest.mark.parametrize("change", ["byte", "name", "new", "gone"])
def test_any_change_of_a_file_gives_another_version(tmp_path: Path, change: str) -> None:
    folder = a_small_pack(tmp_path)
    before = read_pack(folder).version
    words = folder / "words.yaml"
    match change:
        case "byte":
            words.write_text(words.read_text() + "\n")
        case "name":
            words.rename(folder / "words.txt")
        case "new":
            (folder / "notes.txt").write_text("")
        case _:
            words.unlink()

    assert read_pack(folder).version != before


# Places


def test_places_lead_to_what_is_inside_a_part_and_else_to_its_nearest_parent(tmp_path: Path) -> None:
    pack: Pack = read_pack(write_pack(tmp_path, flows=flow_file("- say: a\n- say: b")))

    assert pack.place("flows:order.cancel") == Place("flows/flows.yaml", 2)
    assert pack.place("flows:order.cancel", "steps", 1, "say") == Place("flows/flows.yaml", 10)
    assert pack.place("flows:order.cancel", "steps", 1, "lost", 7) == Place("flows/flows.yaml", 10)
    assert pack.place("pack.yaml", "language") == Place("pack.yaml", 4)


# YAML


@given(
    st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
)
def test_whatever_stands_in_a_file_gives_a_document_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)

    loaded = load(path, "any.yaml")

    assert isinstance(loaded, Document | Fault)
    assert isinstance(loaded, Document) or loaded.place.file == "any.yaml"


@pytest.mark.parametrize(
    "text", ["a: !!int x", "a: !!timestamp x", "? [a]\n: b", "a: " + "9" * 5000, "=", "a: b\n---\nc"]
)
def test_what_the_yaml_library_stumbles_over_is_a_fault_or_a_value(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.yaml").write_text(text)

    assert isinstance(load(tmp_path / "odd.yaml", "odd.yaml"), Document | Fault)


@given(
    st.recursive(
        st.text("ab: ", min_size=1, max_size=5).map(lambda word: f"'{word}'"),
        lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda parts: "[" + ",\n ".join(parts) + "]"),
        max_leaves=8,
    )
)
def test_every_value_stands_on_the_line_that_is_told(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.yaml"
    path.write_text(text)
    document = load(path, "lines.yaml")
    assert isinstance(document, Document)

    for inside, line in document.lines.items():
        value = document.value
        for step in inside:
            assert isinstance(step, int)
            value = value[step]
        if isinstance(value, str):
            assert f"'{value}'" in text.splitlines()[line - 1]
