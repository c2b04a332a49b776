"""Times of posts as seconds since 1970: epoch counts in any unit, ISO 8601, the platforms' own forms, and others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt

_ISO = r"^\s*\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.]\d+)?)?( ?(Z|z|UTC|GMT|[+-]\d{2}(:?\d{2})?))?)?\s*$"
_FORMS = ("%a %b %d %H:%M:%S %z %Y", "%Y/%m/%d %H:%M:%S", "%Y%m%dT%H%M%SZ")
"""X's `created_at`; a spreadsheet's; ISO 8601 without separators."""
_EPOCHS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3))
"""From this count on, a number is in units of so many a second: nano-, micro-, milliseconds (years 1973 to 5138)."""


def seconds(column: str) -> str:
    """Return the SQL of the text `column` as seconds since 1970 (UTC where no zone is stated), or null."""
    count = f"try_cast({column} AS DOUBLE)"
    units = " ".join(f"WHEN abs({count}) >= {least!r} THEN {count} / {unit!r}" for least, unit in _EPOCHS)
    forms = ", ".join(f"'{form}'" for form in _FORMS)
    text = (
        f"CASE WHEN regexp_matches({column}, '{_ISO}') THEN epoch(try_cast({_plain(column)} AS TIMESTAMPTZ)) "
        f"ELSE epoch(try_strptime({column}, [{forms}])::TIMESTAMP) END"
    )
    number = f"CASE WHEN isfinite({count}) THEN CASE {units} ELSE {count} END END"
    return f"CASE WHEN {count} IS NOT NULL THEN {number} ELSE {text} END"


def _plain(column: str) -> str:
    """ISO 8601 as the database takes it: a zone of hours, or Z, without a space before it."""
    plain = f"upper(trim({column}))"
    for before, after in (("GMT", "Z"), ("UTC", "Z"), (" Z", "Z"), (" +", "+"), (" -", "-")):
        plain = f"replace({plain}, '{before}', '{after}')"
    return plain


def odd(stated: Iterable[object]) -> npt.NDArray[np.float64]:
    """Return seconds since 1970 for times in other forms by the rules of the readers, NaN where there is no telling."""
    from allegedly.read._dates import iso_utc

    known: dict[str, float] = {}
    found = []
    for value in stated:
        text = value if isinstance(value, str) else ""
        if text not in known:
            known[text] = _epoch(*iso_utc(text)) if text else np.nan
        found.append(known[text])
    return np.array(found, dtype=np.float64)


def _epoch(iso: str, grain: str) -> float:
    """Only a time with a day in it is a time: a year or a month is far coarser than any window."""
    if grain in ("unknown", "year", "month"):
        return float("nan")
    when = datetime.fromisoformat(iso)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()
