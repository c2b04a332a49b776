"""Turn marked texts into training windows: what the encoder reads, what the rules know, and what is right."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from allegedly.annotate.claims.attributions import Attribution
from allegedly.annotate.claims.direct import Quotations
from allegedly.annotate.claims.rules import found_by_rules, quotations_of
from allegedly.annotate.claims.tagger.anchors import anchor_of
from allegedly.annotate.claims.tagger.features import Known
from allegedly.annotate.claims.tagger.windows import Window, windows
from allegedly.annotate.claims.tagger.wordpiece import WordPiece
from allegedly.annotate.parse import parse
from allegedly.annotate.syntax import Syntax, syntax_of
from allegedly.records import Origin, make_document
from markup import ACTS, Marked, Span, Text

ACT_LIST = tuple(sorted(ACTS))


@dataclass(slots=True)
class Example:
    """One window. Anchors are indices into the window's tokens; gold ones come first."""

    text: str
    pieces: NDArray[np.int16]
    places: NDArray[np.int16]
    tokens: NDArray[np.int8]
    anchors: list[int]
    gold: int
    """How many of `anchors` are cues of gold."""
    pairs: NDArray[np.int8]
    roles: NDArray[np.int8]
    """Shape ``(anchors, tokens)``: index into `features.ROLES`."""
    marks: NDArray[np.int8]
    """Shape ``(anchors, tokens)``: 1 accused, 2 channel, 4 hedge, 8 first, 16 last of a piece of content, added up."""
    acts: list[int]
    """Index into ACT_LIST, -1 where the corpus has none."""
    negated: list[int]
    own: NDArray[np.int8] | None
    """For each token 1 + act of the author's own claim, 0 where there is none; None where the corpus marks none."""


def prepared(texts: Iterable[Text], vocabulary: WordPiece, *, annotated: bool = True) -> Iterator[Example]:
    """Yield the windows of `texts`. With `annotated` false only source, cue and content are known."""
    for text in texts:
        document = make_document(origin=Origin(path=text.id), source=text.id, text=text.text, language="en")
        (parsed,) = parse([document])
        s = syntax_of(parsed)
        quotations = quotations_of(parsed)
        drafts = found_by_rules(s, quotations)
        yield from _examples(text, s, drafts, quotations, vocabulary, annotated)


def _examples(
    text: Text, s: Syntax, drafts: Sequence[Attribution], quotations: Quotations, vocabulary: WordPiece, annotated: bool
) -> Iterator[Example]:
    known = Known(s, drafts, quotations)
    told: dict[int, Marked] = {}
    for claim in text.claims:
        if not claim.own and claim.cue and claim.content:
            told.setdefault(anchor_of(s, tokens_of(s, claim.cue)), claim)
    for window in windows(s, vocabulary):
        gold = sorted(i for i in told if window.first <= i < window.last)
        others = sorted(i for i in known.by_anchor if window.first <= i < window.last and i not in told)
        anchors = [*gold, *others]
        roles, marks = _targets(s, window, [told[i] for i in gold], len(anchors))
        yield Example(
            text.id,
            window.pieces.astype(np.int16),
            window.places.astype(np.int16),
            known.token_features(window).astype(np.int8),
            [i - window.first for i in anchors],
            len(gold),
            known.pair_features(window, anchors).astype(np.int8),
            roles,
            marks,
            [ACT_LIST.index(told[i].acts[0]) if annotated else -1 for i in gold],
            [int(told[i].negated) for i in gold],
            _own(s, window, text.claims) if annotated else None,
        )


def tokens_of(s: Syntax, spans: Iterable[Span]) -> list[int]:
    """Return the tokens that overlap `spans`."""
    return [i for start, end in spans for i in range(s.at(start), len(s)) if s.start[i] < end]


def _targets(
    s: Syntax, window: Window, claims: Sequence[Marked], anchors: int
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    size = window.last - window.first
    roles, marks = np.zeros((anchors, size), np.int8), np.zeros((anchors, size), np.int8)

    def inside(spans: Iterable[Span]) -> list[int]:
        return [i - window.first for i in tokens_of_range(s, spans, window)]

    for row, claim in enumerate(claims):
        for role, spans in ((3, claim.content), (1, claim.source), (2, claim.cue)):
            roles[row, inside(spans)] = role
        for bit, spans in ((1, claim.accused), (2, claim.channel), (4, claim.hedge)):
            marks[row, inside(spans)] |= bit
        for start, end in claim.content:
            piece = inside([(start, end)])
            if piece:
                marks[row, piece[0]] |= 8 * (s.at(start) >= window.first)
                marks[row, piece[-1]] |= 16 * (s.at(end - 1) < window.last)
    return roles, marks


def tokens_of_range(s: Syntax, spans: Iterable[Span], window: Window) -> list[int]:
    found = []
    for start, end in spans:
        i = max(s.at(start), window.first)
        while i < window.last and s.start[i] < end:
            found.append(i)
            i += 1
    return found


def _own(s: Syntax, window: Window, claims: Sequence[Marked]) -> NDArray[np.int8]:
    own = np.zeros(window.last - window.first, np.int8)
    for claim in claims:
        if claim.own:
            own[[i - window.first for i in tokens_of_range(s, claim.content, window)]] = 1 + ACT_LIST.index(
                claim.acts[0]
            )
    return own


def cached(
    name: str, texts: Sequence[Text], vocabulary: WordPiece, folder: Path, *, annotated: bool = True
) -> list[Example]:
    """Return the examples of `texts`, kept in `folder` under `name` between runs."""
    path = folder / f"{name}.pickle"
    if path.exists():
        with path.open("rb") as file:
            found: list[Example] = pickle.load(file)
        return found
    examples = list(prepared(texts, vocabulary, annotated=annotated))
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        pickle.dump(examples, file)
    return examples
