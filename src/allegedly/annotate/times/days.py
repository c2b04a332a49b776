"""Readings that name a day, a part of a day or a clock time."""

from __future__ import annotations

import re
from calendar import isleap
from datetime import date, timedelta

from allegedly.annotate.times.frame import (
    EXPLICIT,
    PUBLICATION,
    Frame,
    Reading,
    days_from,
    full_day,
    reading,
)
from allegedly.annotate.times.grammar import Match
from allegedly.annotate.times.timex import holiday, week_of
from allegedly.annotate.times.tokens import Word


def day_of(match: Match, frame: Frame) -> tuple[str, str]:
    """Return ``(value, anchor)`` of the day that the words of `match` name."""
    if numeric := match.first("I"):
        return _numeric(numeric.value), EXPLICIT
    if month := match.first("Mm"):
        return month_day(match, month, frame)
    if "d/d" in match.codes:
        return slash_day(match, frame)
    if holiday := match.first("J"):
        return _holiday(holiday.value, match, frame)
    if deictic := match.first("D"):
        return days_from(frame.published, int(deictic.value), "D"), PUBLICATION
    weekday = match.first("W")
    if weekday is None:
        raise ValueError("names no day")
    if match.first("#d"):
        return _weekday_number(int(weekday.value), _day_number(match), frame)
    return _weekday(int(weekday.value), match.first("x") or match.first("lh"), frame)


def _numeric(text: str) -> str:
    """Return the day of a numeric date: ISO, day.month.year, or month/day/year unless the month is above 12."""
    one, two, three = (int(n) for n in re.findall(r"\d+", text)[:3])
    if re.match(r"\d{4}", text):
        clock = text.partition("T")[2]
        return full_day(one, two, three) + (f"T{clock[:5]}" if clock else "")
    year = three if three > 99 else three + (2000 if three < 40 else 1900)
    first_is_day = "." in text or one > 12
    return full_day(year, two, one) if first_is_day else full_day(year, one, two)


def slash_day(match: Match, frame: Frame) -> tuple[str, str]:
    """Return the day of "5/12", month first unless that cannot be. "9/11" is a name more often than a day."""
    at = match.codes.index("d/d")
    month, day = int(match.words[at].value), int(match.words[at + 2].value)
    if month > 12:
        month, day = day, month
    if (month, day) == (9, 11) and not match.first("W"):
        raise ValueError("names what happened")
    if year := match.first("y"):
        return full_day(int(year.value), month, day), EXPLICIT
    base, ahead = frame.published, match.first("x") is not None
    if base is None:
        return f"XXXX-{month:02}-{day:02}", EXPLICIT
    if match.first("h"):
        return full_day(base.year, month, day), f"{PUBLICATION}; year"
    return _nearest(month, day, base, 1 if ahead else frame.tense), f"{PUBLICATION}; year"


def read_day_number(match: Match, frame: Frame) -> Reading | None:
    """ "On the 18th": of the month that suits the tense."""
    number, base = match.first("#"), frame.published
    if number is None or number.end - number.start != len(number.value) + 2:  # "on the third, he fell"
        return None
    if base is None:
        return Reading(f"XXXX-XX-{int(number.value):02}", "", "", EXPLICIT)
    step = timedelta(1 if frame.tense > 0 else -1)
    day = next(day for k in range(63) if (day := base + k * step).day == int(number.value))
    return reading(day.isoformat(), f"{PUBLICATION}; month")


def month_day(match: Match, month: Word, frame: Frame) -> tuple[str, str]:
    number = _day_number(match)
    if year := match.first("y"):
        return full_day(int(year.value), int(month.value), number), EXPLICIT
    base, anchor = (frame.day, f"story:{frame.day}") if frame.told else (frame.published, PUBLICATION)
    if base is None:
        return f"XXXX-{int(month.value):02}-{number:02}", EXPLICIT
    return _nearest(int(month.value), number, base, 0 if frame.told else frame.tense), f"{anchor}; year"


def _holiday(rule: str, match: Match, frame: Frame) -> tuple[str, str]:
    if year := match.first("y"):
        return holiday(rule, int(year.value)).isoformat(), EXPLICIT
    base, modifier = frame.published, match.first("lxh")
    if base is None:
        return f"XXXX-{rule}" if re.fullmatch(r"\d\d-\d\d", rule) else "XXXX-XX-XX", EXPLICIT
    if modifier and (match.first("U") or modifier.code == "h"):  # "Easter of last year", "this Easter"
        step = {"l": -1, "x": 1}.get(modifier.code, 0)
        return holiday(rule, base.year + step).isoformat(), f"{PUBLICATION}; year"
    tense = {"l": -1, "x": 1}[modifier.code] if modifier else frame.tense
    return _nearest_holiday(rule, base, tense, bool(modifier)).isoformat(), f"{PUBLICATION}; year"


