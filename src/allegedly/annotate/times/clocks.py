"""Clock times: "6 p.m.", "half past six", "between 2 and 4 a.m. on Sunday", "from 10 a.m. for two hours"."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from allegedly.annotate.times.days import day_of
from allegedly.annotate.times.frame import PUBLICATION, Frame, Reading, amounts, days_from, moved, reading, story_base
from allegedly.annotate.times.grammar import Match
from allegedly.annotate.times.rules import CLOCK
from allegedly.annotate.times.tokens import Word

_CLOCK = re.compile(CLOCK)
_BARE = re.compile(r"(?<=[@~<=>&-])(?:w-?w|[dwny])(?![#M])|[dwn](?=[->&])")
_NAMES_DAY = "MmDWIJN"
_HOURS = range(25)
_EVENING = "16:00"
"""A range that begins later and ends earlier by the clock ends on the next day."""


def _at(words: tuple[Word, ...], bare: bool = True) -> tuple[int, int]:
    """Return where the clock time stands among `words`: a written one, else a bare number after "at" or in a range.

    Raises ValueError where there is none.
    """
    codes = "".join(word.code for word in words)
    found = _CLOCK.search(codes) or (_BARE.search(codes) if bare else None)
    if found is None:
        raise ValueError("no clock time")
    return found.span()


def clock_of(words: tuple[Word, ...], part: str = "", half: str = "") -> str:
    """Return ``HH:MM`` of the clock time among `words`; `part` and `half` say morning or evening where it does not."""
    start, end = _at(words)
    clock = words[start:end]
    own = next((word for word in clock if word.code in "GC"), None)
    if own and own.code == "C" and len(clock) == 1:
        return own.value
    hour, minute = _hour_minute(clock)
    if hour not in _HOURS or not 0 <= minute <= 59:
        raise ValueError("no clock time")
    return f"{_of_day(hour, own.value if own and own.code == 'G' else half, part):02}:{minute:02}"


def _of_day(hour: int, half: str, part: str) -> int:
    if half:
        return hour % 12 + 12 * (half == "p") if hour <= 12 else hour
    if part == "NI":
        return 0 if hour == 12 else hour + 12 if 6 <= hour < 12 else hour
    return hour + 12 if part in ("AF", "EV") and hour < 12 else hour


def _hour_minute(clock: tuple[Word, ...]) -> tuple[int, int]:
    codes = "".join(word.code for word in clock)
    if found := re.search(r"[+>]", codes):
        return _past(clock[: found.start()], clock[found.start()], clock[found.end() :])
    numbers = [word for word in clock if word.code in "dwny"]
    if ":" in codes:
        if len(clock) > 2 and clock[2].end - clock[2].start != 2:
            raise ValueError("no clock time")
        return int(numbers[0].value), int(numbers[1].value)
    if len(numbers) == 2:
        return _in_words(int(numbers[0].value), int(numbers[1].value))
    return _in_digits(numbers[0].value, codes)


def _in_words(hour: int, minute: int) -> tuple[int, int]:
    """Return hour and minute of "five thirty"; "twenty five" is no clock time."""
    if not (1 <= hour <= 12 and 10 <= minute <= 59):
        raise ValueError("no clock time")
    return hour, minute


def _in_digits(number: str, codes: str) -> tuple[int, int]:
    """Return hour and minute of "6", "6.30", "0630" or "1830" (GMT)."""
    if "." in number:
        hour, minute = number.split(".", 1)
        if len(minute) != 2 or not minute.isdecimal():
            raise ValueError("no clock time")
        return int(hour), int(minute)
    if len(number) == 4 or (len(number) == 3 and "G" in codes):
        return int(number[:-2]), int(number[-2:])
    return int(number), 0


def _past(left: tuple[Word, ...], word: Word, right: tuple[Word, ...]) -> tuple[int, int]:
    """Return hour and minute of "half past six", "twenty to four"."""
    hour = int(right[0].value[:2]) if right[0].code == "C" else int(right[0].value)
    unit = next((w.value for w in left if w.code == "U"), "TM")
    if unit not in ("TM", "Q") or hour > 24:
        raise ValueError("no clock time")
    minutes = 30 if left[0].code == "H" else 15 if unit == "Q" else sum(int(w.value) for w in left if w.code in "dw")
    if not 0 < minutes < 60:
        raise ValueError("no clock time")
    return (hour, minutes) if word.code == "+" else ((hour - 1) % 12 or 12, 60 - minutes)


def _part(words: tuple[Word, ...]) -> str:
    return next((word.value for word in words if word.code in "SN"), "")


def _rest(words: tuple[Word, ...]) -> Match:
    """Return the words beside the clock times: those of the day."""
    while True:
        try:
            start, end = _at(words)
        except ValueError:
            return Match("day", tuple(w for w in words if w.code not in "@~<=&>-K"), "", "")
        words = words[:start] + words[end:]


def _named_day(words: tuple[Word, ...], frame: Frame) -> tuple[str, str]:
    """Return the day that `words` name beside their clock times, else the day that a bare clock time is on."""
    rest = _rest(words)
    if rest.first("lxh") and rest.first("S") and not rest.first(_NAMES_DAY):
        modifier = rest.first("lxh")
        step = {"l": -1, "x": 1}.get(modifier.code, 0) if modifier else 0
        base = frame.published
        return (base + timedelta(step)).isoformat() if base else "XXXX-XX-XX", PUBLICATION
    if rest.first("N") and not rest.first("MmDWIJ"):
        return frame.published.isoformat() if frame.published else "XXXX-XX-XX", PUBLICATION
    return day_of(rest, frame) if rest.first(_NAMES_DAY) else _here(frame)


def read_clock_day(match: Match, frame: Frame) -> Reading | None:
    start, _ = _at(match.words)
    bare = _CLOCK.search(match.codes) is None
    if bare and match.words[start].code in "dw" and not 1 <= int(match.words[start].value) <= 24:
        return None
    clock = clock_of(match.words, _part(match.words))
    value, anchor = _named_day(match.words, frame)
    return reading(f"{value[:10]}T{clock}", anchor)


def read_range_clock(match: Match, frame: Frame) -> Reading | None:
    """ "Between 2 and 4 a.m. on Sunday": both ends on the day named, or on the story's day."""
    at = _joint(match)
    start, end = _ends(match.words[:at], match.words[at + 1 :], match)
    if start > end and start < _EVENING:
        return None
    day, anchor = _named_day(match.words, frame)
    known = date.fromisoformat(day[:10]) if day[:1].isdecimal() else None
    last = days_from(known, 1, "D") if start > end else day[:10]
    return reading(f"{day[:10]}T{start}/{last}T{end}", anchor)


