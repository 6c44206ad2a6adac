from itertools import pairwise, product

import numpy as np
import pytest

from xiaoer.understand import TagChain

TAGS = ("O", "B-a", "I-a")


def a_chain(seed: int) -> TagChain:
    chance = np.random.default_rng(seed)
    starts, ends = chance.normal(size=(2, 3)).astype(np.float32)
    return TagChain(TAGS, starts, chance.normal(size=(3, 3)).astype(np.float32), ends)


def emissions_of(tokens: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(tokens, 3)).astype(np.float32)


def score(chain: TagChain, emissions: np.ndarray, path: tuple[int, ...]) -> float:
    moved = sum(chain.transitions[one, next_one] for one, next_one in pairwise(path))
    emitted = sum(emission[tag] for emission, tag in zip(emissions, path, strict=True))
    return float(chain.starts[path[0]] + moved + emitted + chain.ends[path[-1]])


def all_paths(tokens: int) -> list[tuple[int, ...]]:
    return list(product(range(3), repeat=tokens))


@pytest.mark.parametrize("tokens", [1, 2, 5])
@pytest.mark.parametrize("seed", range(5))
def test_the_best_sequence_is_the_best_of_all(tokens: int, seed: int) -> None:
    chain, emissions = a_chain(seed), emissions_of(tokens, seed + 100)
    best = max(all_paths(tokens), key=lambda path: score(chain, emissions, path))
    assert tuple(chain.best(emissions)) == best


@pytest.mark.parametrize("tokens", [1, 4])
def test_marginals_add_up_the_sequences_with_a_tag(tokens: int) -> None:
    chain, emissions = a_chain(7), emissions_of(tokens, 8)
    wanted = np.zeros((tokens, 3))
    for path in all_paths(tokens):
        wanted[np.arange(tokens), path] += np.exp(score(chain, emissions, path))
    wanted /= wanted.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(chain.marginals(emissions), wanted, rtol=1e-4)


def test_what_is_forbidden_is_not_chosen_whatever_is_emitted() -> None:
    nothing = np.zeros(3, dtype=np.float32)
    transitions = np.zeros((3, 3), dtype=np.float32)
    transitions[0, 2] = -10_000
    emissions = np.array([[50, 0, 0], [0, 0, 50]], dtype=np.float32)
    assert TagChain(TAGS, nothing, transitions, nothing).best(emissions) != [0, 2]


def test_an_empty_text_has_no_tags() -> None:
    assert a_chain(1).best(emissions_of(0, 1)) == []
    assert a_chain(1).marginals(emissions_of(0, 1)).shape == (0, 3)
