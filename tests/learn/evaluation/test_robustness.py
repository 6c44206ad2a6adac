from xiaoer.learn.data.samples import Table
from xiaoer.learn.evaluation import Disturbed, Heard, robustness

from ..data.making import a_sample
from .test_judging import a_reading, heard


def literal(samples: Table) -> Heard:
    """Hear samples as a model that reads only what ends with a question mark rightly."""
    return heard(*((one, a_reading(one.intent or "" if one.text.endswith("？") else "other")) for one in samples))


def test_accuracy_is_told_of_the_texts_that_a_disturbance_changes() -> None:
    samples = (a_sample("这个怎么退？"), a_sample("帮我查一下快递。"), a_sample("在吗"))
    found = {one.name: one for one in robustness(literal(samples), literal)}
    assert found["no punctuation"] == Disturbed("no punctuation", 2, 0.5, 0.0)
    assert found["emoji"] == Disturbed("emoji", 3, 1 / 3, 0.0)
    assert found["traditional"].texts >= 2
    assert "typos" not in found


def test_the_same_seed_gives_the_same_disturbances() -> None:
    def texts(seed: int) -> list[str]:
        listened: list[str] = []

        def listen(copies: Table) -> Heard:
            listened.extend(copy.text for copy in copies)
            return literal(copies)

        robustness(
            literal(tuple(a_sample(f"where is my parcel {at}, please?", at=at) for at in range(9))), listen, seed=seed
        )
        return listened

    assert texts(1) == texts(1) != texts(2)
