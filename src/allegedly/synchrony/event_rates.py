"""How likely an event of one series falls into a stretch of time by the series' own changing rate.

The rate is local and leaves the stretch itself out, so that what happened in it does not explain itself. Around a
stretch w of rhythm-weighted length W lies a neighbourhood of length E (without w) with n events. For a Poisson process
whose rate is the neighbourhood's rate times its rhythm of the week, the events in w and outside are independent, and
with Jeffreys' prior for the rate the chance that w stays empty is (E / (E + W)) ** (n + 1/2): the Poisson chance with
the rate's uncertainty in it (a negative binomial law; Gelman et al., Bayesian Data Analysis, ch. 2.6).

The rhythm is the product of a day-of-week factor and a three-hours-of-day factor (UTC), both counted from the same
series without w and drawn to 1 by one event.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from allegedly.synchrony.event_times import DAY, Floats, Ints, Runs, Span

Rhythm = Literal["none", "day", "week"]

_WEEK, _PART = 7 * DAY, DAY / 8
_LEAST_DAYS = {"day": 4.0, "week": 28.0}
"""Days of observation below which a rhythm cannot be told from anything else."""
_NEIGHBOURS = 10.0
"""Events that a neighbourhood should hold on average."""
_MUCH_WIDER = 10.0
"""Least bandwidth, in windows."""


def default_bandwidth(events: int, width: float, span: Span) -> float:
    """Return the seconds around a stretch that tell its rate: 10 windows, or more until 10 events lie there."""
    return max(_MUCH_WIDER * width, _NEIGHBOURS / 2 * span.length / max(events, 1))


class _Seen(NamedTuple):
    """What tells the chance of a stretch: its weight (seconds), that of what lies around it, and the events there."""

    weight: Floats
    around: Floats
    events: Ints

    def chances(self, prior: Floats | float = 0.5) -> Floats:
        """At least one event in the stretch, where the rate's prior is worth `prior` events."""
        return np.asarray(1.0 - (self.around / (self.around + self.weight)) ** (self.events + prior))


def chances(stretches: Runs, times: Floats, span: Span, bandwidth: float, rhythm: Rhythm) -> Floats:
    """Return for each of the `stretches` how likely at least one event falls into it, from `times` outside it alone.

    `times` are sorted seconds within `span`, and `bandwidth` is in seconds; the result lies in (0, 1].
    """
    return _seen(stretches, times, span, bandwidth, _profiles(stretches, times, span, rhythm)).chances()


def guarded(stretches: Runs, times: Floats, span: Span, bandwidths: tuple[float, float], rhythm: Rhythm) -> Floats:
    """Return the same for a rate that changes fast: taken from the smaller of both `bandwidths` (seconds).

    So little time holds few events, and the prior's half event would be most of the rate where events are rare: there
    it is as many as the greater bandwidth lets expect, so that an empty neighbourhood has the rate of the wider one.
    """
    profile = _profiles(stretches, times, span, rhythm)
    near, wide = (_seen(stretches, times, span, bandwidth, profile) for bandwidth in sorted(bandwidths))
    rate = (wide.events + 0.5) / np.maximum(wide.around, 1e-9)
    return near.chances(np.clip(rate * near.around, 1e-12, 0.5))  # above 0: with nothing around, all is possible


def _seen(stretches: Runs, times: Floats, span: Span, bandwidth: float, profile: Floats) -> _Seen:
    start, end = stretches.start, stretches.end
    left, right = np.maximum(start - bandwidth, span.start), np.minimum(end + bandwidth, span.end)
    weight = _integral(profile, start, end)
    around = np.maximum(_integral(profile, left, right) - weight, 0.0)
    return _Seen(weight, around, _count(times, left, right) - _count(times, start, end))


def _count(times: Floats, start: Floats, end: Floats) -> Ints:
    return np.searchsorted(times, end, "right") - np.searchsorted(times, start, "left")


def _profiles(stretches: Runs, times: Floats, span: Span, rhythm: Rhythm) -> Floats:
    """Return each stretch's rhythm without itself: (stretches, 56) factors, for every three hours of the UTC week."""
    days, parts = np.ones((len(stretches.start), 7)), np.ones((len(stretches.start), 8))
    if rhythm != "none" and span.length >= _LEAST_DAYS["day"] * DAY:
        parts = _factors(stretches, times, span, DAY, 8)
    if rhythm == "week" and span.length >= _LEAST_DAYS["week"] * DAY:
        days = _factors(stretches, times, span, _WEEK, 7)
    return (days[:, :, None] * parts[:, None, :]).reshape(-1, 56)


def _factors(stretches: Runs, times: Floats, span: Span, period: float, bins: int) -> Floats:
    """Return events over what an even rate gives, for each of the `bins` of a `period`, without each stretch's own."""
    phase = (times % period // (period / bins)).astype(np.int64)
    own = np.zeros((len(stretches.start), bins))
    run = np.searchsorted(stretches.start, times, "right") - 1
    held = (run >= 0) & (times <= stretches.end[np.maximum(run, 0)])
    np.add.at(own, (run[held], phase[held]), 1.0)
    counts = np.bincount(phase, minlength=bins) - own
    whole = _exposure(np.array([span.start]), np.array([span.end]), period, bins)
    exposure = np.maximum(whole - _exposure(stretches.start, stretches.end, period, bins), 1e-9)
    even = counts.sum(axis=1, keepdims=True) * exposure / exposure.sum(axis=1, keepdims=True)
    return np.asarray((counts + 1.0) / (even + 1.0))


def _exposure(start: Floats, end: Floats, period: float, bins: int) -> Floats:
    """Return the seconds from `start` to `end` that lie in each of the `bins` of every `period`."""
    width = period / bins
    edges = np.arange(bins) * width

    def until(t: Floats) -> Floats:
        return np.asarray((t // period)[:, None] * width + np.clip((t % period)[:, None] - edges, 0.0, width))

    return until(end) - until(start)


def _integral(profile: Floats, start: Floats, end: Floats) -> Floats:
    """Return the integral of each row's weekly `profile` from `start` to `end`, in seconds."""
    rows = np.arange(len(profile))
    sums = np.c_[np.zeros(len(profile)), np.cumsum(profile, axis=1)] * _PART

    def until(t: Floats) -> Floats:
        at = np.minimum((t % _WEEK // _PART).astype(np.int64), 55)
        return np.asarray(t // _WEEK * sums[:, -1] + sums[rows, at] + profile[rows, at] * (t % _WEEK - at * _PART))

    return until(end) - until(start)
