"""Who tells what of an event in one document: the claims about it, and the document's own words around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb

from allegedly.link.accounts import Harm, Telling
from allegedly.link.general import speaks_of_involvement
from allegedly.records import EventStatus, EventType, Span

_EVENTS = """
SELECT l.event, e.id, e.document, e.type, e.other_type, e.status, e.trigger_spans, e.sentence, e.actors,
       e.casualties, e.damage, d.source, d.published_at
FROM event_links l JOIN document_events e ON e.id = l.document_event JOIN documents d ON d.id = e.document
WHERE l.event IN (SELECT unnest(?)) ORDER BY e.id
"""
_DOCUMENTS = """
SELECT DISTINCT e.document FROM event_links l JOIN document_events e ON e.id = l.document_event
WHERE l.event IN (SELECT unnest(?))
"""
_CLAIMS = f"""
SELECT document, id, speaker_actor, speaker_name, mode, act, polarity, accused, about, content_spans, content_text
FROM claims WHERE document IN ({_DOCUMENTS}) ORDER BY id
"""
_ACTORS = f"""
SELECT a.document, a.actor, l.actor, a.mentions, a.part_of FROM document_actors a
JOIN actor_links l ON l.document_actor = a.id WHERE a.document IN ({_DOCUMENTS})
"""
_CONJECTURES = ("hypothetical", "proposed")


class _Claim(NamedTuple):
    document: str
    id: str
    speaker_actor: str | None
    speaker_name: str
    mode: str
    act: str
    polarity: str
    accused: list[str]
    about: list[str]
    spans: list[Span]
    text: str

    @property
    def denies(self) -> bool:
        return self.act == "denies" or self.polarity == "negated"

    @property
    def size(self) -> int:
        return sum(end - start for start, end in self.spans)

    def holds(self, span: Span) -> bool:
        """Whether what is claimed meets `span`."""
        return any(start < span[1] and span[0] < end for start, end in self.spans)


class _Event(NamedTuple):
    linked: str
    id: str
    document: str
    type: EventType
    other_type: str
    status: EventStatus
    triggers: list[Span]
    sentence: Span
    actors: list[str]
    casualties: list[dict[str, Any]]
    damage: list[dict[str, Any]]
    source: str
    published_at: str


class _Cast(NamedTuple):
    """The actors of one document: linked id, mentions and whole by their id there."""

    linked: dict[str, str]
    mentions: dict[str, list[Span]]

    def across(self, ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({self.linked.get(i, i) for i in ids}))


class Told(NamedTuple):
    """All tellings of some events, and which linked actor is part of which."""

    tellings: list[Telling]
    part_of: dict[str, frozenset[str]]


def told(con: duckdb.DuckDBPyConnection, events: Collection[str]) -> Told:
    """Return the tellings of the linked events with these ids."""
    ids = [sorted(events)]
    claims: dict[str, list[_Claim]] = defaultdict(list)
    for row in con.execute(_CLAIMS, ids).fetchall():
        claims[row[0]].append(_Claim._make(row))
    casts: dict[str, _Cast] = defaultdict(lambda: _Cast({}, {}))
    wholes: dict[str, set[str]] = defaultdict(set)
    rows = con.execute(_ACTORS, ids).fetchall()
    for document, actor, linked, mentions, _ in rows:
        casts[document].linked[actor] = linked
        casts[document].mentions[actor] = [(start, end) for start, end in mentions]
    for document, _, linked, _, whole in rows:
        if whole:
            wholes[linked].add(casts[document].linked.get(whole, whole))
    found = [
        telling
        for event in map(_Event._make, con.execute(_EVENTS, ids).fetchall())
        if event.status not in _CONJECTURES
        for telling in _tellings(event, claims[event.document], casts[event.document])
    ]
    return Told(found, {part: frozenset(whole) for part, whole in wholes.items()})


def _tellings(event: _Event, claims: Sequence[_Claim], cast: _Cast) -> Iterator[Telling]:
    """Give each count, degree and doer to the innermost claim that tells it, and the rest to the author."""
    harms = _harms(event)
    owner = {harm: _innermost(claims, harm.span) for harm in harms}
    doers = {a: [c.id for c in claims if _names(c, cast, a)] for a in event.actors if "~" not in a}
    told_by = [c for c in claims if event.id in c.about or c in owner.values()]
    for claim in told_by:
        own = [a for a, names in doers.items() if claim.id in names]
        yield _claimed(event, claim, cast, own, tuple(h for h in harms if owner[h] == claim))
    left = tuple(h for h in harms if owner[h] is None)
    unclaimed = [a for a, names in doers.items() if not names]
    if not told_by or left or unclaimed:
        yield _authored(event, cast, unclaimed, left, bool(told_by))


def _harms(event: _Event) -> list[Harm]:
    people = [Harm("casualties", c["kind"], c["who"], c["min"], c["max"], _span(c)) for c in event.casualties or ()]
    return people + [Harm("damage", "", d["what"], d["degree"], d["degree"], _span(d)) for d in event.damage or ()]


def _span(row: Mapping[str, Any]) -> Span:
    start, end = row["span"]
    return start, end


def _innermost(claims: Sequence[_Claim], span: Span) -> _Claim | None:
    return min((c for c in claims if c.holds(span)), key=lambda c: (c.size, c.id), default=None)


def _names(claim: _Claim, cast: _Cast, actor: str) -> bool:
    return any(claim.holds(span) for span in cast.mentions.get(actor, ()))


def _claimed(event: _Event, claim: _Claim, cast: _Cast, doers: Sequence[str], harms: tuple[Harm, ...]) -> Telling:
    own = claim.mode == "own-voice"
    accused = cast.across(claim.accused) if event.id in claim.about else ()
    apart = claim.denies and speaks_of_involvement(claim.text)
    speaker = _author(event) if own else cast.linked.get(claim.speaker_actor or "", f"{claim.speaker_name}~{claim.id}")
    if apart and not accused:
        accused = cast.across(a for a in cast.linked if "~" not in a and _names(claim, cast, a)) or (speaker,)
    return Telling(
        event=event.linked,
        type=event.type,
        other_type=event.other_type,
        claim=claim.id,
        speaker=speaker,
        speaker_name=event.source if own else claim.speaker_name or "somebody unnamed",
        document=event.document,
        published_at=event.published_at,
        denies=claim.denies,
        of_event=any(claim.holds(t) for t in event.triggers) and not apart,
        accused=accused,
        perpetrators=cast.across(doers),
        status=event.status,
        harms=harms,
        span=claim.spans[0],
    )


def _authored(event: _Event, cast: _Cast, doers: Sequence[str], harms: tuple[Harm, ...], claimed: bool) -> Telling:
    return Telling(
        event=event.linked,
        type=event.type,
        other_type=event.other_type,
        claim=None,
        speaker=_author(event),
        speaker_name=event.source,
        document=event.document,
        published_at=event.published_at,
        denies=False,
        of_event=not claimed,
        accused=(),
        perpetrators=cast.across(doers),
        status=event.status,
        harms=harms,
        span=event.sentence,
    )


def _author(event: _Event) -> str:
    """A source that nobody knows is nobody else's twin."""
    return f"author:{event.document if event.source in ('', 'unknown') else event.source}"
