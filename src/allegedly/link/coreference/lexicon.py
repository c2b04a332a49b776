"""What WordNet knows of a word: its base form, its derivational family, what it means, and what that is a kind of.

The data are those of WordNet 3.0 (Fellbaum 1998) for verbs and for nouns that may name an event, cut down by
``training/coreference/lexicon.py``; the licence is in ``models/coreference/WORDNET_LICENSE``.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

SENSES = 4
"""So many first senses of a word count; WordNet has them in order of frequency."""
_DERIVED = 0.9
_UP = 0.5
"""What a sense weighs less for being reached by derivation, and for each step up."""

Concepts = Mapping[int, float]
"""Senses by number, with weights up to 1."""


class Entry(NamedTuple):
    """One word. Senses are numbers of WordNet's synsets in our file."""

    verb: int
    """Lexicographer's file of the first sense as a verb, 0 if there is none (29 body … 43 weather)."""
    noun: int
    """The same as a noun (3 tops … 28 time)."""
    files: frozenset[int]
    """Those of the first two senses of each."""
    senses: int
    """How many senses it has."""
    concepts: Concepts
    family: frozenset[str]
    """Words derived from it or that it is derived from, and itself."""


class Links(NamedTuple):
    """Which senses lead on from a sense."""

    kinds: Mapping[int, tuple[int, ...]]
    """What it is a kind of."""
    entailed: Mapping[int, tuple[int, ...]]
    """What it entails or causes."""


@cache
def entry(word: str) -> Entry:
    """Return what is known of a base form; of an unknown word, that it is of its own family."""
    line = _lines().get(word)
    if line is None:
        return Entry(0, 0, frozenset(), 0, {}, frozenset({word}))
    verb, noun, both, count, senses, family = line.split("\t")
    return Entry(
        int(verb),
        int(noun),
        frozenset(map(int, both.split())),
        int(count),
        {int(s): w for s, _, rank in (p.partition(":") for p in senses.split()) for w in [_weight(rank)]},
        frozenset({word, *family.split()}),
    )


def _weight(rank: str) -> float:
    derived = rank.endswith("d")
    return (_DERIVED if derived else 1.0) / (1 + int(rank.rstrip("d")))


@cache
def base(word: str) -> str:
    """Return the base form of a lower-case word, as a verb where it can be one; the word itself where none is known."""
    irregular = _irregular().get(word, "")
    known = _lines()
    if irregular in known:
        return irregular
    if word in known:
        return word
    found = (word[: -len(end)] + new for end, new in _ENDINGS if word.endswith(end))
    return next((w for w in found if w in known), word)


_ENDINGS = (
    *(("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", "")),
    ("men", "man"),
)


@cache
def above(word: str) -> Concepts:
    """Return the senses of a word and those up to two steps above them."""
    found = dict(entry(word).concepts)
    front: Concepts = found
    for _ in range(2):
        nearest: dict[int, float] = {}
        for sense, weight in front.items():
            for up in (*links().kinds.get(sense, ()), *links().entailed.get(sense, ())):
                nearest[up] = max(nearest.get(up, 0.0), weight * _UP)
        for sense, weight in nearest.items():
            found[sense] = max(found.get(sense, 0.0), weight)
        front = nearest
    return found


def shared(one: Concepts, other: Concepts) -> float:
    """Return the weight of the sense that two words share most."""
    return max((min(weight, other[sense]) for sense, weight in one.items() if sense in other), default=0.0)


def reached(one: Concepts, other: Concepts, by: Mapping[int, tuple[int, ...]]) -> float:
    """Return the weight of the strongest step `by` which a sense of one leads to a sense of the other."""
    steps = (
        min(weight, b[up])
        for a, b in ((one, other), (other, one))
        for sense, weight in a.items()
        for up in by.get(sense, ())
        if up in b
    )
    return max(steps, default=0.0)


@cache
def links() -> Links:
    """Return the relations between senses."""
    kinds: dict[int, tuple[int, ...]] = {}
    entailed: dict[int, tuple[int, ...]] = {}
    for sense, ups, follows in _split(_text("senses.tsv.gz")):
        kinds[int(sense)] = tuple(map(int, ups.split()))
        entailed[int(sense)] = tuple(map(int, follows.split()))
    return Links(kinds, entailed)


@cache
def _lines() -> dict[str, str]:
    parted = (line.partition("\t") for line in _text("words.tsv.gz").splitlines())
    return {word: rest for word, _, rest in parted}


@cache
def _irregular() -> dict[str, str]:
    return {line[0]: line[1] for line in _split(_text("irregular.tsv.gz"))}


def _split(text: str) -> Iterable[list[str]]:
    return (line.split("\t") for line in text.splitlines())


def _text(name: str) -> str:
    return gzip.decompress((files("allegedly") / "models" / "coreference" / name).read_bytes()).decode()
