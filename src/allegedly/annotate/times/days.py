"""Readings that name a day, a part of a day or a clock time."""

from __future__ import annotations

import re
from datetime import date, timedelta

from allegedly.annotate.times.frame import (
    EXPLICIT,
    PUBLICATION,
    Frame,
    Reading,
    days_from,
    full_day,
    reading,
    story_base,
)
from allegedly.annotate.times.grammar import Match, Word
from allegedly.annotate.times.timex import holiday


def day_of(match: Match, frame: Frame) -> tuple[str, str]:
    """Return ``(value, anchor)`` of the day that the words of `match` name."""
    if numeric := match.first("I"):
        return _numeric(numeric.value), EXPLICIT
    if month := match.first("Mm"):
        return month_day(match, month, frame)
    if holiday := match.first("J"):
        return _holiday(holiday.value, match.first("y"), frame)
    if deictic := match.first("D"):
        return days_from(frame.published, int(deictic.value), "D"), PUBLICATION
    weekday = match.first("W")
    if weekday is None:
        raise ValueError("names no day")
    if match.first("#"):
        return _weekday_number(int(weekday.value), _day_number(match), frame)
    return _weekday(int(weekday.value), match.first("lxh"), frame)


def _numeric(text: str) -> str:
    """Return the day of a numeric date: ISO, day.month.year, or month/day/year unless the month is above 12."""
    one, two, three = (int(n) for n in re.findall(r"\d+", text)[:3])
    if re.match(r"\d{4}", text):
        clock = text.partition("T")[2]
        return full_day(one, two, three) + (f"T{clock[:5]}" if clock else "")
    year = three if three > 99 else three + (2000 if three < 50 else 1900)
    first_is_day = "." in text or one > 12
    return full_day(year, two, one) if first_is_day else full_day(year, one, two)


def month_day(match: Match, month: Word, frame: Frame) -> tuple[str, str]:
    number = _day_number(match)
    if year := match.first("y"):
        return full_day(int(year.value), int(month.value), number), EXPLICIT
    base, anchor = (frame.day, f"story:{frame.day}") if frame.told else (frame.published, PUBLICATION)
    if base is None:
        return f"XXXX-{int(month.value):02}-{number:02}", EXPLICIT
    return _nearest(int(month.value), number, base, 0 if frame.told else frame.tense), f"{anchor}; year"


def _holiday(rule: str, year: Word | None, frame: Frame) -> tuple[str, str]:
    if year:
        return holiday(rule, int(year.value)).isoformat(), EXPLICIT
    base = frame.published
    if base is None:
        return f"XXXX-{rule}" if re.fullmatch(r"\d\d-\d\d", rule) else "XXXX-XX-XX", EXPLICIT
    days = [holiday(rule, base.year + k) for k in (-1, 0, 1)]
    past, future = [d for d in days if d <= base], [d for d in days if d >= base]
    ahead = (
        frame.tense > 0 or not past or (frame.tense == 0 and bool(future) and (future[0] - base) < (base - past[-1]))
    )
    return (future[0] if ahead else past[-1]).isoformat(), f"{PUBLICATION}; year"


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
    years = [base.year + k for k in (-1, 0, 1) if not (month == 2 and day == 29) or (base.year + k) % 4 == 0]
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


def _clock_value(match: Match) -> str:
    if fixed := match.first("C"):
        return fixed.value
    colon = next((i for i, w in enumerate(match.words) if w.code == ":"), None)
    half = match.first("G") or match.first("K")
    pointed = match.first("n")
    if pointed is not None and half is not None:
        hour, minute = (int(part) for part in pointed.value.split("."))
    elif colon is not None and len(match.words[colon + 1].value) == 2:
        hour, minute = int(match.words[colon - 1].value), int(match.words[colon + 1].value)
    else:
        at = match.words.index(half) if half else len(match.words)
        hour, minute = _whole_hour(match.words[:at])
    part = match.first("S")
    if colon is None and not (half or part or match.first("z")):
        raise ValueError("no clock time")
    late = (half is not None and half.value == "p") or (part is not None and part.value in ("AF", "EV"))
    hour = hour % 12 + 12 * late if half and half.code == "G" else hour + 12 * (late and hour < 12)
    if hour > 24 or minute > 59:
        raise ValueError("no clock time")
    return f"{hour:02}:{minute:02}"


