"""What a time expression stands for, given the day of publication, the story's own days and the tense around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from allegedly.annotate.time_grammar import Match, Word
from allegedly.annotate.timex import add_months, interval, shift, unit_value, week_of

PUBLICATION = "publication"
EXPLICIT = "explicit"
_CLOCK_UNITS = {"TS": "S", "TM": "M", "TH": "H"}
_NUMBERS = "dwnyfAH"
_FOLD = {"FN": (2, "W"), "WE": (1, "W")}


class Frame(NamedTuple):
    """What an expression may be counted from. `tense` is -1 past, 1 future, 0 unknown.

    `day` is the last day that the story named and `period` the start of the last time of any grain; `near` is true
    while that is in this paragraph or the one before.
    """

    published: date | None
    day: date | None
    period: date | None
    near: bool
    tense: int

    @property
    def told(self) -> bool:
        """True while the story is in a past of its own, more than a week before publication."""
        return bool(
            self.near and self.day and self.published and not -7 <= (self.published - self.day).days <= 7
        )  # fmt: skip


class Reading(NamedTuple):
    """A resolved expression: TIMEX3 value, closed interval, and what it was counted from by which rule."""

    value: str
    start: str
    end: str
    anchor: str


def resolve(match: Match, frame: Frame) -> Reading | None:
    """Return the reading of `match`, or None where it is no time after all."""
    try:
        return _READERS[match.rule](match, frame)
    except (ValueError, OverflowError):  # a 31st of February, a year beyond the calendar
        return None


def _reading(value: str, anchor: str) -> Reading:
    return Reading(value, *interval(value), anchor)


def _story(frame: Frame, unit: str = "D") -> tuple[date | None, str]:
    """Return what "the next day" counts from: the story's own day, or publication where it has none."""
    known = frame.day if unit in ("D", "W", "WE", "FN") or unit in _CLOCK_UNITS else (frame.period or frame.day)
    return (known, f"story:{known.isoformat()}") if known else (frame.published, PUBLICATION)


def _number(words: list[Word]) -> float | None:
    """Return the number that number words or digits stand for; None for "several"."""
    total = 0.0
    for word in words:
        if word.code == "f" and word.value == "X":
            return None
        total = max(total, float(word.value)) if word.code in "fAH" else total + float(word.value)
    return 0.5 if [w.code for w in words] == ["H", "A"] else total