def _joint(match: Match) -> int:
    """Return where the two ends of a range meet: at the last connective that leaves a clock time on both sides."""
    for at in reversed([i for i, w in enumerate(match.words) if w.code in ">-&" and i]):
        try:
            _at(match.words[at : at + 1] + match.words[at + 1 :])
            _at(match.words[:at] + match.words[at : at + 1])
        except ValueError:
            continue
        return at
    raise ValueError("no range")


def _ends(one: tuple[Word, ...], two: tuple[Word, ...], match: Match) -> tuple[str, str]:
    """Return both clock times; "2 and 4 p.m." and "2:00 to 2:30 p.m." share a half of the day."""
    joint = match.words[len(one)]
    one, two = (*one, joint), (joint, *two)
    part = _part(match.words)
    halves = [next((w.value for w in side if w.code == "G"), "") for side in (one, two)]
    end = clock_of(two, part, "" if halves[1] or halves[0] != "p" else "p")
    start = clock_of(one, part)
    if not halves[0] and (halves[1] or part):
        shared = clock_of(one, part, halves[1])
        start = shared if shared <= end else start
    if halves[0] and not halves[1] and end <= start:
        end = clock_of(two, part)
    if end <= start and not any(halves) and not part and int(end[:2]) < 12:
        end = f"{int(end[:2]) + 12}{end[2:]}"
    return start, end


