"""The whole procedure: clocks and schedules, the pair test, rings, and what is named apart from being in step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from allegedly.synchrony.clocks import Clocks, clocks_of, schedule_lift
from allegedly.synchrony.jitter import jittered
from allegedly.synchrony.pairs import PairTest, test_pairs
from allegedly.synchrony.rings import Ring, find_rings
from allegedly.synchrony.tails import garwood, poisson_tail
from allegedly.synchrony.trials import Bools, Floats, Ints, Posts, Trials, first_posts, trials_of

SCHEDULED = 2.0
"""How many times likelier two schedules must make a coincidence for the pair to be named after them."""
_BEYOND, _SURELY = 3.0, 1e-4
"""Coincidences so many times what was expected with both schedules, at this chance, are no matter of schedules."""
ONE_FEED = 0.8
"""Share of all their posts at which two accounts that come together are one feed under two names."""
_FEW = 5
"""Coincidences each way from which two accounts may be called so: who only follows is no such feed."""
AUDIT_BINS = (600.0, 1800.0, 3600.0)
"""Seconds. Bins of the jitter that is shown beside the p-value."""
WINDOWS = (0.25, 0.5, 1.0, 2.0, 5.0)
"""Windows at which the test is repeated for its sensitivity, in shares of the one asked for."""


@dataclass(frozen=True, slots=True)
class Synchrony:
    """What was tested and found. Arrays have a row for each two accounts that share an item."""

    posts: Posts
    trials: Trials
    window: float
    """Seconds."""
    grain: float
    """Seconds. The coarsest clock that half of the posts have: a longer window counts as the window in effect."""
    alpha: float
    tested: PairTest
    low: Floats
    high: Floats
    """95 % interval of observed over expected, the expected taken as known (Garwood 1936)."""
    lift: Floats
    coarse: Bools
    rings: list[Ring]
    clocks: Clocks
    any_dependence: bool = False
    """Whether q is by Benjamini and Yekutieli."""

    @property
    def tests(self) -> int:
        """Pairs of accounts over which q runs."""
        return self.trials.accounts * (self.trials.accounts - 1) // 2

    @property
    def apart(self) -> list[str]:
        """Why a pair is named apart: `schedule`, `one feed`, or nothing."""
        beyond = poisson_tail(self.tested.observed, _BEYOND * self.tested.expected) <= _SURELY
        reason = np.where((self.lift >= SCHEDULED) & ~beyond, "schedule", "").astype(object)
        reason[self._one_feed] = "one feed"
        for ring in self.rings:
            if ring.one_feed:
                reason[_inside(self.trials, ring.members)] = "one feed"
        return [str(word) for word in reason]

    @property
    def _one_feed(self) -> Bools:
        """Two accounts that post nearly everything together, now the one first and now the other."""
        posts = np.bincount(self.posts.account, minlength=self.posts.accounts)
        most = np.maximum(posts[self.trials.first], posts[self.trials.second])
        close = np.bincount(self.trials.pair[self.trials.gap <= self.window], minlength=self.trials.pairs)
        either = np.minimum(self.tested.forward, self.tested.backward)
        return np.asarray((close >= ONE_FEED * most) & (either >= _FEW))

    @property
    def q(self) -> Floats:
        """q-values as they are given out: 1 for pairs named apart, which are withdrawn from what is called in step."""
        return np.where(np.array(self.apart, object) == "", self.tested.q, 1.0)

    @property
    def ring_of(self) -> Ints:
        """Number of the ring that both accounts belong to, from 1; 0 where there is none."""
        number = np.zeros(self.trials.pairs, np.int64)
        for place, ring in enumerate(self.rings, 1):
            if not ring.one_feed:
                number[_inside(self.trials, ring.members)] = place
        return number

    @property
    def in_step(self) -> Bools:
        """Pairs that are closer in time than the news and their habits explain, at q <= alpha, and not named apart."""
        return np.asarray(self.q <= self.alpha)


def analyse(
    item: Ints,
    account: Ints,
    time: Floats,
    accounts: int,
    window: float = 60.0,
    alpha: float = 0.05,
    *,
    any_dependence: bool = False,
    seed: int = 0,
) -> Synchrony:
    """Test posts given as codes of items and of `accounts` accounts, and times in seconds; declared reposts left out.

    The same posts and seed give the same result. Runs on one thread: matrices are small.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        return _analysed(item, account, time, accounts, window, alpha, any_dependence, seed)


