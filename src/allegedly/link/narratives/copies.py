"""Which statement repeats which: nearly the same words, or a translation of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from allegedly.link.narratives.statements import Told
from allegedly.link.words import normal_form, words

LEAST_WORDS = 5
"""Statements with fewer words are too common to be copies."""
NEARLY = 0.6
"""Share of the runs of three words, of all that either has, that near copies have in common (Broder 1997)."""
TRANSLATED = 0.72
"""Cosine of meaning from which a statement in another language is a translation. Set on training packs."""


class Copies:
    """Compares statements of one piece.

    Args:
        vectors: of their sayings, by row.
        meaning: whether vectors tell the meaning: else translations are not seen.
    """

    def __init__(self, vectors: Mapping[int, NDArray[np.float32]], meaning: bool) -> None:
        self._vectors, self._meaning = vectors, meaning
        self._runs: dict[int, frozenset[str]] = {}

    def kind(self, earlier: Told, later: Told) -> Literal["copy", "translation"] | None:
        """Return what `later` is of `earlier`."""
        if earlier.language == later.language:
            return "copy" if earlier.saying == later.saying or self._alike(earlier, later) else None
        return "translation" if self._meaning and self._nearness(earlier, later) >= TRANSLATED else None

    def _alike(self, one: Told, other: Told) -> bool:
        a, b = self._runs_of(one), self._runs_of(other)
        return bool(a and b) and len(a & b) >= NEARLY * len(a | b)

    def _runs_of(self, told: Told) -> frozenset[str]:
        if told.saying not in self._runs:
            form = normal_form(told.text).split()
            if len(form) < LEAST_WORDS and (pairs := words(told.text)) and max(map(len, form), default=0) > 12:
                self._runs[told.saying] = pairs  # nothing parts the words: pairs of characters tell as much
            else:
                runs = (" ".join(form[i : i + 3]) for i in range(len(form) - 2))
                self._runs[told.saying] = frozenset(runs) if len(form) >= LEAST_WORDS else frozenset()
        return self._runs[told.saying]

    def _nearness(self, one: Told, other: Told) -> float:
        return float(self._vectors[one.saying] @ self._vectors[other.saying])
