"""What a world is when it is done, and the draft it is while it is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from worlds.rhythm import Rhythm

START = 1_709_251_200.0
"""2024-03-01 00:00 UTC, in seconds since 1970."""
DAYS = 30
"""Days on which items break; their last posts may fall on the two days after."""
NEVER = np.inf
"""The time of a post that does not exist."""

Pair = tuple[int, int]
Ring = frozenset[int]


@dataclass(frozen=True)
class RingSpec:
    """A planted ring: how many accounts, at which share of the items, which share of them at each."""

    size: int
    share: float
    turnout: float = 0.6


@dataclass(frozen=True)
class World:
    """Posts, at most one of an account on an item, sorted by time, and the truth about who belongs to whom."""

    item: np.ndarray
    """Int, one row a post."""
    account: np.ndarray
    """Int, one row a post, below `accounts`."""
    time: np.ndarray
    """Float, seconds since 1970 UTC, as the accounts' clocks show it."""
    accounts: int
    """How many accounts there are, with those that never post."""
    pairs: frozenset[Pair] = frozenset()
    """Planted copying: (leader, follower). What is planted counts as such, whatever else ties the two accounts."""
    rings: tuple[Ring, ...] = ()
    """Planted rings."""
    scheduled: frozenset[Pair] = frozenset()
    """Unordered pairs (smaller number first) whose posting schedules fall within a minute: innocent, named apart."""
    readers: frozenset[Pair] = frozenset()
    """(source, reader): readers that take minutes, and declared reposters: innocent, named apart."""
    feeds: tuple[Ring, ...] = ()
    """Feed bots, one set a wire: innocent."""
    owners: tuple[Ring, ...] = ()
    """Accounts of one company, which break its stories within minutes of each other: innocent of copying in seconds."""
    declared: np.ndarray | None = None
    """Bool, one row a post: a declared repost. None where the family knows none."""


@dataclass
class Draft:
    """A world in the making: one cell for each item (row) and account (column)."""

    time: np.ndarray
    """Float (items, accounts), seconds since START; NEVER where the account does not post the item."""
    born: np.ndarray
    """Float (items,), seconds since START at which the item broke."""
    rhythm: Rhythm
    declared: np.ndarray | None = None
    taken: set[int] = field(default_factory=set)
    """Accounts with a part of their own (bots, readers, owners, …): nothing is planted on them."""
    pairs: set[Pair] = field(default_factory=set)
    rings: list[Ring] = field(default_factory=list)
    scheduled: set[Pair] = field(default_factory=set)
    readers: set[Pair] = field(default_factory=set)
    feeds: list[Ring] = field(default_factory=list)
    owners: list[Ring] = field(default_factory=list)

    @property
    def posts(self) -> np.ndarray:
        """Int (accounts,), how many items each account posts."""
        return np.isfinite(self.time).sum(0)

    def some(self, rng: np.random.Generator, size: int, least: int = 1) -> np.ndarray:
        """Draw up to `size` accounts with `least` posts or more that have no part yet."""
        free = self.posts >= least
        free[list(self.taken)] = False
        able = np.flatnonzero(free)
        return rng.choice(able, min(size, len(able)), replace=False)

    def tied(self, a: int, b: int) -> bool:
        """Return whether two accounts are to be named apart: they share a schedule, or one reads the other."""
        return bool({(a, b), (b, a)} & (self.scheduled | self.readers))

    def done(self) -> World:
        """Return the world: rows in the order of the times shown, so that no order tells more than the clocks do."""
        item, account = np.nonzero(np.isfinite(self.time))
        time = self.time[item, account]
        order = np.lexsort((account, item, time))
        item, account, time = item[order], account[order], time[order]
        return World(
            item=item,
            account=account,
            time=START + time,
            accounts=self.time.shape[1],
            pairs=frozenset(self.pairs),
            rings=tuple(self.rings),
            scheduled=frozenset(self.scheduled),
            readers=frozenset(self.readers),
            feeds=tuple(self.feeds),
            owners=tuple(self.owners),
            declared=None if self.declared is None else self.declared[item, account],
        )


Step = Callable[[Draft, np.random.Generator], None]
"""Changes a draft in place."""


def members(accounts: np.ndarray) -> Ring:
    return frozenset(accounts.tolist())


def paired(first: np.ndarray, second: np.ndarray) -> set[Pair]:
    return set(zip(first.tolist(), second.tolist(), strict=True))
