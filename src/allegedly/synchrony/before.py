"""Statements before the event: claims whose document came out before what they speak of, said only where it must be so.

Both times are intervals of whole seconds (Moore 1966): a clock that shows minutes leaves 60 seconds open, a day 24
hours, and a time without a zone lies up to 14 hours earlier or 12 later in UTC. ``must`` holds wherever in the two
intervals the truth lies; what one point of them contradicts is ``may``. So that it stays so:

* An event's interval spans every dated telling of it, in any document. Parts of a day ("in the evening") are whole
  days.
* A day that was itself counted from a publication ("yesterday", "on Tuesday", a date without its year) proves nothing:
  without a telling that states the day in full, ``must`` becomes ``may``.
* A ledger knows one time of publication and no time of change: what was edited in later carries the older time. Where
  a source states only when a text was last updated, that is its time of publication, which is the safe side.

``must`` further supposes that the document states its time truly and that the tellings are of one event. A prediction,
a warning, a plan or an invitation comes before its event by nature: act and status stand beside every row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

import duckdb

from allegedly.link.clock import Interval, interval
from allegedly.records import Grain, Span

if TYPE_CHECKING:
    from allegedly.synchrony.results import Columns

Order = Literal["must", "may", "not"]
"""Must be before, may be before, is not before."""

FORETELLING = frozenset({"predicts", "warns", "urges", "proposes"})
"""Acts that speak of what is to come."""
UNREAL = frozenset({"hypothetical", "proposed", "negated"})
"""Statuses of an event that nobody says has happened."""
_ISO = re.compile(
    r"(\d{4}(?:-\d\d(?:-\d\d(?:[T ]\d\d(?::\d\d(?::\d\d)?)?)?)?)?)(?:(?<=:\d\d)[.,]\d+)?(?:[+-]\d\d:?\d\d|Z)?"
)
_GRAINS: dict[int, Grain] = {4: "year", 7: "month", 10: "day", 13: "hour", 16: "minute", 19: "second"}
"""How fine an ISO time is, by its length without fraction and zone."""
_FINEST_FIRST: tuple[Grain, ...] = ("unknown", "second", "minute", "hour", "day", "month", "year")


class Published(Protocol):
    """Anything with a publication time: `Document`, `DocumentRow`, `Said`."""

    @property
    def published_at(self) -> str: ...
    @property
    def published_grain(self) -> Grain: ...


class Dated(Protocol):
    """Anything with a first and a last day or instant: `When`, `LinkedEvent`, `Telling`."""

    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str: ...


def published_interval(document: Published) -> Interval | None:
    """Return the first and last second (since 1970 UTC) at which `document` may have come out; None where unknown.

    A clock is never finer than its time is written.
    """
    return _interval(document.published_at, document.published_grain)


def event_interval(event: Dated) -> Interval | None:
    """Return the first and last second (since 1970 UTC) at which `event` may have begun; None where that is unknown.

    An event begins somewhere between its stated start and end. Where both are hours that differ, they are those of a
    part of the day, which is a convention, so the whole days count.
    """
    start, end = event.start, event.end or event.start
    if start != end and "T" in start and "T" in end:
        start, end = start[:10], end[:10]
    bounds = [_interval(text, "unknown") for text in (start, end)]
    known = [bound for bound in bounds if bound is not None]
    return hull(known) if len(known) == len(bounds) else None


def hull(intervals: Iterable[Interval]) -> Interval:
    """Return the least interval that holds all `intervals`. Raises ValueError where there are none."""
    starts, ends = zip(*intervals, strict=True)
    return Interval(min(starts), max(ends))


def _interval(stated: str, grain: Grain) -> Interval | None:
    """The interval of an ISO time, as coarse as it is written or as `grain`, whichever is coarser."""
    written = _ISO.fullmatch(stated)
    if written is None:
        return None
    return interval(stated, max(_GRAINS[len(written[1])], grain, key=_FINEST_FIRST.index))


def order(a: Interval, b: Interval) -> Order:
    """Say whether `a` must, may or cannot come before `b`. Within one and the same second it may."""
    if a.before(b):
        return "must"
    return "not" if b.before(a) else "may"


def lead(a: Interval, b: Interval) -> tuple[int, int]:
    """Return the least and the greatest seconds from `a` to `b`; negative where `b` comes first.

    Each interval reaches to the end of its last second, so the truth lies strictly between the two.
    """
    return b.start - a.end - 1, b.end - a.start + 1


# ---------------------------------------------------------------- rows


class Telling(NamedTuple):
    """One document's dating of a linked event."""

    event: str
    """Id of the linked event."""
    document: str
    """Id of the document."""
    spans: tuple[Span, ...]
    """The words that tell the time, or the event where the time is carried on from before."""
    start: str
    """First day or instant, ISO 8601."""
    end: str
    """Last day or instant, ISO 8601."""
    stated: bool
    """Whether the text states the day, so that it was not counted from the document's own publication."""


