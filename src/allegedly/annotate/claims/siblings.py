"""Claims side by side: "X says A and expects B" is two claims of X, whatever the first content reached over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.syntax import Range, Syntax

_LINKS = frozenset(["and", "but", "or", "nor", "while", "then", ";"])
_BETWEEN = frozenset(["RB", "RBR", "MD", ","])
_FINITE = frozenset(["VBD", "VBZ", "VBP", "MD"])


def parted(s: Syntax, drafts: Sequence[Attribution], quotations: Quotations) -> None:
    """End the content of each of `drafts` before a coordinated cue whose speaker stands outside it: their speaker."""
    told = told_by(drafts)
    for inner in drafts:
        quoted = inner.anchor >= 0 and quotations.inside[inner.anchor] >= 0
        for outer in told[min(inner.cue)] if inner.cue and not quoted else ():
            if inner is not outer and _shares_speaker(outer, inner):
                pieces = (_before(s, piece, inner) for piece in outer.content)
                outer.content = [(a, b) for a, b in pieces if a < b]


def told_by(drafts: Iterable[Attribution]) -> defaultdict[int, list[Attribution]]:
    """Return for each token the claims in whose content it stands."""
    told: defaultdict[int, list[Attribution]] = defaultdict(list)
    for draft in drafts:
        for i in (i for a, b in draft.content for i in range(a, b)):
            told[i].append(draft)
    return told


def _shares_speaker(outer: Attribution, inner: Attribution) -> bool:
    """True where the inner speaker is that of the outer claim, and does not stand in its content."""
    theirs = {i for a, b in inner.said_by for i in range(a, b)}
    ours = {i for a, b in outer.said_by for i in range(a, b)}
    told = {i for a, b in outer.content for i in range(a, b)}
    return bool(theirs & ours) and not theirs & told


def _before(s: Syntax, piece: Range, inner: Attribution) -> Range:
    """Return what of `piece` stands before the link that `inner` is coordinated by; all of it where there is none."""
    a, b = piece
    first = min(inner.cue)
    if not a < first < b:
        return piece
    link = first - 1
    while link > a and s.tag[link] in _BETWEEN and s.lower[link] not in _LINKS:
        link -= 1
    finite = any(s.tag[i] in _FINITE for i in inner.cue)
    taken_up = s.tag[first] == "VBG" and s.lower[first - 1] == ","
    if finite and s.lower[link] in _LINKS:
        return s.trim((a, link))
    return s.trim((a, first)) if taken_up else piece
