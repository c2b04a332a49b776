"""Readings counted from a day: "two weeks ago", "the next day", "the past 24 hours"; durations and sets."""

from __future__ import annotations

from datetime import date, timedelta

from allegedly.annotate.times.clocks import clock_of
from allegedly.annotate.times.days import day_of
from allegedly.annotate.times.frame import (
    CLOCK_UNITS,
    NUMBERS,
    PUBLICATION,
    Frame,
    Reading,
    amounts,
    days_from,
    instant,
    length_value,
    moved,
    number_of,
    period_value,
    reading,
    story_base,
)
from allegedly.annotate.times.grammar import Match
from allegedly.annotate.times.timex import add_months, interval, shift, unit_value
from allegedly.annotate.times.tokens import Word


def read_counted(match: Match, frame: Frame) -> Reading | None:
    parts, direction = amounts(list(match.words)), match.words[-1]
    if not parts:
        return None
    (count, unit), told = parts[0], direction.code in "erba"
    base, anchor = story_base(frame, unit) if told else (frame.published, PUBLICATION)
    sign = -1 if direction.code in "geb" else 1
    numbered = any(w.code in NUMBERS for w in match.words)
    if base is None or count is None or not (numbered or unit in CLOCK_UNITS):
        value = period_value(None, unit) if told else ("PAST_REF" if sign < 0 else "FUTURE_REF")
        return Reading(value, "", "", f"{anchor}; {'before' if sign < 0 else 'after'}")
    if numbered and (clock := _clock_base(frame, told, anchor)) and all(u in CLOCK_UNITS for _, u in parts):
        return reading(_after_all(clock, sign, parts), f"{anchor if clock == frame.now else f'story:{clock}'}; counted")
    return reading(_moved_all(base, sign, parts, numbered), f"{anchor}; counted")


def _clock_base(frame: Frame, told: bool, anchor: str) -> str:
    """Return the minute that "two hours later" counts from: the story's, or where it has none that of publication."""
    if told and frame.clock:
        return frame.clock
    return frame.now if anchor == PUBLICATION else ""


def _after_all(clock: str, sign: int, parts: list[tuple[float | None, str]]) -> str:
    for count, unit in parts:
        clock = instant(clock, sign * (count or 0), unit)
    return clock


def _moved_all(base: date, sign: int, parts: list[tuple[float | None, str]], numbered: bool) -> str:
    """Return the value so many units from `base`; of several units the last is the grain ("two years and a day")."""
    value = base.isoformat()
    for count, unit in parts:
        value = moved(base, sign * (count or 0) * numbered, unit)
        base = date.fromisoformat(value) if len(value) == 10 else _reached(base, sign * (count or 0), unit)
    return value if len(parts) == 1 or len(value) == 10 else base.isoformat()[: len(value)]


def read_week_day(match: Match, frame: Frame) -> Reading | None:
    """ "Tuesday of last week", "next week on Tuesday"."""
    unit, weekday, modifier = match.first("U"), match.first("W"), match.first("hlx")
    if frame.published is None or unit is None or unit.value != "W" or weekday is None or modifier is None:
        return None
    base, anchor = story_base(frame) if _is_told(match, modifier) else (frame.published, PUBLICATION)
    monday = (base or frame.published) - timedelta((base or frame.published).weekday())
    weeks = {"l": -1, "x": 1}.get(modifier.code, 0)
    day = (monday + timedelta(7 * weeks + int(weekday.value) - 1)).isoformat()
    return reading(day + _part_or_clock(match), f"{anchor}; weekday")


def _part_or_clock(match: Match) -> str:
    part = next((word.value for word in match.words if word.code == "S"), "")
    if match.first("GK:C+") or match.first("@"):
        return f"T{clock_of(match.words, part)}"
    return f"T{part}" if part else ""


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
    parts = amounts(list(match.words))
    if not parts or frame.tense < 0 or frame.published is None or any(count is None for count, _ in parts):
        return read_duration(match, frame)
    within = match.words[0].value == "within"
    if any(unit in CLOCK_UNITS for _, unit in parts):
        if not frame.now or not all(unit in CLOCK_UNITS for _, unit in parts):
            return read_duration(match, frame)
        then = _after_all(frame.now, 1, parts)
        return Reading(length_value(parts), frame.now, then, PUBLICATION) if within else _counted(then)
    return _counted(_moved_all(frame.published, 1, parts, True))


def _counted(value: str) -> Reading:
    return reading(value, f"{PUBLICATION}; counted")


