"""What things are called on the page: paths by what tells them apart, sources that nobody stated, a ledger's title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

_SEPARATOR = re.compile(r"[/\\]+")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TOPICS = 3


def common_folder(paths: Iterable[str]) -> int:
    """Return how many folders all `paths` share. What stands inside an archive (after ``!/``) is no folder."""
    shared: list[str] | None = None
    for path in paths:
        folders = _SEPARATOR.split(path.partition("!/")[0])[:-1]
        shared = folders if shared is None else [a for a, _ in takewhile(_alike, zip(shared, folders, strict=False))]
        if not shared:
            return 0
    return len(shared or ())


def _alike(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def below(path: str, folders: int) -> str:
    """Return `path` without its first `folders` folders."""
    outer, archive, inner = path.partition("!/")
    return "/".join(_SEPARATOR.split(outer)[folders:]) + archive + inner


def period(dates: Sequence[str]) -> str:
    """Return ``3 Sep – 24 Sep 2024`` for ISO 8601 `dates`, which are sorted; empty where there are none."""
    if not dates:
        return ""
    first, last = _day(dates[0]), _day(dates[-1])
    if first == last:
        return " ".join(first)
    if first[-1] == last[-1] and len(first) > 1:
        first = first[:-1]
    return f"{' '.join(first)} – {' '.join(last)}"


def _day(iso: str) -> list[str]:
    year, *rest = iso[:10].split("-")
    if not rest or not rest[0].isdigit() or not 1 <= int(rest[0]) <= 12:
        return [year]
    return [*(str(int(day)) for day in rest[1:2] if day.isdigit()), _MONTHS[int(rest[0]) - 1], year]


def title_of(documents: int, titles: Sequence[str], topics: Sequence[str], dates: Sequence[str]) -> str:
    """Return a title that says what a ledger is about: ``Tarn, Ostvale, Marrow: 12 documents, 3 – 8 Mar 2031``."""
    if documents == 1 and titles[0]:
        return titles[0]
    about = ", ".join(topics[:_TOPICS])
    size = f"{documents:,} document{'' if documents == 1 else 's'}"
    when = period(dates)
    return f"{about}{': ' if about else ''}{size}{', ' if when else ''}{when}"
