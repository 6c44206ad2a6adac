from itertools import product

import numpy as np
import pytest

from xiaoer.learn.data import CleanSetting, DataSettingError, Table, clean, clean_page
from xiaoer.learn.data.heldout import HeldOut
from xiaoer.learn.data.label_noise import outweighed
from xiaoer.learn.data.relabelling import doubtful, relabelled

from ..saying import said
from .making import a_sample, a_table

_MORE = {
    "track": (("is there news of", "when do I get"), ("my parcel", "the package", "our delivery")),
    "pay": (("is it fine to pay", "let me pay"), ("by card", "in cash", "with a voucher")),
    "return": (("I want to return", "please collect and refund"), ("these shoes", "the kettle", "a lamp")),
}
WRONG = {"own:1": "pay", "own:12": "return", "own:21": "track"}


def a_faulty_table() -> Table:
    """Forty-five samples, of which three have a wrong label."""
    rows = said() + [(f"{lead} {what}", intent) for intent, parts in _MORE.items() for lead, what in product(*parts)]
    table = a_table(*rows)
    return tuple(a_sample(one.text, WRONG.get(one.id, one.intent), at) for at, one in enumerate(table))


def test_samples_under_a_wrong_label_are_found_with_the_likelier_one() -> None:
    table = a_faulty_table()
    right = {one.id: one.intent for one in a_table(*said())}
    found = {one.id: one for one in doubtful(table, odds=2, folds=3, rounds=1, tell=lambda _, __: None)}
    assert set(WRONG) <= set(found)
    assert len(found) <= 5
    assert {id_: found[id_].likelier for id_ in WRONG} == {id_: right[id_] for id_ in WRONG}
    mended = {one.id: one.intent for one in relabelled(table, tuple(found.values()))}
    assert all(mended[id_] == right[id_] for id_ in WRONG)


def test_cleaning_gives_wrong_labels_another_intent_or_leaves_them_out() -> None:
    table = a_faulty_table()
    shares: list[float] = []
    kept, report = clean(
        table, CleanSetting(near=0.0, labels="relabel", odds=2, folds=3), tell=lambda _, share: shares.append(share)
    )
    assert len(kept) == 45
    assert set(WRONG) <= {one.id for one in report.relabelled}
    assert "Given another intent" in clean_page(report, "0")
    assert shares == sorted(shares)
    dropped, report = clean(table, CleanSetting(near=0.0, labels="drop", odds=2, folds=3, rounds=1))
    assert set(WRONG).isdisjoint(one.id for one in dropped)
    assert report.by_reason == {"label": 45 - len(dropped)}
    assert report.relabelled == ()


def test_what_says_the_same_as_another_once_mended_is_left_out() -> None:
    twin = a_sample("Where is my parcel!", "pay", 90)
    kept, report = clean(
        (*a_faulty_table(), twin), CleanSetting(near=0.0, conflicts="keep", labels="relabel", odds=2, folds=3)
    )
    assert twin.id not in {one.id for one in kept}
    assert report.by_reason == {"duplicate": 1}


def test_labels_stay_as_they_are_unless_that_is_asked_for() -> None:
    table = a_faulty_table()
    assert clean(table, CleanSetting(near=0.0))[0] == table


def test_too_little_to_judge_by_is_refused() -> None:
    with pytest.raises(DataSettingError, match="Two intents"):
        clean(a_table(("x", "a"), ("y", "b")), CleanSetting(labels="drop"))


def test_a_label_stands_until_another_intent_is_by_far_likelier() -> None:
    given = {"own:0": "b", "own:1": "b", "own:2": "gone", "own:3": "a"}
    samples = tuple(a_sample("x", "a", at) for at in range(4))
    chances = np.array([[0.6, 0.2], [0.8, 0.1], [0.5, 0.4], [0.9, 0.1]], dtype=np.float32)
    held_out = HeldOut(samples, ("a", "b"), chances)
    found = outweighed(held_out, given, 4)
    assert [(one.id, one.intent, one.likelier) for one in found] == [("own:1", "b", "a"), ("own:2", "gone", "a")]
    assert [one.confidence_of_label for one in found] == [pytest.approx(0.1), 0]
    assert len(outweighed(held_out, given, 2)) == 3


def test_no_intent_is_mended_away() -> None:
    table = (*a_faulty_table(), *(a_sample(f"where is my parcel {at}", "lost", 60 + at) for at in range(5)))
    found = doubtful(table, odds=1, folds=3, rounds=1, tell=lambda _, __: None)
    assert sum(sample.intent == "lost" for sample in relabelled(table, found)) >= 5
