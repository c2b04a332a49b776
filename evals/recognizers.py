"""When one of our times agrees with a result of recognizers-text (Microsoft, MIT licence).

Their results are written in a dialect: ``timex`` with the open parts left open (``XXXX-05-12``, ``T16``), beside it one
or more `values` that fill them (the last such day and the next one), ends exclusive, parts of the day with other hours
than ours, and `Mod` for what TIMEX3 also keeps out of the value ("after", "since", "mid"). A time of ours agrees if one
of a result's values says the same, in one of these ways (`ways` counts each):

``value``      the TIMEX3 values are the same once the open parts are filled, hours have minutes (``T16`` = ``T16:00``),
               the day that a bare clock time is counted on is left out and durations are in seconds (``PT1H30M`` =
               ``PT1.5H``, as their own `value` has it)
``interval``   first and last day (or minute) are the same. Their single periods end exclusively; of "from a to b" both
               the last day before b and b itself are accepted, as they themselves do both, and so is the start of b,
               where b is a month or a year ("from 2015 to 2018" is ``(2015-01-01,2018-01-01,P3Y)``)
``modified``   with "before", "after", "since", "until" and the like they give the one bound that is left, no interval;
               ours is what stands beside the modifier, and its matching bound has to be theirs
``grain``      "in two months" is the day 2018-09-05 there and the month 2018-09 here, as TimeML has it: no finer than
               said. Only where a number of months, quarters, years, decades or centuries was counted
``few``        "a few hours" is ``PT3H`` there and ``PTXH`` here, as TIMEX3 writes a number that is not known

Nothing is left out. Results that can never agree stay wrong: names of time zones alone, days that no calendar has
("Feb 30"), and hours of meals and of business, for which TIMEX3 has no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from allegedly.annotate.times.timex import interval
from allegedly.records import Time

_SECONDS = {"Y": 31_536_000, "M": 2_592_000, "W": 604_800, "D": 86_400, "TH": 3600, "TM": 60, "TS": 1}
_COUNTED = re.compile(r"\b(?:months?|quarters?|years?|decades?|centur(?:y|ies))\b", re.IGNORECASE)
_VAGUE = re.compile(r"\b(?:few|some|several)\b", re.IGNORECASE)


def way(found: Time, result: dict[str, Any]) -> str:
    """Return the first way in which `found` agrees with `result`, or an empty string."""
    values = (result.get("Resolution") or {}).get("values", [])
    ways = ((name, test) for name, test in _WAYS.items())
    return next((name for name, test in ways if any(test(found, value, result["Text"]) for value in values)), "")


def _value(found: Time, value: dict[str, Any], text: str) -> bool:
    theirs = _filled(value)
    ours = {_plain(found.value), _plain(found.value[10:])} - {""}
    return not ours.isdisjoint(theirs) or _same_length(found.value, value)


def _plain(timex: str) -> str:
    """Return `timex` with minutes and without seconds of zero."""
    timex = re.sub(r"T(\d\d?)(?=$|/)", lambda hour: f"T{int(hour[1]):02}:00", timex)
    return re.sub(r"(T\d\d:\d\d):00\b", r"\1", timex)


def _filled(value: dict[str, Any]) -> set[str]:
    """Return the ``timex`` as it is and, where the value says how, with its open day or year filled."""
    timex, filled = value.get("timex", ""), {value.get("timex", "")}
    clock = timex[timex.find("T") :] if "T" in timex else ""
    for day in _days(value):
        filled.add(re.sub("^XXXX", day[:4], timex))
        if re.match(r"XXXX-(?:WXX-\d|XX-\d\d)(?:T|$)", timex):
            filled.add(day + clock)
        if value.get("Mod") and (week := re.fullmatch(r"XXXX-WXX(-WE)?", timex)):
            filled.add("{}-W{:02}".format(*date.fromisoformat(day).isocalendar()) + (week[1] or ""))
    return {_plain(one) for one in filled} - {""}


def _days(value: dict[str, Any]) -> Iterator[str]:
    """Yield the days that `value` names, and for an exclusive end the day before it."""
    for name in ("value", "start", "end"):
        if re.match(r"\d{4}-\d\d-\d\d", value.get(name, "")):
            yield value[name][:10]
            if name != "value":
                yield _before(value[name])


def _before(day: str) -> str:
    """Return the last day before `day`, or `day` itself where that is none."""
    try:
        return (date.fromisoformat(day[:10]) - timedelta(1)).isoformat()
    except (ValueError, OverflowError):
        return day


def _same_length(ours: str, value: dict[str, Any]) -> bool:
    if value.get("type") not in ("duration", "set") or "WE" in ours:
        return False
    theirs = _seconds(value.get("timex", ""))
    return theirs is not None and theirs == _seconds(ours)


def _seconds(period: str) -> float | None:
    """Return how long ``P1Y2M``, ``PT2.5H`` are, as recognizers-text counts; None for what is no length."""
    if not re.fullmatch(r"P(?:[\d.]+[YMWD])*(?:T(?:[\d.]+[HMS])+)?", period) or len(period) < 3:
        return None
    days, _, clock = period[1:].partition("T")
    parts = [(n, u) for n, u in re.findall(r"([\d.]+)(\w)", days)]
    parts += [(n, f"T{u}") for n, u in re.findall(r"([\d.]+)(\w)", clock)]
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def _interval(found: Time, value: dict[str, Any], text: str) -> bool:
    if "Mod" in value and value["Mod"] not in ("start", "mid", "end", "approx"):
        return False
    first = value.get("start") or value.get("value") or ""
    return bool(first) and _begins(found, first) and _ends(found, value, first)


def _begins(found: Time, first: str) -> bool:
    return found.start != "" and _same(found.start, first)


def _same(ours: str, theirs: str) -> bool:
    """True for the same day or minute; a clock time without a day agrees with that of any day."""
    if theirs[2:3] == ":":
        return ours[11:16] == theirs[:5]
    return ours[:16] == theirs.replace(" ", "T")[:16]


def _ends(found: Time, value: dict[str, Any], first: str) -> bool:
    end = value.get("end", "")
    if not end:
        return _same(found.end, first)
    if _same(found.end, _before(end) if end[:4].isdecimal() and ":" not in end else end):
        return True
    last_begins = interval(found.value.rpartition("/")[2])[0] if "/" in found.value else ""
    return value.get("timex", "").startswith("(") and (_same(found.end, end) or _same(last_begins, end))


def _modified(found: Time, value: dict[str, Any], text: str) -> bool:
    start, end = value.get("start", ""), value.get("end", "")
    if not found.start or "Mod" not in value or bool(start) == bool(end):
        return False
    bound = start or end
    return any(_same(ours, there) for ours in (found.start, found.end) for there in (bound, _before(bound)))


def _grain(found: Time, value: dict[str, Any], text: str) -> bool:
    day = value.get("value", "")
    return bool(_COUNTED.search(text) and re.fullmatch(r"\d{4}(-\d\d)?", found.value)) and day.startswith(found.value)


def _few(found: Time, value: dict[str, Any], text: str) -> bool:
    """True where a number that is not known is 3 there; the bounds that it gives there are not asked for."""
    lengths = re.findall(r"PT?3[A-Z]", value.get("timex", ""))
    return bool(_VAGUE.search(text)) and found.value in {length.replace("3", "X") for length in lengths}


_WAYS = {"value": _value, "interval": _interval, "modified": _modified, "grain": _grain, "few": _few}
