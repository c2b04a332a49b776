"""What is not innocent: copying in seconds, and rings."""

from __future__ import annotations

import numpy as np

from worlds.records import NEVER, Draft, RingSpec, members
from worlds.rhythm import MINUTE

PAIRS = 10
"""Planted in a world of 90 accounts or more; one for every nine accounts in a smaller one."""
ACTIVE = 10
"""Posts that a leader, a follower or a member has at least. A leader of so few leaves one copy at 10 %, which no test
can find: about a tenth of the pairs leave one, a quarter two or less, and power at 10 % has its ceiling there."""
COPY = (5.0, 30.0)
"""Seconds from leader to follower."""
TOGETHER = 45.0
"""Seconds within which a ring posts; with the clocks' whims within W = 60."""


def plant_ring(draft: Draft, rng: np.random.Generator, spec: RingSpec) -> None:
    """At a share of the items, some members of one set of accounts post within seconds of each other.

    The moment is a few minutes (exponential, mean 5) after a random post of the item, so that it is typical of the
    item and close to nobody in particular. At least two members turn out.
    """
    group = draft.some(rng, spec.size, ACTIVE)
    posted = np.flatnonzero(np.isfinite(draft.time).any(1))
    items = rng.choice(posted, round(spec.share * len(posted)), replace=False)
    order = np.argsort(rng.random((len(items), len(group))), 1).argsort(1)
    there = order < np.maximum(2, rng.binomial(len(group), spec.turnout, len(items)))[:, None]
    moment = _anchors(draft, rng, items) + rng.exponential(5 * MINUTE, len(items))
    time = moment[:, None] + rng.uniform(0, TOGETHER, there.shape)
    _put(draft, np.repeat(items, there.sum(1)), np.broadcast_to(group, there.shape)[there], time[there])
    draft.rings.append(members(group))
    draft.taken.update(group.tolist())


def plant_pairs(draft: Draft, rng: np.random.Generator, share: float) -> None:
    """Some followers each take up a share of one leader's items, 5 to 30 s after the leader.

    A post that the follower would have made anyway takes place then instead; else it is added. No account is in two
    pairs, nor are two that are to be named apart; there are fewer pairs where accounts run out.
    """
    count = min(PAIRS, draft.time.shape[1] // 9)
    leaders = draft.some(rng, count, ACTIVE).tolist()
    draft.taken.update(leaders)
    followers = draft.some(rng, 3 * count, ACTIVE).tolist()
    for leader in leaders:
        follower = next((account for account in followers if not draft.tied(account, leader)), None)
        if follower is None:  # a small world, most of it in a ring
            continue
        followers.remove(follower)
        items = np.flatnonzero(np.isfinite(draft.time[:, leader]))
        items = rng.choice(items, max(1, round(share * len(items))), replace=False)
        _put(draft, items, np.full(len(items), follower), draft.time[items, leader] + rng.uniform(*COPY, len(items)))
        draft.pairs.add((leader, follower))
        draft.taken.add(follower)


def _anchors(draft: Draft, rng: np.random.Generator, items: np.ndarray) -> np.ndarray:
    """Draw the time of one post of each item."""
    lot = np.where(np.isfinite(draft.time[items]), rng.random((len(items), draft.time.shape[1])), -1)
    time: np.ndarray = draft.time[items, lot.argmax(1)]
    return time


def _put(draft: Draft, item: np.ndarray, account: np.ndarray, time: np.ndarray) -> None:
    assert (time < NEVER).all()
    draft.time[item, account] = time
    if draft.declared is not None:
        draft.declared[item, account] = False  # who copies does not say so
