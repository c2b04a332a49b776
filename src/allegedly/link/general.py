"""Words too general to tell things apart."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+")


class General(NamedTuple):
    """Lists of ``general.toml``."""

    people: frozenset[str]
    things: frozenset[str]
    involvement: tuple[str, ...]


@lru_cache(maxsize=1)
def general() -> General:
    """Return the lists, read once."""
    lists = tomllib.loads(files("allegedly.link").joinpath("general.toml").read_text("utf-8"))
    return General(frozenset(lists["people"]), frozenset(lists["things"]), tuple(lists["involvement"]))


def head(phrase: str) -> str:
    """Return the last word of `phrase`, folded and without a plural's ``s``: its head in most short noun phrases."""
    found: list[str] = _WORD.findall(phrase.casefold())
    return found[-1].removesuffix("s") if found else ""


def _heads(words: frozenset[str]) -> frozenset[str]:
    return frozenset(map(head, words))


def is_general(phrase: str) -> bool:
    """Return whether `phrase` is empty or its head says nothing in particular."""
    return head(phrase) in {"", *_heads(general().people), *_heads(general().things)}


def same_kind(one: str, other: str) -> bool:
    """Return whether two phrases may speak of the same: equal heads, a general one, or a name beside a common noun."""
    return is_general(one) or is_general(other) or head(one) == head(other) or _is_name(one) != _is_name(other)


def _is_name(phrase: str) -> bool:
    """True where every word but articles begins with a capital: “Selby Bridge”, not “the bridge”."""
    words = [w for w in phrase.split() if w.casefold() not in {"the", "a", "an"}]
    return bool(words) and all(w[:1].isupper() for w in words)


def speaks_of_involvement(content: str) -> bool:
    """Return whether a denial is of a part in something, rather than of its having happened."""
    folded = content.casefold()
    return any(words in folded for words in general().involvement)
