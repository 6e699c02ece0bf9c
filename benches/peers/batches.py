"""Token ids in batches of similar length, padded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

PAD = 1


@dataclass(frozen=True)
class Batch:
    """Some documents: their positions in the set, their ids and which of these are real, [batch, length] of int64."""

    positions: list[int]
    ids: np.ndarray
    mask: np.ndarray


def batches_of(documents: Sequence[Sequence[int]], size: int) -> list[Batch]:
    """All documents in order of their length, `size` at a time."""
    order = sorted(range(len(documents)), key=lambda i: len(documents[i]))
    return [pad(documents, order[start : start + size]) for start in range(0, len(order), size)]


def pad(documents: Sequence[Sequence[int]], positions: list[int]) -> Batch:
    """The documents at `positions` as one batch as long as the longest of them."""
    length = max(len(documents[i]) for i in positions)
    ids = np.full((len(positions), length), PAD, np.int64)
    mask = np.zeros_like(ids)
    for row, position in enumerate(positions):
        document = documents[position]
        ids[row, : len(document)] = document
        mask[row, : len(document)] = 1
    return Batch(positions, ids, mask)


def mean_vectors(tokens: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Document vectors: the mean over the real tokens."""
    weights = mask.astype(np.float32)
    return np.einsum("blh,bl->bh", tokens, weights) / weights.sum(1, keepdims=True)


def encode_all(documents: Sequence[Sequence[int]], size: int, run: Callable[[Batch], np.ndarray], lanes: int = 1) -> np.ndarray:
    """Vectors of all documents, from `run`, which gives those of a batch; `lanes` batches at a time."""
    batches = batches_of(documents, size)
    if lanes == 1:
        parts = [run(batch) for batch in batches]
    else:
        with ThreadPoolExecutor(lanes) as pool:
            parts = list(pool.map(run, batches))
    vectors = np.empty((len(documents), parts[0].shape[1]), np.float32)
    for batch, part in zip(batches, parts):
        vectors[batch.positions] = part
    return vectors
