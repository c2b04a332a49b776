"""The word lists of the place layer (``lexicon.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, object]:
    return tomllib.loads((files("allegedly.annotate.places") / "lexicon.toml").read_text(encoding="utf-8"))


@cache
def words(*path: str) -> frozenset[str]:
    """Return the list at `path` of the data file, e.g. ``words("types", "city")``."""
    found: object = _lists()
    for part in path:
        found = found[part] if isinstance(found, dict) else ()
    return frozenset(found) if isinstance(found, list) else frozenset()


@cache
def kind_of_type() -> dict[str, str]:
    """Return which kind of place each type word means ("oblast": region)."""
    return {word: kind for kind in ("region", "district", "city", "airport") for word in words("types", kind)}
