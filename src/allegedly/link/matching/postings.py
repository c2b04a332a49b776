"""An inverted index over terms that are numbers: immutable, and read where it lies on disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Terms = NDArray[np.uint64]
_MOST_TIMES = 255


class Postings(NamedTuple):
    """Which texts hold which terms, how often; texts are numbered from 0.

    ``texts[starts[i]:starts[i + 1]]`` hold ``terms[i]``, in order, each ``times`` as often.
    """

    terms: Terms
    """Ascending."""
    starts: NDArray[np.int64]
    texts: NDArray[np.uint32]
    times: NDArray[np.uint8]
    lengths: NDArray[np.uint32]
    """How many terms each text has."""

    @classmethod
    def of(cls, texts: Sequence[Terms]) -> Postings:
        """Index texts, each given as its terms in any order."""
        lengths = np.fromiter(map(len, texts), np.uint32, len(texts))
        flat = np.concatenate([*texts, np.zeros(0, np.uint64)])
        terms, ranks = np.unique(flat, return_inverse=True)
        owners = np.repeat(np.arange(len(texts)), lengths)
        pairs, times = np.unique(ranks * max(1, len(texts)) + owners, return_counts=True)
        held, owners = np.divmod(pairs, max(1, len(texts)))
        starts = np.searchsorted(held, np.arange(len(terms) + 1))
        few = np.minimum(times, _MOST_TIMES).astype(np.uint8)
        return cls(terms, starts.astype(np.int64), owners.astype(np.uint32), few, lengths)

    @classmethod
    def joined(cls, parts: Sequence[Postings]) -> Postings:
        """Return one index of several; the texts of each are numbered on from those before it."""
        before = np.cumsum([0, *(len(part.lengths) for part in parts)])
        terms = np.concatenate([np.repeat(part.terms, np.diff(part.starts)) for part in parts])
        texts = np.concatenate([part.texts + start for part, start in zip(parts, before, strict=False)])
        order = np.lexsort((texts, terms))
        known, counts = np.unique(terms, return_counts=True)
        return cls(
            known,
            np.cumsum([0, *counts]).astype(np.int64),
            texts[order].astype(np.uint32),
            np.concatenate([part.times for part in parts])[order],
            np.concatenate([part.lengths for part in parts]),
        )

    def save(self, folder: Path) -> None:
        """Write each column as a file."""
        folder.mkdir(parents=True)
        for name, column in self._asdict().items():
            np.save(folder / f"{name}.npy", column)

    @classmethod
    def open(cls, folder: Path) -> Postings:
        """Open what `save` wrote, without reading it."""
        return cls(*(np.load(folder / f"{name}.npy", mmap_mode="r") for name in cls._fields))

    def fit(self, n: int) -> bool:
        """Return whether the columns go together, for `n` texts."""
        counts = len(self.terms) + 1, len(self.texts), len(self.times), n
        return counts == (len(self.starts), int(self.starts[-1]), len(self.texts), len(self.lengths))

    def find(self, terms: Terms) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return where the postings of each of `terms` begin and end; nowhere for those that no text holds."""
        places = np.searchsorted(self.terms, terms)
        inside = np.minimum(places, len(self.terms) - 1) if len(self.terms) else places
        known = self.terms[inside] == terms if len(self.terms) else np.zeros(len(terms), bool)
        return np.where(known, self.starts[inside], 0), np.where(known, self.starts[inside + known], 0)
