"""Redealing an item's posts among its posters: times stay, and who holds which follows each account's own habits alone.

A habit is a table of how often an account posts so soon after an item's first post, on small and on big stories, at
such hours of the day, with such a clock and at such minutes of the hour. Two accounts' slots of an item are swapped by
Metropolis' rule with the product of their habits, so that the chance of a deal is in proportion to how well it fits
every account by itself. Nothing of who posts with whom goes into it.
"""

from __future__ import annotations

import numpy as np

from allegedly.synchrony.clocks import GRAINS, clocks_of
from allegedly.synchrony.trials import Floats, Ints, Posts

_DELAYS = np.array([0.5, 15, 30, 60, 90, 120, 240, 480, 960, 1920, 3600, 7200, 14400, 28800, 57600.0])
"""Seconds after the item's first post."""
_CROWDS = np.array([12, 40])
"""Posters of an item: on a big story an account may be quicker than on a small one."""
_PRIOR = 2.0
"""Posts' worth of everybody's habit in each account's."""
_REACH = 7200.0
"""Seconds. Slots further apart are not swapped: an item may mean another thing the next day."""
SWEEPS = 20


class Habits:
    """Habits of all accounts, read from `whole`, for redealing the posts of some items."""

    def __init__(self, whole: Posts, rows: Ints) -> None:
        """`rows` are the posts to redeal: all posts of some items, in the order of `whole`."""
        tables, features = _habits(whole)
        told = [at for at, table in enumerate(tables) if (table != table[:1]).any()]  # what all share moves nobody
        self._tables = [tables[at] for at in told]
        self._features = [features[at][rows] for at in told]
        self.account = whole.account[rows]
        self.time = whole.time[rows]
        item = whole.item[rows]
        first = np.r_[True, np.diff(item) != 0]
        start = np.flatnonzero(first)
        self._items = len(start)
        self._item = np.cumsum(first) - 1
        self._start = start[self._item]
        self._size = np.diff(np.r_[start, len(item)])[self._item]
        self._place = np.arange(len(item)) - self._start

    def redeal(self, account: Ints, rng: np.random.Generator, sweeps: int = SWEEPS) -> Ints:
        """Return a new deal reached from `account` (one account a row) by a reversible chain."""
        account = account.copy()
        rows = np.arange(len(account))
        for _ in range(sweeps):
            turn = rng.integers(0, 1 << 30, self._items)[self._item]
            other = self._start + (turn - self._place) % self._size  # pairs all slots of an item, each with one other
            held = (rows < other) & (np.abs(self.time[rows] - self.time[other]) <= _REACH)
            x, y = rows[held], other[held]
            a, b = account[x], account[y]
            gain = self._fit(b, x) + self._fit(a, y) - self._fit(a, x) - self._fit(b, y)
            swapped = np.log(rng.random(len(x))) < gain
            account[x[swapped]], account[y[swapped]] = b[swapped], a[swapped]
        return account

    def _fit(self, account: Ints, slot: Ints) -> Floats:
        total = np.zeros(len(account))
        for table, feature in zip(self._tables, self._features, strict=True):
            total += table[account, feature[slot]]
        return total


def _habits(posts: Posts) -> tuple[list[Floats], list[Ints]]:
    start = np.flatnonzero(np.r_[True, np.diff(posts.item) != 0])
    posters = np.diff(np.r_[start, len(posts.item)])
    delay = posts.time - np.repeat(posts.time[start], posters)
    crowd = np.repeat(np.searchsorted(_CROWDS, posters), posters)
    stage = np.searchsorted(_DELAYS, delay, "right") + (len(_DELAYS) + 1) * crowd
    hour = posts.time // 3600 % 24 // 3
    clock = sum((posts.time % grain == 0).astype(np.int64) for grain in GRAINS)
    minute = posts.time // 60 % 60
    features = [
        stage,
        hour.astype(np.int64),
        np.asarray(clock),
        minute.astype(np.int64),
    ]
    sizes = ((len(_CROWDS) + 1) * (len(_DELAYS) + 1), 8, len(GRAINS) + 1, 60)
    tables = [_table(posts, feature, size) for feature, size in zip(features, sizes, strict=True)]
    tables[3][~clocks_of(posts).scheduled.any(axis=1)] = 0.0  # without a schedule the minutes are noise
    return tables, features


def _table(posts: Posts, feature: Ints, size: int) -> Floats:
    """Log-chance of each value of a feature, per account; shape (accounts, size)."""
    counts = (
        np.bincount(posts.account * size + feature, minlength=posts.accounts * size).reshape(-1, size).astype(float)
    )
    whole = (counts.sum(axis=0) + 1) / (counts.sum() + size)
    return np.asarray(np.log((counts + _PRIOR * whole) / (counts.sum(axis=1, keepdims=True) + _PRIOR)))
