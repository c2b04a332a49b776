"""The exact law of how many independent trials of unlike chances hit (Poisson-binomial), and what follows from it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from allegedly.synchrony.event_times import Floats


def law(chance: Floats) -> Floats:
    """Return P(0 hits), … P(all hit): the Poisson-binomial law, by recursion over trials, which subtracts nothing."""
    mass = np.zeros(len(chance) + 1)
    mass[0] = 1.0
    for done, p in enumerate(chance):
        mass[1 : done + 2] = mass[1 : done + 2] * (1.0 - p) + mass[: done + 1] * p
        mass[0] *= 1.0 - p
    return mass


def tail(chance: Floats, hits: int) -> float:
    """Return P(at least `hits` trials hit)."""
    return min(float(law(chance)[hits:].sum()), 1.0)


def binomial_tail(tries: int, chance: float, hits: int) -> float:
    """Return P(Binomial(`tries`, `chance`) >= `hits`)."""
    return tail(np.full(tries, chance), hits)


def power(chance: Floats, alternative: Floats, alpha: float) -> float:
    """Return how likely a test at `alpha` of the null `chance` fires where trials have the `alternative` chances."""
    tails = np.cumsum(law(chance)[::-1])[::-1]
    needed = int(np.argmax(tails <= alpha)) if (tails <= alpha).any() else len(tails)
    return min(float(law(alternative)[needed:].sum()), 1.0)


def multiplied(chance: Floats, factor: float) -> Floats:
    """Return the chances of at least one event where the rate is `factor` times that behind `chance`."""
    return np.asarray(1.0 - (1.0 - chance) ** factor)


def factor_interval(chance: Floats, hits: int, confidence: float) -> tuple[float, float]:
    """Return the bounds of the factor on the rate that `hits` agree with, by inverting both exact tails.

    Clopper and Pearson's construction (1934) for unlike chances. Bounds beyond 1e-4 and 1e4 become 0 and infinity.
    """
    side = (1.0 - confidence) / 2
    low = _crossing(lambda factor: tail(multiplied(chance, factor), hits) > side) if hits else 0.0
    if hits == len(chance):
        return low, float("inf")
    return low, _crossing(lambda factor: 1.0 - tail(multiplied(chance, factor), hits + 1) < side)


def _crossing(above: Callable[[float], bool]) -> float:
    """Return where `above` turns from false to true, on a log scale from 1e-4 to 1e4."""
    low, high = -4.0, 4.0
    if above(10**low):
        return 0.0
    if not above(10**high):
        return float("inf")
    for _ in range(28):
        middle = (low + high) / 2
        low, high = (low, middle) if above(10**middle) else (middle, high)
    return float(10 ** ((low + high) / 2))
