"""Word tables of low rank: a narrow table and a projection, instead of a wide one (Lan et al., 2020)."""

import torch
from torch import Tensor, nn


class FactorisedEmbedding(nn.Module):
    """Words as narrow rows (words × rank) that a matrix (rank × width) makes as wide as the network wants them."""

    def __init__(self, narrow: Tensor, wide: Tensor) -> None:
        super().__init__()
        self.narrow = nn.Embedding(narrow.shape[0], narrow.shape[1], _weight=narrow)
        self.wide = nn.Linear(wide.shape[0], wide.shape[1], bias=False)
        self.wide.weight = nn.Parameter(wide.T.contiguous())

    def forward(self, ids: Tensor) -> Tensor:
        """Give the vectors of words: the shape of `ids` × width."""
        vectors: Tensor = self.wide(self.narrow(ids))
        return vectors


def factorise(table: Tensor, rank: int, frequencies: Tensor) -> FactorisedEmbedding:
    """Bring a table (words × width) to a rank, nearest to what it was where words are frequent.

    `frequencies` (words) are counts; each word counts once more than it occurs, so that none is given up.
    """
    table = table.detach()
    weighed = table * (frequencies + 1).sqrt()[:, None]
    _, directions = torch.linalg.eigh(weighed.T @ weighed)
    wide = directions[:, -rank:].T.contiguous()
    return FactorisedEmbedding(table @ wide.T, wide)
