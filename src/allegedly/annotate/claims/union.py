"""Rules and network as one: which claims stand, with which edges, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.cues import Cue, lexicon
from allegedly.annotate.claims.siblings import told_by
from allegedly.annotate.claims.tagger.anchors import anchor_of
from allegedly.annotate.claims.tagger.decode import Sighting
from allegedly.annotate.claims.tagger.network import Network
from allegedly.annotate.claims.turns import BY_LAYOUT
from allegedly.annotate.syntax import Range, Syntax

_ALIKE = 0.5
"""Share of content, intersection over union, from which rules and network mean the same."""
_INNER = 0.1
"""Probability from which a claim that a rule finds stands inside the content of another claim."""
_SAYS = Cue("asserts", "speech", frozenset())


def united(s: Syntax, drafts: Sequence[Attribution], seen: Iterable[Sighting], net: Network) -> list[Attribution]:
    """Return the claims that stand, each with its confidence.

    The network reads what the rules found, so it decides which cues stand: it must be surest of a cue that no rule
    knows, and least of one beside a quotation. Where both see about the same content, the grammar's edges hold, and
    those of quotations and turns always do. Quotations without a cue or with a dash for one are the rules' own.
    """
    found = {anchor_of(s, draft.cue): draft for draft in drafts if draft.cue}
    kept = [draft for draft in drafts if not draft.cue or draft.rule == "signed"]
    unsure: list[Sighting] = []
    for sighting in seen:
        known = found.get(sighting.anchor)
        if known is not None and known.rule == "signed":
            known.seen = sighting
        elif sighting.probability >= net.thresholds[_bar(known)] and (known is not None or sighting.content):
            kept.append(_standing(s, sighting, known, net))
        elif _bar(known) == "both" and sighting.content and sighting.probability >= _INNER:
            unsure.append(sighting)
    kept += _counted(drafts, kept)
    told = told_by(kept) if unsure else {}
    inner = [x for x in unsure if _within(x, told)]
    return [*kept, *(_standing(s, x, found[x.anchor], net) for x in inner)]


def _counted(drafts: Sequence[Attribution], kept: Sequence[Attribution]) -> Iterator[Attribution]:
    """Yield those of "speaks of 20 dead" and "puts the toll at 9", which are counts whatever the network sees."""
    standing = {id(draft) for draft in kept}
    for draft in drafts:
        if draft.rule == "figure" and id(draft) not in standing and draft.said_by:
            yield draft


def _bar(known: Attribution | None) -> str:
    return "seen" if known is None else "quoted" if known.quoted else "both"


def _within(sighting: Sighting, told: Mapping[int, Sequence[Attribution]]) -> bool:
    """True where a whole claim stands in the content of another: who reports it says that there is one."""
    whole = {*sighting.cue, *_tokens(sighting.content)}
    return any(whole < set(_tokens(outer.content)) for outer in told.get(sighting.anchor, ()))


def _standing(s: Syntax, sighting: Sighting, known: Attribution | None, net: Network) -> Attribution:
    confidence = _calibrated(net, _evidence(sighting, known))
    draft = _seen(s, sighting) if known is None else _joined(s, sighting, known)
    draft.confidence = confidence
    return draft


def _tokens(pieces: Iterable[Range]) -> Iterator[int]:
    return (i for a, b in pieces for i in range(a, b))


def _seen(s: Syntax, sighting: Sighting) -> Attribution:
    reading = _reading(s, sighting.anchor)
    draft = Attribution("seen", sighting.anchor, sighting.cue, sighting.content, reading, said_by=sighting.source)
    draft.speaker = _head(s, sighting.source) if sighting.source else None
    draft.seen = sighting
    return draft


def _joined(s: Syntax, sighting: Sighting, draft: Attribution) -> Attribution:
    plain = draft.quoted or draft.rule in BY_LAYOUT
    if not plain and _overlap(sighting.content, draft.content) < _ALIKE and sighting.content:
        beyond = [piece for piece in draft.content if not _meets(piece, sighting.window)]
        draft.content = sorted([*sighting.content, *beyond])
    if sighting.source:
        draft.said_by = sighting.source
        if draft.speaker is None or not any(a <= draft.speaker < b for a, b in sighting.source):
            draft.speaker = _head(s, sighting.source)
    draft.seen = sighting
    return draft


def _meets(piece: Range, window: Range) -> bool:
    return piece[0] < window[1] and piece[1] > window[0]


def _head(s: Syntax, pieces: Sequence[Range]) -> int:
    """Return the token of the last piece that governs it."""
    a, b = pieces[-1]
    return next((i for i in range(a, b) if not a <= s.head[i] < b or s.head[i] == i), b - 1)


def _reading(s: Syntax, anchor: int) -> Cue:
    known = lexicon()
    tables = (known.verbs, known.nouns, known.adjectives, known.adverbs)
    return next((table[s.lemma[anchor]][0] for table in tables if s.lemma[anchor] in table), _SAYS)


# ---- how sure


def _evidence(sighting: Sighting | None, draft: Attribution | None) -> list[float]:
    """Return what speaks for a claim: logits of the network, and how far the rules agree."""
    agreed = _overlap(sighting.content, draft.content) if sighting and draft else 0.0
    same = bool(sighting and draft and _overlap(sighting.source, draft.said_by) > 0)
    found = [agreed, float(same), *_rule(draft)]
    if sighting is None:
        return [1.0, *found, 0.0, 0.0, 0.0, 0.0]
    content, source = sighting.sureness
    return [1.0, *found, *map(_logit, (sighting.probability, content, source)), float(not sighting.source)]


def _rule(draft: Attribution | None) -> tuple[float, float, float]:
    """Return whether a rule found it, whether as a quotation, and how reliable the rule is."""
    return (0.0, 0.0, 0.0) if draft is None else (1.0, float(draft.quoted), _logit(draft.confidence))


def _overlap(one: Iterable[Range], other: Iterable[Range]) -> float:
    """Return the tokens that two sets of ranges share, over those of either."""
    a, b = ({i for start, end in pieces for i in range(start, end)} for pieces in (one, other))
    return len(a & b) / len(a | b) if a | b else 1.0


def _logit(probability: float) -> float:
    p = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))


def _calibrated(net: Network, evidence: Sequence[float]) -> float:
    """Return the probability that the claim is right: logistic in the evidence, fitted on texts not trained on."""
    score = sum(w * x for w, x in zip(net.calibration, evidence, strict=True))
    return float(1 / (1 + np.exp(-score)))
