"""Rings: sets of accounts that come together again and again, beyond what habits and each item's times explain.

The set is not named beforehand. Accounts come together where three or more post an item within the window. For each two
it is counted how often, against how often when the same items' posts are redealt by habits alone (`habits`); the best
set of each size is then grown from every account, and the best of all sizes is compared with the best that the same
search finds in redealt worlds. So the p-value covers the search: it is the chance that a world without any ring, with
just these items, times and habits, shows a set as tight as this one. Redealt worlds come from one hub reached backwards
from the data, which makes data and worlds exchangeable however slowly the chain mixes (Besag and Clifford 1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allegedly.synchrony.habits import Habits
from allegedly.synchrony.trials import CHAIN, Bools, Floats, Ints, Posts

_GLANCE, _LEARN = 20, 40
"""Redealt worlds that are learnt from: at first, and where the first glance shows half the strength of a ring."""
_DRAWS = 199
_MOST_MEMBERS = 25
_MOST_ACCOUNTS = 600
"""Accounts that are searched: those with most posts in items at which any three came together."""
_CAP = 3.0
"""Most that one pair adds to a set: a copier and its source are no ring."""
_LEAST_STRENGTH = 5.0
"""Standard deviations of the best set of redealt worlds by which a ring must stand out, besides its p-value."""
_ONE_FEED = 0.8
"""Share of their own posts at which members that come together are one feed: bots of a wire, not a ring."""
_MOST_RINGS = 8


@dataclass(frozen=True, slots=True)
class Ring:
    """A set of accounts that comes together more than habits explain."""

    members: tuple[int, ...]
    items: int
    """Items at which three or more of them came together."""
    observed: float
    """Times two members came together with a third account, mean over all two."""
    expected: float
    """The same in redealt worlds."""
    strength: float
    """How far it stands out of what the same search finds in redealt worlds, in their standard deviations."""
    p: float
    """Family-wise over all sets, by redealt worlds: never below 1 / 200."""
    share: float
    """Median share of a member's own posts that come together with the others."""

    @property
    def one_feed(self) -> bool:
        """Whether nearly all that the members post comes together: one feed under several names, named apart."""
        return self.share >= _ONE_FEED


@dataclass(frozen=True, slots=True)
class _Meetings:
    """Rows of `Habits` that stand for two posts within the window and a third beside them; by time."""

    left: Ints
    right: Ints
    time: Floats
    code: Ints
    """Account to its number among the searched, or -1."""
    accounts: Ints

    def mask(self, first: Ints, second: Ints) -> Bools:
        """Where these pairs stand; shape (searched, searched)."""
        a, b = self.code[first], self.code[second]
        held = (a >= 0) & (b >= 0)
        mask = np.zeros((len(self.accounts), len(self.accounts)), bool)
        mask[a[held], b[held]] = mask[b[held], a[held]] = True
        return mask

    def counts(self, account: Ints) -> Floats:
        """How often each two of the searched accounts meet, batches once; shape (searched, searched), symmetric."""
        n = len(self.accounts)
        a, b = self.code[account[self.left]], self.code[account[self.right]]
        held = (a >= 0) & (b >= 0)
        pair = np.minimum(a, b)[held] * n + np.maximum(a, b)[held]
        order = np.argsort(pair, kind="stable")
        pair, time = pair[order], self.time[held][order]
        once = np.r_[True, (np.diff(pair) != 0) | (np.diff(time) > CHAIN)] if len(pair) else np.zeros(0, bool)
        met = np.bincount(pair, once, n * n).reshape(n, n)
        return np.asarray(met + met.T)


def find_rings(
    posts: Posts, window: float, alpha: float = 0.01, seed: int = 0, apart: tuple[Ints, Ints] | None = None
) -> list[Ring]:
    """Find rings with family-wise error `alpha` (at least 1 / 200), strongest first.

    `apart` are pairs (one account each) that are known to be in step: they add nothing to a set.
    """
    rows, left, right = _meeting_rows(posts, window)
    if not len(left):
        return []
    habits, meetings = _prepared(posts, rows, left, right)
    if len(meetings.accounts) < 4:
        return []
    return _Search(posts, habits, meetings, window, seed, apart).rings(alpha)


