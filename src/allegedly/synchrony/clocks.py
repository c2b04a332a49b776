"""What an account's clock gives away: how finely it tells time, and whether it posts on a schedule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allegedly.synchrony.trials import Bools, Floats, Ints, Posts, Trials, summed

GRAINS = (3600.0, 900.0, 300.0, 60.0)
"""Seconds. Coarse clocks that are looked for; anything finer counts as exact."""
PERIODS = (300.0, 600.0, 900.0, 1200.0, 1800.0, 3600.0)
"""Seconds. Periods of the schedules that are looked for."""
_MOSTLY = 0.95
_LEAST_POSTS = 8
_SHARP = 45.0
"""Z-squared over four harmonics (8 degrees of freedom, de Jager et al. 1989): 1 in 2.7 million accounts by chance."""
_LEAST = 0.05
_TELLABLE = 10
"""Accounts of eight posts or more that it takes to say that most keep a schedule."""
_LIKE_ONE = 4.0
"""Z-squared per post, of at most 8, at which an account of few posts agrees with a schedule."""
_SHRUNK, _BARELY_SHRUNK = 5.0, 1.0
"""Pseudo-meetings that draw a lift to 1; fewer for accounts that are taken to keep the schedule that most keep."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Per account, over all its posts."""

    grain: Floats
    """Seconds to which its times are rounded; 1 where they are not."""
    scheduled: Bools
    """Shape (accounts, periods): whether its posts keep to some minutes of the period."""
    presumed: Bools
    """The same shape: too few posts to tell, but they agree with such a schedule, and most accounts keep one."""


def clocks_of(posts: Posts) -> Clocks:
    """Read the clocks of all accounts; accounts with fewer than eight posts count as exact and free."""
    count = np.bincount(posts.account, minlength=posts.accounts)
    grain = np.ones(posts.accounts)
    for step in reversed(GRAINS):
        on = summed(posts.account, posts.time % step == 0, posts.accounts)
        grain[(count >= _LEAST_POSTS) & (on >= _MOSTLY * count)] = step
    power = _gathered(posts, count)
    tellable = (count >= _LEAST_POSTS)[:, None]
    sharp = (power > _SHARP) & tellable
    usual = sharp.sum(axis=0) > max(_TELLABLE, tellable.sum()) / 2
    return Clocks(grain, sharp, usual & ~sharp & ~tellable & (power > _LIKE_ONE * np.maximum(count, 1)[:, None]))


def _gathered(posts: Posts, count: Ints) -> Floats:
    """How much the phases of an account's posts gather, for each period; harmonics of an hour serve all periods.

    Shape (accounts, periods): Z-squared over four harmonics, at most 8 a post.
    """
    hour = np.exp(2j * np.pi / PERIODS[-1] * (posts.time % PERIODS[-1]))
    base = [round(PERIODS[-1] / period) for period in PERIODS]
    power = {}
    for harmonic in {first * times for first in base for times in range(1, 5)}:
        turned = hour**harmonic
        real = summed(posts.account, turned.real, posts.accounts)
        power[harmonic] = 2 * (real**2 + summed(posts.account, turned.imag, posts.accounts) ** 2) / np.maximum(count, 1)
    return np.stack([np.sum([power[first * times] for times in range(1, 5)], axis=0) for first in base], axis=1)


def schedule_lift(trials: Trials, posts: Posts, clocks: Clocks, window: float) -> Floats:
    """Per pair: how many times likelier schedules make it that two posts fall within `window`; 1 without any.

    For each period on which both keep a schedule, the share of all their posts' phases that lie within the window of
    each other, by what uniform phases would give; posts that the pair made of one item are left out. Not so where one
    has so few posts that it is merely presumed to keep one: what the pair made then has to show it.
    """
    lift = np.ones(trials.pairs)
    for number, period in enumerate(PERIODS):
        if 2 * window >= period:
            continue
        sure = clocks.scheduled[trials.first, number] & clocks.scheduled[trials.second, number]
        keeps = clocks.scheduled[:, number] | clocks.presumed[:, number]
        for both, known in ((sure, True), (keeps[trials.first] & keeps[trials.second] & ~sure, False)):
            if both.any():
                lift[both] = _furthest(lift[both], _phase_lift(trials, posts, both, period, window, known))
    return lift


def _furthest(old: Floats, new: Floats) -> Floats:
    return np.where(np.abs(np.log(new)) > np.abs(np.log(old)), new, old)


def _phase_lift(trials: Trials, posts: Posts, both: Bools, period: float, window: float, known: bool) -> Floats:
    """Phases in bins of a quarter window, near within four. If `known`, the pair's close posts are left out."""
    bins = round(period / (window / 4))
    place = (posts.time % period / period * bins).astype(np.int64) % bins
    table = np.bincount(posts.account * bins + place, minlength=posts.accounts * bins).reshape(-1, bins).astype(float)
    near = np.sum([np.roll(table, shift, axis=1) for shift in range(-4, 5)], axis=0) * (8 / 9)
    i, j = trials.first[both], trials.second[both]
    met = np.concatenate([(table[x] * near[y]).sum(axis=1) for x, y in _slices(i, j)])
    own: Floats = summed(trials.pair, trials.gap <= window, trials.pairs)[both] * known
    met = met + own**2 - _of_own(trials, near, both, period, window) * known
    tries = (table.sum(axis=1)[i] - own) * (table.sum(axis=1)[j] - own)
    prior = _SHRUNK if known else _BARELY_SHRUNK
    return np.asarray(np.maximum((np.maximum(met, 0) + prior) / (tries * (2 * window / period) + prior), _LEAST))


def _of_own(trials: Trials, near: Floats, both: Bools, period: float, window: float) -> Floats:
    """How many posts of the other account are near in phase to those that the pair made within the window."""
    bins = near.shape[1]
    rows = np.flatnonzero((trials.gap <= window) & both[trials.pair])
    early = (trials.time[rows] % period / period * bins).astype(np.int64) % bins
    late = ((trials.time[rows] + trials.gap[rows]) % period / period * bins).astype(np.int64) % bins
    met = near[trials.late[rows], early] + near[trials.early[rows], late]
    return summed(trials.pair[rows], met, trials.pairs)[both]


def _slices(i: Ints, j: Ints, size: int = 20_000) -> list[tuple[Ints, Ints]]:
    return [(i[at : at + size], j[at : at + size]) for at in range(0, len(i), size)]
