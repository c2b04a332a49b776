"""The window join: which posts of one item lie within W seconds of each other, and what that weighs for two accounts.

Rows are sorted by item and time; the partners of a row are then a range that is found by bisection. Pairs are laid out
in chunks, so that memory does not grow with an item that thousands posted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

PAIRS = 2**22
"""Pairs that are in memory at a time (about 100 bytes each)."""
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Weights:
    """Pairs of account codes with their weight, sorted."""

    first: Ints
    second: Ints
    weight: Ints


def near_another(key: Hashes, account: Hashes, time: Floats, window: float) -> Bools:
    """Return a mask of the rows that have a row of the same key and another account within `window` seconds."""
    mask = np.zeros(len(key), bool)
    order = np.flatnonzero(_maybe_near(key, time, window))
    if not len(order):
        return mask
    order = order[np.lexsort((time[order], key[order]))]
    key, account, time = key[order], account[order], time[order]
    starts = np.flatnonzero(np.r_[True, (key[1:] != key[:-1]) | (account[1:] != account[:-1])])
    run = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(key)]))
    after, before = np.r_[starts, 0][run + 1], starts[run] - 1
    near = (after > 0) & (key[after] == key) & (time[after] - time <= window)
    near |= (before >= 0) & (key[before] == key) & (time - time[before] <= window)
    mask[order[near]] = True
    return mask


def _maybe_near(key: Hashes, time: Floats, window: float) -> Bools:
    """Mask the rows whose key may come again in their own stretch of `window` seconds or in one beside it.

    Stretches fall into slots by a multiplicative hash (Knuth, TAOCP 6.4); two that share a slot are let through.
    """
    bits = max(10, min(26, int(len(key) * 8).bit_length()))
    stretch = np.floor(time / max(window, 1e-3)).astype(np.int64).view(np.uint64)
    slot = _slots(key, stretch, bits)
    taken = np.zeros(1 << bits, np.uint8)
    taken[slot] = 1
    beside = taken[_slots(key, stretch - np.uint64(1), bits)] | taken[_slots(key, stretch + np.uint64(1), bits)]
    rows, last = np.arange(len(key), dtype=np.int32), np.zeros(1 << bits, np.int32)
    last[slot] = rows
    taken[slot[last[slot] != rows]] = 2
    found: Bools = (beside > 0) | (taken[slot] == 2)
    return found


def _slots(key: Hashes, stretch: Hashes, bits: int) -> Ints:
    mixed: Ints = (((key ^ (stretch * _GOLDEN)) * _GOLDEN) >> np.uint64(64 - bits)).astype(np.int64)
    return mixed


def partners(item: Ints, time: Floats, window: float) -> tuple[Ints, Ints]:
    """Return for each row the range of rows of its item within `window` seconds, itself among them.

    Rows are sorted by item and time.
    """
    moments, rank = np.unique(time, return_inverse=True)
    width = len(moments) + 1
    place = item * width + rank
    low = np.searchsorted(moments, time - window, "left")
    high = np.searchsorted(moments, time + window, "right")
    return np.searchsorted(place, item * width + low, "left"), np.searchsorted(place, item * width + high, "left")


def laid_out(rows: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return all pairs of each of `rows` with the rows from its `low` to before its `high`."""
    counts = high - low
    left = np.repeat(rows, counts)
    right = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts - low, counts)
    return left, right


