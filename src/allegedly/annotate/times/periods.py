"""Readings that name months, seasons, quarters, years and decades."""

from __future__ import annotations

from datetime import date

from allegedly.annotate.times.frame import EXPLICIT, PUBLICATION, Frame, Reading, reading
from allegedly.annotate.times.grammar import Match
from allegedly.annotate.times.timex import interval
from allegedly.annotate.times.tokens import Word


def read_month(match: Match, frame: Frame) -> Reading | None:
    month, year = match.first("M"), match.first("y")
    if month is None:
        return None
    if year:
        return reading(f"{year.value}-{int(month.value):02}", EXPLICIT)
    return _bare_month(int(month.value), match.first("lxh"), frame)


def _bare_month(month: int, modifier: Word | None, frame: Frame) -> Reading:
    base, anchor = (frame.period, f"story:{frame.period}") if frame.told else (frame.published, PUBLICATION)
    if base is None:
        return reading(f"XXXX-{month:02}", EXPLICIT)
    tense = {"l": -1, "x": 1}.get(modifier.code, 0) if modifier else (0 if frame.told else frame.tense)
    if modifier is not None and modifier.value == "this":
        year = base.year
    elif tense > 0:
        year = base.year + (month < base.month or (modifier is not None and month == base.month))
    else:
        late = 0 if tense < 0 or modifier else 3
        year = base.year - (month > base.month + late or (modifier is not None and month == base.month))
    return reading(f"{year:04}-{month:02}", f"{anchor}; year")


def read_year(match: Match, frame: Frame) -> Reading:
    year = match.first("y")
    return reading((year or match.words[0]).value, EXPLICIT)


def read_decade(match: Match, frame: Frame) -> Reading:
    decade = match.first("E")
    return reading(f"{decade.value if decade else 'XXX'}X", EXPLICIT)


def read_season(match: Match, frame: Frame) -> Reading | None:
    season, year = match.first("Z"), match.first("y")
    if season is None or not (year or match.first("lxhTF") or match.before.endswith(("i", "iT", "T", "Y"))):
        return None
    if year:
        return reading(f"{year.value}-{season.value}", EXPLICIT)
    if frame.published is None:
        return reading(f"XXXX-{season.value}", EXPLICIT)
    return reading(f"{_season_year(season.value, match.first('lxh'), frame):04}-{season.value}", f"{PUBLICATION}; year")


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


def read_quarter(match: Match, frame: Frame) -> Reading | None:
    number, unit, year = match.first("#Q"), match.first("U"), match.first("y")
    if number and number.code == "Q":
        return _numbered_quarter(number.value, match, frame)
    if unit and unit.value == "CE" and number:
        return reading(f"{int(number.value) - 1:02}XX", EXPLICIT)
    if number is None or unit is None or unit.value != "Q" or int(number.value) > 4:
        return None
    if year:
        return reading(f"{year.value}-Q{number.value}", EXPLICIT)
    base = frame.published
    return reading(f"{base.year:04}-Q{number.value}", f"{PUBLICATION}; year") if base else None


def _numbered_quarter(number: str, match: Match, frame: Frame) -> Reading | None:
    """ "Q3 2020", "Q3 of last year", "Q3"."""
    year, modifier, base = match.first("y"), match.first("lxh"), frame.published
    if year:
        return reading(f"{year.value}-{number}", EXPLICIT)
    if number[0] == "H" and modifier is None:  # "H1" alone is a motorway or a virus
        return None
    step = {"l": -1, "x": 1}.get(modifier.code, 0) if modifier else 0
    return reading(f"{base.year + step:04}-{number}", f"{PUBLICATION}; year") if base else None


def read_quarter_of(match: Match, frame: Frame) -> Reading | None:
    """ "Next year's first quarter"."""
    units, number, year = match.all("U"), match.first("#"), match.first("y")
    whole = year.value if year else ""
    if units and len(units) == 2 and units[0].value == "Y" and frame.published:
        step = {"l": -1, "x": 1}.get((match.first("lxh") or number or units[0]).code, 0)
        whole = f"{frame.published.year + step:04}"
    if not whole or number is None or units[-1].value != "Q" or int(number.value) > 4:
        return None
    return reading(f"{whole}-Q{number.value}", EXPLICIT if year else f"{PUBLICATION}; year")


def read_fiscal(match: Match, frame: Frame) -> Reading | None:
    """ "Fiscal year 2019", "FY19", "this school year": they begin on other days elsewhere, so they have no bounds."""
    word, year, modifier = match.first("X"), match.first("y"), match.first("lxh")
    if word is None:
        return None
    if len(word.value) > len("FY"):
        return Reading(word.value, "", "", EXPLICIT)
    if year:
        return Reading(f"{word.value}{year.value}", "", "", EXPLICIT)
    if word.end - word.start == len("fiscal"):
        return None
    if modifier is None or frame.published is None:
        return Reading(f"{word.value}XXXX", "", "", PUBLICATION)
    step = {"l": -1, "x": 1}.get(modifier.code, 0)
    return Reading(f"{word.value}{frame.published.year + step:04}", "", "", f"{PUBLICATION}; year")
