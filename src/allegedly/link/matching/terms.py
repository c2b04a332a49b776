"""What two texts are compared by where words decide: words cut to stems, and runs of characters within words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from allegedly.link.matching.postings import Terms
from allegedly.link.words import words

GRAM = 4
"""Code points. The best single length for European languages (McNamee and Mayfield 2004)."""
_WORD = re.compile(r"\w+")
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


@lru_cache(maxsize=500_000)
def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest())


def word_terms(text: str) -> Terms:
    """Return the content words of a text as numbers, each once."""
    return _numbers(words(text))


def _numbers(found: Iterable[str]) -> Terms:
    return np.fromiter(map(_number, found), np.uint64)


def gram_terms(text: str, size: int = GRAM) -> Terms:
    """Return the runs of `size` characters within the words of a text, as numbers, as often as they occur."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    spaced = " " + " ".join(_WORD.findall(folded)) + " "
    points = np.frombuffer(spaced.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    if len(points) < size:
        return np.zeros(0, np.uint64)
    runs = np.lib.stride_tricks.sliding_window_view(points, size)
    return _mixed(runs[~(runs[:, 1:-1] == ord(" ")).any(1)])


def _mixed(runs: NDArray[np.uint64]) -> Terms:
    """Hash each run, one step a character (the mixer of SplitMix64, Steele et al. 2014)."""
    state = np.full(len(runs), runs.shape[1], np.uint64)
    for column in runs.T:
        state = (state + column) * _MIX[0]
        state = (state ^ (state >> np.uint64(30))) * _MIX[1]
    state = (state ^ (state >> np.uint64(27))) * _MIX[2]
    found: Terms = state ^ (state >> np.uint64(31))
    return found
