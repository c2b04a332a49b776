"""What a time expression stands for, given the day of publication, the story's own days and the tense around it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from allegedly.annotate.times.clocks import (
    read_clock,
    read_clock_day,
    read_range_clock,
    read_set_clock,
    read_span_from,
)
from allegedly.annotate.times.counted import (
    deictic_part,
    read_all_unit,
    read_count_date,
    read_counted,
    read_day_off,
    read_duration,
    read_from_day,
    read_in_count,
    read_in_unit,
    read_reference,
    read_set,
    read_stretch,
    read_unit_off,
    read_week_day,
    read_whole_unit,
    this_unit,
)
from allegedly.annotate.times.days import (
    day_of,
    month_day,
    read_as_day,
    read_day_number,
    read_holiday_weekend,
    read_part_day,
    slash_day,
)
from allegedly.annotate.times.frame import EXPLICIT, PUBLICATION, Frame, Reading, amounts, moved, reading
from allegedly.annotate.times.grammar import Match, match_of
from allegedly.annotate.times.periods import (
    read_decade,
    read_fiscal,
    read_month,
    read_quarter,
    read_quarter_of,
    read_season,
    read_year,
)
from allegedly.annotate.times.things import read_beside, read_count_thing, read_part_beside, read_shortly
from allegedly.annotate.times.timex import interval, week_of
from allegedly.annotate.times.tokens import Word


def resolve(match: Match, frame: Frame) -> Reading | None:
    """Return the reading of `match`, or None where it is no time after all."""
    try:
        found = _READERS[match.rule](match, frame)
    except (ValueError, OverflowError):  # a 31st of February, a year beyond the calendar
        return None
    return found if found and bool(found.start) == bool(found.end) and found.start[:10] <= found.end[:10] else None


def _range_days(match: Match, frame: Frame) -> Reading:
    month = match.first("Mm")
    first, last = [w for w in match.words if w.code in "d#"][:2]
    year = match.first("y")
    if month is None:
        raise ValueError("no month")
    words = [(month, number, *([year] if year else [])) for number in (first, last)]
    (start, anchor), (end, _) = (month_day(Match(match.rule, w, "", ""), month, frame) for w in words)
    return reading(f"{start}/{end}", anchor)


def _night_range(match: Match, frame: Frame) -> Reading:
    days, part = _range_days(match, frame), match.first("S")
    return reading(f"{days.value[:10]}T{part.value if part else 'NI'}", days.anchor)


def _halves(match: Match) -> tuple[Match, Match]:
    """Split a range at its last connective; the first half takes the year of the second where it has none."""
    at = max(i for i, w in enumerate(match.words[:-1]) if w.code in ">-&" and i)
    one, two = match.words[:at], match.words[at + 1 :]
    years = [w for w in two if w.code == "y"]
    if years and any(w.code in "Mm" for w in one) and not any(w.code == "y" for w in one):
        one = (*one, years[0])
    return Match(match.rule, one, "", ""), Match(match.rule, two, "", "")


def _range_dates(match: Match, frame: Frame) -> Reading:
    one, two = _halves(match)
    (start, anchor), (end, _) = day_of(one, frame), day_of(two, frame)
    if end < start and two.codes == "W":
        end = (date.fromisoformat(end) + timedelta(7)).isoformat()
    elif end < start and not two.first("yI"):
        end = f"{int(end[:4]) + 1:04}{end[4:]}"
    return reading(f"{start}/{end}", anchor)


def _range_months(match: Match, frame: Frame) -> Reading | None:
    start, end = (read_month(half, frame) for half in _halves(match))
    if start is None or end is None:
        return None
    value = start.value
    if start.value > end.value and value[:4].isdecimal():
        value = f"{int(value[:4]) - 1:04}{value[4:]}"
    return reading(f"{value}/{end.value}", end.anchor)


def _range_slash(match: Match, frame: Frame) -> Reading | None:
    """ "From 10/1 to 11/7", "10/1-11/7/2017"."""
    one, two = _halves(match)
    year = two.first("y")
    end, anchor = day_of(two, frame)
    if year is None and two.first("I"):
        year = Word("y", end[:4], 0, 0)
    start, _ = slash_day(one._replace(words=(*one.words, *([year] if year else []))), frame)
    if end < start and not year:
        end = f"{int(end[:4]) + 1:04}{end[4:]}"
    return reading(f"{start}/{end}", anchor)


def _range_points(match: Match, frame: Frame) -> Reading | None:
    """ "From 2007 to the end of 2008", "between March and now"."""
    inside = match.words[1:] if match.codes[0] in "<=" else match.words
    ends = [match_of(half.words) for half in _halves(match._replace(words=inside))]
    one, two = (resolve(end, frame) if end else None for end in ends)
    if one is None or two is None or not one.start or one.start[:10] > two.end[:10]:
        return None
    values = [(frame.now or r.start) if r.value == "PRESENT_REF" else r.value for r in (one, two)]
    if frame.now and "T" in two.value and one.value == "PRESENT_REF":
        one = one._replace(start=frame.now)
    return Reading("/".join(values), one.start, two.end, one.anchor)


def _range_years(match: Match, frame: Frame) -> Reading | None:
    first, last = [w.value for w in match.words if w.code in "yd"]
    last = first[: 4 - len(last)] + last
    return reading(f"{first}/{last}", EXPLICIT) if first < last else None


def _whole(words: tuple[Word, ...], match: Match, frame: Frame) -> Reading | None:
    """Return the month, year, season or week that the end of "the first week of September" names."""
    part = Match("whole", words, "T", match.after)
    if part.first("M"):
        return read_month(part, frame)
    if part.first("Z"):
        return read_season(part, frame)
    if part.first("U"):
        return _deictic(part, frame)
    return read_year(Match("year", tuple(part.all("y")), "", ""), frame) if part.first("y") else None


def _week_of(match: Match, frame: Frame) -> Reading | None:
    if match.first("U") and not match.first("#l"):
        return _week_with(match, frame)
    at = next(i for i, w in enumerate(match.words) if w.code == "o")
    number, unit = match.first("#lh"), match.words[at - 1]
    whole = _whole(match.words[at + 1 :], match, frame)
    if whole is None or not whole.start or number is None or number.code == "h":
        return None
    count = -1 if number.code == "l" else sum(int(w.value) for w in match.words[:at] if w.code in "w#")
    return _nth(count, unit, whole)


def _week_with(match: Match, frame: Frame) -> Reading | None:
    """ "The week of May 3", "the week starting on May 3"."""
    at = match.codes.index("U")
    if match.words[at].value != "W" or match.first("lxh"):
        return None
    value, anchor = day_of(match._replace(words=match.words[at + 1 :]), frame)
    return reading(week_of(date.fromisoformat(value)), anchor)


def _nth(count: int, unit: Word, whole: Reading) -> Reading | None:
    """Return the day, week, month or quarter number `count` of `whole`, the last for -1."""
    first, last = date.fromisoformat(whole.start), date.fromisoformat(whole.end)
    if unit.code == "W":
        return reading(_nth_weekday(first, last, count, int(unit.value)), whole.anchor)
    if unit.value in ("Q", "M") and len(whole.value) == 4:
        count = count if count > 0 else 4 if unit.value == "Q" else 12
        value = f"Q{count}" if unit.value == "Q" else f"{count:02}"
        return reading(f"{whole.value}-{value}", whole.anchor)
    if unit.value == "D":
        return reading((last if count < 0 else first + timedelta(count - 1)).isoformat(), whole.anchor)
    return reading(week_of(_thursday(first, last, count)), whole.anchor) if unit.value == "W" else None


def _thursday(first: date, last: date, count: int) -> date:
    """Return the Thursday of week `count`: a week belongs to the month or year that has its Thursday (ISO 8601)."""
    if count < 0:
        return last - timedelta((last.isoweekday() - 4) % 7)
    return first + timedelta((4 - first.isoweekday()) % 7 + 7 * (count - 1))


def _half_of(match: Match, frame: Frame) -> Reading | None:
    """ "The first half of 2019"; of anything but a year it is the whole, as TIMEX3 has no word for it."""
    at = match.codes.index("o")
    number, whole = match.first("#lx"), _whole(match.words[at + 1 :], match, frame)
    if whole is None or number is None or (number.code == "#" and int(number.value) > 2):
        return None
    if len(whole.value) != 4:
        return whole
    return reading(f"{whole.value}-H{1 if number.value == '1' else 2}", whole.anchor)


def _stretch_of(match: Match, frame: Frame) -> Reading | None:
    """ "The first ten days of May", "the last three weeks of the year"."""
    at = (
        match.codes.index("oT" if "oT" in match.codes else "o")
        if match.codes.count("o") < 2
        else match.codes.rindex("o")
    )
    number, whole = match.first("#lx"), _whole(match.words[at + 1 :], match, frame)
    ((count, unit), *more) = amounts(list(match.words[1 if match.first("T") == match.words[0] else 0 : at])) or [
        (None, "")
    ]
    if whole is None or not whole.start or number is None or number.value not in ("1", "last") or count is None or more:
        return None
    first, last = date.fromisoformat(whole.start[:10]), date.fromisoformat(whole.end[:10])
    if number.code == "#":
        last = min(last, date.fromisoformat(_full(moved(first, count, unit))) - timedelta(1))
    else:
        after = last + timedelta(1)
        first = max(first, date.fromisoformat(_full(moved(after, -count, unit))))
    return reading(f"{first}/{last}", whole.anchor)


def _full(value: str) -> str:
    """Return the first day of a month or year."""
    return interval(value)[0] or value


def _week_number(match: Match, frame: Frame) -> Reading | None:
    """ "Week 12 of 2020" by ISO 8601."""
    unit, year = match.first("U"), match.first("y")
    if unit is None or unit.value != "W" or not (year or frame.published):
        return None
    number = next(int(w.value) for w in match.words if w.code == "d")
    in_year = int(year.value) if year else frame.published.year if frame.published else 0
    return reading(week_of(date.fromisocalendar(in_year, number, 4)), EXPLICIT if year else f"{PUBLICATION}; year")


def _nth_weekday(first: date, last: date, count: int, weekday: int) -> str:
    if count < 0:
        return (last - timedelta((last.isoweekday() - weekday) % 7)).isoformat()
    return (first + timedelta((weekday - first.isoweekday()) % 7 + 7 * (count - 1))).isoformat()


def _edge(match: Match, frame: Frame) -> Reading | None:
    whole = _whole(tuple(w for w in match.words if w.code not in "FB-"), match, frame)
    edge = match.first("B")
    if whole and whole.start and edge and edge.value == "rest" and frame.published:
        start = max(whole.start[:10], frame.published.isoformat())
        return reading(f"{start}/{whole.end}", f"{whole.anchor}; rest") if start < whole.end else whole
    return whole


def _deictic(match: Match, frame: Frame) -> Reading | None:
    modifier = match.first("lxh")
    if part := match.first("S"):
        return deictic_part(part.value, modifier, match, frame)
    if match.first("Z"):
        return read_season(match, frame)
    if match.first("M"):
        return read_month(match, frame)
    unit = match.first("U")
    if unit is None:
        return read_as_day(match, frame)
    return this_unit(unit.value, modifier, match, frame)


_READERS: dict[str, Callable[[Match, Frame], Reading | None]] = {
    "shortly": read_shortly,
    "code": read_reference,
    "range_days": _range_days,
    "range_slash": _range_slash,
    "span_from": read_span_from,
    "set_clock": read_set_clock,
    "holiday_weekend": read_holiday_weekend,
    "half_of": _half_of,
    "stretch_of": _stretch_of,
    "fiscal": read_fiscal,
    "quarter_of": read_quarter_of,
    "day_number": read_day_number,
    "all_unit": read_all_unit,
    "night_range": _night_range,
    "range_dates": _range_dates,
    "range_points": _range_points,
    "week_day": read_week_day,
    "range_months": _range_months,
    "range_years": _range_years,
    "range_clock": read_range_clock,
    "clock_day": read_clock_day,
    "part_day": read_part_day,
    "day_off": read_day_off,
    "day_date": read_as_day,
    "week_of": _week_of,
    "edge": _edge,
    "count_date": read_count_date,
    "count_thing": read_count_thing,
    "counted": read_counted,
    "in_count": read_in_count,
    "stretch": read_stretch,
    "unit_off": read_unit_off,
    "beside": read_beside,
    "part_beside": read_part_beside,
    "in_unit": read_in_unit,
    "deictic": _deictic,
    "season": read_season,
    "week_number": _week_number,
    "quarter": read_quarter,
    "decade": read_decade,
    "from_day": read_from_day,
    "set": read_set,
    "month": read_month,
    "duration": read_duration,
    "whole_unit": read_whole_unit,
    "year": read_year,
    "clock": read_clock,
}