def read_stretch(match: Match, frame: Frame) -> Reading | None:
    modifier, parts = match.first("lx"), amounts(list(match.words))
    if not parts or modifier is None:
        return None
    (count, unit), numbered = parts[0], match.first(NUMBERS) is not None
    sign = -1 if modifier.code == "l" else 1
    if not numbered and unit not in CLOCK_UNITS:
        return _neighbour(match, modifier, unit, sign, frame)
    base, anchor = story_base(frame, unit) if _is_told(match, modifier) else (frame.published, PUBLICATION)
    value = length_value(parts)
    if base is None or count is None:
        return Reading(value, "", "", anchor)
    if anchor == PUBLICATION and frame.now and all(u in CLOCK_UNITS for _, u in parts):
        start, end = sorted((frame.now, _after_all(frame.now, sign, parts)))
        return Reading(value, start, end, f"{anchor}; stretch")
    return Reading(value, *_stretch(base, sign, parts), f"{anchor}; stretch")


def _stretch(base: date, sign: int, parts: list[tuple[float | None, str]]) -> tuple[str, str]:
    """Return the first and the last day of a stretch up to or from `base`; the next days begin tomorrow."""
    if parts[0][1] == "Q":
        return _quarters(base, sign, parts[0][0] or 0)
    edge = base
    for count, unit in parts:
        edge = _reached(edge, sign * (count or 0), unit)
    soon = sign > 0 and edge > base and parts[0][1] not in CLOCK_UNITS
    start, end = sorted((base + timedelta(soon), edge))
    return start.isoformat(), end.isoformat()


def _quarters(base: date, sign: int, count: float) -> tuple[str, str]:
    """Return the bounds of so many whole quarters before or after the one that `base` is in."""
    first, last = (unit_value(base, n, "Q") for n in sorted((sign, sign * round(count))))
    return interval(f"{first}/{last}")


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


def read_day_off(match: Match, frame: Frame) -> Reading | None:
    """ "The day before yesterday", "two days after tomorrow"."""
    count, unit = number_of(match.all(NUMBERS)) if match.first(NUMBERS) else 1, match.first("U")
    if frame.published is None:
        return reading("XXXX-XX-XX", PUBLICATION)
    if count is None or unit is None:
        return None
    sign, base = 1 if match.first("a") else -1, frame.published + timedelta(int(match.words[-1].value))
    return reading(moved(base, sign * count, unit.value), PUBLICATION)


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
    if nights := match.first("s"):
        count = number_of(match.all(NUMBERS))
        return Reading(period_value(count, "D"), "", "", "duration") if nights.value == "NI" else None
    parts, numbers = amounts(list(match.words)), match.all(NUMBERS)
    old = match.after[:1] == "q" or match.after[:2] == "-q"
    idiom = numbers and parts and parts[0][1] in ("TS", "TM") and numbers[0].code == "A"
    if not parts or old or idiom or match.after[:2] == "-_":
        return None
    return Reading(length_value(parts), "", "", "duration")


def read_all_unit(match: Match, frame: Frame) -> Reading | None:
    """ "All day", "the whole week"; "all weeks" is no length."""
    unit = match.words[-1]
    if (match.words[0].value != "all" and len(match.words) > 2) or unit.end - unit.start != _LETTERS.get(unit.value):
        return None
    return Reading(period_value(1, unit.value), "", "", "duration")


_LETTERS = {"D": 3, "W": 4, "M": 5, "Y": 4}
"""Letters of a unit's singular."""


def read_set(match: Match, frame: Frame) -> Reading | None:
    if adverb := match.first("v"):
        return Reading(adverb.value, "", "", "set")
    weekday, part, unit = match.first("WR"), match.first("Ss"), match.first("U")
    if weekday:
        return Reading(f"XXXX-WXX-{weekday.value}{f'T{part.value}' if part else ''}", "", "", "set")
    if part:
        return Reading(f"XXXX-XX-XXT{part.value}", "", "", "set")
    count = number_of([w for w in match.words if w.code in "dwnyfHO#"]) if match.first("dwnyfHO#") else 1
    return Reading(period_value(count, unit.value), "", "", "set") if unit else None


def read_reference(match: Match, frame: Frame) -> Reading | None:
    word, modifier = match.words[-1], match.first("h")
    if word.code == "$" and not _is_present(match, modifier, word):
        return None
    value = "PRESENT_REF" if word.code == "$" else word.value
    day = frame.published.isoformat() if frame.published and value == "PRESENT_REF" else ""
    return Reading(value, day, day, PUBLICATION)


def _is_present(match: Match, modifier: Word | None, word: Word) -> bool:
    """True for "to date", "at the moment", "at this time", "the current date", not for "at the time", "this time"."""
    if modifier is not None and modifier.value != "this":
        return False
    if match.codes[0] in "@h":
        return word.value in ("moment", "date") if modifier is None or match.codes[0] == "h" else True
    return (
        word.value in ("date", "present") and modifier is None and (match.first("T") is None) == (word.value == "date")
    )