class Said(NamedTuple):
    """One claim about one linked event."""

    claim: str
    document: str
    source: str
    speaker: str
    act: str
    status: str
    """How the event stands in the document; the linked event's status where the document does not tell it."""
    published_at: str
    published_grain: Grain
    spans: tuple[Span, ...]
    """The content of the claim."""
    event: str


class Receipt(NamedTuple):
    """Where the words stand."""

    document: str
    spans: tuple[Span, ...]


class Dating(NamedTuple):
    """When an event may have begun, over all its tellings."""

    when: Interval
    stated: bool
    """Whether some telling states the day."""
    receipts: tuple[Receipt, ...]


class Statement(NamedTuple):
    """A claim that came, or may have come, before the event it speaks of. Leads are seconds."""

    claim: str
    document: str
    source: str
    speaker: str
    event: str
    act: str
    status: str
    foretells: bool
    """Whether act or status say that it speaks of what is to come, or what may never come."""
    verdict: Order
    lead_min: int
    """The statement came more than this before the event; below 0 where it may have come after."""
    lead_max: int
    """The statement came less than this before the event."""
    reason: str
    receipts: tuple[Receipt, ...]
    """The claim's content first, then the words that date the event."""


def dating(tellings: Iterable[Telling]) -> Dating | None:
    """Join the tellings of one event; None where none has a time that can be read."""
    read = [(telling, when) for telling in tellings if (when := event_interval(telling)) is not None]
    if not read:
        return None
    receipts = tuple(sorted({Receipt(telling.document, telling.spans) for telling, _ in read}))
    return Dating(hull(when for _, when in read), any(telling.stated for telling, _ in read), receipts)


def statement(said: Said, event: Dating) -> Statement | None:
    """Compare one claim with its event; None where the document has no usable time."""
    published = published_interval(said)
    if published is None:
        return None
    bare = order(published, event.when)
    verdict: Order = "may" if bare == "must" and not event.stated else bare
    foretells = said.act in FORETELLING or said.status in UNREAL
    return Statement(
        *(said.claim, said.document, said.source, said.speaker, said.event, said.act, said.status, foretells, verdict),
        *lead(published, event.when),
        _reason(said, published, event, bare),
        (Receipt(said.document, said.spans), *event.receipts),
    )


def _reason(said: Said, published: Interval, event: Dating, bare: Order) -> str:
    least, most = lead(published, event.when)
    if bare == "must":
        text = f"came out at least {_duration(least)} before the earliest the event can have begun"
    elif bare == "not":
        text = "came out after the latest the event can have begun"
    else:
        text = f"the times overlap: up to {_duration(most)} before and up to {_duration(-least)} after"
    if bare == "must" and not event.stated:
        text += "; but that day was counted from a publication, no text states it in full, so it only may be before"
    if said.status in UNREAL:
        text += f"; the event is {said.status}, so its time is not that of something that is said to have happened"
    elif said.act in FORETELLING:
        text += f"; the speaker {said.act}, which comes before by nature"
    return text


def _duration(seconds: int) -> str:
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


# ---------------------------------------------------------------- ledger


_TELLINGS = """
SELECT l.event, e.document, CASE WHEN e.when_span IS NULL THEN e.trigger_spans ELSE [e.when_span] END,
       e.when_start, coalesce(e.when_end, ''), coalesce(e.when_anchor, '')
FROM document_events e JOIN event_links l ON l.document_event = e.id
WHERE coalesce(e.when_start, '') <> '' ORDER BY ALL
"""
_DAYS_STATED = """
SELECT t.document, t.start[:10], t.anchor, coalesce(abs(date_diff('day',
       try_cast(t.start[:10] AS DATE), try_cast(d.published_at[:10] AS DATE))) <= 1, false)
FROM times t JOIN documents d ON d.id = t.document
WHERE t.start <> '' AND t.span[1] >= d.body_start ORDER BY t.document, t.span
"""
_SAID = """
WITH told AS (
  SELECT c.claim, l.event, any_value(e.status ORDER BY e.id) AS status
  FROM (SELECT id AS claim, unnest(about) AS document_event FROM claims) c
  JOIN event_links l ON l.document_event = c.document_event
  JOIN document_events e ON e.id = c.document_event GROUP BY ALL
), pairs AS (
  SELECT claim, event, status FROM told
  UNION ALL SELECT DISTINCT a.claim, a.event, v.status FROM accounts a JOIN events v ON v.id = a.event
  WHERE a.claim IS NOT NULL AND NOT EXISTS (SELECT 1 FROM told t WHERE t.claim = a.claim AND t.event = a.event)
)
SELECT c.id, c.document, d.source, c.speaker_name, c.act, p.status, d.published_at, d.published_grain,
       c.content_spans, p.event
FROM pairs p JOIN claims c ON c.id = p.claim JOIN documents d ON d.id = c.document
"""


