"""A second look at pairs in the light of the others: are both like the same mentions, is each the other's best?"""

from __future__ import annotations

import numpy as np

from allegedly.link.coreference.mentions import Floats, Mention
from allegedly.link.coreference.pairs import Pairs

SECOND = (
    *("first", "alike rows", "shared", "over a third", "gap, less", "gap, more", "words", "word", "word, less"),
    *("documents", "count, less", "count, more"),
)


def second_look(mentions: list[Mention], pairs: Pairs, first: Floats, documents: Floats) -> Floats:
    """Return shape ``(pairs, len(SECOND))`` from the probabilities of the `first` look, shape ``(pairs,)``.

    `documents` is how alike the documents of the mentions are, shape ``(mentions, mentions)``. Memory grows with the
    square of the number of mentions, time with its cube: this is for mentions that are candidates of each other.
    """
    one, other = pairs
    alike = np.eye(len(mentions), dtype=np.float32)
    alike[one, other] = alike[other, one] = first
    rows = alike / np.linalg.norm(alike, axis=1, keepdims=True)
    gap = _gap(alike, [m.page.id for m in mentions])
    words, word, counts = _by_word(alike, documents, [m.head for m in mentions])
    tables = (
        *(alike, rows @ rows.T, alike @ alike - 2 * alike, _over_a_third(alike)),
        *(np.minimum(gap, gap.T), np.maximum(gap, gap.T), words, (word + word.T) / 2, np.minimum(word, word.T)),
        documents,
    )
    ends = counts[one], counts[other]
    return np.stack([*(t[one, other] for t in tables), np.minimum(*ends), np.maximum(*ends)], 1).astype(np.float32)


def _over_a_third(alike: Floats) -> Floats:
    """For each pair, the weaker of the two likenesses to the third mention that is most like both."""
    found = np.zeros_like(alike)
    for i, row in enumerate(alike):
        both = np.minimum(row[None], alike)
        both[:, i] = 0
        np.fill_diagonal(both, 0)
        found[i] = both.max(1)
    return found


def _gap(alike: Floats, documents: list[str]) -> Floats:
    """How much more each mention is like another than like any further one of that one's document."""
    found = np.zeros_like(alike)
    for document in dict.fromkeys(documents):
        columns = np.array([i for i, d in enumerate(documents) if d == document])
        part = alike[:, columns].copy()
        part[columns, np.arange(len(columns))] = -1
        ordered = np.sort(part, 1)
        best = ordered[:, -1:]
        second = ordered[:, -2:-1] if len(columns) > 1 else np.zeros_like(best)
        found[:, columns] = part - np.maximum(np.where(part == best, second, best), 0)
        if len(columns) == 1:
            found[:, columns] = part
    return found


def _by_word(alike: Floats, documents: Floats, heads: list[str]) -> tuple[Floats, Floats, Floats]:
    """Return the mean likeness of the pairs with the same two words, of each mention to another's word, both in
    like documents, and how many mentions have each one's word."""
    number = {head: i for i, head in enumerate(dict.fromkeys(heads))}
    place = np.array([number[h] for h in heads])
    member = np.eye(len(number), dtype=np.float32)[place]
    near = documents**2
    np.fill_diagonal(near, 0)
    weighed = alike * near
    words = (member.T @ weighed @ member + 0.02) / (member.T @ near @ member + 0.5)
    word = (weighed @ member) / (near @ member + 0.3)
    return words[np.ix_(place, place)], word[:, place], member.sum(0)[place]
