"""Dates as sources write them, to ISO 8601 with the grain they were stated in. Nothing is guessed.

A date whose order of day and month cannot be told (``01/02/2023``) is no date. Sources: ISO 8601-1:2019, RFC 5322
(with the obsolete zone names of section 4.3) and Unix epoch counts in seconds, milli-, micro- or nanoseconds.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from unicodedata import normalize

from allegedly.records import Grain

Stated = tuple[str, Grain]

UNKNOWN: Stated = ("", "unknown")

_MONTH_NAMES = (  # English, German, French, Spanish, Russian: whole and as usually cut short
    "january jan januar jänner janvier janv enero ene января январь янв",
    "february feb februar feber février fevrier févr fév febrero февраля февраль февр фев",
    "march mar märz maerz mär mrz mars marzo марта март мар",
    "april apr avril avr abril abr апреля апрель апр",
    "may mai mayo мая май",
    "june jun juni juin junio июня июнь июн",
    "july jul juli juillet juil julio июля июль июл",
    "august aug août aout agosto ago августа август авг",
    "september sept sep septembre septiembre setiembre сентября сентябрь сент сен",
    "october oct oktober okt octobre octubre октября октябрь окт",
    "november nov novembre noviembre ноября ноябрь нояб ноя",
    "december dec dezember dez décembre decembre déc diciembre dic декабря декабрь дек",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_DAYS = (
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so|"
    "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье"
)
_MONTH = rf"(?P<month_name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_WEEKDAY = rf"(?:(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|{_DAYS})\.?,?\s+)?(?:(?:le|el|den|the)\s+)?"
_YEAR_WORD = r"(?:\s*(?:года|г\.?)(?!\w))?"
_ZONE = r"(?P<zone>z|[a-z]{2,5}(?![a-z])|(?:utc|gmt)?\s*[+-]\d{2}(?::?\d{2})?)"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    rf"\s*(?P<half>[ap]m)?\s*{_ZONE}?"
)
_TIME = rf"(?:(?:\s*,?\s+(?:(?:at|um|à|a las|в)\s+)?|t){_CLOCK})?(?:\s*\([^)]*\)|\[[\w/+-]+\])?"
_SHAPES = [
    re.compile(shape + r"\s*\Z", re.IGNORECASE)
    for shape in (
        r"(?P<year>\d{4})(?:-(?P<month>\d{1,2}))?",
        rf"(?P<year>\d{{4}})(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_TIME}",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:t?(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?P<zone>z|[+-]\d{2}:?\d{2})?)?",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|\.)?(?:\s+de)?[\s-]+{_MONTH},?(?:\s+del?)?[\s-]+"
        rf"(?P<year>\d{{4}}|\d{{2}}(?=\s)){_YEAR_WORD}{_TIME}",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}){_TIME}",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d{{2}}):(?P<minute>\d{{2}}):(?P<second>\d{{2}})\s+"
        rf"(?:{_ZONE}\s+)?(?P<year>\d{{4}})",
        rf"{_MONTH},?(?:\s+del?)?\s+(?P<year>\d{{4}}){_YEAR_WORD}",
        rf"(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?P<year>\d{{4}}){_TIME}",
        rf"(?P<first>\d{{1,2}})/(?P<other>\d{{1,2}})/(?P<year>\d{{4}}){_TIME}",
    )
]
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7}
_ZONES |= {"mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3}
_UNITS = ((10**11, 1), (10**14, 10**3), (10**17, 10**6), (10**20, 10**9))
_ZERO_DATES = {"0001-01-01", "1601-01-01", "1899-12-30", "1900-01-01", "1904-01-01", "1970-01-01"}


def iso_utc(value: str | float | date | None) -> Stated:
    """Return `value` as (ISO 8601 text, grain): UTC with offset where the zone is known, naive where it is not.

    Takes an epoch count, a `date` or `datetime`, or text; ``("", "unknown")`` for anything else. Never raises.
    """
    try:
        if isinstance(value, bool) or value is None:
            return UNKNOWN
        if isinstance(value, date):
            return _of_date(value)
        return _of_epoch(value) if isinstance(value, int | float) else _of_text(str(value).strip())
    except (ValueError, OverflowError):
        return UNKNOWN


def odd(published_at: str, today: date) -> str:
    """Say what is odd about a date, or nothing: it lies ahead, before printed news (1605), or is a machine's zero."""
    day = published_at[:10]
    if day in _ZERO_DATES:
        return f"the date {day} is a zero of computer clocks, not likely a date of publication"
    if day[:4] < "1605" and day:
        return f"the date {day} lies before the first printed news"
    if day > (today + timedelta(days=2)).isoformat():
        return f"the date {day} lies in the future"
    return ""


def _of_date(value: date) -> Stated:
    return _stated(value, "second") if isinstance(value, datetime) else (value.isoformat(), "day")


def _of_epoch(value: float) -> Stated:
    for ceiling, unit in _UNITS:
        if abs(value) < ceiling:
            return _stated(datetime.fromtimestamp(value // unit, UTC), "second")
    return UNKNOWN


def _of_text(text: str) -> Stated:
    text = normalize("NFC", text)
    if re.fullmatch(r"-?\d{9,20}(\.\d+)?", text) and not re.fullmatch(r"(19|20)\d{12}|(19|20)\d{10}", text):
        return _of_epoch(float(text) if "." in text else int(text))
    for shape in _SHAPES:
        if len(text) < 100 and (match := shape.match(text)):
            return _of_parts(match.groupdict())
    return UNKNOWN


def _of_parts(parts: dict[str, str | None]) -> Stated:
    year, (month, day) = _year(parts["year"] or ""), _month_and_day(parts)
    if month is None:
        return f"{date(year, 1, 1).year:04}", "year"
    if day is None:
        return date(year, month, 1).isoformat()[:7], "month"
    if not parts.get("hour"):
        return date(year, month, day).isoformat(), "day"
    moment = datetime(year, month, day, _hour(parts), int(parts["minute"] or 0), min(59, int(parts["second"] or 0)))
    grain: Grain = "second" if parts["second"] else "minute" if parts["minute"] else "hour"
    return _stated(moment.replace(tzinfo=_zone(parts.get("zone"))), grain)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)


def _month_and_day(parts: dict[str, str | None]) -> tuple[int | None, int | None]:
    if first := parts.get("first"):
        return _by_size(int(first), int(parts["other"] or 0))
    name, month, day = parts.get("month_name"), parts.get("month"), parts.get("day")
    return _MONTHS[name.lower()] if name else int(month) if month else None, int(day) if day else None


def _by_size(first: int, other: int) -> tuple[int, int]:
    if first > 12 or first == other:
        return other, first
    if other > 12:
        return first, other
    raise ValueError("day or month first?")


def _hour(parts: dict[str, str | None]) -> int:
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower()
    if half and not 1 <= hour <= 12:
        raise ValueError("no such hour")
    return hour % 12 + (12 if half == "pm" else 0) if half else hour


def _zone(text: str | None) -> timezone | None:
    """The zone by its offset or name; None when it is not stated or not known, which keeps the time naive."""
    if not text:
        return None
    if match := re.search(r"([+-])(\d{2}):?(\d{2})?$", text):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(-offset if match[1] == "-" else offset)
    hours = _ZONES.get(text.lower())
    return None if hours is None else timezone(timedelta(hours=hours))


def _stated(moment: datetime, grain: Grain) -> Stated:
    known = moment.astimezone(UTC) if moment.tzinfo else moment
    return known.replace(microsecond=0).isoformat(), grain
