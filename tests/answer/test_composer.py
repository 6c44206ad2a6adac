"""Replies in words: tone, variants, cases, buttons, cards, sources."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaoer.answer import Composer, MissingFactError, UnknownReplyError
from xiaoer.events import Card, CardField, Choice, QuickReply, Source
from xiaoer.pack import Pack
from xiaoer.testing import a_pack

REPLIES = """
replies:
  - name: greet
    warm: [您好呀, 在的, 哈喽]
    formal: [您好。]
  - name: plain_only
    plain: [好。]
  - name: refused
    warm: ["{order}不能退"]
    cases:
      - when: {of: check.reason, is: too_late}
        warm: ["{order}过了{check.days}天"]
      - when: {of: check.reason, in: [too_late, used]}
        warm: [用过的不能退]
  - name: choosy
    warm: ["亲爱的{name}", "您好", "{name}您好"]
  - name: which
    warm: [哪一个？]
    cards: orders.choices
    buttons:
      - {title: 都不是, message: 以上都不是}
  - name: one_order
    warm: [这个]
    cards: order
  - name: offer
    yes_means: human
    warm: [要请同事吗？, 同事明天在]
  - name: rule
    warm: [按规定]
    clause: check.clause
"""
CLAUSES = """
clauses:
  - {id: old, title: 旧规定, text: 旧, valid_from: 2020-01-01, valid_until: 2025-12-31}
  - {id: new, title: 新规定, text: 新, valid_from: 2026-01-01}
"""
FAQ = """
entries:
  - {id: fee, question: 运费谁出, phrasings: [运费, 邮费], answer: 我们出, clauses: [old, new, gone]}