def _analysed(
    item: Ints,
    account: Ints,
    time: Floats,
    accounts: int,
    window: float,
    alpha: float,
    any_dependence: bool,
    seed: int,
) -> Synchrony:
    posts = first_posts(item, account, time, accounts)
    clocks = clocks_of(posts)
    grain = _common_grain(posts, clocks)
    trials = trials_of(posts, seed)
    lift = schedule_lift(trials, posts, clocks, max(window, grain))
    coarse = np.minimum(clocks.grain[trials.first], clocks.grain[trials.second]) >= window / 4

    def test(rings: Sequence[Sequence[int]]) -> PairTest:
        return test_pairs(trials, window, alpha, coarse=coarse, lift=lift, rings=rings, any_dependence=any_dependence)

    tested = test(())
    alone = _alone(trials, tested.q <= alpha)
    known = trials.first[alone], trials.second[alone]
    rings = find_rings(_without_copies(posts, trials, window, alone), window, seed=seed, apart=known)
    if told := [ring.members for ring in rings if not ring.one_feed]:
        tested = test(told)
    low, high = garwood(tested.observed, tested.expected)
    return Synchrony(
        posts, trials, window, grain, alpha, tested, low, high, lift, coarse, rings, clocks, any_dependence
    )


def sensitivity(found: Synchrony) -> dict[float, tuple[int, Floats]]:
    """For each of `WINDOWS`, in seconds: how many pairs are at q <= alpha, and the q of all pairs."""
    with threadpool_limits(limits=1, user_api="blas"):
        return _at_windows(found)


def _at_windows(found: Synchrony) -> dict[float, tuple[int, Floats]]:
    told = [ring.members for ring in found.rings if not ring.one_feed]
    shown = {}
    for share in WINDOWS:
        if share == 1:
            shown[found.window] = int((found.tested.q <= found.alpha).sum()), found.tested.q
            continue
        again = test_pairs(
            found.trials, found.window * share, found.alpha, coarse=found.coarse, lift=found.lift, rings=told,
            any_dependence=found.any_dependence,
        )  # fmt: skip
        shown[found.window * share] = int((again.q <= found.alpha).sum()), again.q
    return shown


def audit(found: Synchrony, chosen: Bools) -> dict[float, Floats]:
    """p-values of the jitter for the pairs in `chosen`, per width of its bins in seconds."""
    return {width: jittered(found.trials, found.window, width, chosen) for width in AUDIT_BINS if width > found.window}


def _common_grain(posts: Posts, clocks: Clocks) -> float:
    """The coarsest clock that half of the posts have."""
    grain = np.sort(clocks.grain[posts.account])
    return float(grain[len(grain) // 2]) if len(grain) else 1.0


def _alone(trials: Trials, hit: Bools) -> Bools:
    """Pairs in step where just these two are: neither is in step with a third."""
    partners = np.bincount(trials.first[hit], minlength=trials.accounts)
    partners += np.bincount(trials.second[hit], minlength=trials.accounts)
    return np.asarray(hit & (partners[trials.first] == 1) & (partners[trials.second] == 1))


def _without_copies(posts: Posts, trials: Trials, window: float, alone: Bools) -> Posts:
    """Leave out what one account copied from another.

    Whoever comes near the one then comes near the other, too, and the two and their company would pass for a ring.
    """
    copied = alone[trials.pair] & (trials.gap <= window)
    gone = np.isin(
        posts.item * posts.accounts + posts.account, trials.item[copied] * posts.accounts + trials.late[copied]
    )
    return Posts(posts.item[~gone], posts.account[~gone], posts.time[~gone], posts.accounts)


def _inside(trials: Trials, members: Sequence[int]) -> Bools:
    return np.isin(trials.first, list(members)) & np.isin(trials.second, list(members))
