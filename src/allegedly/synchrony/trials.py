"""Trials of the pair test: every two accounts' first posts of one item, sorted by pair and then by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MOST_POSTERS = 200
"""Of an item with more posters a random sample of this size is tested: no pair is likelier than another."""
CHAIN = 900.0
"""Seconds. What two accounts post together again within this time is one occasion: a batch of posts counts once."""


@dataclass(frozen=True, slots=True)
class Posts:
    """First posts of items: item and account as codes from 0, time in seconds, sorted by item and time."""

    item: Ints
    account: Ints
    time: Floats
    accounts: int
    """How many accounts there are, those included that share no item with another."""


@dataclass(frozen=True, slots=True)
class Trials:
    """One row for each two posts of an item. `pair` and `chain` never fall from row to row."""

    item: Ints
    early: Ints
    """Account that posted first; where the clocks show no difference, either by the toss of a coin."""
    late: Ints
    time: Floats
    """Of the earlier post, in seconds since the epoch."""
    gap: Floats
    """Seconds from the earlier post to the later one."""
    posters: Ints
    """Posters of the item."""
    pair: Ints
    """Index into `first` and `second`."""
    first: Ints
    """Accounts of each pair; `first < second`."""
    second: Ints
    chain: Ints
    """Occasion of the pair: rows of one chain are one trial."""
    accounts: int
    sampled: int
    """Items whose posters were sampled."""

    @property
    def upward(self) -> Bools:
        """Whether the pair's first account posted before its second."""
        return self.early < self.late

    @property
    def pairs(self) -> int:
        """Pairs that share an item."""
        return len(self.first)


def first_posts(item: Ints, account: Ints, time: Floats, accounts: int) -> Posts:
    """Keep each account's first post of each item."""
    order = np.lexsort((time, account, item))
    item, account, time = item[order], account[order], time[order]
    first = np.r_[True, (np.diff(item) != 0) | (np.diff(account) != 0)] if len(item) else np.zeros(0, bool)
    item, account, time = item[first], account[first], time[first]
    order = np.lexsort((time, item))
    return Posts(item[order], account[order], time[order], accounts)


def trials_of(posts: Posts, seed: int = 0) -> Trials:
    """Pair the posts of each item. `seed` draws the posters of items that have more than `MOST_POSTERS`."""
    posts, sampled = _sampled(posts, seed)
    item, time = posts.item, posts.time
    rows = np.arange(len(item))
    size = np.bincount(item, minlength=1)[item] if len(item) else rows
    later = np.searchsorted(item, item, "right") - rows - 1
    x = np.repeat(rows, later)
    y = np.arange(int(later.sum())) - np.repeat(np.cumsum(later) - later, later) + x + 1
    early, late = posts.account[x], posts.account[y]
    code = np.minimum(early, late) * posts.accounts + np.maximum(early, late)
    order = np.lexsort((time[x], code))
    x, y, code = x[order], y[order], code[order]
    new = np.r_[True, code[1:] != code[:-1]] if len(code) else np.zeros(0, bool)
    apart = np.r_[True, np.diff(time[x]) > CHAIN] if len(code) else np.zeros(0, bool)
    names = code[new]
    early, late = posts.account[x], posts.account[y]
    tossed = (time[x] == time[y]) & (np.random.default_rng(seed).random(len(x)) < 0.5)
    early, late = np.where(tossed, late, early), np.where(tossed, early, late)
    return Trials(
        item[x], early, late, time[x], time[y] - time[x], size[x], np.cumsum(new) - 1,
        names // max(posts.accounts, 1), names % max(posts.accounts, 1), np.cumsum(new | apart) - 1,
        posts.accounts, sampled,
    )  # fmt: skip


def _sampled(posts: Posts, seed: int) -> tuple[Posts, int]:
    size = np.bincount(posts.item, minlength=1)
    if size.max() <= MOST_POSTERS:
        return posts, 0
    lot = np.random.default_rng(seed).random(len(posts.item))
    order = np.lexsort((lot, posts.item))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    kept = rank < MOST_POSTERS
    return Posts(posts.item[kept], posts.account[kept], posts.time[kept], posts.accounts), int(
        (size > MOST_POSTERS).sum()
    )


def summed(place: Ints, weight: NDArray[Any], length: int = 0) -> Floats:
    """Sums of `weight` (numbers or truths) by place."""
    return np.bincount(place, weight, length).astype(np.float64, copy=False)
