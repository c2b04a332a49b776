"""The features of pairs of mentions: how alike words, roles, surroundings and documents are."""

from __future__ import annotations

from collections.abc import Set
from functools import cache
from itertools import combinations, takewhile

import numpy as np

from allegedly.link.coreference.lexicon import above, entry, links, reached, shared
from allegedly.link.coreference.mentions import Bag, Floats, Mention, Page, rarity

WORDS = ("prefix", "family", "synonym", "near sense", "kind of", "entails", "files")
PLAIN = (
    *(
        "own words",
        "own families",
        "lengths",
        "longer than a word",
        "nouns",
        "pronouns",
        "rarity, less",
        "rarity, more",
    ),
    *("senses, fewer", "senses, more", "category, lower", "category, higher"),
    *("doers", "done to", "qualifiers", "others", "any role", "own in roles", "qualifier in own"),
    *("names", "names near", "places", "times", "numbers"),
    *("sentence words", "near words", "crossed words", "head in sentence", "head near", "head in document", "order"),
)
VECTORS = ("vector", "vector of mention", "vector of sentence", "vector of word", "vector of document", "documents")
FEATURES = (*WORDS, *PLAIN, *VECTORS)

Pairs = tuple[np.ndarray, np.ndarray]
"""Indices of the first and of the second mention of each pair."""


def all_pairs(count: int) -> Pairs:
    """Return every pair of `count` mentions, each once, the lower index first."""
    one, other = np.triu_indices(count, 1)
    return one, other


def features(mentions: list[Mention], pairs: Pairs) -> Floats:
    """Return shape ``(pairs, len(FEATURES))``. None depends on which of a pair comes first, or on other mentions."""
    one, other = pairs
    rows = [
        (*_words(*sorted((mentions[i].head, mentions[j].head))), *_plain(mentions[i], mentions[j]))
        for i, j in zip(one.tolist(), other.tolist(), strict=True)
    ]
    plain = np.array(rows, np.float32).reshape(len(rows), len(WORDS) + len(PLAIN))
    vectors = [np.stack([m.vectors[k] for m in mentions]) for k in range(4)] + [_stack(mentions)]
    alike = [(v[one] * v[other]).sum(1) for v in vectors] + [document_similarity(mentions)[one, other]]
    return np.concatenate([plain, np.stack(alike, 1)], 1, dtype=np.float32)


def document_similarity(mentions: list[Mention]) -> Floats:
    """Return how alike the words of the mentions' documents are, shape ``(mentions, mentions)``, 1 within one."""
    pages: dict[str, Page] = {m.page.id: m.page for m in mentions}
    number = {page: i for i, page in enumerate(pages)}
    alike = np.eye(len(pages), dtype=np.float32)
    for a, b in combinations(pages, 2):
        i, j = number[a], number[b]
        alike[i, j] = alike[j, i] = cosine(pages[a].words, pages[b].words)
    place = [number[m.page.id] for m in mentions]
    return alike[np.ix_(place, place)]


def cosine(a: Bag, b: Bag) -> float:
    """Return the cosine of two bags of length 1."""
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    return sum(w * large[word] for word, w in small.items() if word in large)


def _stack(mentions: list[Mention]) -> Floats:
    return np.stack([m.page.vector for m in mentions])


@cache
def _words(a: str, b: str) -> tuple[float, ...]:
    """Compare two head words by spelling and in WordNet."""
    one, other = entry(a), entry(b)
    begin = sum(1 for _ in takewhile(lambda letters: letters[0] == letters[1], zip(a, b, strict=False)))
    return (
        begin / max(len(a), len(b)) if begin >= 3 else 0.0,
        float(not one.family.isdisjoint(other.family)),
        shared(one.concepts, other.concepts),
        shared(above(a), above(b)),
        reached(one.concepts, other.concepts, links().kinds),
        reached(one.concepts, other.concepts, links().entailed),
        overlap(one.files, other.files),
    )


def _plain(a: Mention, b: Mention) -> tuple[float, ...]:
    return (*_own(a, b), *_in_roles(a, b), *_in_names(a, b), *_in_surroundings(a, b))


def _own(a: Mention, b: Mention) -> tuple[float, ...]:
    senses, rare = [entry(m.head).senses for m in (a, b)], [rarity(m.head) for m in (a, b)]
    kinds = (a.category, b.category)
    return (
        overlap(a.own, b.own),
        overlap(a.family, b.family),
        abs(len(a.own) - len(b.own)),
        (len(a.own) > 1) + (len(b.own) > 1),
        not a.is_verb and not b.is_verb,
        a.pronoun + b.pronoun,
        *(min(rare), max(rare), min(senses), max(senses), min(kinds), max(kinds)),
    )


def _in_roles(a: Mention, b: Mention) -> tuple[float, ...]:
    one, other = a.roles.all, b.roles.all
    return (
        *(agreement(x, y) for x, y in zip(a.roles, b.roles, strict=True)),
        agreement(one, other),
        (not one.isdisjoint(b.own)) + (not other.isdisjoint(a.own)),
        max(overlap(a.roles.qualifiers, b.own), overlap(b.roles.qualifiers, a.own)),
    )


def _in_names(a: Mention, b: Mention) -> tuple[float, ...]:
    x, y = a.names, b.names
    return (
        agreement(x.named, y.named),
        agreement(x.near, y.near),
        agreement(x.places, y.places),
        agreement(x.times, y.times),
        agreement(x.numbers, y.numbers),
    )


def _in_surroundings(a: Mention, b: Mention) -> tuple[float, ...]:
    """Where the other's document or sentence has this one's word too, the other is likely to be another event."""
    other_word = a.head != b.head
    return (
        cosine(a.sentence, b.sentence),
        cosine(a.near, b.near),
        max(cosine(a.sentence, b.near), cosine(a.near, b.sentence)),
        (a.head in b.around) + (b.head in a.around),
        (a.head in b.close) + (b.head in a.close),
        ((a.head in b.page.bases) + (b.head in a.page.bases)) * other_word,
        abs(a.order - b.order),
    )


def overlap(a: Set[object], b: Set[object]) -> float:
    """Return the share of the smaller set that the larger one holds; 0 where one is empty."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def agreement(a: Set[object], b: Set[object]) -> float:
    """Return the overlap of two sets, 0 where one tells nothing, and -1 where both do and share nothing."""
    return (overlap(a, b) or -1.0) if a and b else 0.0
