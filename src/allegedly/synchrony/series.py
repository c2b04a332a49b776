"""Series of events to compare: a table with a column of times, or the events of one type in a ledger.

Each event is an interval of whole seconds, as wide as its time is written and as the series' clock ticks: a day is 24
hours, and a time without a zone lies up to 14 hours earlier or 12 later in UTC, unless its zone is given. What is known
only by month or year is left out and counted.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import duckdb

from allegedly.errors import AllegedlyError
from allegedly.link.clock import ZONES_EAST, ZONES_WEST, Interval, interval
from allegedly.read._dates import iso_utc
from allegedly.synchrony.before import event_interval
from allegedly.synchrony.coactivity.files import Files
from allegedly.synchrony.event_times import EventTimes, Span, clock

TOLD = ("fact", "claimed")
"""Statuses of events that somebody says have happened."""
_COARSE = ("month", "year", "unknown")
_DAY = 86_400
_WIDEST = 27 * _DAY
"""Seconds from which on an event is known by month only."""
_EPOCHS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From this count on, a number is in units of so many a second, as in `coactivity.times`."""
_FIRST, _LAST = -62_135_596_800, 253_402_300_800
"""Seconds of the years 1 and 10000: beyond them a number is no time."""


class Known(NamedTuple):
    """When an event happened, and whether its zone is known."""

    when: Interval
    zoned: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Events of one kind. `ids` name those of a ledger, one each."""

    name: str
    events: Sequence[Known]
    ids: Sequence[str] = ()
    problems: Counter[str] = field(default_factory=Counter)

    def times(self) -> EventTimes:
        """The events' intervals; each reaches to the end of its last second."""
        return EventTimes.between((when.start, when.end + 1) for when, _ in self.events)

    def widths(self) -> tuple[int, int] | None:
        """The fewest and the most seconds that an event's time leaves open; None without events."""
        widths = [when.end + 1 - when.start for when, _ in self.events]
        return (min(widths), max(widths)) if widths else None

    @property
    def unzoned(self) -> int:
        """Events whose zone is not known."""
        return sum(not zoned for _, zoned in self.events)

    def without(self, ids: Collection[str]) -> Series:
        """The series without the events called `ids`."""
        kept = [at for at, ident in enumerate(self.ids) if ident not in ids]
        return replace(self, events=[self.events[at] for at in kept], ids=[self.ids[at] for at in kept])


def placed(found: Interval, zone: float | None) -> Known:
    """Narrow the interval of a time without a zone to the clock that is `zone` hours ahead of UTC, if it is given."""
    if zone is None:
        return Known(found, False)
    ahead = round(zone * 3600)
    return Known(Interval(found.start + ZONES_EAST - ahead, found.end - ZONES_WEST - ahead), True)


def stated_span(first: str, last: str, zone: float) -> Span | None:
    """Return the span from the start of `first` to the end of `last`, ISO dates or times; None if they are none."""
    bounds = [_stated(text, zone) for text in (first, last)]
    if bounds[0] is None or bounds[1] is None:
        return None
    return Span(bounds[0].when.start, bounds[1].when.end + 1)


def _stated(text: str, zone: float | None) -> Known | None:
    iso, grain = iso_utc(text.strip())
    found = interval(iso, grain) if iso else None
    if found is None:
        return None
    return Known(found, True) if _zoned(iso) else placed(found, zone)


def _zoned(iso: str) -> bool:
    return bool(re.search(r"T.*(Z|[+-]\d\d:?\d\d)$", iso))


# ---------------------------------------------------------------- tables


def read_series(path: Path, zone: float | None = None) -> Series:
    """Read the column of times of a table (CSV, TSV or Parquet), by its usual names; a row is an event.

    Raises AllegedlyError where there is no such column, or the file is no table.
    """
    files = Files([path], ["time"])
    stated = [str(text or "") for text in files.columns("coalesce(\"time\", '') AS stated")["stated"]]
    files.count_broken()
    counts = _counts(stated)
    found = [
        _at(number) if counts and (number := _number(text)) is not None else _stated(text, zone) for text in stated
    ]
    events = [one for one in found if one is not None]
    files.count("rows with a time that cannot be read were left out", len(found) - len(events))
    kept = [one for one in events if _fine(one.when)]
    files.count("rows with no more than a month or a year were left out", len(events) - len(kept))
    return Series(path.name, _ticked(kept), (), files.problems)


