"""Cut a document into windows that the encoder reads at once: whole paragraphs where they fit, else sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.annotate.claims.tagger.wordpiece import WordPiece
from allegedly.annotate.syntax import Range, Syntax

LONGEST = 224
"""Word pieces in a window, marks included. The encoder was trained on windows of this length."""
_LONGEST_WORD = 12
"""Word pieces that are read of one token: links and hashes have many, and say little."""

Integers = NDArray[np.int64]


class Window(NamedTuple):
    """A run of tokens as the encoder reads it."""

    first: int
    last: int
    pieces: Integers
    """Ids of the word pieces, shape ``(pieces,)``."""
    places: Integers
    """Index in `pieces` of the first piece of each token, shape ``(last - first,)``."""


def windows(s: Syntax, vocabulary: WordPiece) -> list[Window]:
    """Return the windows of a document in order; each token is in one."""
    words = [vocabulary.ids(word)[:_LONGEST_WORD] for word in s.lower]
    return [_window(blocks, words, vocabulary) for blocks in _packed(list(_blocks(s, words)), words)]


def _blocks(s: Syntax, words: Sequence[Sequence[int]]) -> Iterator[Range]:
    """Yield the paragraphs, and the sentences of a paragraph that is too long, cut where even they are."""
    for first, last in s.paragraphs:
        if _size(words, first, last) <= LONGEST - 2:
            yield first, last
            continue
        i = first
        while i < last:
            yield from _cut(words, *s.sentences[s.sentence[i]])
            i = s.sentences[s.sentence[i]][1]


def _cut(words: Sequence[Sequence[int]], first: int, last: int) -> Iterator[Range]:
    start, size = first, 0
    for i in range(first, last):
        size += len(words[i])
        if size > LONGEST - 2:
            yield start, i
            start, size = i, len(words[i])
    yield start, last


def _size(words: Sequence[Sequence[int]], first: int, last: int) -> int:
    return sum(map(len, words[first:last]))


def _packed(blocks: list[Range], words: Sequence[Sequence[int]]) -> Iterator[list[Range]]:
    """Yield runs of blocks that fit in one window, with a mark after each."""
    packed: list[Range] = []
    size = 1
    for block in blocks:
        more = _size(words, *block) + 1
        if packed and size + more > LONGEST:
            yield packed
            packed, size = [], 1
        packed.append(block)
        size += more
    if packed:
        yield packed


def _window(blocks: list[Range], words: Sequence[Sequence[int]], vocabulary: WordPiece) -> Window:
    pieces, places = [vocabulary.start], []
    for first, last in blocks:
        for i in range(first, last):
            places.append(len(pieces))
            pieces += words[i]
        pieces.append(vocabulary.stop)
    return Window(blocks[0][0], blocks[-1][1], np.array(pieces, np.int64), np.array(places, np.int64))
