"""Which texts say what a given text says: in its own language by words, then by meaning; in others by meaning alone."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from allegedly.errors import AllegedlyError
from allegedly.link.matching.lexical import Lexical, Scores
from allegedly.link.matching.meaning import Meaning
from allegedly.link.matching.segment import Floats, Segment
from allegedly.link.matching.store import Store
from allegedly.link.matching.texts import Text, for_words
from allegedly.vectors import Vectors, why_absent

SHORTLIST = 50
WORDS, GRAMS, MEANING = 2.0, 1.0, 12.0
"""What BM25 of words and of runs of characters count beside each other, and what a whole cosine counts beside the words
of the best. Round numbers set by hand: docs/matching.md says on what, and how little hangs on them."""
LEAST = 0.4
"""A text with a smaller share of the best's score in words is not read for its meaning: that takes most of the time."""


class Candidate(NamedTuple):
    id: str
    score: float
    """Orders the candidates of one text, and tells nothing beside those of another. Across languages it is a cosine."""
    words: float
    """How alike in words, as a share of the most alike: 1 for that one; 0 across languages."""
    cosine: float | None
    """Of the vectors, None where they were not wanted or are not there."""


class _Found(NamedTuple):
    id: str
    segment: Segment
    number: int
    words: float


class Matcher:
    """Finds like texts among those of a folder, which grows.

    Args:
        folder: of a store; made if it is not there.
        vectors: None to compare words alone, within one language.
        windows: more than 1 for documents rather than claims, see `Meaning`.
    """

    def __init__(self, folder: Path, vectors: Vectors | None = None, windows: int = 1) -> None:
        self.store = Store(folder)
        self._vectors, self._windows = vectors, windows
        if vectors is not None:
            self.store.use_vectors(f"{vectors.digest}, {windows}")
        self._open()

    def _open(self) -> None:
        segments = self.store.segments
        self._lexical = Lexical(segments, WORDS, GRAMS)
        self._meaning = Meaning(segments, self._vectors, self._windows) if self._vectors is not None else None

    def add(self, texts: Iterable[Text]) -> int:
        """Add texts that are not there yet, by id; return how many. Costs in proportion to what is added, nearly."""
        added = self.store.add(texts)
        if added:
            self._open()
        return added

    def find(self, text: Text, most: int = 20) -> list[Candidate]:
        """Return texts of the same language that say the same, likeliest first; never `text` itself.

        The words make a shortlist. The meaning orders those of it that are not far behind the best; where one stands
        alone, its words are enough and nothing is encoded.
        """
        listed = self._shortlist(text, max(most, SHORTLIST))
        near = [f for f in listed if f.words >= LEAST][:SHORTLIST]
        if self._meaning is None or len(near) < 2:
            return [Candidate(f.id, f.words, f.words, None) for f in listed[:most]]
        judged = self._judged(text, near, self._meaning)
        rest = [Candidate(f.id, f.words, f.words, None) for f in listed[len(near) :]]
        return [*judged, *rest][:most]

    def across(self, text: Text, most: int = 20) -> list[Candidate]:
        """Return texts of other languages that are near `text` in meaning, nearest first.

        Raises:
            AllegedlyError: there are no vectors.
        """
        if self._meaning is None:
            raise AllegedlyError(why_absent() or "No vectors: open the matcher with them to compare across languages.")
        if not len(self.store):
            return []
        place = self.store.place(text.id)
        own = (
            self._meaning.of(place[0], np.array([place[1]]))[0] if place else self._meaning.kept(text.text, text.title)
        )
        near = self._meaning.across(own, text.language)
        found = [
            (-round(float(values[n]), 6), segment.id(int(n)))
            for segment, values in zip(self.store.segments, near, strict=True)
            for n in _largest(values, segment.language != _code(segment, text.language), most + 1)
        ]
        return [Candidate(id, -value, 0.0, -value) for value, id in nsmallest(most + 1, found) if id != text.id][:most]

    def _shortlist(self, text: Text, most: int) -> list[_Found]:
        """Return the texts of a language that are most alike in words, in order of score and id."""
        scores = self._lexical.scores(for_words(text.text, text.title))
        found = [
            _Found(segment.id(int(n)), segment, int(n), float(values[n]))
            for segment, values in zip(self.store.segments, scores, strict=True)
            for n in _largest(values, (segment.language == _code(segment, text.language)) & (values > 0), most + 1)
        ]
        best = nsmallest(most + 1, found, key=lambda f: (-f.words, f.id))
        others = [f for f in best if f.id != text.id][:most]
        return [f._replace(words=round(f.words / others[0].words, 6)) for f in others]

    def _judged(self, text: Text, near: list[_Found], meaning: Meaning) -> list[Candidate]:
        asked = meaning.asked(text.text, text.title)
        vectors = np.stack([meaning.of(f.segment, np.array([f.number]))[0] for f in near])
        judged = [
            Candidate(f.id, round(f.words + MEANING * float(cosine), 6), f.words, float(cosine))
            for f, cosine in zip(near, vectors @ asked, strict=True)
        ]
        return sorted(judged, key=lambda c: (-c.score, c.id))


def _code(segment: Segment, language: str) -> int:
    return segment.languages.index(language) if language in segment.languages else -1


def _largest(values: Scores | Floats, allowed: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
    """Return where the `most` largest of the allowed values are, and all that equal the last of them."""
    places = np.flatnonzero(allowed)
    if len(places) <= most:
        return places
    found: NDArray[np.int64] = places[values[places] >= np.partition(values[places], -most)[-most]]
    return found
