"""Whether two statements say the same, one denies the other, or neither, and why.

A multinomial logistic regression over few features that a person can check: nearness in meaning and in words, numbers
shared and at odds, who denies and who speaks of the own deed. The weights come from ``training/narratives/fit.py``.
Meaning alone can't tell “struck” from “did not strike”, nor eleven from twelve: those features are what decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from allegedly.link.narratives.said import Said, said
from allegedly.link.words import normal_form, words

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Verdict = Literal["same", "denial", "other claim", "unrelated"]

FEATURES = (
    "meaning",
    "meaning within a language",
    "one language",
    "words",
    "words of the shorter",
    "numbers shared",
    "numbers at odds",
    "one tells numbers",
    "one denies",
    "one is likelier to deny",
    "one negates",
    "one owns up",
    "both own up",
)
"""That both deny is not among them: the packs that weights are learnt from hold one denial each, a crisis many."""
SIGNS = ("denials", "a denial", "negations", "a negation", "owns up", "always")
"""What a denial is told by, beside the meaning."""


LEAST_WORDS = 4
"""A statement with fewer content words says too little to be the same as another in other words."""
ALIKE, HELD, ALIKE_SAME = 0.5, 0.8, 0.7
"""Share of all content words, or of the shorter statement's, from which two say the same with at least the chance given
last, if neither denies it nor their numbers differ."""
LEAST_COPIED = 5
"""One with fewer words of any kind is too common to be a copy."""
_AT_ONCE = 16_384
"""Pairs compared at once: their vectors stand side by side in memory meanwhile."""
_FAR = 6.0
"""Log odds; two statements that are further apart are as far apart as can be."""


class Weights(msgspec.Struct, frozen=True):
    """What is learnt, with vectors or without."""

    same: tuple[float, ...]
    """Log odds of “the same” against “neither”, by feature, the last a constant."""
    opposed: tuple[float, ...]
    """Of “one denies the other”."""
    denial: tuple[float, ...]
    """Log odds that a statement denies, by `SIGNS`."""
    denial_meaning: tuple[float, ...] = ()
    """The same, by dimension of its vector."""


class Traits(NamedTuple):
    """What is compared of statements, row by row."""

    vectors: NDArray[np.float32]
    """As `sketch` gives them, shape ``(n, width)``."""
    said: Sequence[Said]
    words: Sequence[frozenset[str]]
    languages: Sequence[str]
    forms: Sequence[str]
    """Without case or punctuation."""
    denies: Floats
    """How likely each is a denial."""


class Chances(NamedTuple):
    """Of pairs, shape ``(pairs,)`` each: that they say the same, and that one denies the other."""

    same: Floats
    opposed: Floats


def traits(
    texts: Sequence[str], languages: Sequence[str], vectors: NDArray[np.float32], meaning: bool, denied: Sequence[bool]
) -> Traits:
    """Read statements.

    Args:
        texts: what is said.
        languages: ISO 639-1, or empty.
        vectors: as `sketch` gives them.
        meaning: whether these tell the meaning.
        denied: of which it is known from who said it and how that they are denials.
    """
    known = [_read(text, language) for text, language in zip(texts, languages, strict=True)]
    read = [given for given, _, _ in known]
    denies = np.maximum(denial_odds(read, vectors, weights(meaning)), np.where(denied, 0.97, 0.0))
    return Traits(vectors, read, [w for _, w, _ in known], languages, [form for _, _, form in known], denies)


@lru_cache(maxsize=30_000)
def _read(text: str, language: str) -> tuple[Said, frozenset[str], str]:
    """Return what a text gives away, its content words and its form: it is compared again and again."""
    return said(text, language), words(text), normal_form(text)


def denial_odds(read: Sequence[Said], vectors: NDArray[np.float32], learnt: Weights) -> Floats:
    """Return how likely each statement denies something."""
    odds = signs(read) @ np.array(learnt.denial)
    if learnt.denial_meaning:
        odds = odds + vectors @ np.array(learnt.denial_meaning)
    return _sigmoid(odds)


def signs(read: Sequence[Said]) -> Floats:
    """Return `SIGNS` of each statement, shape ``(n, 6)``."""
    rows = [(min(s.denials, 3), s.denials > 0, min(s.negations, 3), s.negations > 0, s.own, 1) for s in read]
    return np.array(rows, float).reshape(-1, len(SIGNS))


def chances(known: Traits, a: Ints, b: Ints, meaning: bool) -> Chances:
    """Return what is likely of the pairs of rows `a` and `b`.

    Nothing is, where one says too little; the same words in another dress are the same.
    """
    parts = [features(known, a[i : i + _AT_ONCE], b[i : i + _AT_ONCE]) for i in range(0, max(len(a), 1), _AT_ONCE)]
    told = np.concatenate(parts)
    found = chances_of(told, weights(meaning))
    tells = np.array([len(each) >= LEAST_WORDS for each in known.words], bool)
    both = tells[a] & tells[b]
    retold, equal = _retold(told), _equal(known, a, b)
    same = np.where(retold, np.maximum(found.same, ALIKE_SAME), found.same) * both
    opposed = np.where(retold, np.minimum(found.opposed, 1 - same), found.opposed) * both
    return Chances(np.where(equal, 1.0, same), opposed * ~equal)


def _retold(told: Floats) -> NDArray[np.bool_]:
    """Return which pairs share so many words of one language that no training text need say so."""
    column = {name: told[:, n] for n, name in enumerate(FEATURES)}
    alike = (column["words"] >= ALIKE) | (column["words of the shorter"] >= HELD)
    retold: NDArray[np.bool_] = alike & (column["numbers at odds"] == 0) & (column["one denies"] < 0.5)
    return retold


def _equal(known: Traits, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Return which pairs are the same words of one language, and enough of them to be a copy."""
    copied = np.array([len(form.split()) >= LEAST_COPIED for form in known.forms], bool)
    numbers: dict[tuple[str, str], int] = {}
    form = np.array([numbers.setdefault(pair, len(numbers)) for pair in zip(known.languages, known.forms, strict=True)])
    same: NDArray[np.bool_] = (form[a] == form[b]) & copied[a]
    return same


