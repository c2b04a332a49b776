"""The jitter: a quick look and an audit. How many coincidences are left when each post is moved within its bin of time.

Each post is thought to fall anywhere in its bin of D seconds, independently. Two posts of one bin then lie within W of
each other with chance 2r - r^2, r = W / D, two of neighbouring bins with r^2 / 2, half of it in either direction. It
assumes nothing but that the chance of posting does not change within D, and fires where news move faster than that.
"""

from __future__ import annotations

import numpy as np

from allegedly.synchrony.pairs import occasions
from allegedly.synchrony.tails import poisson_tail, tail_tables
from allegedly.synchrony.trials import Bools, Floats, Trials, summed

_DEEPEST = 60


def jittered(trials: Trials, window: float, bin_width: float, chosen: Bools) -> Floats:
    """p-values of the pairs in `chosen` (shape `trials.pairs`) for bins of `bin_width` seconds; directed, doubled."""
    rows = chosen[trials.pair]
    owner = occasions(trials)
    held = chosen[owner]
    chance = _occasion_chance(trials, window, bin_width, len(owner))[held]
    group = (np.cumsum(chosen) - 1)[owner[held]]
    least = np.ones(int(chosen.sum()))
    for direction in (trials.upward, ~trials.upward):
        hit = summed(trials.chain, (trials.gap <= window) & direction & rows, len(owner))[held] > 0
        hits = summed(group, hit, len(least)).astype(np.int64)
        table = tail_tables(group, chance, np.minimum(hits, _DEEPEST))
        exact = table[np.arange(len(table)), np.minimum(hits, _DEEPEST)]
        mean = summed(group, chance, len(least))
        least = np.minimum(least, np.where(hits > _DEEPEST, poisson_tail(hits, mean), exact))
    return np.minimum(1.0, 2 * least)


def _occasion_chance(trials: Trials, window: float, bin_width: float, chains: int) -> Floats:
    ratio = min(window / bin_width, 1.0)
    apart = (trials.time + trials.gap) // bin_width - trials.time // bin_width
    chance = np.where(apart == 0, 2 * ratio - ratio**2, np.where(apart == 1, ratio**2 / 2, 0.0))
    return -np.expm1(summed(trials.chain, np.log1p(-np.minimum(chance / 2, 0.5)), chains))
