from itertools import pairwise, product

import pytest
import torch
from torch import Tensor

from xiaoer.learn.full.crf import Crf

TAGS = ("O", "B-a", "I-a", "B-b", "I-b")
LENGTHS = (4, 1, 3)


def a_crf(seed: int = 0) -> Crf:
    torch.manual_seed(seed)
    return Crf(TAGS)


def a_batch(seed: int = 1) -> tuple[Tensor, Tensor, Tensor]:
    torch.manual_seed(seed)
    mask = torch.arange(max(LENGTHS))[None] < torch.tensor(LENGTHS)[:, None]
    return (
        torch.randn(len(LENGTHS), max(LENGTHS), len(TAGS)),
        torch.tensor([[1, 2, 0, 3], [3, 0, 0, 0], [0, 1, 2, 0]]),
        mask,
    )


def is_allowed(path: tuple[int, ...]) -> bool:
    names = ["O", *(TAGS[tag] for tag in path)]
    return all(not name.startswith("I-") or before[2:] == name[2:] for before, name in pairwise(names))


def score(crf: Crf, emissions: Tensor, path: tuple[int, ...]) -> Tensor:
    moved = sum((crf.transitions[one, other] for one, other in pairwise(path)), torch.tensor(0.0))
    emitted = sum((emission[tag] for emission, tag in zip(emissions, path, strict=True)), torch.tensor(0.0))
    return crf.starts[path[0]] + moved + emitted + crf.ends[path[-1]]


def paths(tokens: int) -> list[tuple[int, ...]]:
    return [path for path in product(range(len(TAGS)), repeat=tokens) if is_allowed(path)]


def best_of(crf: Crf, emissions: Tensor) -> tuple[int, ...]:
    return max(paths(len(emissions)), key=lambda path: score(crf, emissions, path).item())


def test_the_loss_is_that_of_all_allowed_sequences() -> None:
    crf, (emissions, tags, mask) = a_crf(), a_batch()
    losses = []
    for text, gold, length in zip(emissions, tags, LENGTHS, strict=True):
        every = torch.stack([score(crf, text[:length], path) for path in paths(length)])
        losses.append(every.logsumexp(0) - score(crf, text[:length], tuple(map(int, gold[:length]))))
    torch.testing.assert_close(crf(emissions, tags, mask), torch.stack(losses).mean())


@pytest.mark.parametrize("seed", range(4))
def test_the_decoded_sequence_is_the_best_allowed_one(seed: int) -> None:
    crf, (emissions, _, mask) = a_crf(seed), a_batch(seed + 50)
    best = [list(best_of(crf, text[:length])) for text, length in zip(emissions, LENGTHS, strict=True)]
    assert crf.decode(emissions, mask) == best


def test_an_inside_tag_follows_only_its_own_kind() -> None:
    crf = a_crf()
    emissions = torch.zeros(1, 3, len(TAGS))
    emissions[..., TAGS.index("I-b")] = 100.0
    assert crf.decode(emissions, torch.ones(1, 3)) == [[TAGS.index("B-b"), TAGS.index("I-b"), TAGS.index("I-b")]]


def test_tokens_that_are_masked_count_nothing_wherever_they_stand() -> None:
    crf, (emissions, tags, mask) = a_crf(), a_batch()
    gap = torch.full((len(LENGTHS), 1, len(TAGS)), 9.0)
    spread = torch.cat([gap, emissions[:, :1], gap, emissions[:, 1:]], 1)
    none = torch.full((len(LENGTHS), 1), -100)
    spread_tags = torch.cat([none, tags[:, :1], none, tags[:, 1:]], 1)
    no = torch.zeros(len(LENGTHS), 1, dtype=torch.bool)
    spread_mask = torch.cat([no, mask[:, :1], no, mask[:, 1:]], 1)
    torch.testing.assert_close(crf(spread, spread_tags, spread_mask), crf(emissions, tags, mask))
    assert crf.decode(spread, spread_mask) == crf.decode(emissions, mask)


def test_a_text_without_tokens_teaches_nothing() -> None:
    crf, (emissions, tags, mask) = a_crf(), a_batch()
    longer, longer_tags = torch.cat([emissions, emissions[:1]]), torch.cat([tags, tags[:1]])
    with_empty = torch.cat([mask, torch.zeros_like(mask[:1])])
    torch.testing.assert_close(crf(longer, longer_tags, with_empty), crf(emissions, tags, mask))
    nothing = crf(emissions, tags, torch.zeros_like(mask))
    assert nothing.item() == 0.0
    nothing.backward()
    assert crf.transitions.grad is not None
    assert torch.isfinite(crf.transitions.grad).all()


def test_a_crf_learns_that_tags_alternate() -> None:
    crf = a_crf()
    tags = torch.tensor([[0, 1, 0, 1, 0, 1]])
    emissions, mask = torch.zeros(1, 6, len(TAGS)), torch.ones(1, 6)
    steps = torch.optim.Adam(crf.parameters(), lr=0.5)
    for _ in range(30):
        steps.zero_grad()
        crf(emissions, tags, mask).backward()
        steps.step()
    assert crf(emissions, tags, mask).item() < 0.1
    assert crf.decode(emissions, mask) == tags.tolist()
