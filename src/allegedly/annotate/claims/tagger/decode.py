"""From probabilities to claims: which tokens are source, cue and content of each cue that the network sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.tagger.edges import completed, to_edges, whole_quotations
from allegedly.annotate.claims.tagger.features import ROLES, Known
from allegedly.annotate.claims.tagger.network import Floats, Network
from allegedly.annotate.claims.tagger.windows import Window, windows
from allegedly.annotate.syntax import PUNCTUATION, QUOTATION_MARKS, Range, Syntax
from allegedly.records import Act

_SOURCE, _CUE, _CONTENT = (ROLES.index(role) for role in ("source", "cue", "content"))
_ACCUSED, _FIRST, _LAST = 0, 3, 4
"""Among the marks; channel and hedge, which lie between, are read by rules."""
_LOWEST = 0.05
"""Probability from which a token is looked at as a cue; what is kept is decided later."""
_HOLE = 3
"""Tokens: a gap no longer than this inside a role is filled where nothing else claims it."""


@dataclass(slots=True)
class Sighting:
    """A claim as the network sees it. Tokens and ranges count in the document."""

    anchor: int
    window: Range
    """The tokens that the network saw with it."""
    probability: float
    """That the anchor is a cue."""
    source: list[Range]
    cue: list[int]
    content: list[Range]
    sureness: tuple[float, float]
    """Mean probability of the tokens of content and of source (1 where there is none)."""
    acts: dict[Act, float]
    """Probability of each act."""
    accused: list[int]
    """Tokens that name whom it accuses."""


def sightings(
    s: Syntax, drafts: Sequence[Attribution], quotations: Quotations, net: Network
) -> tuple[list[Sighting], Floats]:
    """Return what the network sees in a document, one sighting a cue, in text order.

    And for each token the probability that the author speaks there in his or her own voice, then those of the acts.
    """
    known = Known(s, drafts, quotations)
    found: list[Sighting] = []
    own = np.zeros((len(s), 1 + len(net.acts)), np.float32)
    for window in windows(s, net.vocabulary):
        tokens = net.heads.tokens(net.vectors(window.pieces, window.places), known.token_features(window))
        own[window.first : window.last] = net.heads.own(tokens)
        found += _in_window(s, window, tokens, known, quotations, net)
    return found, own


def _in_window(
    s: Syntax, window: Window, tokens: Floats, known: Known, quotations: Quotations, net: Network
) -> Iterator[Sighting]:
    heads = net.heads
    cues = heads.cues(tokens)
    anchors = [int(i) for i in np.flatnonzero(cues > _LOWEST)]
    if not anchors:
        return
    roles, marks = heads.roles(tokens, anchors, known.pair_features(window, [window.first + i for i in anchors]))
    acts = heads.acts(tokens, anchors, (roles[..., _CONTENT] > 0.5).astype(np.float32))
    for row, anchor in enumerate(anchors):
        source = _ranges(s, window, roles[row, :, _SOURCE])
        found = np.flatnonzero(roles[row, :, _CUE] > 0.5)
        cue = sorted({window.first + anchor, *(window.first + int(i) for i in found)})
        taken = [*cue, *(i for a, b in source for i in range(a, b))]
        content = [
            _edged(s, window, piece, marks[row], quotations, taken)
            for piece in _ranges(s, window, roles[row, :, _CONTENT])
        ]
        yield Sighting(
            anchor=window.first + anchor,
            window=(window.first, window.last),
            probability=float(cues[anchor]),
            source=source,
            cue=cue,
            content=_apart(content),
            sureness=(
                _mean(window, roles[row, :, _CONTENT], content),
                _mean(window, roles[row, :, _SOURCE], source),
            ),
            acts=dict(zip(net.acts, map(float, acts[row]), strict=True)),
            accused=[window.first + int(i) for i in np.flatnonzero(marks[row, :, _ACCUSED] > 0.5)],
        )


def _mean(window: Window, probability: Floats, pieces: Sequence[Range]) -> float:
    """Return the mean over the tokens of `pieces` that the network saw: a quotation made whole may leave the window."""
    seen = [
        float(probability[i - window.first])
        for a, b in pieces
        for i in range(max(a, window.first), min(b, window.last))
    ]
    return sum(seen) / len(seen) if seen else 1.0


def _edged(
    s: Syntax, window: Window, piece: Range, marks: Floats, quotations: Quotations, taken: Sequence[int]
) -> Range:
    moved = to_edges(window, piece, marks[:, _FIRST], marks[:, _LAST])
    return whole_quotations(quotations, completed(s, moved, taken))


def _apart(pieces: Sequence[Range]) -> list[Range]:
    """Return `pieces` with those joined that touch or overlap."""
    joined: list[Range] = []
    for a, b in sorted(pieces):
        if joined and a <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return joined


def _ranges(s: Syntax, window: Window, probability: Floats) -> list[Range]:
    """Return the tokens that have a role as runs, small holes filled, without punctuation at the edges."""
    runs: list[Range] = []
    for i in np.flatnonzero(probability > 0.5):
        at = window.first + int(i)
        if runs and at - runs[-1][1] <= _HOLE and _fillable(s, runs[-1][1], at):
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return [piece for piece in map(s.trim, runs) if _has_words(s, piece)]


def _fillable(s: Syntax, a: int, b: int) -> bool:
    return all(s.lower[i] in PUNCTUATION or s.lower[i] in QUOTATION_MARKS for i in range(a, b))


def _has_words(s: Syntax, piece: Range) -> bool:
    return not _fillable(s, *piece)
