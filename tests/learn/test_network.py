import numpy as np
from scipy import sparse

from xiaoer.learn.network import Task, fit_network, mean_of

TEXTS = sparse.csr_matrix(np.repeat(np.eye(4, dtype=np.float32), 40, axis=0))
ALL = np.ones(160, dtype=np.float32)
KINDS = Task(np.repeat([0, 0, 1, 1], 40), 2, ALL)


def taught_by(*labels: int) -> Task:
    return Task(np.repeat(labels, 40), 3, ALL)


def test_classes_are_told_by_their_terms() -> None:
    network = fit_network(TEXTS, [taught_by(0, 1, 2, 2)])
    assert network.scores(sparse.csr_matrix(np.eye(4, dtype=np.float32))).argmax(axis=1).tolist() == [0, 1, 2, 2]


def test_a_text_of_unknown_class_is_placed_by_the_other_task() -> None:
    network = fit_network(TEXTS, [taught_by(0, -1, 1, -1), KINDS])
    scores = network.scores(sparse.csr_matrix(np.eye(4, dtype=np.float32)))
    assert scores[1, 0] > scores[1, 1]
    assert scores[3, 1] > scores[3, 0]


def test_a_task_of_which_nothing_is_known_teaches_nothing() -> None:
    network = fit_network(TEXTS, [taught_by(-1, -1, -1, -1), KINDS])
    assert not network.bias.any()


def test_the_same_seed_gives_the_same_network() -> None:
    one, two, other = (fit_network(TEXTS, [KINDS], seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.places, two.places)
    assert not np.array_equal(one.places, other.places)


def test_several_networks_as_one_score_their_mean() -> None:
    networks = [fit_network(TEXTS, [taught_by(0, 1, 2, 2)], seed=seed) for seed in (1, 2)]
    mean = np.mean([network.scores(TEXTS) for network in networks], axis=0)
    np.testing.assert_allclose(mean_of(networks).scores(TEXTS), mean, rtol=1e-4, atol=1e-4)