def _full(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()


# ---------------------------------------------------------------- days


def _day(match: Match, frame: Frame) -> tuple[str, str]:
    """Return ``(value, anchor)`` of the day that the words of `match` name."""
    if numeric := match.first("I"):
        return _numeric(numeric.value), EXPLICIT
    if month := match.first("Mm"):
        return _month_day(match, month, frame)
    if deictic := match.first("D"):
        return _from(frame.published, int(deictic.value), "D"), PUBLICATION
    weekday = match.first("W")
    if weekday is None:
        raise ValueError("names no day")
    return _weekday(int(weekday.value), match.first("lxh"), frame)


def _from(base: date | None, count: float, unit: str) -> str:
    return shift(base, count, unit) if base else "XXXX-XX-XX"


def _numeric(text: str) -> str:
    """Return the day of a numeric date: ISO, day.month.year, or month/day/year unless the month is above 12."""
    one, two, three = (int(n) for n in re.findall(r"\d+", text)[:3])
    if re.match(r"\d{4}", text):
        clock = text.partition("T")[2]
        return _full(one, two, three) + (f"T{clock[:5]}" if clock else "")
    year = three if three > 99 else three + (2000 if three < 50 else 1900)
    first_is_day = "." in text or one > 12
    return _full(year, two, one) if first_is_day else _full(year, one, two)


def _month_day(match: Match, month: Word, frame: Frame) -> tuple[str, str]:
    number = next(w for w in match.words if w.code in "d#" and 1 <= int(w.value) <= 31)
    if year := match.first("y"):
        return _full(int(year.value), int(month.value), int(number.value)), EXPLICIT
    base, anchor = (frame.day, f"story:{frame.day}") if frame.told else (frame.published, PUBLICATION)
    if base is None:
        return f"XXXX-{int(month.value):02}-{int(number.value):02}", EXPLICIT
    return _nearest(int(month.value), int(number.value), base, 0 if frame.told else frame.tense), f"{anchor}; year"


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


def _as_day(match: Match, frame: Frame) -> Reading:
    return _reading(*_day(match, frame))


# ---------------------------------------------------------------- parts of days and clocks


def _part_day(match: Match, frame: Frame) -> Reading:
    if now := match.first("N"):
        back = now.value == "ON" and frame.tense <= 0
        return _reading(_from(frame.published, -1 if back else 0, "D") + "TNI", PUBLICATION)
    value, anchor = _day(match, frame)
    part = match.first("S")
    return _reading(f"{value[:10]}T{part.value if part else 'MO'}", anchor)


def _clock_value(match: Match) -> str:
    if fixed := match.first("C"):
        return fixed.value
    numbers = [w for w in match.words if w.code in "dw"]
    after_month = match.first("Mm") is not None
    colon = next((i for i, w in enumerate(match.words) if w.code == ":"), None)
    half = match.first("G") or match.first("K")
    if colon is not None:
        hour, minute = int(match.words[colon - 1].value), int(match.words[colon + 1].value)
    else:
        at = match.words.index(half) if half else len(match.words)
        hour, minute = int(next(w.value for w in reversed(match.words[:at]) if w.code in "dw")), 0
    if colon is None and not half:
        raise ValueError("no clock time" if after_month or numbers else "no number")
    part = match.first("S")
    late = (half is not None and half.value == "p") or (part is not None and part.value in ("AF", "EV"))
    hour = hour % 12 + 12 * late if half and half.code == "G" else hour + 12 * (late and hour < 12)
    if hour > 24 or minute > 59:
        raise ValueError("no clock time")
    return f"{hour:02}:{minute:02}"


def _clock_day(match: Match, frame: Frame) -> Reading:
    clock = _clock_value(match)
    rest = Match(match.rule, tuple(_without_clock(match.words)), match.before, match.after)
    value, anchor = _day(rest, frame)
    return _reading(f"{value[:10]}T{clock}", anchor)


def _without_clock(words: tuple[Word, ...]) -> list[Word]:
    drop: set[int] = set()
    for i, word in enumerate(words):
        if word.code == ":":
            drop |= {i - 1, i, i + 1}
        elif word.code in "GK":
            drop |= {i, *([i - 1] if words[i - 1].code in "dw" else [])}
    return [word for i, word in enumerate(words) if i not in drop]


def _range_clock(match: Match, frame: Frame) -> Reading | None:
    """ "Between 2 and 4 a.m. on Sunday": both ends on the day named, or on the story's day."""
    at = next(i for i, w in enumerate(match.words) if w.code in ">-&" and i)
    first, last = (Match("clock", part, "", "") for part in (match.words[:at], match.words[at + 1 :]))
    half, part = last.first("G") or last.first("K"), last.first("S")
    end = _clock_value(last)
    own = first.first("GK:C")
    shared = [w for w in (half, part) if w is not None and own is None]
    hour = next((w for w in reversed(first.words) if w.code in "dw"), None)
    if own is None and (hour is None or half is None):
        return None
    start = _clock_value(Match("clock", (*([hour] if hour and not own else first.words), *shared), "", ""))
    rest = _without_clock(tuple(w for w in match.words if w is not hour and w.code != "C"))
    named = Match("day", tuple(rest), "", "")
    day, anchor = _day(named, frame) if named.first("MmDWI") else _here(frame)
    return _reading(f"{day[:10]}T{start}/{day[:10]}T{end}", anchor) if start <= end else None


def _here(frame: Frame) -> tuple[str, str]:
    """Return the day that a bare clock time is on: the story's while it is near, or publication."""
    base, anchor = _story(frame) if frame.near else (frame.published, PUBLICATION)
    return base.isoformat() if base else "XXXX-XX-XX", f"{anchor}; same day"


def _clock(match: Match, frame: Frame) -> Reading | None:
    part = match.first("S")
    clock = part.value if part and match.codes[-1] == "S" else _clock_value(match)
    day, anchor = _here(frame)
    return _reading(f"{day}T{clock}", anchor)


# ---------------------------------------------------------------- ranges


def _range_days(match: Match, frame: Frame) -> Reading:
    month = match.first("Mm")
    first, last = [w for w in match.words if w.code in "d#"][:2]
    year = match.first("y")
    if month is None:
        raise ValueError("no month")
    words = [(month, number, *([year] if year else [])) for number in (first, last)]
    (start, anchor), (end, _) = (_month_day(Match(match.rule, w, "", ""), month, frame) for w in words)
    return _reading(f"{start}/{end}", anchor)


def _night_range(match: Match, frame: Frame) -> Reading:
    days, part = _range_days(match, frame), match.first("S")
    return _reading(f"{days.value[:10]}T{part.value if part else 'NI'}", days.anchor)


def _halves(match: Match) -> tuple[Match, Match]:
    """Split a range at its last connective; the first half takes the year of the second where it has none."""
    at = max(i for i, w in enumerate(match.words[:-1]) if w.code in ">-&" and i)
    one, two = match.words[:at], match.words[at + 1 :]
    years = [w for w in two if w.code == "y"]
    if years and not any(w.code in "yI" for w in one):
        one = (*one, years[0])
    return Match(match.rule, one, "", ""), Match(match.rule, two, "", "")


def _range_dates(match: Match, frame: Frame) -> Reading:
    one, two = _halves(match)
    (start, anchor), (end, _) = _day(one, frame), _day(two, frame)
    if end < start and two.codes == "W":
        end = (date.fromisoformat(end) + timedelta(7)).isoformat()
    return _reading(f"{start}/{end}", anchor)


def _range_months(match: Match, frame: Frame) -> Reading | None:
    start, end = (_month(half, frame) for half in _halves(match))
    if start is None or end is None:
        return None
    value = start.value
    if start.value > end.value and value[:4].isdecimal():
        value = f"{int(value[:4]) - 1:04}{value[4:]}"
    return _reading(f"{value}/{end.value}", end.anchor)


def _range_years(match: Match, frame: Frame) -> Reading | None:
    first, last = [w.value for w in match.words if w.code in "yd"]
    last = first[: 4 - len(last)] + last
    return _reading(f"{first}/{last}", EXPLICIT) if first < last else None


# ---------------------------------------------------------------- months, years and larger


def _month(match: Match, frame: Frame) -> Reading | None:
    month, year = match.first("M"), match.first("y")
    if month is None:
        return None
    if year:
        return _reading(f"{year.value}-{int(month.value):02}", EXPLICIT)
    return _bare_month(int(month.value), match.first("lxh"), frame)


def _bare_month(month: int, modifier: Word | None, frame: Frame) -> Reading:
    base, anchor = (frame.period, f"story:{frame.period}") if frame.told else (frame.published, PUBLICATION)
    if base is None:
        return _reading(f"XXXX-{month:02}", EXPLICIT)
    tense = {"l": -1, "x": 1}.get(modifier.code, 0) if modifier else (0 if frame.told else frame.tense)
    if modifier is not None and modifier.value == "this":
        year = base.year
    elif tense > 0:
        year = base.year + (month < base.month or (modifier is not None and month == base.month))
    else:
        late = 0 if tense < 0 or modifier else 3
        year = base.year - (month > base.month + late or (modifier is not None and month == base.month))
    return _reading(f"{year:04}-{month:02}", f"{anchor}; year")


def _year(match: Match, frame: Frame) -> Reading:
    return _reading(match.words[0].value, EXPLICIT)


def _decade(match: Match, frame: Frame) -> Reading:
    decade = match.first("E")
    return _reading(f"{decade.value if decade else 'XXX'}X", EXPLICIT)


def _season(match: Match, frame: Frame) -> Reading | None:
    season, year = match.first("Z"), match.first("y")
    if season is None or not (year or match.first("lxhTF") or match.before.endswith(("i", "iT", "T", "Y"))):
        return None
    if year:
        return _reading(f"{year.value}-{season.value}", EXPLICIT)
    if frame.published is None:
        return _reading(f"XXXX-{season.value}", EXPLICIT)
    return _reading(
        f"{_season_year(season.value, match.first('lxh'), frame):04}-{season.value}", f"{PUBLICATION}; year"
    )


def _season_year(season: str, modifier: Word | None, frame: Frame) -> int:
    published = frame.published or date.min
    starts, ends = (date.fromisoformat(d) for d in interval(f"{published.year:04}-{season}"))
    if modifier and modifier.code == "h":
        return published.year
    if modifier and modifier.code == "l":
        return published.year - (ends >= published)
    if modifier or frame.tense > 0:
        return published.year + (starts <= published)
    return published.year - (starts > published)


def _quarter(match: Match, frame: Frame) -> Reading | None:
    number, unit, year = match.first("#"), match.first("U"), match.first("y")
    if unit and unit.value == "CE" and number:
        return _reading(f"{int(number.value) - 1:02}XX", EXPLICIT)
    if number is None or unit is None or unit.value != "Q" or int(number.value) > 4:
        return None
    if year:
        return _reading(f"{year.value}-Q{number.value}", EXPLICIT)
    base = frame.published
    return _reading(f"{base.year:04}-Q{number.value}", f"{PUBLICATION}; year") if base else None


def _whole(words: tuple[Word, ...], match: Match, frame: Frame) -> Reading | None:
    """Return the month, year, season or week that the end of "the first week of September" names."""
    part = Match("whole", words, "T", match.after)
    if part.first("M"):
        return _month(part, frame)
    if part.first("Z"):
        return _season(part, frame)
    if part.first("U"):
        return _deictic(part, frame)
    return _year(Match("year", tuple(part.all("y")), "", ""), frame) if part.first("y") else None


def _week_of(match: Match, frame: Frame) -> Reading | None:
    at = next(i for i, w in enumerate(match.words) if w.code == "o")
    number, unit = match.first("#lh"), match.words[at - 1]
    whole = _whole(match.words[at + 1 :], match, frame)
    if whole is None or not whole.start or number is None or number.code == "h":
        return None
    first, last = date.fromisoformat(whole.start), date.fromisoformat(whole.end)
    count = -1 if number.code == "l" else int(number.value)
    if unit.code == "W":
        return _reading(_nth_weekday(first, last, count, int(unit.value)), whole.anchor)
    if unit.value in ("Q", "M") and count > 0 and len(whole.value) == 4:
        return _reading(
            f"{whole.value}-{'Q' if unit.value == 'Q' else ''}{count:0{1 + (unit.value == 'M')}}", whole.anchor
        )
    if unit.value not in ("D", "W"):
        return None
    day = last if count < 0 else first + timedelta((count - 1) * (7 if unit.value == "W" else 1))
    return _reading(week_of(day) if unit.value == "W" else day.isoformat(), whole.anchor)


def _nth_weekday(first: date, last: date, count: int, weekday: int) -> str:
    if count < 0:
        return (last - timedelta((last.isoweekday() - weekday) % 7)).isoformat()
    return (first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (count - 1))).isoformat()


