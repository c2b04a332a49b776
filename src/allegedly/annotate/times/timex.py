"""TIMEX3 values (TimeML 1.2.1) and the closed intervals they stand for."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

PARTS = {
    "MO": ("06:00", "11:59"),
    "MI": ("12:00", "12:59"),
    "AF": ("12:00", "17:59"),
    "EV": ("18:00", "23:59"),
    "NI": ("20:00", "05:59"),
    "DT": ("08:00", "17:59"),
}
"""Hours of the parts of a day. A night ends on the next morning."""
SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 2)}
"""Months of the seasons, as weather offices of the northern hemisphere count them."""

_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?:T(.+))?")
_WEEK = re.compile(r"(\d{4})-W(\d\d)(-WE)?")
_PERIOD = re.compile(r"(\d{4})-(?:Q([1-4])|H([12])|(SP|SU|FA|WI)|(\d\d))")
_YEARS = re.compile(r"(\d{2,4})(X{0,2})")


def interval(value: str) -> tuple[str, str]:
    """Return the first and the last day or minute of a TIMEX3 `value`, or two empty strings where it has none.

    ``a/b`` is the interval from the start of `a` to the end of `b`.
    """
    if "/" in value:
        first, last = value.split("/", 1)
        return interval(first)[0], interval(last)[1]
    try:
        return _interval(value)
    except (ValueError, OverflowError):
        return "", ""


def _interval(value: str) -> tuple[str, str]:
    if found := _DAY.fullmatch(value):
        return _of_day(found[1], found[2])
    if found := _WEEK.fullmatch(value):
        return _of_week(int(found[1]), int(found[2]), bool(found[3]))
    if found := _PERIOD.fullmatch(value):
        return _of_months(int(found[1]), *_months(found))
    if (found := _YEARS.fullmatch(value)) and len(value) == 4:
        low, high = found[1] + "0" * len(found[2]), found[1] + "9" * len(found[2])
        return f"{max(int(low), 1):04}-01-01", f"{high}-12-31"
    return "", ""


def _of_day(day: str, time: str | None) -> tuple[str, str]:
    date.fromisoformat(day)
    if time is None:
        return day, day
    if time not in PARTS:
        return f"{day}T{time}", f"{day}T{time}"
    first, last = PARTS[time]
    end = (date.fromisoformat(day) + timedelta(1)).isoformat() if last < first else day
    return f"{day}T{first}", f"{end}T{last}"


def _of_week(year: int, week: int, weekend: bool) -> tuple[str, str]:
    monday = date.fromisocalendar(year, week, 1)
    return (monday + timedelta(5 if weekend else 0)).isoformat(), (monday + timedelta(6)).isoformat()


def _months(found: re.Match[str]) -> tuple[int, int]:
    quarter, half, season, month = found.groups()[1:]
    if quarter:
        return int(quarter) * 3 - 2, int(quarter) * 3
    if half:
        return int(half) * 6 - 5, int(half) * 6
    return SEASONS[season] if season else (int(month), int(month))


def _of_months(year: int, first: int, last: int) -> tuple[str, str]:
    until = year + (last < first)
    return date(year, first, 1).isoformat(), date(until, last, monthrange(until, last)[1]).isoformat()


def week_of(day: date) -> str:
    """Return the ISO week of `day` as a TIMEX3 value."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def add_months(day: date, months: int) -> date:
    """Return `day` moved by `months`; the 31st becomes the last day of a shorter month.

    Raises ValueError outside the years 1 to 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise ValueError("outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def shift(day: date, count: float, unit: str) -> str:
    """Return the value of the day, week, month or year that lies `count` of `unit` from `day` (negative: before).

    The value is as coarse as the unit: days and weeks give a day, months and quarters a month, years a year.
    """
    if unit in ("D", "W"):
        return (day + timedelta(round(count * (7 if unit == "W" else 1)))).isoformat()
    if unit in ("M", "Q"):
        return add_months(day, round(count * (3 if unit == "Q" else 1))).isoformat()[:7]
    years = round(count * {"Y": 1, "DE": 10, "CE": 100}[unit])
    return f"{add_months(day, years * 12).year:04}"


def unit_value(day: date, count: int, unit: str) -> str:
    """Return the value of the whole `unit` that lies `count` units from the one `day` is in ("last week": -1)."""
    if unit == "D":
        return (day + timedelta(count)).isoformat()
    if unit in ("W", "WE"):
        return week_of(day + timedelta(7 * count)) + ("-WE" if unit == "WE" else "")
    if unit == "M":
        return add_months(day, count).isoformat()[:7]
    if unit == "Q":
        then = add_months(day, 3 * count)
        return f"{then.year:04}-Q{(then.month + 2) // 3}"
    if unit == "Y":
        return f"{add_months(day, 12 * count).year:04}"
    return f"{day.year // 10 + count:03}X" if unit == "DE" else f"{day.year // 100 + count:02}XX"


def holiday(rule: str, year: int) -> date:
    """Return the day of a holiday in `year`.

    `rule` is ``MM-DD``, ``E+n`` (days from Easter), or ``MM-Wd-n`` with ISO weekday `d`, its number in the month (``L``
    for the last) and perhaps ``+n`` days.
    """
    if rule.startswith("E"):
        return easter(year) + timedelta(int(rule[1:]))
    month, _, rest = rule.partition("-")
    if not rest.startswith("W"):
        return date(year, int(month), int(rest))
    weekday, (number, _, after) = int(rest[1]), rest[3:].partition("+")
    first = date(year, int(month), 1)
    day = first + timedelta((weekday - first.isoweekday()) % 7)
    weeks = 4 if number == "L" and (day + timedelta(28)).month == day.month else 3 if number == "L" else int(number) - 1
    return day + timedelta(7 * weeks + int(after or 0))


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian `year` (Meeus, Jones and Butcher)."""
    golden, (century, part) = year % 19, divmod(year, 100)
    leap, rest = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    quarter, left = divmod(part, 4)
    sunday = (32 + 2 * rest + 2 * quarter - moon - left) % 7
    months = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * months + 114, 31)
    return date(year, month, day + 1)
