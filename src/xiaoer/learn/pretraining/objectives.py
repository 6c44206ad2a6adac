"""What both trainings make small."""

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional
from transformers import BertForMaskedLM

from xiaoer.learn.pretraining.batches import NO_LABEL
from xiaoer.learn.pretraining.network import mean_vectors
from xiaoer.learn.pretraining.settings import ContrastiveSettings

_STEP = 64


def masked_loss(network: BertForMaskedLM, batch: Mapping[str, Tensor]) -> Tensor:
    """Give the mean cross-entropy of the hidden tokens; the others are not read out, which is most of the work."""
    states = network.bert(batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    return _guessing(network, states, batch["labels"])


def pair_loss(network: BertForMaskedLM, batch: Mapping[str, Tensor], settings: ContrastiveSettings) -> Tensor:
    """Give how badly texts find their partners among those of the batch, and hidden tokens are guessed.

    Of one group all are partners (Khosla et al., 2020).
    """
    mask = batch["first_attention_mask"]
    first = network.bert(batch["first_input_ids"], attention_mask=mask).last_hidden_state
    other_mask = batch["second_attention_mask"]
    second = network.bert(batch["second_input_ids"], attention_mask=other_mask).last_hidden_state
    ones = functional.normalize(mean_vectors(first.float(), mask), dim=1)
    others = functional.normalize(mean_vectors(second.float(), other_mask), dim=1)
    likeness = ones @ others.T / settings.temperature
    is_partner = (batch["groups"][:, None] == batch["groups"][None, :]).to(likeness.dtype)
    loss = (_finding(likeness, is_partner) + _finding(likeness.T, is_partner)) / 2
    if settings.masked_weight:
        loss = loss + settings.masked_weight * _guessing(network, second, batch["second_labels"])
    return loss


def _guessing(network: BertForMaskedLM, states: Tensor, labels: Tensor) -> Tensor:
    """Give the mean cross-entropy of hidden tokens; filled up to whole steps, as each new size is prepared anew."""
    places = torch.nonzero(labels.flatten() != NO_LABEL).flatten()
    wanted = labels.flatten()[places]
    missing = -len(places) % _STEP
    places, wanted = functional.pad(places, (0, missing)), functional.pad(wanted, (0, missing), value=NO_LABEL)
    return functional.cross_entropy(network.cls(states.flatten(0, 1)[places]).float(), wanted, ignore_index=NO_LABEL)


def _finding(likeness: Tensor, is_partner: Tensor) -> Tensor:
    chances = torch.log_softmax(likeness, dim=1)
    return -((chances * is_partner).sum(dim=1) / is_partner.sum(dim=1)).mean()
