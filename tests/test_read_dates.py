"""Dates as stated: what is known becomes UTC, what is not stays open, nothing is guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.read._dates import iso_utc, odd

_STATED = [
    ("2023-01-31", "2023-01-31", "day"),
    ("2023-01", "2023-01", "month"),
    ("2023", "2023", "year"),
    ("20230131", "2023-01-31", "day"),
    ("2023-01-31T06:15", "2023-01-31T06:15:00", "minute"),
    ("2023-01-31T06:15:00.123Z", "2023-01-31T06:15:00+00:00", "second"),
    ("2023-01-31T06:15:00+03:00", "2023-01-31T03:15:00+00:00", "second"),
    ("2023-01-31T01:15:00+0300[Europe/Minsk]", "2023-01-30T22:15:00+00:00", "second"),
    ("2023-01-31 10:00:00 EST", "2023-01-31T15:00:00+00:00", "second"),
    ("2023-01-31 10:00:00 XYZ", "2023-01-31T10:00:00", "second"),
    ("Tue, 31 Jan 2023 06:15:00 GMT", "2023-01-31T06:15:00+00:00", "second"),
    ("Tue, 31 Jan 2023 06:15:00 -0500 (EST)", "2023-01-31T11:15:00+00:00", "second"),
    ("Wed Oct 10 20:19:24 +0000 2018", "2018-10-10T20:19:24+00:00", "second"),
    ("Jan 31, 2023 at 6:15 pm UTC", "2023-01-31T18:15:00+00:00", "minute"),
    ("Sept. 5, 2023", "2023-09-05", "day"),
    ("4. März 2024", "2024-03-04", "day"),
    ("Montag, 4. Ma\u0308rz 2024, 18:40 Uhr", "2024-03-04T18:40:00", "minute"),
    ("lundi 4 mars 2024 à 18h40", "2024-03-04T18:40:00", "minute"),
    ("le 1er août 2024", "2024-08-01", "day"),
    ("4 de marzo de 2024", "2024-03-04", "day"),
    ("4 марта 2024", "2024-03-04", "day"),
    ("4 марта 2024 г., 18:40", "2024-03-04T18:40:00", "minute"),
    ("mayo de 2024", "2024-05", "month"),
    ("Thursday, 7 March 2024 18:40 UTC", "2024-03-07T18:40:00+00:00", "minute"),
    ("31.01.2023 18:00", "2023-01-31T18:00:00", "minute"),
    ("31/01/2023", "2023-01-31", "day"),
    ("1675145700", "2023-01-31T06:15:00+00:00", "second"),
    ("1675145700000", "2023-01-31T06:15:00+00:00", "second"),
    (1675145700, "2023-01-31T06:15:00+00:00", "second"),
    (date(2023, 1, 31), "2023-01-31", "day"),
    (datetime(2023, 1, 31, 4, tzinfo=UTC), "2023-01-31T04:00:00+00:00", "second"),
]
_NO_DATES = [
    "01/02/2023",
    "2023-02-30",
    "yesterday",
    "mayor 2023",
    "4 marches 2024",
    "30 февраля 2024",
    "",
    None,
    True,
    float("nan"),
    10**30,
    "1" * 500,
]


@pytest.mark.parametrize(("value", "iso", "grain"), _STATED)
def test_stated_dates(value: object, iso: str, grain: str) -> None:
    assert iso_utc(value) == (iso, grain)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", _NO_DATES)
def test_what_is_no_date_or_could_be_two_is_unknown(value: object) -> None:
    assert iso_utc(value) == ("", "unknown")  # type: ignore[arg-type]


@given(st.one_of(st.text(), st.integers(), st.floats(), st.dates(), st.datetimes()))
def test_any_value_gives_iso_or_nothing(value: object) -> None:
    iso, grain = iso_utc(value)  # type: ignore[arg-type]
    assert (iso == "") == (grain == "unknown")
    assert re.fullmatch(r"|\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\+00:00)?)?)?)?", iso)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_iso_text_names_the_same_instant(moment: datetime, minutes: int) -> None:
    whole = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    assert datetime.fromisoformat(iso_utc(whole.isoformat())[0]) == whole


def test_odd_dates_are_told() -> None:
    today = date(2024, 3, 5)
    assert "future" in odd("2024-03-08", today)
    assert "printed news" in odd("1602-05-05", today)
    assert "zero" in odd("1601-01-01T00:00:00+00:00", today) and "zero" in odd("1970-01-01", today)
    assert not any(odd(fine, today) for fine in ("", "2024", "2024-03-06T23:00:00+00:00", "1914-08-01"))
