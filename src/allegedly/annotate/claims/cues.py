"""The cue words of attribution, read from ``cues.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from allegedly.records import Act


class Cue(NamedTuple):
    """One reading of a cue word: the act it performs and what it takes as content."""

    act: Act
    kind: str
    takes: frozenset[str]
    particle: str = ""
    prepositions: frozenset[str] = frozenset()


class Lexicon(NamedTuple):
    """Cues by lemma; word sets by name."""

    verbs: dict[str, tuple[Cue, ...]]
    nouns: dict[str, tuple[Cue, ...]]
    adjectives: dict[str, tuple[Cue, ...]]
    adverbs: dict[str, tuple[Cue, ...]]
    idioms: dict[str, tuple[Cue, ...]]
    """By verb; `particle` is the object noun."""
    words: dict[str, frozenset[str]]
    confidence: dict[str, float]


@cache
def lexicon() -> Lexicon:
    """Load the word lists once per process."""
    raw = tomllib.loads((files("allegedly.annotate.claims") / "cues.toml").read_text(encoding="utf-8"))
    verbs, nouns, adjectives, adverbs, idioms = (
        _table(raw[name]) for name in ("verbs", "nouns", "adjectives", "adverbs", "idioms")
    )
    return Lexicon(verbs, nouns, adjectives, adverbs, idioms, _words(raw["words"]), raw["confidence"])


def _table(sections: Iterable[dict[str, Any]]) -> dict[str, tuple[Cue, ...]]:
    table: dict[str, tuple[Cue, ...]] = {}
    for section in sections:
        for entry in section["lemmas"].split():
            lemma, cue = _cue(entry, section)
            table[lemma] = (*table.get(lemma, ()), cue)
    return table


def _cue(entry: str, section: dict[str, Any]) -> tuple[str, Cue]:
    word, _, prepositions = entry.partition(":")
    lemma, _, particle = word.partition("-")
    takes = frozenset() if prepositions else frozenset(section.get("takes", ()))
    kind = section.get("kind", "speech")
    return lemma, Cue(section["act"], kind, takes, particle, frozenset(filter(None, prepositions.split(","))))


def _words(raw: dict[str, str]) -> dict[str, frozenset[str]]:
    return {name: frozenset(text.split()) for name, text in raw.items()}