def chances_of(found: Floats, learnt: Weights) -> Chances:
    """Return what features make likely."""
    odds = np.stack([np.zeros(len(found)), found @ np.array(learnt.same), found @ np.array(learnt.opposed)], -1)
    odds = np.exp(odds - odds.max(1, keepdims=True))
    odds /= odds.sum(1, keepdims=True)
    return Chances(odds[:, 1], odds[:, 2])


def features(known: Traits, a: Ints, b: Ints) -> Floats:
    """Return `FEATURES` of pairs, shape ``(pairs, 14)``; the last is always 1."""
    near = np.einsum("ij,ij->i", known.vectors[a], known.vectors[b]).astype(float)
    languages = np.array(known.languages)
    one = languages[a] == languages[b]
    overlap = np.array([_overlap(known, i, j) for i, j in zip(a.tolist(), b.tolist(), strict=True)])
    overlap = overlap.reshape(-1, 5)
    negates = np.array([s.negations > 0 or s.denials > 0 for s in known.said], bool)
    own = np.array([s.own for s in known.said], bool)
    denies_a, denies_b = known.denies[a], known.denies[b]
    columns = [
        near,
        near * one,
        one,
        overlap[:, 0] * one,
        overlap[:, 1] * one,
        *overlap[:, 2:].T,
        np.abs(denies_a - denies_b),
        np.minimum(np.abs(_odds(denies_a) - _odds(denies_b)), _FAR) / _FAR,
        negates[a] != negates[b],
        own[a] != own[b],
        own[a] & own[b],
        np.ones(len(a)),
    ]
    return np.stack([np.asarray(column, float) for column in columns], -1)


def _overlap(known: Traits, a: int, b: int) -> tuple[float, float, int, bool, bool]:
    """Return the overlap of words and of the shorter's words, and what the numbers tell."""
    first, second = known.words[a], known.words[b]
    shared = len(first & second)
    one, other = known.said[a].numbers, known.said[b].numbers
    common = len(one & other)
    return (
        shared / max(1, len(first) + len(second) - shared),
        shared / max(1, min(len(first), len(second))),
        min(common, 2),
        at_odds(one, other),
        bool(one) != bool(other),
    )


def at_odds(one: frozenset[float], other: frozenset[float]) -> bool:
    """Return whether two statements tell numbers, and none the same."""
    return bool(one and other) and not one & other


@cache
def weights(meaning: bool) -> Weights:
    """Return what was learnt for comparing with vectors of meaning, or for words alone."""
    found = msgspec.json.decode(
        files("allegedly.link.narratives").joinpath("weights.json").read_bytes(), type=dict[str, Weights]
    )
    return found["meaning" if meaning else "words"]


def _odds(chance: Floats) -> Floats:
    found: Floats = np.log(np.clip(chance, 1e-4, 1 - 1e-4) / (1 - np.clip(chance, 1e-4, 1 - 1e-4)))
    return found


def _sigmoid(odds: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -60, 60)))
    return found
