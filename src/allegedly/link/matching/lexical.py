"""How alike texts are in their words and in runs of characters: BM25 (Robertson and Zaragoza 2009) of both, added."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allegedly.link.matching.postings import Postings, Terms
from allegedly.link.matching.segment import Segment
from allegedly.link.matching.terms import gram_terms, word_terms

Scores = NDArray[np.float64]
_SATURATION, _LENGTH = 1.2, 0.5
_COMMON = 0.2
"""A term in a larger share of texts tells nothing, and costs most."""
_FEW = 20
"""Nothing is common in so few texts."""


class Lexical:
    """BM25 over several segments as if they were one: how texts were added never matters."""

    def __init__(self, segments: Sequence[Segment], words: float, grams: float) -> None:
        self._words, self._grams = _Field([s.words for s in segments]), _Field([s.grams for s in segments])
        self._weights = words, grams

    def scores(self, said: str) -> list[Scores]:
        """Return a score for each text of each segment; 0 where nothing is shared.

        Args:
            said: a text as `for_words` gives it.
        """
        words, grams = self._words.scores(word_terms(said)), self._grams.scores(gram_terms(said))
        return [self._weights[0] * w + self._weights[1] * g for w, g in zip(words, grams, strict=True)]


class _Field:
    """One kind of terms."""

    def __init__(self, parts: Sequence[Postings]) -> None:
        self._parts = parts
        self._texts = sum(len(part.lengths) for part in parts)
        mean = sum(int(part.lengths.sum(dtype=np.int64)) for part in parts) / max(1, self._texts)
        self._slow = [_slowness(part.lengths, mean) for part in parts]

    def scores(self, terms: Terms) -> list[Scores]:
        terms = np.unique(terms)
        bounds = [part.find(terms) for part in self._parts]
        held = np.sum([ends - starts for starts, ends in bounds], axis=0) if bounds else np.zeros(len(terms))
        telling = (held > 0) & (held <= max(_FEW, _COMMON * self._texts))
        weight: Scores = np.log1p((self._texts - held + 0.5) / (held + 0.5))
        return [
            _summed(part, starts[telling], ends[telling], weight[telling], slow)
            for part, (starts, ends), slow in zip(self._parts, bounds, self._slow, strict=True)
        ]


def _slowness(lengths: NDArray[np.uint32], mean: float) -> Scores:
    """Return how slowly repetition counts in each text: slower in long ones."""
    found: Scores = _SATURATION * (1 - _LENGTH + _LENGTH * lengths.astype(np.float64) / max(mean, 1e-9))
    return found


def _summed(part: Postings, starts: NDArray[np.int64], ends: NDArray[np.int64], weight: Scores, slow: Scores) -> Scores:
    """Add up what each term gives to each text, term after term, so that the sum is the same to the last bit."""
    counts = ends - starts
    places = np.arange(counts.sum()) + np.repeat(starts - np.cumsum(counts) + counts, counts)
    texts, times = part.texts[places], part.times[places].astype(np.float64)
    gain = np.repeat(weight, counts) * times * (_SATURATION + 1) / (times + slow[texts])
    return np.bincount(texts, gain, len(part.lengths)).astype(np.float64, copy=False)
