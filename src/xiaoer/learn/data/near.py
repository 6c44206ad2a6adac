"""Near duplicates: texts that share nearly all of their pieces, found by MinHash (Broder, 1997) in bands, then checked.

Texts are compared as `key_of` gives them. Signatures are made for all texts at once; only texts that share a band are
compared piece by piece, so that tens of thousands take seconds.
"""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

_FUNCTIONS = 128
_MISSED = 0.01
"""How many pairs that are just alike enough may go unseen; of those that are more alike it is far fewer."""
_LATIN_PIECE = 4
_NEIGHBOURS = 30
_PRIME = (1 << 31) - 1
_SEED = 20_261_126
_CHUNK = 1 << 20

Hashes: TypeAlias = NDArray[np.uint64]


def near_groups(keys: Sequence[str], *, likeness: float) -> list[int]:
    """Give the group of each text, named by the place of its first member; a text that is like no other is alone.

    Two texts are alike when they share the part `likeness` (0 to 1) of their pieces (Jaccard). Groups are closed: two
    that are like a third are in one group.
    """
    first_of: dict[str, int] = {}
    parents = [first_of.setdefault(key, at) for at, key in enumerate(keys)]
    distinct = list(first_of.values())
    pieces = [pieces_of(keys[at]) for at in distinct]
    for one, other in _candidates(pieces, _rows_of_a_band(likeness)):
        first, second = _root(parents, distinct[one]), _root(parents, distinct[other])
        if first != second and jaccard(pieces[one], pieces[other]) >= likeness:
            parents[max(first, second)] = min(first, second)
    return [_root(parents, at) for at in range(len(keys))]


def closed_groups(*labels: Sequence[object]) -> list[int]:
    """Join groupings of the same things: what is together in one of them is together; None is alone."""
    parents = list(range(len(labels[0]))) if labels else []
    for grouping in labels:
        first_of: dict[object, int] = {}
        for at, label in enumerate(grouping):
            if label is not None:
                one, other = _root(parents, first_of.setdefault(label, at)), _root(parents, at)
                parents[max(one, other)] = min(one, other)
    return [_root(parents, at) for at in range(len(parents))]


def pieces_of(key: str) -> frozenset[str]:
    """Give the pieces by which texts are compared: characters and pairs of them; runs of four of a Latin text."""
    closed = f"\x02{key}\x03"
    if key.isascii():
        return frozenset(closed[at : at + _LATIN_PIECE] for at in range(max(1, len(closed) - _LATIN_PIECE + 1)))
    return frozenset(key) | {one + other for one, other in pairwise(closed)}


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Give the part of all pieces of two texts that both have."""
    both = len(one & other)
    return both / max(1, len(one) + len(other) - both)


def _root(parents: list[int], at: int) -> int:
    while parents[at] != at:
        parents[at] = parents[parents[at]]
        at = parents[at]
    return at


def _rows_of_a_band(likeness: float) -> int:
    """Give how many rows a band may have so that hardly a pair that is alike enough shares none of the bands."""
    rows = 1
    while rows < _FUNCTIONS and (1 - likeness ** (rows + 1)) ** (_FUNCTIONS // (rows + 1)) <= _MISSED:
        rows += 1
    return rows


def _candidates(pieces: Sequence[frozenset[str]], rows: int) -> Iterator[tuple[int, int]]:
    """Give pairs of texts that share a band of their signatures, one pair as often as it shares bands.

    Where very many share a band (thousands of one sentence with other numbers) each is paired with some neighbours,
    which chains them all.
    """
    signatures = _signatures(pieces) if pieces else np.empty((0, _FUNCTIONS), dtype=np.uint64)
    for start in range(0, _FUNCTIONS - rows + 1, rows):
        band = np.ascontiguousarray(signatures[:, start : start + rows])
        buckets: defaultdict[bytes, list[int]] = defaultdict(list)
        for at, row in enumerate(band):
            buckets[row.tobytes()].append(at)
        for bucket in buckets.values():
            for at, one in enumerate(bucket):
                for other in bucket[at + 1 : at + 1 + _NEIGHBOURS]:
                    yield one, other


def _signatures(pieces: Sequence[frozenset[str]]) -> Hashes:
    """Give the signature of each text: the least of its pieces' hashes under each of many functions."""
    chance = np.random.default_rng(_SEED)
    factors = chance.integers(1, _PRIME, size=_FUNCTIONS, dtype=np.uint64)
    shifts = chance.integers(0, _PRIME, size=_FUNCTIONS, dtype=np.uint64)
    signatures: Hashes = np.empty((len(pieces), _FUNCTIONS), dtype=np.uint64)
    for start, stop in _chunks(pieces):
        hashes, starts = _hashes(pieces[start:stop])
        for column, (factor, shift) in enumerate(zip(factors, shifts, strict=True)):
            signatures[start:stop, column] = np.minimum.reduceat((hashes * factor + shift) % np.uint64(_PRIME), starts)
    return signatures


def _chunks(pieces: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Part texts so that the pieces of a part fit into memory many times."""
    start = size = 0
    for at, own in enumerate(pieces):
        if size and size + len(own) > _CHUNK:
            yield start, at
            start, size = at, 0
        size += len(own)
    yield start, len(pieces)


def _hashes(pieces: Iterable[frozenset[str]]) -> tuple[Hashes, NDArray[np.int64]]:
    flat: list[int] = []
    starts: list[int] = []
    for own in pieces:
        starts.append(len(flat))
        flat += [zlib.crc32(piece.encode("utf-8", "surrogatepass")) & 0x7FFFFFFF for piece in own]
    return np.array(flat, dtype=np.uint64), np.array(starts, dtype=np.int64)
