"""The fitted null: how likely two posts of an item are close, given the item and both accounts' habits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allegedly.synchrony.trials import Bools, Floats, Ints, Trials, summed

_SCALES = (300.0, 1200.0, 3600.0)
"""Seconds. With the window itself, the scales at which an item's bunching is measured."""
_PRIOR = 5.0
"""Pseudo-observations that draw bunching and earliness to the mean."""
_LEAST_PRIOR, _MOST_PRIOR = 5.0, 100.0
"""Bounds of the pseudo-coincidences that draw an account's factor to 1."""
_BENDS = (0.25, 0.5, 0.7)
_STRETCH = 4
"""Hours of the day that are looked at together: 1, 2, 3, 4, 6, 8 or 12."""
_ROUNDS = 4
_FLOOR = 0.1
"""Of the item's own share of close pairs: a pair's chance is never less, however far habits of rare posters reach."""
_TEACHERS = 200_000
"""Trials from which the regression is learnt where there are more."""
_CHUNK = 500_000
_FEW = 50_000
_SETTLED = 1e-4
"""Gain of the log-likelihood at which a fit is done."""


@dataclass(frozen=True, slots=True)
class Null:
    """What was fitted. All chances are per trial, of a gap of at most the window."""

    chance: Floats
    """With everything below."""
    coefficients: dict[str, float]
    """Of the logistic regression, per standard deviation of the term."""
    early: Floats
    """Per account, -1 (always after the others) to 1 (always before them)."""
    factor: Floats
    """Per account: odds factor of being close to anybody."""
    lead: Floats
    both: Floats
    """Per trial: how much earlier the pair's first account is than its second at that time of the day, and the sum."""
    unsure: Floats
    """Per pair: variance of the logarithm of its two accounts' factors."""


def fit(trials: Trials, window: float, out: Bools, lift: Floats, rings: Sequence[Sequence[int]] = ()) -> Null:
    """Fit the null over all trials but those of the pairs in `out` (shape `trials.pairs`); chances are given for all.

    `lift` (shape `trials.pairs`) is how many times likelier two schedules make a close gap. The bunching that two
    members of one of the `rings` are measured against is that of the item's other posters. Raises nothing; without a
    single coincidence all chances are tiny.
    """
    close = trials.gap <= window
    kept = ~out[trials.pair]
    if not kept.any():
        nothing = np.zeros(trials.accounts)
        even = np.zeros(len(close))
        return Null(even + 0.5, {}, nothing, nothing + 1, even, even, np.zeros(trials.pairs))
    terms = _Terms(trials, window, lift, rings)
    sample = terms.columns(_sample(trials, kept))
    middle, spread = sample.mean(axis=0), sample.std(axis=0)
    middle[0] = 0.0
    weights = ridge_logistic(sample - middle, close[_sample(trials, kept)].astype(float))
    chance = np.empty(len(close))
    for at in range(0, len(close), _CHUNK):
        rows = np.arange(at, min(at + _CHUNK, len(close)))
        chance[rows] = np.maximum(_logistic((terms.columns(rows) - middle) @ weights), _FLOOR * terms.share(rows))
    coefficients = {name: float(w * s) for name, w, s in zip(terms.names, weights, spread, strict=True)}
    chance, factor, unsure = _with_accounts(trials, close, kept, chance)
    lead, both = terms.of_first - terms.of_second, terms.of_first + terms.of_second
    return Null(chance, coefficients, terms.early, factor, lead, both, unsure)


def _sample(trials: Trials, kept: Bools) -> Ints:
    """Trials that teach: all, or those of a share of the items drawn by a hash, where there are very many."""
    rows = np.flatnonzero(kept)
    if len(rows) <= _TEACHERS:
        return rows
    lot = trials.item[rows].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(32)
    return rows[lot < int(_TEACHERS / len(rows) * 2**32)]