def _edge(match: Match, frame: Frame) -> Reading | None:
    return _whole(tuple(w for w in match.words if w.code not in "FB-"), match, frame)


# ---------------------------------------------------------------- counted from a day


def _counted(match: Match, frame: Frame) -> Reading | None:
    unit, direction = match.first("U"), match.words[-1]
    numbers = [w for w in match.words if w.code in _NUMBERS]
    if unit is None:
        return None
    if direction.code in "ba" and match.after[:1] in ("T", "A", "_"):
        return _duration(match, frame)
    told = direction.code in "gerba" and direction.code != "g"
    base, anchor = _story(frame, unit.value) if told else (frame.published, PUBLICATION)
    sign = -1 if direction.code in "geb" else 1
    count = _number(numbers) if numbers or unit.value not in _CLOCK_UNITS else 0.0
    if base is None or count is None or not (numbers or unit.value in _CLOCK_UNITS):
        value = _period(None, unit.value) if told else ("PAST_REF" if sign < 0 else "FUTURE_REF")
        return Reading(value, "", "", f"{anchor}; {'before' if sign < 0 else 'after'}")
    return _reading(_moved(base, sign * count, unit.value), f"{anchor}; counted")


def _from_day(match: Match, frame: Frame) -> Reading | None:
    """ "Three weeks from tomorrow"."""
    unit, day, count = match.first("U"), match.first("D"), _number(match.all(_NUMBERS))
    if unit is None or day is None or count is None or frame.published is None:
        return None
    return _reading(_moved(frame.published + timedelta(int(day.value)), count, unit.value), f"{PUBLICATION}; counted")


