"""What keeps two statements apart however alike they are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allegedly.link.narratives.compare import Chances, Ints, Traits, at_odds

OPPOSED = 0.5
"""A pair that is likelier than this to be a denial and what it denies is never in one group."""
DENIES = (0.3, 0.7)
"""Below the first a statement surely affirms, above the second it surely denies."""


def vetoes(known: Traits, found: Chances, a: Ints, b: Ints) -> NDArray[np.bool_]:
    """Return which of the pairs of rows `a` and `b` must not be in one group."""
    low, high = np.minimum(known.denies[a], known.denies[b]), np.maximum(known.denies[a], known.denies[b])
    numbers = [
        at_odds(known.said[i].numbers, known.said[j].numbers) for i, j in zip(a.tolist(), b.tolist(), strict=True)
    ]
    polar = (low < DENIES[0]) & (high > DENIES[1])
    apart: NDArray[np.bool_] = (found.opposed > OPPOSED) | polar | np.array(numbers, bool)
    return apart
