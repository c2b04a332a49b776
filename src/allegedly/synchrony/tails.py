"""Exact tails of sums of independent trials, and corrections for many tests; numpy alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from allegedly.synchrony.trials import Bools, Floats, Ints

_EXACT_UP_TO = 60
"""Hits up to which a tail is summed exactly. Above, the Poisson tail bounds it (Hoeffding 1956)."""
_MOST_TERMS = 100_000


def log_factorials(largest: int) -> Floats:
    """Natural logarithms of 0! to `largest`!."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, largest + 1)))])


def poisson_tail(hits: Ints, mean: Floats) -> Floats:
    """P(Poisson(mean) >= hits), each."""
    mean = np.maximum(mean, 1e-300)
    logs = log_factorials(int(hits.max(initial=0)) + 1)
    upward = mean <= hits
    start = np.where(upward, hits, np.maximum(hits - 1, 0))
    first = np.exp(start * np.log(mean) - mean - logs[start])
    total = _series(first, mean, start, upward)
    return np.where(upward, np.minimum(total, 1.0), np.where(hits > 0, np.clip(1 - total, 0.0, 1.0), 1.0))


def _series(first: Floats, mean: Floats, start: Ints, upward: Bools) -> Floats:
    """Sum of Poisson terms from `start` up, or down to 0, until they no longer count."""
    total, term, step = first.copy(), first.copy(), 0
    live = np.flatnonzero(first > 0)
    while len(live) and step < _MOST_TERMS:
        step += 1
        up, at = upward[live], start[live]
        ratio = np.where(up, mean[live] / (at + step), np.maximum(at - step + 1, 0) / mean[live])
        term[live] *= ratio
        total[live] += term[live]
        live = live[term[live] > 1e-17 * total[live]]
    return total


def tail_tables(group: Ints, chance: Floats, depth: Ints) -> Floats:
    """P(at least k of a group's trials hit) for k = 0 to the deepest `depth`; shape (groups, max depth + 1).

    `group` never falls from row to row and counts from 0; `chance` is each trial's probability. A row is exact up to
    its own `depth` (the Poisson-binomial law by recursion over trials) and 0 beyond it.
    """
    groups, width = len(depth), int(depth.max(initial=0)) + 1
    start = np.searchsorted(group, np.arange(groups + 1))
    size = np.diff(start)
    order = np.argsort(-size, kind="stable")
    mass = np.zeros((groups, width + 1))  # the last column gathers all that lies beyond
    mass[:, 0] = 1.0
    live = np.searchsorted(-size[order], -np.arange(int(size.max(initial=0))), "left")
    for step, count in enumerate(live):
        rows = mass[:count]
        p = chance[start[order[:count]] + step][:, None]
        moved = rows * p
        moved[:, -1] = 0.0
        rows -= moved
        rows[:, 1:] += moved[:, :-1]
    tails = np.empty((groups, width))
    tails[order] = np.minimum(np.cumsum(mass[:, ::-1], axis=1)[:, ::-1][:, :width], 1.0)
    return tails * (np.arange(width) <= depth[:, None])


def benjamini_hochberg(p: Floats, tests: int, *, any_dependence: bool = False) -> Floats:
    """q-values of `p` among `tests` hypotheses; those that `p` lacks count as p = 1.

    Benjamini and Hochberg 1995; with `any_dependence`, Benjamini and Yekutieli 2001.
    """
    order = np.argsort(p, kind="stable")
    factor = float((1.0 / np.arange(1, tests + 1)).sum()) if any_dependence else 1.0
    raised = p[order] * tests * factor / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(1.0, np.minimum.accumulate(raised[::-1])[::-1])
    return q


def garwood(observed: Ints, expected: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Bounds of observed / expected for a Poisson count (Garwood 1936), by bisection."""
    kinds, place = np.unique(observed, return_inverse=True)
    tail = (1 - level) / 2
    low = _mean_where(lambda mean: poisson_tail(kinds, mean) > tail, kinds)
    high = _mean_where(lambda mean: 1 - poisson_tail(kinds + 1, mean) < tail, kinds)
    low[kinds == 0] = 0.0
    expected = np.maximum(expected, 1e-12)
    return low[place] / expected, high[place] / expected


def _mean_where(above: Callable[[Floats], Bools], kinds: Ints) -> Any:
    """The mean from which `above` holds, per kind."""
    low, high = np.zeros(len(kinds)), 2.0 * kinds + 20
    for _ in range(60):
        middle = (low + high) / 2
        over = above(middle)
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return high
