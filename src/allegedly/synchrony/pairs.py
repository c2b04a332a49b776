"""The pair test: which two accounts post closer in time than the item and their habits explain, and who follows whom.

Under the null a trial is close with the fitted chance (`null`), in the one or the other direction as both accounts'
earliness has it. Tests of one pair are both directions within the whole window and within half of it; the least tail
counts, times the number of tests (Bonferroni). Then Benjamini and Hochberg's rule runs over all pairs of accounts,
those included that never met.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allegedly.synchrony import null as nulls
from allegedly.synchrony.tails import benjamini_hochberg, poisson_tail, tail_tables
from allegedly.synchrony.trials import Bools, Floats, Ints, Trials, summed

_SHARES = (1.0, 0.5)
"""Windows of the tests, in shares of the window asked for."""
_ROUNDS = 3
_PLAIN = 0.05
"""A Poisson tail above this is taken as it is; below, and up to `_DEEPEST` hits, tails are exact."""
_DEEPEST = 60
_FURTHEST = 5.0
_ODD = 1e-3
"""p-value at which a pair no longer teaches the null. Few innocent pairs get there, so the fit is not skewed."""


@dataclass(frozen=True, slots=True)
class PairTest:
    """One row for each two accounts that share an item, as in `Trials.first` and `second`."""

    observed: Ints
    """Occasions on which they were close; a batch counts once."""
    expected: Floats
    """The same under the null."""
    forward: Ints
    """Occasions on which the second account followed the first."""
    backward: Ints
    p: Floats
    q: Floats
    """Over all pairs of accounts."""
    null: nulls.Null


@dataclass(frozen=True, slots=True)
class _Side:
    """One test of all pairs: hits, chances per occasion, and the pairs to which it applies."""

    hits: Ints
    chance: Floats
    mean: Floats
    applies: Bools


def test_pairs(
    trials: Trials,
    window: float,
    alpha: float = 0.05,
    *,
    coarse: Bools | None = None,
    lift: Floats | None = None,
    rings: Sequence[Sequence[int]] = (),
    any_dependence: bool = False,
) -> PairTest:
    """Test all pairs; those at q <= `alpha`, or merely odd, leave the fit, which is redone at most three times.

    One pair of many coincidences would else teach the null that such are usual.

    `coarse` (shape `trials.pairs`) marks pairs whose clocks cannot tell who was first: their direction is not tested.
    `lift` and `rings` are as in `null.fit`; members of a ring do not teach either.
    """
    coarse = np.zeros(trials.pairs, bool) if coarse is None else coarse
    lift = np.ones(trials.pairs) if lift is None else lift
    inside = _inside(trials, rings)
    tests = trials.accounts * (trials.accounts - 1) // 2
    out = inside
    for _ in range(_ROUNDS):
        null = nulls.fit(trials, window, out, lift, rings)
        sides = _sides(trials, window, null, out, coarse)
        p = _least_tail(occasions(trials), sides, null.unsure)
        q = benjamini_hochberg(p, tests, any_dependence=any_dependence)
        next_out = (q <= alpha) | (p <= _ODD) | inside
        if not _matters(trials, window, out, next_out):
            break
        out = next_out
    up, down, both = sides[:3]
    return PairTest(both.hits, both.mean, up.hits, down.hits, p, q, null)


def _matters(trials: Trials, window: float, out: Bools, next_out: Bools) -> bool:
    """Whether the pairs that leave the fit, or come back, hold one in a hundred of all coincidences or more."""
    close = np.bincount(trials.pair[trials.gap <= window], minlength=trials.pairs)
    return bool(close[out != next_out].sum() > 0.01 * close.sum())


def _inside(trials: Trials, rings: Sequence[Sequence[int]]) -> Bools:
    inside = np.zeros(trials.pairs, bool)
    for ring in rings:
        inside |= np.isin(trials.first, list(ring)) & np.isin(trials.second, list(ring))
    return inside


def occasions(trials: Trials) -> Ints:
    """The pair of each chain."""
    return trials.pair[np.r_[True, np.diff(trials.chain) != 0]] if len(trials.pair) else trials.pair


def _sides(trials: Trials, window: float, null: nulls.Null, out: Bools, coarse: Bools) -> list[_Side]:
    """Tests up, down and either way, for each share of the window."""
    kept, upward, sides = ~out[trials.pair], trials.upward, []
    every = np.ones(len(upward), bool)
    for share in _SHARES:
        close = trials.gap <= window * share
        chance = null.chance if share == 1 else nulls.recalibrated(null.chance, close, kept)
        ahead = nulls.direction(trials, close & kept & (trials.gap > 0), null.lead, null.both)
        sides += [
            _side(trials, close & upward, chance * ahead, ~coarse),
            _side(trials, close & ~upward, chance * (1 - ahead), ~coarse),
            _side(trials, close & every, chance, coarse),
        ]
    return sides


def _side(trials: Trials, hit: Bools, chance: Floats, applies: Bools) -> _Side:
    """Rows of a chain are one trial: a hit if any of them is."""
    owner = occasions(trials)
    hits = summed(owner, summed(trials.chain, hit, len(owner)) > 0, trials.pairs).astype(np.int64)
    miss = summed(trials.chain, np.log1p(-np.minimum(chance, 1 - 1e-9)), len(owner))
    chances = -np.expm1(miss)
    return _Side(hits, chances, summed(owner, chances, trials.pairs), applies)


def _least_tail(owner: Ints, sides: list[_Side], unsure: Floats) -> Floats:
    least, tests = np.ones(len(unsure)), np.zeros(len(unsure))
    for side in sides:
        least = np.where(side.applies, np.minimum(least, _tail(owner, side, unsure)), least)
        tests += side.applies
    return np.minimum(1.0, least * tests)


def _tail(owner: Ints, side: _Side, unsure: Floats) -> Floats:
    """Tail of each pair's hits, with the factors' uncertainty v integrated over.

    k hits have a chance in proportion to c^k, c the factors' product; the mean of c^k over a log-normal c is that of a
    c that is exp(k v / 2) times as large. No c is taken to be further out than five standard deviations.
    """
    raised = np.exp(np.minimum(side.hits * unsure / 2, _FURTHEST / 2 * np.sqrt(unsure)))
    tail = np.where(side.hits > 0, poisson_tail(side.hits, side.mean * raised), 1.0)
    exact = (tail < _PLAIN) & (side.hits <= _DEEPEST) & side.applies
    rows = exact[owner]
    chance = np.minimum(side.chance[rows] * raised[owner[rows]], 1.0)
    table = tail_tables((np.cumsum(exact) - 1)[owner[rows]], chance, side.hits[exact])
    tail[exact] = table[np.arange(len(table)), side.hits[exact]]
    return tail
