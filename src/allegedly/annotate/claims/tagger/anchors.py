"""The one token that stands for a cue."""

from __future__ import annotations

from collections.abc import Sequence

from allegedly.annotate.syntax import Syntax

_LIGHT = frozenset(["aux", "auxpass", "neg", "advmod", "prt", "det", "punct", "case"])


def anchor_of(s: Syntax, cue: Sequence[int]) -> int:
    """Return the token of `cue` that governs the others: the first whose head stands outside.

    Raises ValueError for an empty cue.
    """
    if not cue:
        raise ValueError("a cue has at least one token")
    inside = set(cue)
    heads = [i for i in cue if s.head[i] not in inside or s.head[i] == i]
    weighty = [i for i in heads if s.dep[i] not in _LIGHT]
    return (weighty or heads or list(cue))[0]
