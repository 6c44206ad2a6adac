from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits  # type: ignore[import-untyped]  # it ships no types

from xiaoer.knowledge import ANSWERS_FILE, AnswerModel, Evidence, Retriever, Sharpness
from xiaoer.learn import answers, cross_validate_answers, train_light
from xiaoer.learn.answers import Trial, fit_answers, fit_sharpness, hold_out
from xiaoer.learn.lessons import UNKNOWN, Lessons
from xiaoer.learn.network import Network, fit_network
from xiaoer.pack import FaqEntry, Intent, Pack

CARRIERS = ("顺丰", "中通", "圆通", "韵达", "邮政", "京东")


def an_entry(name: str, intent: str, answer: str, *asked: str) -> FaqEntry:
    return FaqEntry(id=name, question=asked[0], phrasings=asked[1:], answer=answer, intents=(intent,))


@pytest.fixture(scope="session")
def asked_pack(tiny_pack: Pack) -> Pack:
    """A pack with three entries under two intents, and one intent with none."""
    entries = [
        an_entry("fee", "delivery.fee", "满五十九元包邮。", *(f"{carrier}运费多少" for carrier in CARRIERS)),
        an_entry("carrier", "delivery.fee", "默认发中通。", *(f"能发{carrier}快递吗" for carrier in CARRIERS)),
        an_entry("size", "product.size", "看尺码表。", *(f"穿{size}码合适吗" for size in "sml大中小")),
    ]
    said = {
        "delivery.fee": "\n".join(f"寄{carrier}邮费谁出" for carrier in CARRIERS),
        "product.size": "\n".join(f"买{size}号会不会紧" for size in "sml大中小"),
        "greet": "\n".join(f"你好呀{word}" for word in ("亲", "店家", "老板", "客服", "小二", "在吗")),
    }
    intents = {name: Intent(name=name, about="…", utterances=block) for name, block in said.items()}
    return replace(tiny_pack, faq={entry.id: entry for entry in entries}, intents=intents)


def test_what_is_asked_otherwise_finds_its_entry(asked_pack: Pack) -> None:
    retriever = Retriever(asked_pack.faq.values(), model=fit_answers(asked_pack))
    found = {text: retriever.search(text)[0].entry for text in ("运费谁出 多少", "发哪个快递", "大码合适不")}
    assert found == {"运费谁出 多少": "fee", "发哪个快递": "carrier", "大码合适不": "size"}


def test_small_talk_finds_less_than_a_question(asked_pack: Pack) -> None:
    model = fit_answers(asked_pack)
    assert model is not None
    talk, question = (model.probabilities(Lessons.of(asked_pack).all[row].terms) for row in (-7, 0))
    assert talk is not None
    assert question is not None
    assert talk.max() < question.max()


def test_a_pack_without_knowledge_has_no_model_of_answers_and_is_trained_all_the_same(
    tiny_pack: Pack, tmp_path: Path
) -> None:
    assert fit_answers(replace(tiny_pack, faq={})) is None
    assert train_light(replace(tiny_pack, faq={}), tmp_path).scores["entries"] == 0
    assert AnswerModel.find(tmp_path) is None


def test_the_model_of_answers_is_written_beside_the_others(asked_pack: Pack, tmp_path: Path) -> None:
    assert train_light(asked_pack, tmp_path).scores["entries"] == 3
    assert (tmp_path / ANSWERS_FILE).is_file()
    assert Retriever.of_pack(asked_pack, tmp_path).search("顺丰运费多少")[0].entry == "fee"


def test_the_same_pack_and_seed_give_the_same_model(asked_pack: Pack, tmp_path: Path) -> None:
    for name in ("one", "two"):
        model = fit_answers(asked_pack, seed=5)
        assert model is not None
        model.save(tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_an_utterance_that_is_also_a_phrasing_is_one_lesson(asked_pack: Pack) -> None:
    fee = asked_pack.intents["delivery.fee"]
    more = fee.model_copy(update={"utterances": fee.utterances + "\n顺丰运费多少？"})
    again = replace(asked_pack, intents={**asked_pack.intents, "delivery.fee": more})
    assert len(Lessons.of(again).all) == len(Lessons.of(asked_pack).all)


def test_of_an_utterance_only_its_intent_is_known_unless_no_entry_stands_under_it(asked_pack: Pack) -> None:
    lessons = Lessons.of(asked_pack)
    said = [lesson for lesson in lessons.all if lesson.is_asked][18:]
    assert {lesson.class_ for lesson in said if lesson.intent < 2} == {UNKNOWN}
    assert {lesson.class_ for lesson in said if lesson.intent == 2} == {3}
    assert lessons.classes == 4


def test_questions_kept_back_are_asked_once_over_all_parts(asked_pack: Pack) -> None:
    lessons = Lessons.of(asked_pack)
    trials = [hold_out(lessons, part=part) for part in range(5)]
    kept = sum(len(trial.truth) for trial in trials)
    assert 18 <= kept <= 18 + 6
    assert all(trial.evidence.coverage.shape == (len(trial.truth), 3) for trial in trials)


def a_trial(*, right: int, wrong: int) -> Trial:
    """Give a trial in which the first of two entries always scores a little higher."""
    count = right + wrong
    scores = np.tile(np.array([1.0, 0.0], dtype=np.float32), (count, 1))
    truth = np.array([0] * right + [1] * wrong)
    return Trial(Evidence(scores, np.zeros_like(scores)), truth, np.zeros(count, dtype=np.bool_))


def test_scores_that_are_right_more_often_become_surer() -> None:
    often, seldom = (fit_sharpness(a_trial(right=right, wrong=100 - right)) for right in (95, 60))
    chances = [a_trial(right=1, wrong=0).evidence.probabilities(sharpness)[0, 0] for sharpness in (often, seldom)]
    assert chances[0] > chances[1]
    assert chances[1] == pytest.approx(0.6, abs=0.1)


def test_without_a_question_kept_back_the_sharpness_is_the_usual() -> None:
    assert fit_sharpness(a_trial(right=0, wrong=0)) == Sharpness()


def test_the_report_of_held_out_phrasings_grows_more_precise_with_the_score(asked_pack: Pack) -> None:
    report = cross_validate_answers(asked_pack)
    assert 0 < report.questions <= 18
    assert report.recall_at_1 <= report.recall_at_3
    shares = [step.answered_rightly for step in report.steps]
    assert shares == sorted(shares, reverse=True)


def test_what_is_judged_beside_has_one_thread_from_its_beginning(
    asked_pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sums of two threads round otherwise: a model would not be the same bytes again."""
    has_begun = Event()
    threads: list[int] = []

    class Beside(ThreadPoolExecutor):
        def submit(self, *call: Any, **named: Any) -> Any:  # noqa: ANN401  # as it is declared
            judging = super().submit(*call, **named)
            assert has_begun.wait(60)
            return judging

    def watched(*call: Any, **named: Any) -> Network:  # noqa: ANN401  # as it is called
        threads.extend(library["num_threads"] for library in threadpool_info())
        has_begun.set()
        return fit_network(*call, **named)

    monkeypatch.setattr(answers, "fit_network", watched)
    with threadpool_limits(2), Beside(1) as beside:
        fit_answers(asked_pack, beside=beside)
    assert set(threads) == {1}
