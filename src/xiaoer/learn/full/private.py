"""Differentially private training (Abadi et al., 2016): each text's gradient is cut short, and noise is added."""

import copy
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from opacus import GradSampleModule
from opacus.accountants import RDPAccountant
from opacus.accountants.utils import get_noise_multiplier
from opacus.layers import DPLSTM
from opacus.optimizers import DPOptimizer
from torch import Tensor, nn

from xiaoer.learn.full.errors import FullSettingError
from xiaoer.learn.full.network import JointNetwork
from xiaoer.learn.full.optimising import optimiser_of, schedule_of
from xiaoer.learn.full.settings import FullSettings
from xiaoer.learn.full.training import Job
from xiaoer.learn.telling import Tell


def fit_privately(network: JointNetwork, job: Job, settings: FullSettings, progress: Tell) -> float:
    """Train a network so that no single text can be told from it; give the epsilon that was spent.

    Batches are drawn text by text with a fixed chance, as the accounting assumes. Nothing is chosen by what is held
    out, so that the last weights stay. How tags follow one another is not learnt: the field's sums are over whole
    sentences at once, from which single texts cannot be told apart.

    Raises:
        FullSettingError: the encoder is made of the texts themselves, which its tokens would tell, or has layers in
            which single texts cannot be told apart.
    """
    privacy, training = settings.privacy, settings.training
    if job.is_new or privacy.epsilon is None:
        raise FullSettingError("privacy.epsilon needs an encoder that is not made of the texts: encoder.source.")
    taught = _readable_by_text(network)
    if taught.crf is not None:
        taught.crf.requires_grad_(requires_grad=False)
    watched = _watched(taught)
    chance = torch.Generator().manual_seed(job.seed)
    torch.manual_seed(job.seed)
    rate = min(1.0, training.batch / len(job.seen))
    steps = training.epochs * math.ceil(1 / rate)
    noise = _noise(privacy.epsilon, privacy.delta, rate, steps)
    plain = optimiser_of(taught, training, is_new=False)
    schedule, accountant = schedule_of(plain, steps, training), RDPAccountant()
    optimiser = DPOptimizer(
        plain,
        noise_multiplier=noise,
        max_grad_norm=privacy.clip,
        expected_batch_size=max(1, round(rate * len(job.seen))),
        generator=chance,
    )
    for step in range(steps):
        drawn = torch.nonzero(torch.rand(len(job.seen), generator=chance) < rate)[:, 0].tolist()
        if drawn:
            batch: dict[str, Tensor] = job.collator([job.seen.rows[at] for at in drawn])
            with _quiet():
                watched(**batch)["loss"].backward()
            optimiser.step()
            optimiser.zero_grad()
        accountant.step(noise_multiplier=noise, sample_rate=rate)
        schedule.step()
        progress(f"training privately, step {step + 1} of {steps}", (step + 1) / steps)
    watched.remove_hooks()
    learnt = taught.state_dict()  # that holds recurrent weights under both libraries' names
    network.load_state_dict({name: learnt[name] for name in network.state_dict()})
    with _quiet():
        return float(accountant.get_epsilon(privacy.delta))


def _readable_by_text(network: JointNetwork) -> JointNetwork:
    """Give a copy in which each text's own gradient can be seen: recurrent layers are worked step by step."""
    taught = copy.deepcopy(network)
    for name, layer in list(taught.named_modules()):
        if isinstance(layer, nn.LSTM):
            own = DPLSTM(
                layer.input_size,
                layer.hidden_size,
                layer.num_layers,
                batch_first=True,
                bidirectional=layer.bidirectional,
            )
            own.load_state_dict(layer.state_dict())
            taught.set_submodule(name, own)
    return taught


def _watched(network: JointNetwork) -> GradSampleModule:
    try:
        return GradSampleModule(network.train())
    except NotImplementedError as error:
        raise FullSettingError(f"privacy.epsilon cannot be kept with this encoder: {error}") from error


def _noise(epsilon: float, delta: float, rate: float, steps: int) -> float:
    with _quiet():
        return float(
            get_noise_multiplier(
                target_epsilon=epsilon, target_delta=delta, sample_rate=rate, steps=steps, accountant="rdp"
            )
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the libraries say nothing of what is meant so.

    Bounds may be looser than they could be: less is spent than is told. Tables of tokens have no gradient before them.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Optimal order is the", category=UserWarning)
        warnings.filterwarnings("ignore", message="Full backward hook is firing", category=UserWarning)
        yield
