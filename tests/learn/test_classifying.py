from itertools import product

import numpy as np
import pytest

from xiaoer.learn.classifying import fit, fit_classifier
from xiaoer.understand import LightClassifier

from .saying import THINGS, off_topic, said

_LEADS = ("please tell me of the", "something about my", "a question on this", "I need help with the", "where is the")
_TAILS = ("today", "of last week")


@pytest.fixture(scope="module")
def of_eight() -> LightClassifier:
    rows = [(f"{lead} {thing} {tail}", thing) for thing, lead, tail in product(THINGS, _LEADS, _TAILS)]
    return fit_classifier([text for text, _ in rows], [thing for _, thing in rows])


def test_what_nobody_labelled_is_refused_though_no_text_was_out_of_scope(of_eight: LightClassifier) -> None:
    known = of_eight.probabilities([f"tell me where my {thing} is" for thing in THINGS])
    assert [of_eight.names[at] for at in known.argmax(axis=1)] == list(THINGS)
    strange = of_eight.probabilities([text for text, _ in off_topic()])
    assert (known.max(axis=1) >= of_eight.threshold).mean() > 0.8
    assert (strange.max(axis=1) < of_eight.threshold).mean() > 0.8
    assert strange.sum(axis=1).mean() < known.sum(axis=1).mean() < 1


def test_with_texts_out_of_scope_everything_adds_up_to_one() -> None:
    rows = [*said(), *off_topic()]
    classifier = fit_classifier([text for text, _ in rows], [intent for _, intent in rows])
    assert "out_of_scope" in classifier.names
    chances = classifier.probabilities(["my parcel", "the moon tonight", ""])
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-5)
    assert classifier.names[int(chances[1].argmax())] == "out_of_scope"


def test_progress_grows() -> None:
    shares: list[float] = []
    rows = said()
    fit([text for text, _ in rows], [intent for _, intent in rows], tell=lambda _, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[0] == 0
