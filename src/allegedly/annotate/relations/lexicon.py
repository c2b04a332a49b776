"""The words and patterns that tie two actors, as `ties.toml` lists them."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, cast

from allegedly.records import RelationType

Words = frozenset[str]


class Frame(NamedTuple):
    """A pattern: from the word that `heads` it over `steps` (particles, prepositions, nouns) to the second actor."""

    type: RelationType
    heads: Words
    steps: tuple[Words, ...]
    flipped: bool
    """Whether the second actor is the subject of the tie."""
    after: tuple[Words, ...] = ()
    """What has to follow the second actor: "thanked Y *for support*"."""


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("allegedly.annotate.relations") / "ties.toml").read_text("utf-8"))


@cache
def kinds(table: str) -> dict[str, RelationType]:
    """Return the type of tie for each word of `table`, one that lists single words."""
    return {word: cast(RelationType, kind) for kind, words in _data()[table].items() for word in words.split()}


@cache
def signs() -> dict[str, int]:
    """Return the sign of each type of tie that is not denied."""
    found: dict[str, int] = _data()["signs"]
    return found


@cache
def heads() -> Words:
    """Return every word that may tell a tie."""
    tables = ("verbs", "nouns", "adjectives", "phrases")
    return (
        Words(word for table in tables for word in frames(table)) | Words(kinds("roles")) | Words(kinds("participles"))
    )


@cache
def frames(table: str) -> dict[str, tuple[Frame, ...]]:
    """Return the patterns of `table` by the words that may head them."""
    by_head: dict[str, list[Frame]] = defaultdict(list)
    for frame in _frames(table):
        for head in frame.heads:
            by_head[head].append(frame)
    return {head: tuple(found) for head, found in by_head.items()}


def _frames(table: str) -> Iterator[Frame]:
    for kind, patterns in _data()[table].items():
        for pattern in patterns:
            words = pattern.split()
            second = next((n for n, word in enumerate(words) if n and word in ("X", "Y")), len(words))
            inner, after = (
                [frozenset(w.split("|")) for w in part if w not in ("X", "Y")]
                for part in (words[:second], words[second:])
            )
            yield Frame(cast(RelationType, kind), inner[0], tuple(inner[1:]), words[0] == "Y", tuple(after))