def _whole_hour(words: tuple[Word, ...]) -> tuple[int, int]:
    """Return hour and minute of "six", "6" or "1830" (GMT)."""
    number = next(w.value for w in reversed(words) if w.code in "dwny")
    return (int(number[:2]), int(number[2:])) if len(number) == 4 else (int(number), 0)


def read_clock_day(match: Match, frame: Frame) -> Reading:
    clock = _clock_value(match)
    rest = Match(match.rule, tuple(_without_clock(match.words)), match.before, match.after)
    value, anchor = day_of(rest, frame)
    return reading(f"{value[:10]}T{clock}", anchor)


def _without_clock(words: tuple[Word, ...]) -> list[Word]:
    drop: set[int] = set()
    for i, word in enumerate(words):
        if word.code == ":":
            drop |= {i - 1, i, i + 1}
        elif word.code in "GK":
            drop |= {i, *([i - 1] if words[i - 1].code in "dwn" else [])}
    return [word for i, word in enumerate(words) if i not in drop]


def read_range_clock(match: Match, frame: Frame) -> Reading | None:
    """ "Between 2 and 4 a.m. on Sunday": both ends on the day named, or on the story's day."""
    at = next(i for i, w in enumerate(match.words) if w.code in ">-&" and i)
    first, last = (Match("clock", part, "", "") for part in (match.words[:at], match.words[at + 1 :]))
    start, end = _start_clock(first, last), _clock_value(last)
    if start is None or start > end:
        return None
    hour = None if first.first("GK:C") else _last_number(first)
    rest = _without_clock(tuple(w for w in match.words if w is not hour and w.code != "C"))
    named = Match("day", tuple(rest), "", "")
    day, anchor = day_of(named, frame) if named.first("MmDWIJ") else _here(frame)
    return reading(f"{day[:10]}T{start}/{day[:10]}T{end}", anchor)


def _start_clock(first: Match, last: Match) -> str | None:
    """Return the clock time that a range starts at; "2 and 4 p.m." and "2:00 to 2:30 p.m." share a half of the day."""
    own, half, part = first.first("GKC"), last.first("GK"), last.first("S")
    shared = tuple(w for w in (half, part) if w is not None)
    if own or (first.first(":") and not shared):
        return _clock_value(first)
    if first.first(":"):
        start = _clock_value(first._replace(words=(*first.words, *shared)))
        return start if start <= _clock_value(last) else _clock_value(first)
    hour = _last_number(first)
    return _clock_value(first._replace(words=(hour, *shared))) if hour and shared else None


def _last_number(match: Match) -> Word | None:
    return next((word for word in reversed(match.words) if word.code in "dw"), None)


def _here(frame: Frame) -> tuple[str, str]:
    """Return the day that a bare clock time is on: that of what it is part of, the story's while near, publication."""
    if frame.thing:
        return frame.thing.start[:10], f"story:{frame.thing.start[:10]}; same day"
    ahead = frame.day is not None and frame.published is not None and frame.day > frame.published
    near = frame.near and (frame.tense > 0 or not ahead)
    base, anchor = story_base(frame) if near else (frame.published, PUBLICATION)
    return base.isoformat() if base else "XXXX-XX-XX", f"{anchor}; same day"


def read_clock(match: Match, frame: Frame) -> Reading | None:
    part = match.first("S")
    if part and not match.first("dwnyCK"):
        if match.after.startswith("o") and not frame.thing:  # "the night of terror"
            return None
        clock = part.value
    else:
        clock = _clock_value(match)
    day, anchor = _here(frame)
    return reading(f"{day}T{clock}", anchor)
