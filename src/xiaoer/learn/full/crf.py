"""A linear-chain conditional random field over the tag scores of a network (Lafferty et al., 2001)."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from xiaoer.understand import TagChain

_FORBIDDEN = -10_000.0
_SPREAD = 0.1
_LEAST = 1e-35
"""What is less likely counts as this likely beside the likeliest: its logarithm must be a number."""


class Crf(nn.Module):
    """Learns how tags follow one another, and scores whole sequences; tags are IOB2 (`O`, `B-kind`, `I-kind`).

    What IOB2 forbids (an `I-kind` that neither `B-kind` nor `I-kind` goes before) has no probability, in training nor
    in decoding.
    """

    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__()
        self.tags = tuple(tags)
        self.starts = nn.Parameter(torch.empty(len(tags)).uniform_(-_SPREAD, _SPREAD))
        self.transitions = nn.Parameter(torch.empty(len(tags), len(tags)).uniform_(-_SPREAD, _SPREAD))
        self.ends = nn.Parameter(torch.empty(len(tags)).uniform_(-_SPREAD, _SPREAD))
        self.start_rule: Tensor
        self.rule: Tensor
        follows = [[_may_follow(tag, before) for tag in tags] for before in tags]
        self.register_buffer("start_rule", _penalties([_may_follow(tag, "O") for tag in tags]), persistent=False)
        self.register_buffer("rule", _penalties(follows), persistent=False)

    def forward(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Give the mean negative log-likelihood of tag sequences.

        Emissions are (texts × tokens × tags), tags and mask (texts × tokens). A token whose mask is false is skipped,
        wherever it stands; a text without any other counts nothing.
        """
        emissions, tags, mask = _compact(emissions.float(), tags, mask.bool())
        texts = mask[:, 0].sum().clamp(min=1)
        loss = torch.where(mask[:, 0], self._log_total(emissions, mask) - self._score(emissions, tags, mask), 0)
        return loss.sum() / texts

    def decode(self, emissions: Tensor, mask: Tensor) -> list[list[int]]:
        """Find the best tag sequence of each text, of the tokens whose mask is true."""
        chain = self.chain()
        scores, kept = emissions.detach().float().cpu().numpy(), mask.bool().cpu().numpy()
        return [chain.best(text[here]) for text, here in zip(scores, kept, strict=True)]

    def chain(self) -> TagChain:
        """Give what serving needs to decode."""
        starts, transitions = self.starts + self.start_rule, self.transitions + self.rule
        return TagChain(self.tags, *(one.detach().cpu().numpy() for one in (starts, transitions, self.ends)))

    def _score(self, emissions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """Score one tag sequence of each text; the mask has no gap."""
        transitions = self.transitions + self.rule
        emitted = (emissions.gather(2, tags[:, :, None])[:, :, 0] * mask).sum(1)
        moved = (transitions[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]).sum(1)
        last = tags.gather(1, (mask.sum(1, keepdim=True) - 1).clamp(min=0))[:, 0]
        return (self.starts + self.start_rule)[tags[:, 0]] + emitted + moved + self.ends[last]

    def _log_total(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Add up the scores of all sequences, all texts at once, token by token (the forward algorithm).

        A step is one product of matrices: as many exponentials as tags, where a sum over each pair takes their square.
        """
        factors = torch.exp(self.transitions + self.rule)
        total = self.starts + self.start_rule + emissions[:, 0]
        for at in range(1, emissions.shape[1]):
            highest = total.detach().amax(1, keepdim=True)
            reached = (torch.exp(total - highest) @ factors).clamp(min=_LEAST)
            further = torch.log(reached) + highest + emissions[:, at]
            total = torch.where(mask[:, at, None], further, total)
        return torch.logsumexp(total + self.ends, 1)


def _may_follow(tag: str, before: str) -> bool:
    return not tag.startswith("I-") or before[2:] == tag[2:]


def _penalties(allowed: Sequence[bool] | Sequence[Sequence[bool]]) -> Tensor:
    return torch.where(torch.tensor(allowed), 0.0, _FORBIDDEN)


def _compact(emissions: Tensor, tags: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Move the tokens that count to the beginning of each text; cut what is empty in all."""
    order = torch.argsort(~mask, dim=1, stable=True)[:, : max(1, int(mask.sum(1).max()))]
    mask = mask.gather(1, order)
    tags = tags.gather(1, order).where(mask, 0)
    return emissions.gather(1, order[:, :, None].expand(-1, -1, emissions.shape[2])), tags, mask
