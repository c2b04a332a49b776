"""What is compared: the statements of documents.

A short document is one statement, whatever it attributes to whom. Of a longer one each claim is, with its speaker and
cue where they stand beside it: “any part in the blast” alone says little, “Kolvaria denied any part in the blast” much.
Where the language is not one that we annotate, its one claim is its title or how it begins: a title is compared with
the first sentences under it, because “Questions remain” alone is like anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import duckdb

from allegedly.link.clock import Interval, interval
from allegedly.link.narratives.sayings import Saying
from allegedly.link.words import normal_form
from allegedly.records import Span, content_id

SHORT = 400
"""Code points up to which the body of a document is one statement."""
MOST_CLAIMS = 3
"""A short document with more claims, none within another, is taken apart all the same."""
BESIDE = 80
"""Code points between a content and its speaker or cue that are still told together."""
LEAD, LONGEST = 160, 320
"""A longer statement is cut where a sentence ends after the first number of code points, or at the second: who tells
much tells of several things, the main one first."""
_LEAST_LETTERS = 12
"""A statement with fewer says too little to be the same as another."""
_DOCUMENTS = f"""
SELECT d.id, d.language, d.title, d.body_start, length(d.text) - d.body_start <= {SHORT},
       substring(d.text, d.body_start + 1, {SHORT})
FROM documents d WHERE d.id IN (SELECT unnest(?)) ORDER BY d.id
"""
_CLAIMS = """
SELECT c.document, c.id, c.content_spans, list_concat(c.speaker_spans, c.cue_spans),
       c.act = 'denies' OR c.polarity = 'negated', c.parent IS NULL, d.text
FROM claims c JOIN documents d ON d.id = c.document
WHERE c.document IN (SELECT unnest(?)) ORDER BY c.document, c.content_spans, c.id
"""
_SPACE = re.compile(r"\s+")
_STOP = re.compile(r"[.!?…؟۔।](?=[\s\"'”’»)]|$)|[。！？]|\n")


class Statement(NamedTuple):
    """Something that a document says."""

    id: str
    document: str
    claim: str | None
    whole: bool
    """Whether it is the whole of a short document, so that all claims of it are in it."""
    denied: bool
    """Whether how it is attributed makes it a denial, whatever it says."""
    spans: tuple[Span, ...]
    saying: Saying


class _Claim(NamedTuple):
    id: str
    spans: tuple[Span, ...]
    denied: bool
    outer: bool
    text: str


def statements(con: duckdb.DuckDBPyConnection, documents: Collection[str]) -> list[Statement]:
    """Return the statements of documents, in order of document and place."""
    claims: dict[str, list[_Claim]] = {}
    for document, id, content, around, denied, outer, text in con.execute(_CLAIMS, [list(documents)]).fetchall():
        spans = _lead(text, _with_speaker(content, around))
        claim = _Claim(id, spans, denied, outer, " … ".join(text[a:b] for a, b in spans))
        claims.setdefault(document, []).append(claim)
    rows = con.execute(_DOCUMENTS, [list(documents)]).fetchall()
    return [s for row in rows for s in _of_document(_Body(*row), claims.get(row[0], []))]


class _Body(NamedTuple):
    document: str
    language: str
    title: str
    start: int
    short: bool
    text: str
    """The body, or how it begins."""


def _of_document(body: _Body, claims: Sequence[_Claim]) -> list[Statement]:
    if body.short and sum(c.outer for c in claims) <= MOST_CLAIMS:
        return _whole(body, _main(claims))
    if len(claims) == 1 and claims[0].spans[-1][1] <= body.start:
        claims = [_with_lead(body, claims[0])]
    found = [_statement(body, c.id, False, c.denied, c.spans, c.text) for c in claims]
    return [s for s in found if s]


def _with_lead(body: _Body, title: _Claim) -> _Claim:
    """Return a title together with how the text under it begins."""
    start = len(body.text) - len(body.text.lstrip())
    ((_, end),) = _lead(body.text, ((start, len(body.text)),))
    spans = (*title.spans, (body.start + start, body.start + end))
    return title._replace(spans=spans, text=f"{title.text}. {body.text[start:end]}")


def _whole(body: _Body, main: _Claim | None) -> list[Statement]:
    lead = len(body.text) - len(body.text.lstrip())
    span = (body.start + lead, body.start + len(body.text.rstrip()))
    title = body.title.strip()
    told = f"{title}. {body.text}" if title and title not in body.text else body.text
    found = _statement(body, main.id if main else None, True, bool(main and main.denied), (span,), told)
    return [found] if found else []


def _main(claims: Sequence[_Claim]) -> _Claim | None:
    """Return the claim that a short document is about: the longest that is in no other."""
    return max((c for c in claims if c.outer), key=lambda c: (len(c.text), c.id), default=None)


def _statement(
    body: _Body, claim: str | None, whole: bool, denied: bool, spans: tuple[Span, ...], text: str
) -> Statement | None:
    said = _SPACE.sub(" ", text).strip()
    if sum(map(str.isalpha, said)) < _LEAST_LETTERS:
        return None
    id = content_id("s", body.document, spans)
    return Statement(id, body.document, claim, whole, denied, spans, Saying(said, body.language))


def _with_speaker(content: Sequence[Sequence[int]], around: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    """Return the stretch from speaker to content where the two stand close together, else the content alone."""
    near = [span for span in around if any(_gap(span, piece) <= BESIDE for piece in content)]
    whole = min(a for a, _ in (*content, *near)), max(b for _, b in (*content, *near))
    told = sum(b - a for a, b in (*content, *near))
    if whole[1] - whole[0] <= told + BESIDE:
        return (whole,)
    return tuple((a, b) for a, b in content)


def _lead(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return how a statement begins, where it is long."""
    (start, end), *rest = spans
    if rest or end - start <= LONGEST:
        return spans
    stop = next((m.end() for m in _STOP.finditer(text, start + LEAD, start + LONGEST)), start + LONGEST)
    return ((start, min(stop, end)),)


def _gap(one: Sequence[int], other: Sequence[int]) -> int:
    return max(one[0], other[0]) - min(one[1], other[1])


class Told(NamedTuple):
    """A statement with where and when it was published, as narratives tell it."""

    id: str
    document: str
    claim: str | None
    spans: tuple[Span, ...]
    text: str
    """Verbatim."""
    saying: int
    """Row of what it says."""
    source: str
    source_kind: Any
    language: str
    published_at: str
    published_grain: str
    forwarded: bool

    @property
    def when(self) -> Interval | None:
        return interval(self.published_at, self.published_grain)

    @property
    def form(self) -> str:
        """Its words without case or punctuation."""
        return normal_form(self.text)