class _Search:
    def __init__(
        self,
        posts: Posts,
        habits: Habits,
        meetings: _Meetings,
        window: float,
        seed: int,
        apart: tuple[Ints, Ints] | None,
    ) -> None:
        self._posts, self._habits, self._meetings, self._window = posts, habits, meetings, window
        self._rng = np.random.default_rng(seed)
        self._hub = habits.redeal(habits.account, self._rng)
        self._apart = None if apart is None else meetings.mask(*apart)
        self._learnt: list[Floats] = []
        self._learn(_GLANCE)

    def _learn(self, worlds: int) -> None:
        """Redeal so many worlds more, and take the expected meetings and the strength of the best sets from all."""
        self._learnt += [self._world() for _ in range(worlds)]
        self._expected = (np.sum(self._learnt, axis=0) + 0.2) / (len(self._learnt) + 1)
        sums = np.array([_grown(self._scores(met))[0] for met in self._learnt[:_GLANCE]])
        self._mean, self._spread = sums.mean(axis=0), sums.std(axis=0) + 0.3

    def _world(self) -> Floats:
        return self._meetings.counts(self._habits.redeal(self._hub, self._rng))

    def _scores(self, met: Floats) -> Floats:
        """Excess of each pair on a scale of even variance (Anscombe 1948), capped."""
        score: Floats = np.minimum(2 * (np.sqrt(met + 0.375) - np.sqrt(self._expected + 0.375)), _CAP)
        np.fill_diagonal(score, 0.0)
        if self._apart is not None:
            score[self._apart] = np.minimum(score[self._apart], 0.0)
        return score

    def rings(self, alpha: float) -> list[Ring]:
        met = self._meetings.counts(self._habits.account)
        if self._best(self._scores(met))[0] < _LEAST_STRENGTH / 2:
            return []
        self._learn(_LEARN - _GLANCE)
        score = self._scores(met)
        found = self._best(score)
        most = int(alpha * (_DRAWS + 1)) - 1
        if found[0] < _LEAST_STRENGTH:
            return []
        draws: list[float] = []
        while len(draws) < _DRAWS and sum(draw >= found[0] for draw in draws) <= most:
            draws.append(self._best(self._scores(self._world()))[0])
        rings: list[Ring] = []
        while len(rings) < _MOST_RINGS and found[0] >= _LEAST_STRENGTH:
            p = (sum(draw >= found[0] for draw in draws) + 1) / (len(draws) + 1)
            if p > alpha:
                break
            rings.append(self._ring(found[1], found[0], p, met))
            score[found[1]] = score[:, found[1]] = -_CAP
            found = self._best(score)
        return rings

    def _best(self, score: Floats) -> tuple[float, Ints]:
        sums, sets = _grown(score)
        strength = (sums - self._mean) / self._spread
        size = int(strength.argmax())
        return float(strength[size]), sets[size]

    def _ring(self, chosen: Ints, strength: float, p: float, met: Floats) -> Ring:
        members = np.sort(self._meetings.accounts[chosen])
        inner = np.ix_(chosen, chosen)
        twos = len(chosen) * (len(chosen) - 1)
        items, share = _together(self._posts, members, self._window)
        observed, expected = (
            float(met[inner].sum() / twos),
            float(self._expected[inner].sum() - np.trace(self._expected[inner])) / twos,
        )
        return Ring(tuple(members.tolist()), items, observed, expected, strength, p, share)


def _grown(score: Floats) -> tuple[Floats, list[Ints]]:
    """Grow a set from every account by the best next member; the best sum of each size from 3, and its set."""
    n = len(score)
    seeds = np.arange(n)
    outside = np.zeros((n, n))
    outside[seeds, seeds] = -np.inf
    gain, total = score.copy(), np.zeros(n)
    chosen = [seeds]
    sums, sets = [], []
    for size in range(2, min(_MOST_MEMBERS, n - 1) + 1):
        nearest = (gain + outside).argmax(axis=1)
        total = total + gain[seeds, nearest]
        outside[seeds, nearest] = -np.inf
        gain = gain + score[nearest]
        chosen.append(nearest)
        if size >= 3:
            best = int(total.argmax())
            sums.append(total[best])
            sets.append(np.array([member[best] for member in chosen]))
    return np.array(sums), sets


def _meeting_rows(posts: Posts, window: float) -> tuple[Ints, Ints, Ints]:
    """Rows of all items with a meeting of three, and the meetings of two with a third, as indices into these rows."""
    left, right = close_rows(posts, window)
    if not len(left):
        return left, left, right
    kept = _with_a_third(posts, left, right, window)
    left, right = left[kept], right[kept]
    item = np.zeros(int(posts.item.max()) + 1, bool)
    item[posts.item[left]] = True
    rows = np.flatnonzero(item[posts.item])
    return rows, np.searchsorted(rows, left), np.searchsorted(rows, right)


def close_rows(posts: Posts, window: float) -> tuple[Ints, Ints]:
    """Every two rows of one item at most `window` seconds apart."""
    left, right, rows, step = [], [], np.arange(len(posts.item)), 1
    while len(rows):
        rows = rows[rows + step < len(posts.item)]
        near = (posts.item[rows] == posts.item[rows + step]) & (posts.time[rows + step] - posts.time[rows] <= window)
        rows = rows[near]
        left.append(rows)
        right.append(rows + step)
        step += 1
    return (np.concatenate(left), np.concatenate(right)) if left else (rows, rows)


def _with_a_third(posts: Posts, left: Ints, right: Ints, window: float) -> Bools:
    def within(a: Ints, b: Ints) -> Bools:
        inside = (a >= 0) & (b < len(posts.item))
        a, b = np.maximum(a, 0), np.minimum(b, len(posts.item) - 1)
        return np.asarray(inside & (posts.item[a] == posts.item[b]) & (posts.time[b] - posts.time[a] <= window))

    return np.asarray((right - left > 1) | within(left - 1, right) | within(left, right + 1))


def _prepared(posts: Posts, rows: Ints, left: Ints, right: Ints) -> tuple[Habits, _Meetings]:
    habits = Habits(posts, rows)
    order = np.argsort(habits.time[left], kind="stable")
    left, right = left[order], right[order]
    often = np.bincount(habits.account, minlength=posts.accounts)  # the same in every deal
    searched = np.sort(np.argsort(-often, kind="stable")[: min(_MOST_ACCOUNTS, int((often > 0).sum()))])
    code = np.full(posts.accounts, -1)
    code[searched] = np.arange(len(searched))
    return habits, _Meetings(left, right, habits.time[left], code, searched)


def _together(posts: Posts, members: Ints, window: float) -> tuple[int, float]:
    """Items at which three or more members come together, and the median share of a member's posts in such company."""
    rows = np.flatnonzero(np.isin(posts.account, members))
    own = Posts(posts.item[rows], posts.account[rows], posts.time[rows], posts.accounts)
    left, right = close_rows(own, window)
    joined = np.zeros(len(rows), bool)
    joined[left] = joined[right] = True
    trio = _with_a_third(own, left, right, window)
    share = [joined[own.account == member].mean() for member in members]
    return len(np.unique(own.item[left[trio]])), float(np.median(share))