class _Terms:
    """Columns of the regression, made for some trials at a time."""

    def __init__(self, trials: Trials, window: float, lift: Floats, rings: Sequence[Sequence[int]]) -> None:
        self._trials = trials
        self._scales = (window, *(scale for scale in _SCALES if scale > window))
        self._bunched = [bunching(trials, trials.gap <= scale, rings) for scale in self._scales]
        self._lift = np.log(lift) if (lift != 1).any() else None
        self.of_first, self.of_second, self.early = _earliness(trials, trials.gap > window)
        self.names = [
            "constant", *(f"bunched within {scale:.0f} s" for scale in self._scales), "posters", "two posters", "early",
            "early squared", "early cubed", "unlike", "unlike and early",
            *(f"both early above {bend}" for bend in _BENDS),
            "bunched and early", *(["schedules"] if self._lift is not None else []),
        ]  # fmt: skip

    def share(self, rows: Ints) -> Floats:
        """How many of the item's other pairs are close, as a share drawn to the mean."""
        return _logistic(self._bunched[0][rows])

    def columns(self, rows: Ints) -> Floats:
        """Shape (rows, names)."""
        posters, one, other = self._trials.posters[rows], self.of_first[rows], self.of_second[rows]
        both, apart, least = one + other, (one - other) ** 2, np.minimum(one, other)
        columns = [np.ones(len(rows)), *(bunched[rows] for bunched in self._bunched), np.log(posters)]
        columns += [(posters == 2).astype(float), both, both**2, both**3, apart, apart * both]
        columns += [*(np.maximum(0.0, least - bend) for bend in _BENDS), columns[1] * both]
        if self._lift is not None:
            columns.append(self._lift[self._trials.pair[rows]])
        return np.stack(columns, axis=1)


def bunching(trials: Trials, close: Bools, rings: Sequence[Sequence[int]] = ()) -> Floats:
    """Log-odds of two posts of the item being close, the trial's own two left out and drawn to the mean."""
    own = summed(trials.item, close)[trials.item] - close
    others = trials.posters * (trials.posters - 1) / 2 - 1
    for ring in rings:
        member = np.zeros(trials.accounts, bool)
        member[list(ring)] = True
        without = ~(member[trials.early] | member[trials.late])
        inside = member[trials.early] & member[trials.late]
        own[inside] = summed(trials.item, close & without)[trials.item[inside]]
        others[inside] = summed(trials.item, without)[trials.item[inside]]
    share = (own + _PRIOR * close.mean()) / (others + _PRIOR)
    return np.asarray(np.log(share / (1 - share + 1e-9) + 1e-12))


