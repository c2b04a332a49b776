"""What time expressions are counted from, and what their readings hold."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from allegedly.annotate.times.grammar import Word
from allegedly.annotate.times.timex import interval, shift

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
    `thing` is when the thing happened that an expression counts from ("after the blast"), where the text has told it,
    and `beside` the day that an expression explains ("on Tuesday, two days after the blast").
    """

    published: date | None
    day: date | None
    period: date | None
    near: bool
    tense: int
    clock: str = ""
    thing: Reading | None = None
    beside: Reading | None = None

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


def full_day(year: int, month: int, day: int) -> str:
    return date(year, month, day).isoformat()


def days_from(base: date | None, count: float, unit: str) -> str:
    return shift(base, count, unit) if base else "XXXX-XX-XX"


def moved(base: date, count: float, unit: str) -> str:
    if unit in CLOCK_UNITS:
        return base.isoformat()
    fold, plain = _FOLD.get(unit, (1, unit))
    return shift(base, count * fold, plain)


def period_value(count: float | None, unit: str) -> str:
    fold, plain = {"FN": (2, "W"), "Q": (3, "M")}.get(unit, (1, unit))
    number = "X" if count is None else f"{count * fold:g}"
    return f"PT{number}{CLOCK_UNITS[plain]}" if plain in CLOCK_UNITS else f"P{number}{plain}"