def _moved(base: date, count: float, unit: str) -> str:
    if unit in _CLOCK_UNITS:
        return base.isoformat()
    fold, plain = _FOLD.get(unit, (1, unit))
    return shift(base, count * fold, plain)


def _in_count(match: Match, frame: Frame) -> Reading | None:
    unit, count = match.first("U"), _number([w for w in match.words if w.code in _NUMBERS])
    if frame.tense < 0 or count is None or frame.published is None or unit is None:
        return _duration(match, frame)
    return _reading(_moved(frame.published, count, unit.value), f"{PUBLICATION}; counted")


def _stretch(match: Match, frame: Frame) -> Reading | None:
    unit, modifier = match.first("U"), match.first("lx")
    numbers = [w for w in match.words if w.code in _NUMBERS]
    if unit is None or modifier is None:
        return None
    sign = -1 if modifier.code == "l" else 1
    if not numbers and modifier.value != "past" and unit.value not in _CLOCK_UNITS:
        return _neighbour(match, modifier, unit.value, sign, frame)
    base, anchor = _story(frame, unit.value) if _is_told(match, modifier) else (frame.published, PUBLICATION)
    count = _number(numbers) if numbers else 1
    value = _period(count, unit.value)
    if base is None or count is None:
        return Reading(value, "", "", anchor)
    edge = _reached(base, sign * count, unit.value)
    start, end = sorted((base, edge))
    return Reading(value, start.isoformat(), end.isoformat(), f"{anchor}; stretch")


