"""The words of a claim as a set that can be compared fast, in any language with an alphabet or without."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from itertools import groupby

import numpy as np
import numpy.typing as npt

STEM = 6
"""Words are cut to this many letters, a stemmer for all languages at once (McNamee and Mayfield 2004)."""
PERMUTATIONS = 24
NEGATED_WITHIN = 5
"""A negation among so many first words is taken to turn the whole claim; a later one, a clause of it."""
_PRIME = np.uint64(2**61 - 1)
_MASK = np.uint64(2**32 - 1)
_LETTERS = r"(?:[^\W\d_]|[\u0900-\u0963\u0971-\u0dff\u0300-\u036f\u064b-\u0652\u200c])+"
"""With the signs of Indic scripts, accents and Arabic vowels that combine with letters, which no regular expression
takes for letters."""
_WORD = re.compile(rf"{_LETTERS}(?:['’]{_LETTERS})?|\d+(?:[.,:]\d+)*")
_NO_SPACES = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]+")


@lru_cache(maxsize=2)
def _listed(name: str) -> frozenset[str]:
    text = files("allegedly.link").joinpath(name).read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def stopwords() -> frozenset[str]:
    """Return the words that say nothing about what a text tells."""
    return _listed("stopwords.txt")


def words(text: str) -> frozenset[str]:
    """Return the content words of `text`: folded, cut to stems; pairs of characters where nothing parts words."""
    folded, stopwords = unicodedata.normalize("NFKC", text).casefold(), _listed("stopwords.txt")
    found = {w[:STEM] for w in _WORD.findall(folded) if w not in stopwords and (len(w) > 2 or w.isdigit())}
    for run in _NO_SPACES.findall(folded):
        found.discard(run[:STEM])
        found.update(run[i : i + 2] for i in range(max(1, len(run) - 1)))
    return frozenset(found)


def claim_words(text: str) -> frozenset[str]:
    """Return the words of `text` with each name of several words as one: sharing a long name is sharing one thing."""
    rest, names = [], set()
    for is_name, run in groupby(text.split(" "), key=lambda w: w.lstrip("\"'“”‘’«»(")[:1].isupper()):
        parts = list(run)
        name = normal_form(" ".join(w for w in parts if w.casefold() not in _listed("stopwords.txt")))
        if is_name and " " in name:
            names.add(name)
        else:
            rest += parts
    return words(" ".join(rest)) | names


def is_negated(text: str) -> bool:
    """Return whether `text` begins by turning what it says into its opposite: “no shots were fired”."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return any(w in _listed("negations.txt") for w in _WORD.findall(folded)[:NEGATED_WITHIN])


def numbers(tokens: frozenset[str]) -> frozenset[str]:
    """Return the numbers among `tokens`."""
    return frozenset(t for t in tokens if t[0].isdigit())


def normal_form(text: str) -> str:
    """Return `text` without case, punctuation or spacing, to tell copies."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of words that two sets have in common (Jaccard 1912)."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0


def containment(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of the smaller set that the larger one holds."""
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


@lru_cache(maxsize=200_000)
def _hash(token: str) -> int:
    return int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=4).digest())


def _coefficients() -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    stream = np.random.Generator(np.random.PCG64(1912))
    return (
        stream.integers(1, 2**28, PERMUTATIONS, dtype=np.uint64)[:, None],
        stream.integers(0, 2**28, PERMUTATIONS, dtype=np.uint64)[:, None],
    )


_A, _B = _coefficients()


def signature_bands(tokens: frozenset[str], rows: int = 2) -> list[str]:
    """Return the locality-sensitive hash bands of a set by MinHash (Broder 1997), `PERMUTATIONS / rows` of them."""
    hashes = np.fromiter((_hash(t) for t in tokens), dtype=np.uint64, count=len(tokens))
    least = ((_A * hashes[None, :] + _B) % _PRIME & _MASK).min(axis=1).reshape(-1, rows)
    return [f"{band}:" + "-".join(f"{int(v):x}" for v in row) for band, row in enumerate(least)]
