"""The words of a claim as a set that can be compared fast, in any language with an alphabet or without."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

STEM = 6
"""Words are cut to this many letters, a stemmer for all languages at once (McNamee and Mayfield 2004)."""
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


def normal_form(text: str) -> str:
    """Return `text` without case, punctuation or spacing, to tell copies."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of words that two sets have in common (Jaccard 1912)."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if shared else 0.0
