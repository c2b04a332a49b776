"""Readings counted from a day: "two weeks ago", "the next day", "the past 24 hours"; durations and sets."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from allegedly.annotate.times.days import day_of
from allegedly.annotate.times.frame import (
    CLOCK_UNITS,
    NUMBERS,
    PUBLICATION,
    Frame,
    Reading,
    days_from,
    moved,
    number_of,
    period_value,
    reading,
    story_base,
)
from allegedly.annotate.times.grammar import Match, Word
from allegedly.annotate.times.timex import add_months, shift, unit_value


def read_counted(match: Match, frame: Frame) -> Reading | None:
    unit, direction = match.first("U"), match.words[-1]
    numbers = [w for w in match.words if w.code in NUMBERS]
    if unit is None:
        return None
    told = direction.code in "gerba" and direction.code != "g"
    base, anchor = story_base(frame, unit.value) if told else (frame.published, PUBLICATION)
    sign = -1 if direction.code in "geb" else 1
    count = number_of(numbers) if numbers or unit.value not in CLOCK_UNITS else 0.0
    if base is None or count is None or not (numbers or unit.value in CLOCK_UNITS):
        value = period_value(None, unit.value) if told else ("PAST_REF" if sign < 0 else "FUTURE_REF")
        return Reading(value, "", "", f"{anchor}; {'before' if sign < 0 else 'after'}")
    if told and frame.clock and unit.value in CLOCK_UNITS:
        return reading(_instant(frame.clock, sign * count, unit.value), f"story:{frame.clock}; counted")
    return reading(moved(base, sign * count, unit.value), f"{anchor}; counted")


def _instant(clock: str, count: float, unit: str) -> str:
    """Return the minute that lies `count` hours, minutes or seconds after `clock`."""
    seconds = count * {"TH": 3600, "TM": 60, "TS": 1}[unit]
    return (datetime.fromisoformat(clock) + timedelta(seconds=seconds)).isoformat()[:16]


def read_week_day(match: Match, frame: Frame) -> Reading | None:
    """ "Tuesday of last week", "next week on Tuesday"."""
    unit, weekday, modifier = match.first("U"), match.first("W"), match.first("hlx")
    if frame.published is None or unit is None or unit.value != "W" or weekday is None or modifier is None:
        return None
    base, anchor = story_base(frame) if _is_told(match, modifier) else (frame.published, PUBLICATION)
    monday = (base or frame.published) - timedelta((base or frame.published).weekday())
    weeks = {"l": -1, "x": 1}.get(modifier.code, 0)
    return reading((monday + timedelta(7 * weeks + int(weekday.value) - 1)).isoformat(), f"{anchor}; weekday")


def read_count_date(match: Match, frame: Frame) -> Reading | None:
    """ "Two days after January 27", "the week before Easter"."""
    at = next(i for i, w in enumerate(match.words) if w.code in "ba")
    count, unit = number_of([w for w in match.words[:at] if w.code in NUMBERS]) or 1, match.words[at - 1]
    value, anchor = day_of(match._replace(words=match.words[at + 1 :]), frame)
    sign = 1 if match.words[at].code == "a" else -1
    return reading(moved(date.fromisoformat(value[:10]), sign * count, unit.value), f"{anchor}; counted")


def read_from_day(match: Match, frame: Frame) -> Reading | None:
    """ "Three weeks from tomorrow", "ten days from Monday"."""
    at = next(i for i, w in enumerate(match.words) if w.code == "<")
    count = number_of([w for w in match.words[:at] if w.code in NUMBERS])
    if count is None or frame.published is None:
        return None
    day, _ = day_of(match._replace(words=match.words[at + 1 :]), frame._replace(tense=1))
    return reading(moved(date.fromisoformat(day), count, match.words[at - 1].value), f"{PUBLICATION}; counted")


def read_in_count(match: Match, frame: Frame) -> Reading | None:
    unit, count = match.first("U"), number_of([w for w in match.words if w.code in NUMBERS])
    if unit is None or unit.value in CLOCK_UNITS or frame.tense < 0 or count is None or frame.published is None:
        return read_duration(match, frame)
    return reading(moved(frame.published, count, unit.value), f"{PUBLICATION}; counted")


def read_stretch(match: Match, frame: Frame) -> Reading | None:
    unit, modifier = match.first("U"), match.first("lx")
    numbers = [w for w in match.words if w.code in NUMBERS]
    if unit is None or modifier is None:
        return None
    sign = -1 if modifier.code == "l" else 1
    if not numbers and modifier.value != "past" and unit.value not in CLOCK_UNITS:
        return _neighbour(match, modifier, unit.value, sign, frame)
    base, anchor = story_base(frame, unit.value) if _is_told(match, modifier) else (frame.published, PUBLICATION)
    count = number_of(numbers) if numbers else 1
    value = period_value(count, unit.value)
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
    base, anchor = story_base(frame, unit) if _is_told(match, modifier) else (frame.published, PUBLICATION)
    if base is None:
        return reading("XXXX-XX-XX", anchor) if unit == "D" else None
    if unit == "FN":
        return reading(shift(base, 2 * sign, "W"), anchor)
    return reading(unit_value(base, sign, unit), f"{anchor}; {modifier.value} unit")


def read_unit_off(match: Match, frame: Frame) -> Reading | None:
    """ "The week after next", "the year before last"."""
    unit, sign = match.first("U"), 1 if match.codes.endswith("x") else -1
    if unit is None or frame.published is None or unit.value in CLOCK_UNITS or unit.value == "FN":
        return None
    return reading(unit_value(frame.published, 2 * sign, unit.value), f"{PUBLICATION}; {2 * sign:+} units")


def read_in_unit(match: Match, frame: Frame) -> Reading | None:
    """ "Earlier in the day", "late in the week": the whole one, as TIMEX3 has no word for its part."""
    unit = match.first("U")
    base, anchor = story_base(frame, unit.value if unit else "D") if frame.near else (frame.published, PUBLICATION)
    if unit is None or base is None or unit.value in CLOCK_UNITS or unit.value in ("FN", "CE"):
        return None
    return reading(unit_value(base, 0, unit.value), f"{anchor}; same {unit.value}")


def read_whole_unit(match: Match, frame: Frame) -> Reading | None:
    """ "Within the hour", "over the weekend"; "the day" alone is no time."""
    unit, within = match.first("U"), match.first("i")
    if unit and within and within.value == "within":
        return Reading(period_value(1, unit.value), "", "", "duration")
    base, anchor = story_base(frame) if frame.near else (frame.published, PUBLICATION)
    if unit is None or unit.value != "WE" or base is None:
        return None
    past = anchor == PUBLICATION and frame.tense <= 0 and base.isoweekday() < 6
    return reading(unit_value(base, -1 if past else 0, "WE"), f"{anchor}; weekend")


def read_day_off(match: Match, frame: Frame) -> Reading:
    """ "The day before yesterday", "two days after tomorrow"."""
    base = int(match.words[-1].value)
    count = number_of([w for w in match.words if w.code in "dwA"]) or 1
    sign = 1 if match.first("a") else -1
    return reading(days_from(frame.published, base + sign * count, "D"), PUBLICATION)


def deictic_part(part: str, modifier: Word | None, match: Match, frame: Frame) -> Reading:
    story = modifier is not None and (modifier.value != "last" and modifier.value != "this")
    base, anchor = story_base(frame) if story else (frame.published, PUBLICATION)
    step = {"l": -1, "x": 1}.get(modifier.code, 0) if modifier else 0
    return reading(f"{days_from(base, step, 'D')}T{part}", anchor)


def this_unit(unit: str, modifier: Word | None, match: Match, frame: Frame) -> Reading | None:
    if unit in CLOCK_UNITS or unit == "FN":
        return None
    if modifier is not None and modifier.code in "lx":
        return _neighbour(match, modifier, unit, -1 if modifier.code == "l" else 1, frame)
    told = modifier is not None and modifier.value == "same"
    base, anchor = story_base(frame, unit) if told else (frame.published, PUBLICATION)
    return reading(unit_value(base, 0, unit), f"{anchor}; same {unit}") if base else None


def read_duration(match: Match, frame: Frame) -> Reading | None:
    unit, numbers = match.first("U"), [w for w in match.words if w.code in NUMBERS]
    old = match.after[:1] == "q" or match.after[:2] == "-q"
    idiom = unit is not None and unit.value in ("TS", "TM") and numbers and numbers[0].code == "A"
    if unit is None or old or idiom or match.after[:2] == "-_":
        return None
    return Reading(period_value(number_of(numbers), unit.value), "", "", "duration")


def read_set(match: Match, frame: Frame) -> Reading | None:
    if adverb := match.first("v"):
        return Reading(adverb.value, "", "", "set")
    weekday, part, unit = match.first("WR"), match.first("S"), match.first("U")
    if weekday:
        return Reading(f"XXXX-WXX-{weekday.value}", "", "", "set")
    if part:
        return Reading(f"XXXX-XX-XXT{part.value}", "", "", "set")
    count = number_of([w for w in match.words if w.code in "dwnyf"]) if match.first("dwnyf") else 1
    return Reading(period_value(count, unit.value), "", "", "set") if unit else None


def read_reference(match: Match, frame: Frame) -> Reading:
    value = match.words[0].value
    day = frame.published.isoformat() if frame.published and value == "PRESENT_REF" else ""
    return Reading(value, day, day, PUBLICATION)