def _reached(base: date, count: float, unit: str) -> date:
    days = {"TS": 0.0, "TM": 0.0, "TH": 1 / 24, "D": 1, "W": 7, "FN": 14, "WE": 7}
    if unit in days:
        return base + timedelta(round(count * days[unit]))
    return add_months(base, round(count * {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}[unit]))


def _is_told(match: Match, modifier: Word) -> bool:
    """True for "the next", "the following", "previous": counted from the story, not from publication."""
    next_one = modifier.value == "next" and (match.codes[0] == "T" or match.words[-1].value == "D")
    return modifier.value in ("following", "previous", "same") or next_one


def _neighbour(match: Match, modifier: Word, unit: str, sign: int, frame: Frame) -> Reading | None:
    base, anchor = _story(frame, unit) if _is_told(match, modifier) else (frame.published, PUBLICATION)
    if base is None:
        return _reading("XXXX-XX-XX", anchor) if unit == "D" else None
    if unit == "FN":
        return _reading(shift(base, 2 * sign, "W"), anchor)
    return _reading(unit_value(base, sign, unit), f"{anchor}; {modifier.value} unit")


def _beside(match: Match, frame: Frame) -> Reading | None:
    unit, side = match.first("U"), match.words[-1]
    if unit is None or unit.value in _CLOCK_UNITS:
        return None
    base, anchor = _story(frame, unit.value)
    if base is None or (anchor == PUBLICATION and match.after[:1] in ("T", "A", "_") and match.after):
        return None
    sign = 1 if side.code == "a" else -1
    if unit.end - unit.start > _SINGULAR.get(unit.value, 99):
        return _days_beside(unit.value, base, sign, anchor, frame)
    value = unit_value(base, sign, unit.value) if unit.value != "FN" else shift(base, 2 * sign, "W")
    return _reading(value, f"{anchor}; {'before' if sign < 0 else 'after'}")


_SINGULAR = {"D": 3, "W": 4, "M": 5, "Y": 4}
"""Letters of a unit's singular."""


def _days_beside(unit: str, base: date, sign: int, anchor: str, frame: Frame) -> Reading:
    """ "The days after" reach from the next day to publication at the latest; "the days before" have no beginning."""
    start, end = base + timedelta(1), frame.published
    if sign > 0 and end is not None and start <= end:
        return Reading(f"PX{unit}", start.isoformat(), end.isoformat(), f"{anchor}; after")
    return Reading(f"PX{unit}", "", "", f"{anchor}; {'before' if sign < 0 else 'after'}")


