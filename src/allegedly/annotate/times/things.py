"""Readings counted from something that happened: "two days after the blast", "the night of the vote"."""

from __future__ import annotations

from datetime import date, timedelta

from allegedly.annotate.times.counted import read_counted, read_duration
from allegedly.annotate.times.frame import (
    CLOCK_UNITS,
    NUMBERS,
    PUBLICATION,
    Frame,
    Reading,
    moved,
    number_of,
    reading,
    story_base,
)
from allegedly.annotate.times.grammar import Match
from allegedly.annotate.times.timex import shift, unit_value

_SINGULAR = {"D": 3, "W": 4, "M": 5, "Y": 4}
"""Letters of a unit's singular."""
_DAYS = {"D": 1, "W": 7, "FN": 14}


def days_after(match: Match) -> float | None:
    """Return how many days after the thing it counts from `match` says something was; None where that is not sure."""
    unit, count = match.first("U"), number_of(match.all(NUMBERS)) if match.first(NUMBERS) else 1
    if unit is None or count is None or unit.value not in _DAYS or _is_plural_beside(match):
        return None
    return _sign(match) * count * _DAYS[unit.value]


def _sign(match: Match) -> int:
    return -1 if match.words[-1].code == "b" else 1


def _side(match: Match) -> str:
    return "before" if match.words[-1].code == "b" else "after"


def _is_day(told: Reading | None) -> bool:
    return told is not None and told.value[:10] == told.start[:10] != ""


def _base(frame: Frame, unit: str) -> tuple[date | None, str]:
    """Return the day that what happened is told to have been on, else the story's, and the anchor."""
    if frame.thing is None:
        return story_base(frame, unit)
    return _middle(frame.thing), f"story:{frame.thing.value}"


def _middle(told: Reading) -> date:
    first, last = date.fromisoformat(told.start[:10]), date.fromisoformat(told.end[:10])
    return first if _is_day(told) else first + (last - first) / 2


def read_count_thing(match: Match, frame: Frame) -> Reading | None:
    """ "Two days after the blast". What explains a day is that day; what counts from no known day is a duration."""
    if not match.after:
        return read_counted(match, frame)
    unit, count = match.first("U"), number_of(match.all(NUMBERS))
    if frame.beside is not None and _is_day(frame.beside):
        return reading(frame.beside.value[:10], f"story:{frame.beside.value[:10]}; same day")
    if unit is None or count is None or frame.thing is None:
        return read_duration(match, frame)
    value = moved(_middle(frame.thing), _sign(match) * count, unit.value)
    whole = value if _is_day(frame.thing) else value[: max(4, len(frame.thing.value[:7]))]
    return reading(whole, f"story:{frame.thing.value}; counted {_side(match)}")


def read_beside(match: Match, frame: Frame) -> Reading | None:
    """ "The day after the blast", "the week before", "the days after"."""
    unit = match.first("U")
    if unit is None or unit.value in CLOCK_UNITS:
        return None
    base, anchor = _base(frame, unit.value)
    if base is None or (anchor == PUBLICATION and match.after[:1] in ("T", "A", "_") and match.after):
        return None
    if _is_plural_beside(match):
        return _days_beside(unit.value, base, match, anchor, frame)
    sign = _sign(match)
    value = unit_value(base, sign, unit.value) if unit.value != "FN" else shift(base, 2 * sign, "W")
    return reading(value, f"{anchor}; {_side(match)}")


def _is_plural_beside(match: Match) -> bool:
    unit = match.first("U")
    return unit is not None and not match.first(NUMBERS) and unit.end - unit.start > _SINGULAR.get(unit.value, 99)


def _days_beside(unit: str, base: date, match: Match, anchor: str, frame: Frame) -> Reading:
    """ "The days after" reach from the next day to publication at the latest; "the days before" have no beginning."""
    start, end = base + timedelta(1), frame.published
    if _sign(match) > 0 and end is not None and start <= end:
        return Reading(f"PX{unit}", start.isoformat(), end.isoformat(), f"{anchor}; after")
    return Reading(f"PX{unit}", "", "", f"{anchor}; {_side(match)}")


def read_part_beside(match: Match, frame: Frame) -> Reading | None:
    """ "The morning after the vote", "the night before"."""
    part, (base, anchor) = match.first("S"), _base(frame, "D")
    if part is None or base is None or (anchor == PUBLICATION and match.after):
        return None
    return reading(f"{(base + timedelta(_sign(match))).isoformat()}T{part.value}", f"{anchor}; {_side(match)}")


def read_shortly(match: Match, frame: Frame) -> Reading | None:
    """ "Shortly after the blast", "soon thereafter": the same day, as far as one knows."""
    base, anchor = _base(frame, "D")
    if base is None or anchor == PUBLICATION or not (frame.near or frame.thing):
        return None
    return reading(base.isoformat(), f"{anchor}; shortly {_side(match)}")
