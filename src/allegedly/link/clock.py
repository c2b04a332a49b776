"""When a document came out, as an interval that owns up to what its clock cannot tell."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

_GRAINS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
ZONES_EAST, ZONES_WEST = 14 * 3600, 12 * 3600
"""A time without a zone may be up to 14 hours ahead of UTC or 12 behind it."""


class Interval(NamedTuple):
    """First and last instant, in seconds since 1970 UTC, at which something may have happened."""

    start: int
    end: int

    def before(self, other: Interval) -> bool:
        """True when this one certainly came first."""
        return self.end < other.start


def interval(published_at: str, grain: str) -> Interval | None:
    """Return the interval of a publication time (ISO 8601), or None when nothing usable is known."""
    try:
        stamp = datetime.fromisoformat(published_at)
    except ValueError:
        return _coarse(published_at)
    if grain in ("month", "year"):
        return _coarse(published_at[: 4 if grain == "year" else 7])
    aware = stamp.tzinfo is not None
    first = _seconds(stamp if aware else stamp.replace(tzinfo=UTC))
    last = first + _GRAINS.get(grain, 1) - 1
    return Interval(first, last) if aware else Interval(first - ZONES_EAST, last + ZONES_WEST)


def _coarse(value: str) -> Interval | None:
    """A month (``2023-01``) or a year (``2023``)."""
    try:
        year, _, month = value.partition("-")
        first = date(int(year), int(month or 1), 1)
        following = date(first.year + 1, 1, 1) if not month else (first + timedelta(days=32)).replace(day=1)
    except (ValueError, OverflowError):
        return None
    midnights = [_seconds(datetime(d.year, d.month, d.day, tzinfo=UTC)) for d in (first, following)]
    return Interval(midnights[0] - ZONES_EAST, midnights[1] - 1 + ZONES_WEST)


def _seconds(stamp: datetime) -> int:
    return int((stamp - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds())


def day_distance(a: tuple[str, str], b: tuple[str, str]) -> int | None:
    """Return how many days lie between two day intervals (ISO ``start``, ``end``); 0 when they touch."""
    try:
        (a0, a1), (b0, b1) = ([date.fromisoformat(x[:10]).toordinal() for x in pair] for pair in (a, b))
    except ValueError:
        return None
    return max(0, b0 - a1, a0 - b1)
