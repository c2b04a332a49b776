"""Blocking and clustering that give the same groups for the same set of items, in whatever order they came."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

Edge = tuple[str, str]

SMALL_BLOCK = 16
"""Up to this many items every pair of a block is compared; above it, each item with its next neighbours only."""
NEIGHBOURS = 6


def candidate_pairs(block: Sequence[str]) -> Iterator[Edge]:
    """Yield the pairs of `block` to compare: all of a small block, else a window (sorted neighbourhood).

    The caller sorts the block by a key made from content, which makes the pairs a function of the set. The number
    of pairs is linear in the size of a large block (Hernández and Stolfo 1995).
    """
    reach = len(block) if len(block) <= SMALL_BLOCK else NEIGHBOURS
    for i, a in enumerate(block):
        for b in block[i + 1 : i + 1 + reach]:
            yield (a, b) if a < b else (b, a)


def components(items: Iterable[str], edges: Iterable[Edge]) -> dict[str, list[str]]:
    """Return the connected components of a graph, each sorted, under its smallest item."""
    parent = {item: item for item in items}

    def root(item: str) -> str:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for a, b in edges:
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    groups: dict[str, list[str]] = defaultdict(list)
    for item in sorted(parent):
        groups[root(item)].append(item)
    return groups


def blocks(keys: Mapping[str, Iterable[str]], order: Mapping[str, str]) -> dict[str, list[str]]:
    """Turn ``item -> block keys`` into ``block key -> items``, each block sorted by `order` and then by id."""
    found: dict[str, list[str]] = defaultdict(list)
    for item, own in keys.items():
        for key in own:
            found[key].append(item)
    return {key: sorted(members, key=lambda i: (order[i], i)) for key, members in found.items()}