def _earliness(trials: Trials, far: Bools) -> tuple[Floats, Floats, Floats]:
    """How early the first and the second account of each trial are at that time of the day, without each other.

    From -1 (always after the others) to 1, drawn to what they are all day long; and per account, all day long. The time
    of the day is the four hours in which the item began: who sleeps then is late then, however fast by day.
    """
    hours = _began(trials) // (_STRETCH * 3600) % (24 // _STRETCH)
    of_first, of_second = np.zeros(len(far)), np.zeros(len(far))
    early = np.zeros(trials.accounts)
    for stretches, stretch in ((1, np.zeros(len(far), np.int64)), (24 // _STRETCH, hours.astype(np.int64))):
        lead, count = _compared(trials, far, stretches, stretch, trials.first, up=1)
        of_first = (lead + _PRIOR * of_first) / (count + _PRIOR)
        lead, count = _compared(trials, far, stretches, stretch, trials.second, up=-1)
        of_second = (lead + _PRIOR * of_second) / (count + _PRIOR)
    ahead, behind = summed(trials.early, far, trials.accounts), summed(trials.late, far, trials.accounts)
    early = (ahead - behind) / (ahead + behind + _PRIOR)
    return of_first, of_second, early


def _began(trials: Trials) -> Floats:
    """Per trial, the time of the item's first post."""
    began = np.full(int(trials.item.max(initial=0)) + 1, np.inf)
    np.minimum.at(began, trials.item, trials.time)
    return np.asarray(began[trials.item])


def _compared(
    trials: Trials, far: Bools, stretches: int, stretch: Ints, account: Ints, up: int
) -> tuple[Floats, Floats]:
    """Per trial: how often `account` (of the pair) came before others less how often after, and how often in all.

    The other account of the pair is left out; `up` is 1 where `account` is the pair's first, else -1.
    """
    cells = trials.accounts * stretches
    ahead = summed(trials.early * stretches + stretch, far, cells)
    behind = summed(trials.late * stretches + stretch, far, cells)
    sign = np.where(trials.upward, 1.0, -1.0)
    own = trials.pair * stretches + stretch
    own_lead = up * summed(own, far * sign, trials.pairs * stretches)
    own_count = summed(own, far, trials.pairs * stretches)
    cell = account[trials.pair] * stretches + stretch
    return ahead[cell] - behind[cell] - own_lead[own], ahead[cell] + behind[cell] - own_count[own]


def _with_accounts(trials: Trials, close: Bools, kept: Bools, chance: Floats) -> tuple[Floats, Floats, Floats]:
    """Multiply the odds by how often each of the two is close to anybody else, beyond what was expected.

    Factors have a gamma law with mean 1 whose spread is estimated from all accounts (empirical Bayes), so that a pair's
    is known to a variance of the logarithm that is returned per pair.
    """
    i, j, n = trials.first, trials.second, trials.accounts
    weight, seen = chance * kept, close & kept
    hits = summed(trials.early, seen, n) + summed(trials.late, seen, n)
    per_pair = summed(trials.pair, weight, trials.pairs)
    expected = summed(i, per_pair, n) + summed(j, per_pair, n)
    prior = _gamma_prior(hits, expected)
    factor = np.ones(n)
    for _ in range(_ROUNDS):
        expected = summed(i, per_pair * factor[j], n) + summed(j, per_pair * factor[i], n)
        factor = (hits + prior) / (expected + prior)
    expected = summed(i, per_pair * factor[j], n) + summed(j, per_pair * factor[i], n)
    own = summed(trials.pair, seen, trials.pairs)
    of_i = (hits[i] - own + prior) / (np.maximum(expected[i] - per_pair * factor[j], 0) + prior)
    of_j = (hits[j] - own + prior) / (np.maximum(expected[j] - per_pair * factor[i], 0) + prior)
    odds = (of_i * of_j)[trials.pair]
    unsure = 1 / (hits[i] - own + prior) + 1 / (hits[j] - own + prior)
    return chance * odds / (1 - chance + chance * odds), factor, unsure


def _gamma_prior(hits: Floats, expected: Floats) -> float:
    """Pseudo-coincidences of the accounts' gamma law, by the method of moments."""
    spread = float(((hits - expected) ** 2 - hits).sum() / max(float((expected**2).sum()), 1e-9))
    return float(np.clip(1 / max(spread, 1e-9), _LEAST_PRIOR, _MOST_PRIOR))


def recalibrated(chance: Floats, close: Bools, kept: Bools) -> Floats:
    """Chances of another, stricter `close`, as a logistic function of the log-odds of `chance`."""
    if not kept.any():
        return chance
    score = np.log(chance + 1e-300) - np.log1p(-np.minimum(chance, 1 - 1e-12))
    columns = np.stack([np.ones(len(score)), score], axis=1)
    return _logistic(columns @ ridge_logistic(columns[kept], close[kept].astype(float)))


def direction(trials: Trials, close: Bools, lead: Floats, both: Floats) -> Floats:
    """Chance that of two close posts the pair's first account made the earlier one, by how early both are.

    Half, to first order in the window; more where one of them is so early that its delay is no longer than the window.
    `close` marks the trials that teach it; `lead` and `both` are difference and sum of the accounts' earliness.
    """
    columns = np.stack([lead, lead**3, lead * both, lead * both**2], axis=1)
    if not close.any():
        return np.full(len(lead), 0.5)
    weights = ridge_logistic(columns[close], trials.upward[close].astype(float), constant=False)
    return _logistic(columns @ weights)


def ridge_logistic(columns: Floats, hit: Floats, ridge: float = 1.0, *, constant: bool = True) -> Floats:
    """Weights of a ridge logistic regression; the first column is the constant, if there is one, and is not penalised.

    Newton with step halving on standardised columns: plain Newton diverges where a few accounts explain nearly all.
    A tenth of many rows gives the start.
    """
    spread = columns.std(axis=0)
    spread[spread < 1e-9] = 1.0
    scaled = columns / spread
    penalty = np.full(len(spread), ridge)
    weights = np.zeros(len(spread))
    if constant:
        penalty[0] = 1e-9
        weights[0] = np.log((hit.mean() + 1e-6) / (1 - hit.mean() + 1e-6))
    if len(hit) > _FEW:
        weights = _newton(scaled[::10], hit[::10], weights, penalty)
    return np.asarray(_newton(scaled, hit, weights, penalty) / spread)


def _newton(columns: Floats, hit: Floats, weights: Floats, penalty: Floats) -> Floats:
    score = columns @ weights
    value = _likelihood(score, hit, weights, penalty)
    for _ in range(40):
        p = _logistic(score)
        curve = (columns * (p * (1 - p))[:, None]).T @ columns + np.diag(penalty)
        step = np.linalg.solve(curve, columns.T @ (hit - p) - penalty * weights)
        along, size = columns @ step, 1.0
        while (new := _likelihood(score + size * along, hit, weights + size * step, penalty)) < value and size > 1e-4:
            size /= 2
        if new < value:
            break
        weights, score, gain, value = weights + size * step, score + size * along, new - value, new
        if gain < _SETTLED:
            break
    return weights


def _likelihood(score: Floats, hit: Floats, weights: Floats, penalty: Floats) -> float:
    return float(hit @ score - np.logaddexp(0, score).sum() - (penalty * weights**2).sum() / 2)


def _logistic(score: Floats) -> Floats:
    return 1 / (1 + np.exp(-np.clip(score, -500, 500)))
