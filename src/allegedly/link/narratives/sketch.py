"""A vector for each saying, by meaning where the encoder is installed, else by its words.

A vector is a function of the saying alone, whatever else is in the ledger. Meaning is moved by the centre of its
language first, which training texts of ours in that language have set: what all texts of a language share is the
language, and would group by it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from allegedly.link.matching.terms import gram_terms, word_terms
from allegedly.link.matching.texts import for_vectors, for_words
from allegedly.vectors import Vectors

Floats = NDArray[np.float32]
WIDTH = 384
LANGUAGES = ("ar", "az", "de", "en", "es", "fa", "fr", "he", "hi", "pt", "ru", "tr", "uk", "zh")
_GRAMS = 0.5
"""A run of four characters counts so much of a word."""


class Sketcher:
    """Makes vectors of length 1; their products are cosines.

    Args:
        vectors: the encoder; None to go by words.
    """

    def __init__(self, vectors: Vectors | None) -> None:
        self._vectors = vectors

    @property
    def meaning(self) -> bool:
        """Whether vectors tell the meaning, in any of `LANGUAGES`."""
        return self._vectors is not None

    @property
    def digest(self) -> str:
        """Names what makes the vectors: those of another digest cannot be compared with them."""
        return self._vectors.digest if self._vectors is not None else "words"

    def sketches(self, texts: Sequence[str], languages: Sequence[str]) -> Floats:
        """Return vectors, shape ``(texts, 384)``."""
        if not texts:
            return np.zeros((0, WIDTH), np.float32)
        if self._vectors is None:
            return np.stack([_by_words(text) for text in texts])
        read = self._vectors.vectors([for_vectors(text) for text in texts])
        return centred(read, languages)


def centred(vectors: Floats, languages: Sequence[str]) -> Floats:
    """Return vectors moved by the centres of their languages, length 1 again."""
    known = centres()
    moved = vectors - np.stack([known.get(language, known[""]) for language in languages])
    return _unit(moved)


@cache
def centres() -> dict[str, Floats]:
    """Return the centre of each language, and under the empty name that of all."""
    with files("allegedly.link.narratives").joinpath("centres.npy").open("rb") as file:
        table = np.load(file).astype(np.float32)
    return dict(zip(("", *LANGUAGES), table, strict=True))


def _by_words(text: str) -> Floats:
    """Hash words and runs of characters to signed dimensions (Weinberger et al. 2009)."""
    said, found = for_words(text), np.zeros(WIDTH, np.float32)
    for terms, weight in ((word_terms(said), 1.0), (gram_terms(said), _GRAMS)):
        terms = np.unique(terms)
        np.add.at(found, (terms >> np.uint64(1)) % np.uint64(WIDTH), np.where(terms & np.uint64(1), weight, -weight))
    return _unit(found)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: Floats = (vectors / np.maximum(lengths, 1e-9)).astype(np.float32, copy=False)
    return found
