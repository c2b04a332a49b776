"""The word lists of the time layer that look at the clause around an expression (``lexicon.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("allegedly.annotate.times") / "lexicon.toml").read_text(encoding="utf-8"))


@cache
def words(section: str, name: str) -> frozenset[str]:
    """Return the list `name` of `section` of the data file."""
    return frozenset(_lists()[section][name])
