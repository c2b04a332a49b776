"""Boosted decision trees as arrays (Friedman 2001), evaluated for many rows at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from allegedly.link.coreference.mentions import Floats


class Forest:
    """Trees whose leaves are summed to the logarithm of the odds.

    ``feature``, ``bound``, ``left``, ``right`` have an entry for each inner node, ``value`` for each leaf, and
    ``root`` for each tree. A child below 0 is the leaf ``-1 - child``. A row goes left where its feature is at most
    the bound.
    """

    def __init__(self, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        self.feature = arrays["feature"].astype(np.int64)
        self.bound = arrays["bound"].astype(np.float32)
        self.left = arrays["left"].astype(np.int64)
        self.right = arrays["right"].astype(np.int64)
        self.value = arrays["value"].astype(np.float32)
        self.root = arrays["root"].astype(np.int64)

    def probability(self, rows: Floats) -> Floats:
        """Return shape ``(rows,)`` from features of shape ``(rows, features)``."""
        total = np.zeros(len(rows), np.float64)
        for root in self.root:
            total += self.value[self._leaves(rows, int(root))]
        found: Floats = (1 / (1 + np.exp(-total))).astype(np.float32)
        return found

    def _leaves(self, rows: Floats, root: int) -> NDArray[np.int64]:
        at = np.full(len(rows), root, np.int64)
        going = np.flatnonzero(at >= 0)
        while going.size:
            node = at[going]
            left = rows[going, self.feature[node]] <= self.bound[node]
            at[going] = np.where(left, self.left[node], self.right[node])
            going = going[at[going] >= 0]
        return -1 - at