def read_clock(match: Match, frame: Frame) -> Reading | None:
    part = match.first("S")
    if part and not match.first("dwnyCK"):
        if match.after.startswith("o") and not frame.thing:  # "the night of terror"
            return None
        clock = part.value
    else:
        clock = clock_of(match.words, _part(match.words))
    day, anchor = _here(frame)
    return reading(f"{day}T{clock}", anchor)


def _here(frame: Frame) -> tuple[str, str]:
    """Return the day that a bare clock time is on: that of what it is part of, the story's while near, publication."""
    if frame.thing:
        return frame.thing.start[:10], f"story:{frame.thing.start[:10]}; same day"
    ahead = frame.day is not None and frame.published is not None and frame.day > frame.published
    near = frame.near and (frame.tense > 0 or not ahead)
    base, anchor = story_base(frame) if near else (frame.published, PUBLICATION)
    return base.isoformat() if base else "XXXX-XX-XX", f"{anchor}; same day"


def read_set_clock(match: Match, frame: Frame) -> Reading | None:
    """ "Every Monday at 4 p.m.", "at six each day"."""
    unit, weekday = match.first("U"), match.first("WR")
    if unit and unit.value != "D":
        return None
    day = f"XXXX-WXX-{weekday.value}" if weekday else "XXXX-XX-XX"
    part = next((word.value for word in match.words if word.code in "Ss"), "")
    return Reading(f"{day}T{clock_of(match.words, part)}", "", "", "set")


def read_span_from(match: Match, frame: Frame) -> Reading | None:
    """ "For three days from today", "from 10 a.m. for two hours"."""
    first = next(i for i, word in enumerate(match.words) if word.code == "U")
    spans, rest = _span_apart(match, first)
    if _CLOCK.search("".join(word.code for word in rest)):
        clock, (day, anchor) = clock_of(rest, _part(rest)), _named_day(rest, frame)
        start = datetime.fromisoformat(f"{day[:10]}T{clock}")
        lengths = (timedelta(**_clock_span(c, u)) for c, u in amounts(spans) if c is not None)
        end = start + sum(lengths, timedelta())
        return reading(f"{start.isoformat()[:16]}/{end.isoformat()[:16]}", anchor)
    return _days_from(spans, rest, frame)


def _span_apart(match: Match, unit: int) -> tuple[list[Word], tuple[Word, ...]]:
    """Return the words of the length and those of its beginning, which stand on either side of "for" or "from"."""
    words, codes = match.words, match.codes
    if "%" in codes[1:]:  # "from 10 a.m. for two hours"
        at = codes.index("%", 1)
        return list(words[at + 1 :]), words[:at]
    last = max(i for i, word in enumerate(words) if word.code == "U" and i <= unit + 6 and "<" not in codes[:i])
    return [w for w in words[: last + 1] if w.code != "%"], tuple(w for w in words[last + 1 :] if w.code not in "Bu,<")


def _clock_span(count: float, unit: str) -> dict[str, float]:
    names = {"TS": "seconds", "TM": "minutes", "TH": "hours", "D": "days", "W": "weeks"}
    return {names[unit]: count} if unit in names else {"days": count * {"M": 30, "Y": 365}.get(unit, 1)}


def _days_from(spans: list[Word], rest: tuple[Word, ...], frame: Frame) -> Reading | None:
    day, anchor = day_of(Match("day", rest, "", ""), frame._replace(tense=frame.tense or 1))
    start = end = date.fromisoformat(day[:10])
    for count, unit in amounts(spans):
        if count is None:
            return None
        value = moved(end, count, unit)
        end = date.fromisoformat(value) if len(value) == 10 else end + timedelta(round(count * _LONG.get(unit, 0)))
    return reading(f"{start.isoformat()}/{max(start, end - timedelta(1)).isoformat()}", anchor)


_LONG = {"M": 30.44, "Q": 91.3, "Y": 365.25, "DE": 3652.5}
"""Days of the units that no day is exact to."""
