"""Which word pieces of multilingual-e5-small are kept for fourteen languages.

    python training/vectors/keep.py [--source WHEEL]

Needs ``wordfreq==3.1.1`` (R. Speer; its data are CC BY-SA 4.0, see NOTICE) and ``jieba`` beside Allegedly with its
extra; four minutes on one core, and the same bits each time. Word lists of thirteen languages are cut into pieces,
each word as it is written, with a capital, and in capitals; a piece that is more than `LEAST` of all pieces of one
language stays. Azerbaijani has no list there: it shares its letters with Turkish but for ə, and pieces with that letter
stay. So do single characters and all that has no letter, of every script. Writes a bit a piece.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import wordfreq
from numpy.typing import NDArray

from allegedly.vectors.folder import KEPT, tokeniser
from allegedly.vectors.unigram import SPACE, Unigram
from allegedly.vectors.weights import installed, read_weights

LANGUAGES = ("en", "ru", "uk", "fa", "ar", "tr", "he", "de", "fr", "es", "pt", "hi", "zh")
LEAST = 2e-7
SHARES = (0.8, 0.18, 0.02)
"""How often a word is written as it is listed, with a capital, in capitals."""
ALL = 10_000


def forms(word: str) -> dict[str, float]:
    """Return how a listed word is written in running text, with shares that add up to 1."""
    found: dict[str, float] = {}
    for form, share in zip((word, word[:1].upper() + word[1:], word.upper()), SHARES, strict=True):
        found[form] = found.get(form, 0) + share
    return found


def used(tokens: Unigram, language: str, size: int) -> NDArray[np.float64]:
    """Return the share of each piece among all pieces of a language's words."""
    counts = np.zeros(size)
    for word, frequency in wordfreq.get_frequency_dict(language, "best").items():
        for form, share in forms(word).items():
            for row in pieces(tokens, form, language):
                counts[row] += frequency * share
    return counts / counts.sum()


def pieces(tokens: Unigram, form: str, language: str) -> Iterator[int]:
    yield from tokens.rows(form, ALL)
    if language == "zh":  # inside a line, no space precedes a word
        yield from tokens.rows("。" + form, ALL)


def always(piece: str) -> bool:
    """Return whether a piece stays in any case."""
    bare = piece.replace(SPACE, "")
    return len(bare) <= 1 or not any(sign.isalpha() for sign in bare) or "ə" in bare.casefold()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--source", type=Path, default=installed())
    weights = read_weights(arguments.parse_args().source)
    tokens, size = tokeniser(weights), len(weights.pieces)
    shares = np.max([used(tokens, language, size) for language in LANGUAGES], axis=0)
    kept = (shares > LEAST) | np.array([always(piece) for piece in weights.pieces])
    kept[list(weights.marks.values())] = True
    KEPT.write_bytes(np.packbits(kept).tobytes())
    print(f"{kept.sum():,} of {size:,} pieces kept")


if __name__ == "__main__":
    main()