def _day_off(match: Match, frame: Frame) -> Reading:
    """ "The day before yesterday", "two days after tomorrow"."""
    base = int(match.words[-1].value)
    count = _number([w for w in match.words if w.code in "dwA"]) or 1
    sign = 1 if match.first("a") else -1
    return _reading(_from(frame.published, base + sign * count, "D"), PUBLICATION)


def _deictic(match: Match, frame: Frame) -> Reading | None:
    modifier = match.first("lxh")
    if part := match.first("S"):
        return _deictic_part(part.value, modifier, match, frame)
    if match.first("Z"):
        return _season(match, frame)
    if match.first("M"):
        return _month(match, frame)
    unit = match.first("U")
    if unit is None:
        return _as_day(match, frame)
    return _this_unit(unit.value, modifier, match, frame)


def _deictic_part(part: str, modifier: Word | None, match: Match, frame: Frame) -> Reading:
    story = modifier is not None and (modifier.value != "last" and modifier.value != "this")
    base, anchor = _story(frame) if story else (frame.published, PUBLICATION)
    step = {"l": -1, "x": 1}.get(modifier.code, 0) if modifier else 0
    return _reading(f"{_from(base, step, 'D')}T{part}", anchor)


def _this_unit(unit: str, modifier: Word | None, match: Match, frame: Frame) -> Reading | None:
    if unit in _CLOCK_UNITS or unit == "FN":
        return None
    if modifier is not None and modifier.code in "lx":
        return _neighbour(match, modifier, unit, -1 if modifier.code == "l" else 1, frame)
    told = modifier is not None and modifier.value == "same"
    base, anchor = _story(frame, unit) if told else (frame.published, PUBLICATION)
    return _reading(unit_value(base, 0, unit), f"{anchor}; same {unit}") if base else None


# ---------------------------------------------------------------- durations, sets and references


def _period(count: float | None, unit: str) -> str:
    fold, plain = (2, "W") if unit == "FN" else (1, unit)
    number = "X" if count is None else f"{count * fold:g}"
    return f"PT{number}{_CLOCK_UNITS[plain]}" if plain in _CLOCK_UNITS else f"P{number}{plain}"


def _duration(match: Match, frame: Frame) -> Reading | None:
    unit, numbers = match.first("U"), [w for w in match.words if w.code in _NUMBERS]
    old = match.after[:1] == "q" or match.after[:2] == "-q"
    idiom = unit is not None and unit.value in ("TS", "TM") and numbers and numbers[0].code == "A"
    if unit is None or old or idiom or match.after[:2] == "-_":
        return None
    return Reading(_period(_number(numbers), unit.value), "", "", "duration")


def _set(match: Match, frame: Frame) -> Reading | None:
    if adverb := match.first("v"):
        return Reading(adverb.value, "", "", "set")
    weekday, part, unit = match.first("WR"), match.first("S"), match.first("U")
    if weekday:
        return Reading(f"XXXX-WXX-{weekday.value}", "", "", "set")
    if part:
        return Reading(f"XXXX-XX-XXT{part.value}", "", "", "set")
    count = _number([w for w in match.words if w.code in "dwnyf"]) if match.first("dwnyf") else 1
    return Reading(_period(count, unit.value), "", "", "set") if unit else None


def _code(match: Match, frame: Frame) -> Reading:
    value = match.words[0].value
    day = frame.published.isoformat() if frame.published and value == "PRESENT_REF" else ""
    return Reading(value, day, day, PUBLICATION)


_READERS: dict[str, Callable[[Match, Frame], Reading | None]] = {
    "code": _code,
    "range_days": _range_days,
    "night_range": _night_range,
    "range_dates": _range_dates,
    "range_months": _range_months,
    "range_years": _range_years,
    "range_clock": _range_clock,
    "clock_day": _clock_day,
    "part_day": _part_day,
    "day_off": _day_off,
    "day_date": _as_day,
    "week_of": _week_of,
    "edge": _edge,
    "counted": _counted,
    "in_count": _in_count,
    "stretch": _stretch,
    "beside": _beside,
    "deictic": _deictic,
    "season": _season,
    "quarter": _quarter,
    "decade": _decade,
    "from_day": _from_day,
    "set": _set,
    "month": _month,
    "duration": _duration,
    "year": _year,
    "clock": _clock,
}
