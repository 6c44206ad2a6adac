from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from tests.learn.full.encoders import write_bilstm, write_encoder
from tests.learn.full.talk import talk, tiny
from xiaoer.learn.full.encoders import open_encoder, train_tokenizer
from xiaoer.learn.full.errors import EncoderError, FullSettingError
from xiaoer.learn.full.holding_out import held_out
from xiaoer.learn.full.optimising import optimiser_of, schedule_of
from xiaoer.learn.full.private import fit_privately
from xiaoer.learn.full.runs import Run
from xiaoer.learn.full.settings import FullSettings
from xiaoer.learn.full.station import Lesson
from xiaoer.learn.full.training import Job, fit, last_checkpoint

TAUGHT = talk(80)
STEPS = tiny(training={"checkpoint_steps": 2, "epochs": 3, "schedule": "cosine"})
Weights = dict[str, torch.Tensor]


class KilledError(Exception):
    """Stands for a process that is killed."""


def lesson_of(settings: FullSettings, run: Path, *, seed: int = 0) -> tuple[Lesson, Job]:
    lesson = Lesson.of(*held_out(TAUGHT, 0.1, seed), 0.0, settings, seed)
    return lesson, Job(lesson.seen, lesson.away, lesson.collator, run, seed, lesson.encoder.is_new)


def trained(settings: FullSettings, run: Path, progress: Callable[[str, float], None]) -> Weights:
    lesson, job = lesson_of(settings, run)
    fit(lesson.network, job, settings.training, progress)
    return lesson.network.state_dict()


def nothing(_: str, __: float) -> None: ...


def until(step: int) -> Callable[[str, float], None]:
    def stop(what: str, _: float) -> None:
        if what.startswith(f"training, step {step} of"):
            raise KilledError

    return stop


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Weights:
    """What a training that nothing interrupts ends with."""
    return trained(STEPS, tmp_path_factory.mktemp("whole"), nothing)


@pytest.mark.parametrize("step", [3, 9])
def test_a_training_that_is_killed_goes_on_to_the_same_weights(tmp_path: Path, whole: Weights, step: int) -> None:
    with pytest.raises(KilledError):
        trained(STEPS, tmp_path / "killed", until(step))
    last = last_checkpoint(tmp_path / "killed")
    assert last is not None
    (last.parent / "checkpoint-999").mkdir()  # what was being written when the kill came

    resumed = trained(STEPS, tmp_path / "killed", nothing)
    assert last_checkpoint(tmp_path / "killed") != last
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_a_training_that_had_stopped_early_is_not_gone_on_with(tmp_path: Path) -> None:
    settings = tiny(training={"epochs": 8, "patience": 1, "heads_rate": 1e-9})
    first = trained(settings, tmp_path, nothing)
    steps = []
    again = trained(settings, tmp_path, lambda what, _: steps.append(what))

    assert steps == []
    assert last_checkpoint(tmp_path) == tmp_path / "checkpoint-8"  # two epochs of four steps: no gain in the second
    assert all(torch.equal(first[name], again[name]) for name in first)


@pytest.mark.parametrize("optimiser", ["sgd", "momentum", "adam", "adamw", "adagrad"])
def test_each_optimiser_lowers_the_loss(tmp_path: Path, optimiser: str) -> None:
    settings = tiny(training={"optimiser": optimiser, "heads_rate": 0.01, "rate": 0.01})
    lesson, _ = lesson_of(settings, tmp_path)
    lesson.network.eval()
    chosen, batch = optimiser_of(lesson.network, settings.training, is_new=True), lesson.collator(lesson.seen.rows)
    losses = []
    for _ in range(15):
        loss = lesson.network(**batch)["loss"]
        losses.append(loss.item())
        chosen.zero_grad()
        loss.backward()
        chosen.step()
    assert losses[-1] < losses[0]


@pytest.mark.parametrize(
    ("schedule", "middle", "end"), [("constant", 1.0, 1.0), ("linear", 0.5, 0.0), ("cosine", 0.5, 0.0)]
)
def test_rates_rise_in_the_warm_up_and_then_fall(schedule: str, middle: float, end: float) -> None:
    settings = tiny(training={"schedule": schedule, "warm_up": 0.2}).training
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    plan = schedule_of(optimiser, 100, settings)
    rates = []
    for _ in range(101):
        rates.append(plan.get_last_lr()[0])
        optimiser.step()
        plan.step()
    assert rates[0] < rates[10] < rates[20] == 1.0
    assert rates[60] == pytest.approx(middle)
    assert rates[100] == pytest.approx(end)


