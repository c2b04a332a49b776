"""Groups of statements that say the same, from what is likely of pairs.

First pieces: what pairs connect, the likeliest first, as long as a piece stays small (Kruskal 1956 with a limit). Then,
within a piece, all pairs are compared and groups joined by average linkage (Sokal and Michener 1958), never against a
veto: one denies what the other says, their numbers differ, they accuse different actors. Both are functions of the set
of statements, never of their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

PIECE = 240
"""Most statements that are all compared with each other."""
JOINED = 0.4
"""Two groups are joined while the mean chance over their pairs is at least this much. Set on training packs."""


def pieces(items: Iterable[str], pairs: Iterable[tuple[float, str, str]], most: int = PIECE) -> list[list[str]]:
    """Return what pairs connect, each sorted, none larger than `most`.

    Args:
        items: ids.
        pairs: how likely the two belong together, with their ids; ties are broken by id.
    """
    leader = {item: item for item in items}
    size = dict.fromkeys(leader, 1)

    def root(item: str) -> str:
        while leader[item] != item:
            leader[item] = leader[leader[item]]
            item = leader[item]
        return item

    for _, a, b in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        first, second = sorted((root(a), root(b)))
        if first != second and size[first] + size[second] <= most:
            leader[second] = first
            size[first] += size[second]
    found: dict[str, list[str]] = defaultdict(list)
    for item in sorted(leader):
        found[root(item)].append(item)
    return list(found.values())


def linked(same: Floats, veto: Bools, least: float = JOINED) -> list[list[int]]:
    """Return groups of rows by average linkage, in order of their first row.

    Args:
        same: chance that each two say the same, shape ``(n, n)``, symmetric.
        veto: which two must not be in one group, shape ``(n, n)``.
        least: the mean chance at which joining stops.
    """
    n = len(same)
    mean = np.where(veto | veto.T, -np.inf, same)
    np.fill_diagonal(mean, -np.inf)
    size, members = np.ones(n), [[row] for row in range(n)]
    while n > 1:
        place = int(mean.argmax())
        a, b = divmod(place, n)
        if not mean[a, b] >= least:
            break
        joined = (mean[a] * size[a] + mean[b] * size[b]) / (size[a] + size[b])
        joined[[a, b]] = -np.inf
        mean[a], mean[:, a] = joined, joined
        mean[b], mean[:, b] = -np.inf, -np.inf
        size[a] += size[b]
        members[a] += members[b]
        members[b] = []
    return sorted(sorted(group) for group in members if group)
