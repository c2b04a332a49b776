"""Times of events that own up to what their clock cannot tell, and which of them fall near others for sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400.0
_CLOCKS = (86_400, 3600, 1800, 900, 600, 300, 60, 1)
"""Seconds between the ticks of clocks that people use."""


class Span(NamedTuple):
    """From when to when both series were watched, in seconds."""

    start: float
    end: float

    @property
    def length(self) -> float:
        """Seconds."""
        return self.end - self.start


class Offsets(NamedTuple):
    """How many seconds after an event another one is near it; below 0 is before it. `low` < `high`."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """Seconds."""
        return self.high - self.low

    def turned(self) -> Offsets:
        """The same nearness seen from the other event."""
        return Offsets(-self.high, -self.low)


@dataclass(frozen=True, slots=True)
class EventTimes:
    """Events in order of their middles. Each happened at some instant from `start` to `end` (seconds, closed)."""

    start: Floats
    end: Floats

    @classmethod
    def between(cls, intervals: Iterable[tuple[float, float]]) -> EventTimes:
        """Events known by first and last possible instant, as `before.event_interval` gives them.

        Raises ValueError where an end is before its start, or a bound is not a finite number.
        """
        bounds = np.array(list(intervals), dtype=float).reshape(-1, 2)
        if not np.isfinite(bounds).all() or (bounds[:, 1] < bounds[:, 0]).any():
            raise ValueError("every event needs a finite first instant and a last one that is not before it")
        bounds = bounds[np.lexsort((bounds[:, 0], bounds.sum(axis=1)))]
        return cls(bounds[:, 0], bounds[:, 1])

    @classmethod
    def at(cls, times: Sequence[float], grain: float | None = None) -> EventTimes:
        """Events at `times`, each true to within the `grain` seconds after it; 0 where the times are exact.

        Without `grain` it is the coarsest clock that shows all of `times`: whole minutes are minutes, not instants.
        """
        step = clock(times) if grain is None else grain
        return cls.between((float(t), float(t) + step) for t in times)

    @property
    def middle(self) -> Floats:
        """The middle of each event's interval."""
        return (self.start + self.end) / 2

    def __len__(self) -> int:
        return len(self.start)

    def within(self, span: Span) -> EventTimes:
        """The events whose middle lies in `span`."""
        return self[(self.middle >= span.start) & (self.middle <= span.end)]

    def once_a_day(self, zone: float = 0.0) -> EventTimes:
        """The first event of each day of the clock that is `zone` hours ahead of UTC."""
        days = np.floor((self.start + zone * 3600) / DAY)
        order = np.lexsort((self.start, days))
        first = np.zeros(len(self), dtype=bool)
        first[order[np.r_[True, np.diff(days[order]) > 0][: len(order)]]] = True
        return self[first]

    def moved(self, seconds: Floats) -> EventTimes:
        """The events, each moved by its `seconds`."""
        start, end = self.start + seconds, self.end + seconds
        order = np.argsort(start + end, kind="stable")
        return EventTimes(start[order], end[order])

    def __getitem__(self, chosen: Bools) -> EventTimes:
        return EventTimes(self.start[chosen], self.end[chosen])


def clock(times: Sequence[float]) -> float:
    """Return the seconds between ticks of the coarsest usual clock that shows all `times`; 0 for parts of a second."""
    seen = np.unique(np.asarray(times, dtype=float))
    if len(seen) < 2:
        return 1.0
    gaps = np.diff(seen)
    return next((float(step) for step in _CLOCKS if not (gaps % step).any()), 0.0)


def near(reference: EventTimes, other: EventTimes, offsets: Offsets) -> tuple[Bools, Bools]:
    """Say for each `reference` event whether an `other` one is near it: for sure, and possibly.

    Sure means wherever in their intervals both happened; possible means somewhere in them. What is sure is possible.
    """
    if not len(other):
        nothing = np.zeros(len(reference), dtype=bool)
        return nothing, nothing
    order = np.argsort(other.start, kind="stable")
    starts, ends = other.start[order], other.end[order]
    least_end = np.r_[np.minimum.accumulate(ends[::-1])[::-1], np.inf]  # of all that start no earlier
    sure = least_end[np.searchsorted(starts, reference.end + offsets.low)] <= reference.start + offsets.high
    begun = np.searchsorted(starts, reference.end + offsets.high, "right")
    gone = np.searchsorted(np.sort(ends), reference.start + offsets.low)
    return sure, begun > gone


class Runs(NamedTuple):
    """Stretches of time near one reference event, or near several whose windows touch: one trial each, in order."""

    start: Floats
    end: Floats
    run: Ints
    """The run that each reference event belongs to; -1 where its window lies outside the span."""

    def any(self, events: Bools) -> Bools:
        """Say for each run whether any of its reference `events` is true."""
        found = np.zeros(len(self.start), dtype=bool)
        found[self.run[events & (self.run >= 0)]] = True
        return found


def runs(reference: EventTimes, offsets: Offsets, span: Span) -> Runs:
    """Join the windows around the middles of the `reference` events where they touch, cut to `span`."""
    start = np.maximum(reference.middle + offsets.low, span.start)
    end = np.minimum(reference.middle + offsets.high, span.end)
    inside = end > start
    new = np.ones(int(inside.sum()), dtype=bool)
    new[1:] = start[inside][1:] > end[inside][:-1]
    run = np.full(len(reference), -1, dtype=np.int64)
    run[inside] = np.cumsum(new) - 1
    return Runs(start[inside][new], end[inside][np.r_[new[1:], True][: len(new)]], run)