def statements_before_events(
    con: duckdb.DuckDBPyConnection, verdicts: Collection[Order] = ("must", "may")
) -> list[Statement]:
    """Return the claims of a ledger (`Ledger.connect`) with these `verdicts`, the surest and earliest first.

    Claims of documents without a time, and about events without one, are left out: nothing can be said of them.
    """
    known: dict[str, list[Telling]] = {}
    for telling in _tellings(con):
        known.setdefault(telling.event, []).append(telling)
    datings = {event: joined for event, tellings in known.items() if (joined := dating(tellings)) is not None}
    return sorted(compare(_said(con), datings, verdicts), key=_rank)


_TEXTS = """
SELECT c.id, d.published_at, c.content_text FROM claims c JOIN documents d ON d.id = c.document
WHERE c.id IN (SELECT unnest(?))
"""
_EVENTS = 'SELECT id, type, start, "end" FROM events WHERE id IN (SELECT unnest(?))'
_FIELDS = (
    *("verdict", "claim", "document", "source", "speaker", "act", "status", "foretells", "published_at"),
    *("event", "event_type", "event_start", "event_end", "lead_min", "lead_max", "reason", "content"),
)


def before_rows(con: duckdb.DuckDBPyConnection) -> Columns:
    """Return `statements_before_events` as a table, one row each, ``must`` first; leads are seconds.

    The event's dates are those that most tellings give; the verdict and the leads heed every telling.
    """
    found = statements_before_events(con)
    claims = _by_id(con, _TEXTS, {row.claim for row in found})
    events = _by_id(con, _EVENTS, {row.event for row in found})
    rows = [
        {
            **row._asdict(),
            **dict(zip(("published_at", "content"), claims[row.claim], strict=True)),
            **dict(zip(("event_type", "event_start", "event_end"), events[row.event], strict=True)),
        }
        for row in found
    ]
    return {field: [row[field] for row in rows] for field in _FIELDS}


def _by_id(con: duckdb.DuckDBPyConnection, query: str, ids: set[str]) -> dict[str, tuple[str, ...]]:
    return {ident: tuple(more) for ident, *more in con.execute(query, [sorted(ids)]).fetchall()}


def compare(said: Iterable[Said], events: Mapping[str, Dating], verdicts: Collection[Order]) -> Iterator[Statement]:
    """Yield the statements among `said` that have one of these `verdicts`."""
    for one in said:
        event = events.get(one.event)
        found = statement(one, event) if event else None
        if found and found.verdict in verdicts:
            yield found


def _rank(found: Statement) -> tuple[int, int, str, str]:
    return ("must", "may", "not").index(found.verdict), -found.lead_min, found.claim, found.event


def _tellings(con: duckdb.DuckDBPyConnection) -> Iterator[Telling]:
    stated = _days_stated(con)
    for event, document, spans, start, end, anchor in con.execute(_TELLINGS).fetchall():
        told = is_stated(anchor, stated.get(document, frozenset()))
        yield Telling(event, document, _spans(spans), start, end, told)


def is_stated(anchor: str, days: Collection[str]) -> bool:
    """Say whether a time with this `anchor` (`When.anchor`) rests on a day that the text states, one of `days`."""
    kind, _, base = anchor.partition(";")[0].partition(":")
    return kind == "explicit" or (kind == "story" and base[:10] in days)


def _days_stated(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Map each document to the days it states, or counts from such; the days around its publication are none."""
    days: dict[str, set[str]] = {}
    for document, day, anchor, own in con.execute(_DAYS_STATED).fetchall():
        known = days.setdefault(document, set())
        if not own and is_stated(anchor, known):
            known.add(day)
    return days


def _said(con: duckdb.DuckDBPyConnection) -> Iterator[Said]:
    found = con.execute(_SAID)
    while rows := found.fetchmany(10_000):
        for *fields, spans, event in rows:
            yield Said._make([*fields, _spans(spans), event])


def _spans(found: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in found)