def test_two_passes_and_l1_and_smoothing_count_in_the_loss(tmp_path: Path) -> None:
    def loss(**training: float) -> float:
        settings = tiny(training=dict(training), heads={"dropout": 0.5})
        lesson, _ = lesson_of(settings, tmp_path)
        torch.manual_seed(0)
        return float(lesson.network(**lesson.collator(lesson.seen.rows))["loss"].item())

    assert loss(r_drop=5.0) > loss()
    assert loss(label_smoothing=0.3) != loss()


def test_what_is_not_labelled_teaches_nothing(tmp_path: Path) -> None:
    lesson, _ = lesson_of(tiny(heads={"dropout": 0.0}), tmp_path)
    lesson.network.eval()
    batch = lesson.collator(lesson.seen.rows[:8])
    alone = {name: batch[name] for name in ("tokens", "attention", "grams", "intent")}
    unknown = batch | {"act": torch.full_like(batch["act"], -100), "sentiment": torch.full((8,), torch.nan)}
    unknown = {name: values for name, values in unknown.items() if name not in {"tags", "special"}}

    assert lesson.network(**unknown)["loss"].item() == pytest.approx(lesson.network(**alone)["loss"].item())


def test_an_encoder_of_a_folder_is_loaded_and_its_tokeniser_with_it(tmp_path: Path) -> None:
    settings = tiny(encoder={"source": str(write_encoder(tmp_path))}).encoder
    encoder = open_encoder(settings, [])

    assert not encoder.is_new
    assert encoder.tokenizer.encode("where is the lamp").tokens[0] == "[CLS]"
    assert len(encoder.tokenizer.encode("lamp " * 99).ids) == settings.longest


def test_what_is_no_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"config\.json"):
        open_encoder(tiny(encoder={"source": str(tmp_path)}).encoder, [])


def test_the_same_texts_give_the_same_tokeniser() -> None:
    texts = [sample.text for sample in TAUGHT]
    assert train_tokenizer(texts, 90).to_str() == train_tokenizer(texts, 90).to_str()
    assert train_tokenizer(["退货", "怎么退货"], 90).encode("退货").tokens == ["[CLS]", "退", "货", "[SEP]"]


@pytest.mark.parametrize("write", [write_encoder, write_bilstm])
def test_private_training_spends_no_more_than_it_may(tmp_path: Path, write: Callable[[Path], Path]) -> None:
    settings = tiny(
        encoder={"source": str(write(tmp_path))}, privacy={"epsilon": 8.0}, training={"epochs": 2, "batch": 16}
    )
    lesson, job = lesson_of(settings, tmp_path)
    before = {name: values.clone() for name, values in lesson.network.state_dict().items()}
    spent = fit_privately(lesson.network, job, settings, nothing)
    after = lesson.network.state_dict()

    assert 4.0 < spent <= 8.0
    same = {name for name in before if torch.equal(before[name], after[name])}
    assert {name for name in same if "crf" not in name and "types" not in name} == set()
    assert "crf.transitions" in same


def test_a_layer_whose_sums_go_over_all_texts_is_not_trained_privately(tmp_path: Path) -> None:
    settings = tiny(encoder={"source": str(write_encoder(tmp_path))}, privacy={"epsilon": 8.0})
    lesson, job = lesson_of(settings, tmp_path)
    lesson.network.encoder.add_module("norm", torch.nn.BatchNorm1d(16))
    with pytest.raises(FullSettingError, match="BatchNorm"):
        fit_privately(lesson.network, job, settings, nothing)


def test_private_training_with_a_tokeniser_of_the_texts_is_refused(tmp_path: Path) -> None:
    settings = tiny(privacy={"epsilon": 8.0})
    lesson, job = lesson_of(settings, tmp_path)
    with pytest.raises(FullSettingError, match=r"encoder\.source"):
        fit_privately(lesson.network, job, settings, nothing)


def test_states_of_another_training_are_not_gone_on_with(tmp_path: Path) -> None:
    Run(tmp_path / "run", tiny(), "abc", 0).begin()
    state = tmp_path / "run" / "checkpoint-4"
    state.mkdir()
    Run(tmp_path / "run", tiny(), "abc", 0).begin()
    assert state.is_dir()
    Run(tmp_path / "run", tiny(), "abc", 1).begin()
    assert not state.exists()
