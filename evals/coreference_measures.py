"""Measures of coreference: MUC, B-cubed, entity-based CEAF, and the mean of their F1s that the CoNLL tasks rank by.

A clustering is one label a mention; gold and predicted are over the same mentions, singletons count. Every measure is
a quotient of sums, so `counted` returns the sums of one topic, and those of several topics are added before `scores`.

Sources: Vilain et al. 1995 (MUC), Bagga and Baldwin 1998 (B-cubed), Luo 2005 (CEAF with phi4), Pradhan et al. 2012.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Labels = Sequence[Hashable]
MEASURES = ("MUC", "B-cubed", "CEAF-e")


class Scores(NamedTuple):
    """Precision, recall and F1 of each of `MEASURES`, and the mean F1, all from 0 to 1."""

    measures: dict[str, tuple[float, float, float]]
    conll: float


def counted(gold: Labels, found: Labels) -> Floats:
    """Return the sums of one topic, shape ``(measures, 4)``: what precision divides by what, then recall."""
    return np.array([[*f(found, gold), *f(gold, found)] for f in (_muc, _b_cubed, _ceaf)])


def scores(sums: Floats) -> Scores:
    """Turn sums of shape ``(measures, 4)`` into scores; what nothing could be counted for is 0."""
    found = {}
    for name, (right, of, hit, there) in zip(MEASURES, sums.tolist(), strict=True):
        precision, recall = (right / of if of else 0.0), (hit / there if there else 0.0)
        both = precision + recall
        found[name] = (precision, recall, 2 * precision * recall / both if both else 0.0)
    return Scores(found, sum(f1 for *_, f1 in found.values()) / len(found))


def interval(topics: Sequence[Floats], rounds: int = 1000, seed: int = 7) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the CoNLL F1 over topics."""
    stream, sums = np.random.default_rng(seed), np.stack(topics)
    drawn = (sums[stream.integers(0, len(sums), len(sums))].sum(0) for _ in range(rounds))
    low, high = np.percentile([scores(d).conll for d in drawn], [2.5, 97.5])
    return float(low), float(high)


def _groups(labels: Labels) -> dict[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = defaultdict(list)
    for i, label in enumerate(labels):
        found[label].append(i)
    return found


def _muc(of: Labels, by: Labels) -> tuple[float, float]:
    """Count the links that hold each cluster of `of` together, and those of them that `by` has."""
    groups = _groups(of).values()
    kept = sum(len(g) - len({by[i] for i in g}) for g in groups)
    return kept, sum(len(g) - 1 for g in groups)


def _b_cubed(of: Labels, by: Labels) -> tuple[float, float]:
    """Sum over mentions the share of its cluster in `of` that `by` puts with it."""
    groups = _groups(of).values()
    right = sum(n * n / len(g) for g in groups for n in Counter(by[i] for i in g).values())
    return right, len(of)


def _ceaf(of: Labels, by: Labels) -> tuple[float, float]:
    """Sum the similarity (Dice) of clusters in the best one-to-one alignment."""
    ours, theirs = list(_groups(of).values()), list(_groups(by).values())
    other = {i: column for column, group in enumerate(theirs) for i in group}
    alike = np.zeros((len(ours), len(theirs)))
    for row, group in enumerate(ours):
        for column, n in Counter(other[i] for i in group).items():
            alike[row, column] = 2 * n / (len(group) + len(theirs[column]))
    return best_alignment(alike), len(ours)


def best_alignment(gains: Floats) -> float:
    """Return the greatest sum of `gains`, shape ``(rows, columns)``, with each row and column used once at most.

    Shortest augmenting paths with potentials (Kuhn 1955, Munkres 1957; in the form of Jonker and Volgenant 1987).
    """
    costs = -(gains if gains.shape[0] <= gains.shape[1] else gains.T)
    rows, columns = costs.shape
    row_of = np.full(columns + 1, -1)
    for_rows, for_columns = np.zeros(rows), np.zeros(columns + 1)
    for row in range(rows):
        _augment(row, costs, row_of, for_rows, for_columns)
    used = np.flatnonzero(row_of[:columns] >= 0)
    return float(-costs[row_of[used], used].sum())


def _augment(row: int, costs: Floats, row_of: NDArray[np.int_], for_rows: Floats, for_columns: Floats) -> None:
    """Give `row` a column, moving others along the cheapest path. The last column is where the path begins."""
    columns = costs.shape[1]
    least, before = np.full(columns, np.inf), np.full(columns, -1)
    seen = np.zeros(columns + 1, dtype=bool)
    at, row_of[columns] = columns, row
    while row_of[at] >= 0:
        seen[at] = True
        here = row_of[at]
        reduced = costs[here] - for_rows[here] - for_columns[:columns]
        better = ~seen[:columns] & (reduced < least)
        least[better], before[better] = reduced[better], at
        after = int(np.where(seen[:columns], np.inf, least).argmin())
        step = least[after]
        for_rows[row_of[seen]] += step
        for_columns[seen] -= step
        least[~seen[:columns]] -= step
        at = after
    while at != columns:
        row_of[at] = row_of[before[at]]
        at = before[at]
    row_of[columns] = -1
