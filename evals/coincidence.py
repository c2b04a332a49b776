"""False alarms and power of the coincidence test on worlds whose truth is known.

    python evals/coincidence.py [--worlds 400] [--seed 1]

Each world is two series of as many events without any tie, over 3 years, with a window of a day, where nothing else is
said. Rates: constant; a shared season (yearly, from nothing to double); a shared rhythm of the week (working days) or
of the day (waking hours; window of 2 hours, 90 days); bursty (self-exciting, Hawkes: each event sets off half an event
on average, 1.5 days later; "long" 0.8 of an event, 5 days later); busy weeks that both series share. For power, the
given share of A's events sets off one of B's within the window; B keeps its number of events.

Printed: the share of worlds where the verdict is "more often", where p <= 0.05 (without the guard), where the p for
constant rates (Donges et al. 2016) is, with standard errors, and where the data cannot tell. p and the p for constant
rates are the greater ones of both directions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from allegedly.synchrony.coincidence import EventTimes, Question, coincidence
from allegedly.synchrony.event_times import DAY, Floats, Span

ALPHA = 0.05


class World(NamedTuple):
    """Two rates, and how they are asked about."""

    name: str
    a: str
    b: str
    window: float = DAY
    once_a_day: bool = False
    days: float = 1095


WORLDS = (
    World("constant", "constant", "constant"),
    World("shared season", "season", "season"),
    World("shared week", "week", "week"),
    World("shared day, window 2 h", "day", "day", DAY / 12, days=90),
    World("A bursty, B constant", "bursty", "constant"),
    World("A constant, B bursty", "constant", "bursty"),
    World("A bursty, B shared season", "bursty", "season"),
    World("both bursty (not covered)", "bursty", "bursty"),
    World("both bursty, once a day (not covered)", "bursty", "bursty", once_a_day=True),
    World("A long bursts, B shared season", "long", "season"),
    World("both long bursts (not covered)", "long", "long"),
    World("shared busy weeks (not covered by p)", "weeks", "weeks"),
)


def even(random: np.random.Generator, days: float, count: int) -> Floats:
    """Return `count` times at a constant rate."""
    return random.uniform(0, days, count)


def thinned(rate: Callable[[Floats], Floats]) -> Callable[[np.random.Generator, float, int], Floats]:
    """Return a maker of times at `rate` (0 to 1, of days)."""

    def make(random: np.random.Generator, days: float, count: int) -> Floats:
        times = np.empty(0)
        while len(times) < count:
            tried = random.uniform(0, days, 4 * count)
            times = np.r_[times, tried[random.random(4 * count) < rate(tried)]]
        return times[:count]

    return make


def bursty(offspring: float, later: float) -> Callable[[np.random.Generator, float, int], Floats]:
    """Return a maker of times of which each sets off `offspring` others on average, `later` days later (Hawkes)."""

    def make(random: np.random.Generator, days: float, count: int) -> Floats:
        times: list[float] = []
        while len(times) < count:
            queue = [random.uniform(0, days)]
            while queue:
                now = queue.pop()
                if now < days:
                    times.append(now)
                    queue += list(now + random.exponential(later, random.poisson(offspring)))
        return np.array(times[:count])

    return make


def busy_weeks(times: Floats) -> Floats:
    """One week in eight, the same for both series, has nine times the rate of the others."""
    return np.where((times // 7 * 7919) % 8 < 1, 1.0, 1 / 9)


RATES: dict[str, Callable[[np.random.Generator, float, int], Floats]] = {
    "constant": even,
    "season": thinned(lambda t: (1 + np.sin(2 * np.pi * t / 365)) / 2),
    "week": thinned(lambda t: np.where(t // 1 % 7 < 5, 1.0, 0.1)),
    "day": thinned(lambda t: np.where((t % 1 > 0.3) & (t % 1 < 0.9), 1.0, 0.05)),
    "bursty": bursty(0.5, 1.5),
    "long": bursty(0.8, 5.0),
    "weeks": thinned(busy_weeks),
}


def followed(random: np.random.Generator, a: Floats, b: Floats, share: float, window: float) -> Floats:
    """Return `b` with as many of its events replaced as a `share` of `a` sets off within `window` days."""
    cause = random.random(len(a)) < share
    effect = a[cause] + random.uniform(0, window, int(cause.sum()))
    return np.r_[random.permutation(b)[: max(len(b) - len(effect), 0)], effect]


def outcome(world: World, share: float, events: int, seed: int) -> tuple[bool, ...]:
    """Return for one world whether the verdict, p and the p of constant rates fire, and if the data cannot tell."""
    random = np.random.default_rng(seed)
    a, b = RATES[world.a](random, world.days, events), RATES[world.b](random, world.days, events)
    b = followed(random, a, b, share, world.window / DAY) if share else b
    question = Question(world.window, once_a_day=world.once_a_day, shuffles=0)
    found = coincidence(EventTimes.at(a * DAY, 0), EventTimes.at(b * DAY, 0), question, Span(0, world.days * DAY))
    assert found.p is not None and found.trigger and found.precursor
    constant = max(found.trigger.p_constant, found.precursor.p_constant)
    more, unknown = found.verdict == "more often", found.verdict == "the data cannot tell"
    return more, found.p <= ALPHA, constant <= ALPHA, unknown


def line(world: World, share: float, events: int, worlds: int, seed: int) -> str:
    """Return one row of the table."""
    outcomes = np.array([outcome(world, share, events, seed * 1_000_003 + n) for n in range(worlds)])
    means = outcomes.mean(axis=0)
    errors = np.sqrt(means * (1 - means) / len(outcomes))
    cells = " ".join(f"{m:9.3f} ± {e:.3f}" for m, e in zip(means[:3], errors[:3], strict=True))
    return f"{world.name:40} {events:6} {share:5.0%} {cells} {means[3]:12.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"{'world':40} {'events':>6} {'tied':>5} {'verdict':>17} {'p':>17} {'constant':>17} {'cannot tell':>12}")
    cells = [(0.0, 60, WORLDS), (0.0, 200, WORLDS)]
    cells += [(share, events, WORLDS[:7]) for share in (0.3, 0.5) for events in (10, 20)]
    for share, events, worlds in cells:
        for world in worlds:
            print(line(world, share, events, arguments.worlds, arguments.seed), flush=True)


if __name__ == "__main__":
    main()