"""
MANIFEST = "{name: test, title: t, about: t, language: zh, version: 1.0.0, tone: TONE}"
WORDS = """
words: {shipped: 已发货, label.state: 状态, label.paid_at: 付款, currency.CNY: ¥}
"""
ORDER = {
    "kind": "order",
    "id": "1001",
    "title": "白色T恤",
    "subtitle": "shipped",
    "fields": [
        ["label.state", "shipped"],
        ["label.paid_at", "2026-06-15T20:30:00+00:00"],
        ["金额", {"minor": 990, "currency": "CNY"}],
    ],
}


def pack(tone: str = "warm") -> Pack:
    return a_pack(pack=MANIFEST.replace("TONE", tone), replies=REPLIES, policies=CLAUSES, faq=FAQ, words=WORDS)


@pytest.fixture(scope="module")
def composer() -> Composer:
    return Composer(pack())


def test_neighbouring_turns_are_worded_differently_and_a_replay_the_same(composer: Composer) -> None:
    said = [composer.say("greet", {}, turn=turn).text for turn in range(4)]
    assert said == ["您好呀", "在的", "哈喽", "您好呀"]
    assert composer.say("greet", {}, turn=1).text == "在的"


@pytest.mark.parametrize(("tone", "text"), [("formal", "您好。"), ("plain", "您好呀")])
def test_a_tone_without_words_of_its_own_falls_back(tone: str, text: str) -> None:
    assert Composer(pack(tone)).say("greet", {}, turn=0).text == text


def test_only_words_that_ask_can_be_agreed_to(composer: Composer) -> None:
    asking, stating = (composer.say("offer", {}, turn=turn) for turn in (0, 1))
    assert (asking.text, asking.yes_means) == ("要请同事吗？", "human")
    assert (stating.text, stating.yes_means) == ("同事明天在", "")


def test_a_reply_without_warm_words_says_what_it_has(composer: Composer) -> None:
    assert composer.say("plain_only", {}, turn=0).text == "好。"


@pytest.mark.parametrize(
    ("check", "text"),
    [
        ({"reason": "too_late", "days": 9}, "1001过了9天"),
        ({"reason": "used"}, "用过的不能退"),
        ({"reason": "other"}, "1001不能退"),
        ({}, "1001不能退"),
    ],
)
def test_the_first_case_that_holds_words_the_reply(composer: Composer, check: Mapping[str, object], text: str) -> None:
    assert composer.say("refused", {"order": "1001", "check": check}, turn=0).text == text


def test_a_case_that_cannot_be_filled_falls_back_to_the_general_words(composer: Composer) -> None:
    assert composer.say("refused", {"order": "1001", "check": {"reason": "too_late"}}, turn=0).text == "1001不能退"


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_a_variant_that_cannot_be_filled_is_passed_over(composer: Composer, turn: int) -> None:
    assert composer.say("choosy", {}, turn=turn).text == "您好"


def test_a_reply_that_nothing_fills_says_what_is_known(composer: Composer) -> None:
    with pytest.raises(MissingFactError, match=r"refused.*known are check, line") as missing:
        composer.say("refused", {"line": "x", "check": {}}, turn=0)
    assert missing.value.code == "answer.missing_fact"


def test_an_unknown_reply_is_named(composer: Composer) -> None:
    with pytest.raises(UnknownReplyError, match="nowhere") as unknown:
        composer.say("nowhere", {}, turn=0)
    assert unknown.value.code == "answer.unknown_reply"


def test_choices_become_buttons_before_those_of_the_reply(composer: Composer) -> None:
    reply = composer.say("which", {}, (Choice(value="a", title="白色", says=("白",)),), turn=0)
    assert reply.quick_replies == (QuickReply("白色", "白色"), QuickReply("都不是", "以上都不是"))


def test_cards_take_the_place_of_buttons_for_choices(composer: Composer) -> None:
    known = {"orders": {"choices": [{"value": "1001", "title": "1001", "card": ORDER}]}}
    reply = composer.say("which", known, (Choice(value="1001", title="1001"),), turn=0)
    assert [card.id for card in reply.cards] == ["1001"]
    assert reply.quick_replies == (QuickReply("都不是", "以上都不是"),)


def test_a_card_is_written_in_the_words_of_the_pack(composer: Composer) -> None:
    (card,) = composer.say("one_order", {"order": ORDER}, turn=0).cards
    assert card == Card(
        kind="order",
        id="1001",
        title="白色T恤",
        subtitle="已发货",
        fields=(
            CardField("状态", "已发货"),
            CardField("付款", "2026-06-16 04:30"),
            CardField("金额", "¥9.90"),
        ),
        message="1001",
    )


@pytest.mark.parametrize("found", [None, "1001", 3])
def test_what_is_no_card_shows_none(composer: Composer, found: object) -> None:
    assert composer.say("one_order", {"order": found}, turn=0).cards == ()


def test_a_reply_names_the_clause_that_it_rests_on(composer: Composer) -> None:
    reply = composer.say("rule", {"check": {"clause": "new"}}, turn=0)
    assert reply.sources == (Source(kind="policy", id="new", title="新规定"),)


@pytest.mark.parametrize("known", [{}, {"check": {"clause": "unheard_of"}}])
def test_a_reply_without_a_known_clause_names_none(composer: Composer, known: Mapping[str, object]) -> None:
    assert composer.say("rule", known, turn=0).sources == ()


@pytest.mark.parametrize(
    ("now", "clause"),
    [
        (datetime(2019, 12, 31, 12, tzinfo=UTC), None),
        (datetime(2020, 1, 1, 12, tzinfo=UTC), "old"),
        (datetime(2025, 12, 31, 12, tzinfo=UTC), "old"),
        (datetime(2026, 1, 1, 12, tzinfo=UTC), "new"),
    ],
)
def test_an_answer_names_its_entry_and_the_clauses_in_force(
    composer: Composer, now: datetime, clause: str | None
) -> None:
    reply = composer.answer("fee", 0.87654, now=now)
    assert (reply.text, reply.name) == ("我们出", "answer")
    assert reply.sources[0] == Source(kind="faq", id="fee", title="运费谁出", score=0.877)
    assert [source.id for source in reply.sources[1:]] == ([clause] if clause else [])


def test_a_clause_is_in_force_from_the_shops_midnight_on(composer: Composer) -> None:
    first_morning_in_shanghai = datetime(2025, 12, 31, 17, tzinfo=UTC)
    assert composer.answer("fee", 0.9, now=first_morning_in_shanghai).sources[1].id == "new"


@given(turn=st.integers(0, 10**6))
def test_every_turn_has_words(composer: Composer, turn: int) -> None:
    assert composer.say("greet", {}, turn=turn).text in {"您好呀", "在的", "哈喽"}
