"""How alike texts are in meaning: vectors, made when they are first wanted and kept.

Across languages the vectors of each language are moved to a common centre first: what all texts of a language share is
the language. And a text that is looked for is moved towards its nearest neighbours (Rocchio 1971, without anybody
judging them), which finds what belongs to the same matter in other words.

What comes of it must not depend on where a text lies, so sums are of whole numbers, which any order leaves as they are,
and products in double precision, rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from allegedly.link.matching.segment import WIDTH, Floats, Segment
from allegedly.link.matching.texts import for_vectors
from allegedly.vectors import Vectors

Doubles = NDArray[np.float64]
_BLOCK = 8_192
"""Texts whose vectors are in memory at once."""
_DOUBT = 20.0
"""So many texts of all languages are added to each language's centre: of few texts it says little."""
_NEIGHBOURS = 20
_WHOLE = 2.0**30
"""Steps in which vectors are summed: finer than they are kept, and 2^33 of them fit a whole number of 64 bit."""
_DIGITS = 9


class Meaning:
    """Vectors of the texts of segments.

    Args:
        segments: where vectors are kept.
        vectors: makes them.
        windows: 1 for claims, of which the first 300 characters are read; more for documents, read as so many windows
            of 128 word pieces.
    """

    def __init__(self, segments: Sequence[Segment], vectors: Vectors, windows: int) -> None:
        self._segments, self._vectors, self._windows = segments, vectors, windows
        self._centres: dict[str, Doubles] | None = None

    def asked(self, text: str, title: str = "") -> Floats:
        """Return the vector of a text that others are looked for with, within its language, shape ``(384,)``."""
        found: Floats = self._vectors.vectors([self._read(text, title)], "query", self._windows)[0]
        return found

    def kept(self, text: str, title: str = "") -> Floats:
        """Return the vector of a text as it is kept, shape ``(384,)``."""
        found: Floats = self._vectors.vectors([self._read(text, title)], "passage", self._windows)[0]
        return found

    def _read(self, text: str, title: str) -> str:
        return for_vectors(text, title) if self._windows == 1 else f"{title}\n{text}".strip()

    def of(self, segment: Segment, which: NDArray[np.int64]) -> Floats:
        """Return the vectors of some texts, shape ``(which, 384)``, making those that are missing."""
        missing = segment.missing(which)
        if len(missing):
            segment.keep(missing, np.stack([self.kept(*segment.said(int(n))) for n in missing]))
        return segment.vectors(which)

    def complete(self) -> None:
        """Make all vectors, some two hundred claims a second."""
        for segment in self._segments:
            for start in range(0, len(segment), _BLOCK):
                self.of(segment, np.arange(start, min(start + _BLOCK, len(segment))))

    def across(self, text: Floats, language: str) -> list[Doubles]:
        """Return how near each text of each segment is to one of `language`, of whatever language they are.

        Args:
            text: its vector, as `kept` gives it.
            language: of which at least some texts are there, else its centre is that of all.
        """
        centres = self._centred()
        asked = _unit(text - centres.get(language, centres[""]))
        moved = _unit(asked + self._pull(self._near(asked)))
        return self._near(moved)

    def _near(self, asked: Doubles) -> list[Doubles]:
        return [np.concatenate([(block @ asked).round(_DIGITS) for block in self._blocks(s)]) for s in self._segments]

    def _pull(self, near: Sequence[Doubles]) -> Doubles:
        """Return the sum of the nearest neighbours of what was looked for, each as much as it is near."""
        flat = np.concatenate(near)
        least = np.partition(flat, -min(_NEIGHBOURS, len(flat)))[-min(_NEIGHBOURS, len(flat))]
        total = np.zeros(WIDTH, np.int64)
        for segment, values in zip(self._segments, near, strict=True):
            which = np.flatnonzero(values >= max(least, 0))
            total += _summed(values[which, None] * self._moved(segment, which))
        return total / _WHOLE

    def _blocks(self, segment: Segment) -> Iterator[Doubles]:
        for start in range(0, len(segment), _BLOCK):
            yield self._moved(segment, np.arange(start, min(start + _BLOCK, len(segment))))

    def _moved(self, segment: Segment, which: NDArray[np.int64]) -> Doubles:
        centres = self._centred()
        shift = np.stack([centres[language] for language in segment.languages])
        return _unit(segment.vectors(which) - shift[segment.language[which]])

    def _centred(self) -> dict[str, Doubles]:
        """Return the centre of each language, and of all under the empty name."""
        if self._centres is None:
            self.complete()
            self._centres = self._counted()
        return self._centres

    def _counted(self) -> dict[str, Doubles]:
        sums: dict[str, NDArray[np.int64]] = {}
        counts: dict[str, int] = {}
        for segment in self._segments:
            for code, language in enumerate(segment.languages):
                which = np.flatnonzero(segment.language == code)
                for start in range(0, len(which), _BLOCK):
                    part = _summed(segment.vectors(which[start : start + _BLOCK]))
                    sums[language] = sums.get(language, 0) + part
                counts[language] = counts.get(language, 0) + len(which)
        mean = np.sum([*sums.values()], axis=0) / _WHOLE / max(1, sum(counts.values()))
        found = {name: (total / _WHOLE + _DOUBT * mean) / (counts[name] + _DOUBT) for name, total in sums.items()}
        return {**found, "": mean}


def _summed(vectors: Floats | Doubles) -> NDArray[np.int64]:
    """Return the sum in steps of `_WHOLE`."""
    found: NDArray[np.int64] = np.rint(vectors.astype(np.float64) * _WHOLE).astype(np.int64).sum(0)
    return found


def _unit(vectors: Doubles) -> Doubles:
    found: Doubles = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)
    return found