def chunks(counts: Ints, size: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of rows whose counts add up to about `size`; one row is never parted."""
    ends = np.cumsum(counts)
    start, done = 0, 0
    while start < len(counts):
        stop = max(start + 1, int(np.searchsorted(ends, done + size, "right")))
        yield start, stop
        start, done = stop, int(ends[stop - 1])


def weigh(item: Ints, account: Ints, time: Floats, window: float, accounts: int, size: int = PAIRS) -> Weights:
    """Weigh each two accounts (first < second) by the number of items on which they posted within `window` seconds.

    `item` and `account` are codes, in any order of rows; `accounts` is the number of account codes.
    """
    order = np.lexsort((time, item))
    item, account, time = item[order], account[order], time[order]
    _, high = partners(item, time, window)
    rows = np.arange(len(item))
    total = Tally(accounts)
    for start, stop in chunks(high - rows - 1, size):
        left, right = laid_out(rows[start:stop], rows[start:stop] + 1, high[start:stop])
        one, other = account[left], account[right]
        apart = one != other
        low, top = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
        total.add(item[left][apart], low, top)
    return total.weights()


def weigh_posts(
    item: Ints, account: Ints, time: Floats, post: Ints, window: float, accounts: int, size: int = PAIRS
) -> Weights:
    """Weigh each ordered two accounts by the posts of the first that have a post of the second within `window` seconds.

    The definition of the coordination-network-toolkit 1.5.2 (`count(distinct e_1.message_id)`), without its loops.
    """
    order = np.lexsort((time, item))
    item, account, time, post = item[order], account[order], time[order], post[order]
    low, high = partners(item, time, window)
    rows = np.argsort(post, kind="stable")
    total = Tally(accounts)
    for start, stop in chunks((high - low)[rows], size):
        part = rows[start:stop]
        left, right = laid_out(part, low[part], high[part])
        apart = account[left] != account[right]
        total.add(post[left][apart], account[left][apart], account[right][apart])
    return total.weights()


class Tally:
    """Counts distinct units for each two accounts. Units come in ascending order, chunk after chunk."""

    def __init__(self, accounts: int) -> None:
        self._accounts = max(accounts, 1)
        self._pairs: list[Ints] = []
        self._counts: list[Ints] = []
        self._held = 0
        self._open_unit = -1
        self._open_pairs = np.empty(0, np.int64)

    def add(self, unit: Ints, first: Ints, second: Ints) -> None:
        """Count these; the last unit stays open, for it may go on in the next chunk."""
        if not len(unit):
            return
        pair = first * self._accounts + second
        unit, pair = distinct_pairs(unit, pair)
        if unit[0] == self._open_unit:
            again = (unit == self._open_unit) & np.isin(pair, self._open_pairs)
            unit, pair = unit[~again], pair[~again]
        if len(unit):
            self._open(unit, pair)
            self._count(pair)

    def count(self, first: Ints, second: Ints) -> None:
        """Count every row as a unit of its own."""
        self._count(first * self._accounts + second)

    def weights(self) -> Weights:
        pair, count = self._merged()
        return Weights(pair // self._accounts, pair % self._accounts, count)

    def _open(self, unit: Ints, pair: Ints) -> None:
        new = pair[unit == unit[-1]]
        going_on = unit[-1] == self._open_unit
        self._open_pairs = np.concatenate((self._open_pairs, new)) if going_on else new
        self._open_unit = int(unit[-1])

    def _count(self, pair: Ints) -> None:
        distinct, counts = _counted(pair)
        self._pairs.append(distinct)
        self._counts.append(counts)
        self._held += len(distinct)
        if self._held > 4 * PAIRS and self._held > 2 * len(self._pairs[0]):
            merged = self._merged()
            self._pairs, self._counts, self._held = [merged[0]], [merged[1]], len(merged[0])

    def _merged(self) -> tuple[Ints, Ints]:
        if len(self._pairs) == 1:
            return self._pairs[0], self._counts[0]
        pair = np.concatenate((np.empty(0, np.int64), *self._pairs))
        count = np.concatenate((np.empty(0, np.int64), *self._counts))
        order = np.argsort(pair, kind="stable")
        pair, count = pair[order], count[order]
        starts = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]]) if len(pair) else np.empty(0, np.int64)
        return pair[starts], np.add.reduceat(count, starts) if len(pair) else count


def distinct_pairs(unit: Ints, pair: Ints) -> tuple[Ints, Ints]:
    """Return the distinct combinations of an ascending `unit` and a `pair`, in order."""
    place = np.cumsum(np.r_[0, unit[1:] != unit[:-1]])
    names, code = pair, np.empty(0, np.int64)
    wide = int(pair.max()) + 1
    if (int(place[-1]) + 1) * wide >= 2**62:
        names, code = np.unique(pair, return_inverse=True)
        wide = len(names)
    mixed = np.sort(place * wide + (code if len(code) else pair))
    mixed = mixed[np.r_[True, mixed[1:] != mixed[:-1]]]
    units = unit[np.r_[True, unit[1:] != unit[:-1]]]
    return units[mixed // wide], names[mixed % wide] if len(code) else mixed % wide


def _counted(pair: Ints) -> tuple[Ints, Ints]:
    if not len(pair):
        return pair, np.empty(0, np.int64)
    pair = np.sort(pair)
    starts = np.flatnonzero(np.r_[True, pair[1:] != pair[:-1]])
    return pair[starts], np.diff(np.r_[starts, len(pair)])
