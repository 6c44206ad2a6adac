"""Labels that are mended: each sample that models of the others put elsewhere, by far, goes there, or out.

Repeated, as a model that was taught fewer wrong labels finds more.
"""

from collections import Counter

import msgspec

from xiaoer.learn.data.heldout import LEAST, out_of_fold_by_classifier
from xiaoer.learn.data.label_noise import Suspect, outweighed
from xiaoer.learn.data.samples import Table
from xiaoer.learn.telling import Tell, part_of


def doubtful(table: Table, *, odds: float, folds: int, rounds: int, seed: int = 0, tell: Tell) -> tuple[Suspect, ...]:
    """Find the samples whose labels seem wrong, the surest first; a sample without an intent, or of a rare one, is not.

    Each round learns from the labels as the round before mended them, and judges those that were given: another intent
    must be more than `odds` times as likely.

    Raises:
        DataSettingError: fewer than two intents have enough samples.
    """
    given = {sample.id: sample.intent for sample in table}
    found: tuple[Suspect, ...] = ()
    for number in range(rounds):
        held_out = out_of_fold_by_classifier(
            relabelled(table, found), folds=folds, seed=seed + number, tell=_of_round(tell, number, rounds)
        )
        found = _sparing_the_rare(table, outweighed(held_out, given, odds))
    return found


def _sparing_the_rare(table: Table, found: tuple[Suspect, ...]) -> tuple[Suspect, ...]:
    """Leave alone the intents that too few samples would be left of to learn them."""
    left = Counter(sample.intent for sample in relabelled(table, found))
    return tuple(one for one in found if left[one.intent] >= LEAST)


def relabelled(table: Table, found: tuple[Suspect, ...]) -> Table:
    """Give each doubted sample the intent that it seems to have."""
    likelier = {one.id: one.likelier for one in found}
    return tuple(
        msgspec.structs.replace(sample, intent=likelier[sample.id]) if sample.id in likelier else sample
        for sample in table
    )


def _of_round(tell: Tell, number: int, rounds: int) -> Tell:
    of_whole = part_of(tell, number / rounds, (number + 1) / rounds)
    return lambda what, share: of_whole(f"round {number + 1} of {rounds}: {what}", share)
