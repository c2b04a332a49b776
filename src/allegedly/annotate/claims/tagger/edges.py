"""Where a piece of content begins and ends: the network's own view of edges, then the grammar's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.tagger.network import Floats
from allegedly.annotate.claims.tagger.windows import Window
from allegedly.annotate.syntax import Range, Syntax

_REACH = 8
"""Tokens by which the network's view of an edge may move one."""
_CLEAR = 0.3
"""Probability from which that view counts."""
_STEPS = 4
_UNFINISHED = frozenset(
    """
det amod compound nummod poss nmod quantmod aux auxpass mark predet neg case prep cc
""".split()
)
"""Dependents that no phrase ends with: what they hang on follows."""
_BEFORE = frozenset(
    """
det amod compound nummod poss quantmod predet neg
""".split()
)
_LONGEST_OBJECT = 6


def to_edges(window: Window, piece: Range, first: Floats, last: Floats) -> Range:
    """Move the edges of `piece` to the tokens nearby that most look like the first and the last of a piece."""
    a, b = piece[0] - window.first, piece[1] - window.first
    start = _best(first, max(0, a - _REACH), min(a + _REACH + 1, b))
    begin = a if start is None else start
    end = _best(last, max(begin, b - 1 - _REACH), min(b + _REACH, len(last)))
    return window.first + begin, window.first + (b if end is None else end + 1)


def _best(probability: Floats, low: int, high: int) -> int | None:
    if low >= high:
        return None
    at = low + int(np.argmax(probability[low:high]))
    return at if probability[at] >= _CLEAR else None


def completed(s: Syntax, piece: Range, taken: Sequence[int]) -> Range:
    """Stretch `piece` over the rest of phrases that it cuts ("for 10" before "years"), but not over `taken` tokens."""
    others = set(taken)
    a, b = piece
    for _ in range(_STEPS):
        end = _phrase_end(s, b - 1)
        if end <= b or not others.isdisjoint(range(b, end)):
            break
        b = end
    first = s.sentences[s.sentence[a]][0]
    while a > first and a - 1 not in others and s.dep[a - 1] in _BEFORE and a <= s.head[a - 1] < min(b, a + 3):
        a -= 1
    return a, b


def _phrase_end(s: Syntax, i: int) -> int:
    last = s.sentences[s.sentence[i]][1]
    if s.dep[i] in _UNFINISHED and i < s.head[i] < min(i + 4, last):
        return s.head[i] + 1
    noun = s.kid(i, "pobj") if s.dep[i] == "prep" else None
    if noun is not None and noun > i and s.right(noun) - i <= _LONGEST_OBJECT:
        return s.right(noun) + 1
    return i + 1


def whole_quotations(quotations: Quotations, piece: Range) -> Range:
    """Take in a quotation mark, and a word beside it, where `piece` leaves just that out."""
    a, b = piece
    if (n := quotations.inside[a]) >= 0 and a - quotations.ranges[n][0] <= 2:
        a = quotations.ranges[n][0]
    if (n := quotations.inside[b - 1]) >= 0 and quotations.ranges[n][1] - b <= 2:
        b = quotations.ranges[n][1]
    return a, b