def _fine(when: Interval) -> bool:
    return when.end - when.start < _WIDEST


def _counts(stated: Sequence[str]) -> bool:
    """Say whether a column holds counts since 1970: mostly numbers, and not all of them days (20310506) or years."""
    numbers = [text for text in stated if _number(text) is not None]
    some = 2 * len(numbers) > sum(bool(text.strip()) for text in stated)
    return some and not all(re.fullmatch(r"(19|20)\d\d([01]\d[0-3]\d)?", text.strip()) for text in numbers)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and "_" not in text else None


def _at(count: float) -> Known | None:
    unit = next((unit for least, unit in _EPOCHS if abs(count) >= least), 1.0)
    second = math.floor(count / unit)
    return Known(Interval(second, second), True) if _FIRST < second < _LAST else None


def _ticked(events: Sequence[Known]) -> list[Known]:
    """Widen instants to the tick of the coarsest clock that shows them all: whole minutes are minutes, not instants."""
    widths = [one.when.end + 1 - one.when.start - (0 if one.zoned else ZONES_EAST + ZONES_WEST) for one in events]
    shown = [one.when.start for one, width in zip(events, widths, strict=True) if width < _DAY]
    tick = int(clock(shown))
    return [
        Known(Interval(one.when.start, one.when.end + max(0, tick - width)), one.zoned)
        for one, width in zip(events, widths, strict=True)
    ]


# ---------------------------------------------------------------- ledger

_OF_TYPE = """
SELECT v.id, v.start, v."end", v.status FROM events v
WHERE upper(v.type) = upper($kind) OR v.id IN (
  SELECT l.event FROM event_links l JOIN document_events e ON e.id = l.document_event
  WHERE lower(e.other_type) = lower($kind)
) ORDER BY v.id
"""
_TYPES = """
SELECT kind, count(DISTINCT event) AS events FROM (
  SELECT type AS kind, id AS event FROM events
  UNION ALL SELECT e.other_type, l.event FROM event_links l JOIN document_events e ON e.id = l.document_event
) WHERE kind <> '' GROUP BY kind ORDER BY events DESC, kind
"""


class _Dates(NamedTuple):
    start: str
    end: str


def ledger_series(con: duckdb.DuckDBPyConnection, kind: str, zone: float | None = None) -> Series:
    """Return a ledger's linked events of a PLOVER type, or of a plain type where PLOVER has none, each once.

    Their days are those that most tellings give. Events that nobody says have happened, that some deny, and those
    without a day are left out and counted. Raises AllegedlyError where the ledger has no event of that type.
    """
    rows = con.execute(_OF_TYPE, {"kind": kind}).fetchall()
    if not rows:
        raise AllegedlyError(f"it holds no events of type {kind!r}; {types_told(con)}")
    told = [
        (ident, _when(_Dates(start or "", end or ""), zone)) for ident, start, end, status in rows if status in TOLD
    ]
    kept = [(ident, one) for ident, one in told if one is not None and _fine(one.when)]
    problems = Counter(
        {
            "events that are only planned, supposed, denied or disputed were left out": len(rows) - len(told),
            "events without a day were left out": len(told) - len(kept),
        }
    )
    return Series(kind, [one for _, one in kept], [ident for ident, _ in kept], +problems)


def types_told(con: duckdb.DuckDBPyConnection) -> str:
    """Say which types of events a ledger holds."""
    found = [f"{kind} {count:,}" for kind, count in con.execute(_TYPES).fetchall()]
    return f"types of events here: {', '.join(found[:40])}" if found else "it holds no events at all"


def _when(dates: _Dates, zone: float | None) -> Known | None:
    found = event_interval(dates)
    if found is None:
        return None
    return Known(found, True) if all(_zoned(date) for date in dates if date) else placed(found, zone)
