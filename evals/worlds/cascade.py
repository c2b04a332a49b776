"""Second make of world, unlike the first: an item spreads from post to post, as in a Hawkes process.

Each item has a few first posts. Every post makes a Poisson number of accounts see the item, by the poster's reach and
the item's virality, and each of them posts it after a heavy-tailed (Lomax) delay, unless it did so before. With
`follows` = 0 everybody sees everybody (a public timeline), and nothing ties two accounts; with a number, an account
sees only those that it follows, so that a follower's posts are tied to their source by the delay itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from worlds.base import activity, at_once, news_times
from worlds.records import NEVER, Draft, paired
from worlds.rhythm import HOUR, MINUTE, rhythms

_GENERATIONS = 12
_OLD = 36 * HOUR
_HUMAN = 20.0
"""Seconds that nobody is faster than."""
_CHILDREN = 0.75
"""Mean number of accounts that a post makes see the item."""
_MOST = 8.0
"""The most, on average, that any post does."""


class Events(NamedTuple):
    """Items, the accounts that see or post them, and when (seconds since START)."""

    item: np.ndarray
    account: np.ndarray
    time: np.ndarray


@dataclass(frozen=True)
class Cascade:
    """How a spreading world is made."""

    median: float = 30.0
    """Median delay between seeing an item and posting it, while awake, in minutes."""
    follows: int = 0
    """How many accounts each account follows; 0 for all."""
    speed: float = 0.0
    """Sigma of the log-normal factor on all delays of an account."""
    shocks: float = 0.0
    """Share of the items that are set off a second time, hours later."""
    accounts: tuple[int, int] = (90, 101)
    items: tuple[int, int] = (950, 1051)

    def __call__(self, rng: np.random.Generator) -> Draft:
        accounts, items = int(rng.integers(*self.accounts)), int(rng.integers(*self.items))
        rhythm, born = rhythms(rng, accounts), news_times(rng, items)
        level = activity(rng, accounts)
        sees = self._graph(rng, level)
        draft = Draft(np.full((items, accounts), NEVER), born, rhythm)
        self._spread(rng, draft, level, sees)
        if self.follows:
            draft.readers |= paired(*np.nonzero(sees))
        return draft

    def _graph(self, rng: np.random.Generator, level: np.ndarray) -> np.ndarray:
        """Return who sees whom: (source, follower). The active are followed more."""
        accounts = len(level)
        sees = np.ones((accounts, accounts), bool)
        if self.follows:
            liking = np.log(level + 1e-9)[:, None] + rng.gumbel(size=(accounts, accounts))
            np.fill_diagonal(liking, -np.inf)
            sees = np.argsort(np.argsort(-liking, 0), 0) < self.follows
        np.fill_diagonal(sees, False)
        return sees

    def _spread(self, rng: np.random.Generator, draft: Draft, level: np.ndarray, sees: np.ndarray) -> None:
        """Fill in the times, generation by generation."""
        ahead = np.cumsum(sees * level, 1)
        strength = ahead[:, -1] * rng.lognormal(0, 0.6, len(level))
        strength *= _CHILDREN / np.average(strength, weights=level)  # by level: the active make most posts
        virality = rng.lognormal(-0.18, 0.6, len(draft.born))  # mean 1
        slowness = rng.lognormal(0, self.speed, len(level))
        seen = self._first(rng, draft.born, level)
        for _ in range(_GENERATIONS):
            posts = self._post(rng, draft, seen, slowness)
            children = rng.poisson(np.minimum(strength[posts.account] * virality[posts.item], _MOST))
            item, source, time = (np.repeat(column, children) for column in posts)
            lot = rng.random(len(source)) * ahead[source, -1]
            seen = Events(item, (ahead[source] < lot[:, None]).sum(1), time)

    def _first(self, rng: np.random.Generator, born: np.ndarray, level: np.ndarray) -> Events:
        """Draw who sees each item first, in times like those of its spreading."""
        item = np.repeat(np.arange(len(born)), 1 + rng.geometric(0.45, len(born)))
        account = rng.choice(len(level), len(item), p=level / level.sum())
        shock = np.where(rng.random(len(born)) < self.shocks, rng.uniform(3 * HOUR, 24 * HOUR, len(born)), 0)
        late = shock[item] * (rng.random(len(item)) < 0.5)
        return Events(item, account, born[item] + late + rng.exponential(2 * self.median * MINUTE, len(item)))

    def _post(self, rng: np.random.Generator, draft: Draft, seen: Events, slowness: np.ndarray) -> Events:
        """Post what was seen, unless the account did so in an earlier generation; return the new posts."""
        item, account, time = seen
        lomax = 1 / (1 - rng.random(len(time))) - 1  # shape 1: its median is its scale
        time = time + _HUMAN + self.median * MINUTE * slowness[account] * lomax
        time = at_once(rng, account, time, draft.rhythm)
        time[time - draft.born[item] > _OLD] = NEVER
        fresh = ~np.isfinite(draft.time[item, account])
        np.minimum.at(draft.time, (item[fresh], account[fresh]), time[fresh])
        first = fresh & np.isfinite(time) & (draft.time[item, account] == time)
        return Events(item[first], account[first], time[first])
