"""What time expressions are counted from, and what their readings hold."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from allegedly.annotate.times.timex import interval, shift
from allegedly.annotate.times.tokens import Word

PUBLICATION = "publication"
EXPLICIT = "explicit"
CLOCK_UNITS = {"TS": "S", "TM": "M", "TH": "H"}
NUMBERS = "dwnyfAH"
_FOLD = {"FN": (2, "W"), "WE": (1, "W")}


class Reading(NamedTuple):
    """A resolved expression: TIMEX3 value, closed interval, and what it was counted from by which rule."""

    value: str
    start: str
    end: str
    anchor: str


class Frame(NamedTuple):
    """What an expression may be counted from. `tense` is -1 past, 1 future, 0 unknown.

    `day` is the last day that the story named and `period` the start of the last time of any grain; `near` is true
    while that is in this paragraph or the one before. `clock` is the last instant of the story while it is near.
    `now` is the minute of publication where that is known. `thing` is when the thing happened that an expression counts
    from ("after the blast"), where the text has told it, and `beside` the day that an expression explains ("on Tuesday,
    two days after the blast").
    """

    published: date | None
    day: date | None
    period: date | None
    near: bool
    tense: int
    clock: str = ""
    thing: Reading | None = None
    beside: Reading | None = None
    now: str = ""

    @property
    def told(self) -> bool:
        """True while the story is in a past of its own, more than a week before publication."""
        return bool(
            self.near and self.day and self.published and not -7 <= (self.published - self.day).days <= 7
        )  # fmt: skip


def reading(value: str, anchor: str) -> Reading:
    return Reading(value, *interval(value), anchor)


def story_base(frame: Frame, unit: str = "D") -> tuple[date | None, str]:
    """Return what "the next day" counts from: the story's own day, or publication where it has none."""
    known = frame.day if unit in ("D", "W", "WE", "FN") or unit in CLOCK_UNITS else (frame.period or frame.day)
    return (known, f"story:{known.isoformat()}") if known else (frame.published, PUBLICATION)


def number_of(words: list[Word]) -> float | None:
    """Return the number that number words or digits stand for; None for "several"."""
    codes = "".join(word.code for word in words)
    if codes in ("HA", "AH"):
        return 0.5
    if len(codes) > 1 and codes.endswith("H"):  # "two and a half", "a year and a half"
        whole = number_of(words[:-1] if codes[-2] != "A" or len(codes) < 3 else words[:-2])
        return None if whole is None else whole + 0.5
    total = 0.0
    for word in words:
        if word.code == "f" and word.value == "X":
            return None
        total = max(total, float(word.value)) if word.code in "fAH" else total + float(word.value)
    return total


def amounts(words: list[Word]) -> list[tuple[float | None, str]]:
    """Return count and unit of each part of "three hours and 30 minutes"; "two and a half hours" is one part."""
    parts: list[tuple[float | None, str]] = []
    numbers: list[Word] = []
    for at, word in enumerate(words):
        if word.code == "U":
            late = _half_after(words[at + 1 :])
            parts.append((number_of([*numbers, *late]) if numbers or late else 1, word.value))
            numbers = []
        elif word.code in NUMBERS and not (word.code in "AH" and parts and not numbers and _half_after(words[at:])):
            numbers.append(word)
    return parts


def _half_after(words: list[Word]) -> list[Word]:
    """Return the words of "and a half" where `words` begin so and no unit follows."""
    codes = "".join(word.code for word in words)
    found = re.match(r"&?(A?H)(?!-?U)", codes)
    return [word for word in words[: found.end()] if word.code in "AH"] if found else []


def full_day(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()


def days_from(base: date | None, count: float, unit: str) -> str:
    return shift(base, count, unit) if base else "XXXX-XX-XX"


def instant(now: str, count: float, unit: str) -> str:
    """Return the minute that lies `count` hours, minutes or seconds after `now`."""
    seconds = count * {"TH": 3600, "TM": 60, "TS": 1}[unit]
    return (datetime.fromisoformat(now) + timedelta(seconds=seconds)).isoformat()[:16]


def moved(base: date, count: float, unit: str) -> str:
    if unit in CLOCK_UNITS:
        return base.isoformat()
    fold, plain = _FOLD.get(unit, (1, unit))
    return shift(base, count * fold, plain)


def length_value(parts: list[tuple[float | None, str]]) -> str:
    """Return the TIMEX3 value of a length in one or more units: ``P2D``, ``PT3H30M``."""
    if len(parts) == 1:
        return period_value(*parts[0])
    values = [period_value(count, unit) for count, unit in parts]
    days, clock = (
        "".join(v[start:] for v in values if v.startswith("PT") == timed) for start, timed in ((1, False), (2, True))
    )
    return f"P{days}{'T' if clock else ''}{clock}"


def period_value(count: float | None, unit: str) -> str:
    fold, plain = {"FN": (2, "W"), "Q": (3, "M")}.get(unit, (1, unit))
    number = "X" if count is None else f"{count * fold:g}"
    return f"PT{number}{CLOCK_UNITS[plain]}" if plain in CLOCK_UNITS else f"P{number}{plain}"