def _nearest_holiday(rule: str, base: date, tense: int, strict: bool) -> date:
    """Return the holiday that suits the tense; a `strict` one is not on `base` itself."""
    leap = rule == "02-29"
    days = [
        holiday(rule, base.year + k) for k in range(-8 * leap - 1, 8 * leap + 2) if not leap or isleap(base.year + k)
    ]
    past = [d for d in days if d < base or (d == base and not strict)]
    future = [d for d in days if d > base or (d == base and not strict)]
    ahead = tense > 0 or not past or (tense == 0 and bool(future) and (future[0] - base) < (base - past[-1]))
    return future[0] if ahead else past[-1]


def read_holiday_weekend(match: Match, frame: Frame) -> Reading | None:
    """ "Labor Day weekend": the one at or beside the holiday."""
    unit = match.first("U")
    if unit is None or unit.value != "WE":
        return None
    value, anchor = day_of(match._replace(words=tuple(w for w in match.words if w.code != "U")), frame)
    if not value[:4].isdecimal():
        return None
    day = date.fromisoformat(value)
    back = 7 if day.isoweekday() <= 2 else 0
    return reading(f"{week_of(day - timedelta(back))}-WE", anchor)


def _day_number(match: Match) -> int:
    """Return the day of the month: "3", "3rd", "twenty-third"."""
    return sum(int(w.value) for w in match.words if w.code in "d#w")


def _weekday_number(weekday: int, number: int, frame: Frame) -> tuple[str, str]:
    """ "Tuesday the 11th": the nearest such day on the side that the tense says."""
    base = frame.published
    if base is None:
        return f"XXXX-WXX-{weekday}", EXPLICIT
    side = (
        range(400) if frame.tense > 0 else range(0, -400, -1) if frame.tense < 0 else sorted(range(-400, 400), key=abs)
    )
    days = (base + timedelta(step) for step in side)
    found = next((day for day in days if day.day == number and day.isoweekday() == weekday), None)
    if found is None:
        raise ValueError("no such day")
    return found.isoformat(), f"{PUBLICATION}; weekday"


def _nearest(month: int, day: int, base: date, tense: int) -> str:
    """Return that day of the year that suits the tense: the last before `base`, the next after it, or the nearest."""
    leap = month == 2 and day == 29
    years = [base.year + k for k in range(-8 * leap - 1, 8 * leap + 2) if not leap or isleap(base.year + k)]
    days = [date(year, month, day) for year in years if 1 <= year <= 9999]
    past, future = [d for d in days if d <= base], [d for d in days if d >= base]
    if tense < 0 and past:
        return past[-1].isoformat()
    if tense > 0 and future:
        return future[0].isoformat()
    return min(days, key=lambda d: abs((d - base).days)).isoformat()


def _weekday(number: int, modifier: Word | None, frame: Frame) -> tuple[str, str]:
    if modifier is None and frame.told and frame.day:
        return (frame.day + timedelta((number - frame.day.isoweekday()) % 7)).isoformat(), f"story:{frame.day}; weekday"
    base = frame.published
    if base is None:
        return f"XXXX-WXX-{number}", EXPLICIT
    ahead = (number - base.isoweekday()) % 7
    if modifier is not None and modifier.code == "x":
        days = number - base.isoweekday() + 7 if modifier.value == "next" else ahead or 7
    elif modifier is not None and modifier.code == "l":
        days = (ahead or 7) - 7
    elif modifier is not None:
        days = number - base.isoweekday()
    else:
        days = ahead if frame.tense > 0 or not ahead else ahead - 7
    return (base + timedelta(days)).isoformat(), f"{PUBLICATION}; weekday"


def read_as_day(match: Match, frame: Frame) -> Reading:
    return reading(*day_of(match, frame))


def read_part_day(match: Match, frame: Frame) -> Reading:
    if now := match.first("N"):
        back = now.value == "ON" and frame.tense <= 0
        return reading(days_from(frame.published, -1 if back else 0, "D") + "TNI", PUBLICATION)
    value, anchor = day_of(match, frame)
    part = match.first("S")
    return reading(f"{value[:10]}T{part.value if part else 'MO'}", anchor)
