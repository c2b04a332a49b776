"""Who tells what of an event in one document: the claims about it, and the document's own words around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import duckdb

from allegedly.link.accounts import Around, Harm, Telling
from allegedly.link.general import speaks_of_involvement
from allegedly.records import EventStatus, EventType, Span

_EVENTS = """
SELECT l.event, e.id, e.document, e.type, e.other_type, e.status, e.trigger_spans, e.sentence, e.actors,
       e.casualties, e.damage, e.circumstances, d.source, d.published_at, e.targets, e.mode
FROM event_links l JOIN document_events e ON e.id = l.document_event JOIN documents d ON d.id = e.document
WHERE l.event IN (SELECT unnest(?)) ORDER BY e.id
"""
_DOCUMENTS = """
SELECT DISTINCT e.document FROM event_links l JOIN document_events e ON e.id = l.document_event
WHERE l.event IN (SELECT unnest(?))
"""
_CLAIMS = f"""
SELECT document, id, speaker_actor, speaker_name, mode, act, polarity, accused, about, content_spans, content_text,
       parent IS NOT NULL
FROM claims WHERE document IN ({_DOCUMENTS}) ORDER BY id
"""
_ACTORS = f"""
SELECT a.document, a.actor, l.actor, a.mentions, a.part_of FROM document_actors a
JOIN actor_links l ON l.document_actor = a.id WHERE a.document IN ({_DOCUMENTS})
"""
_BLOCK = 512
_BLAMED = ("ASSAULT", "OTHER")
_CONJECTURES = ("hypothetical", "proposed")
_DENIED = ("negated", "contested")


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
    inner: bool
    """Whether somebody else tells of it."""

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
    circumstances: list[dict[str, Any]]
    source: str
    published_at: str
    targets: Sequence[str] = ()
    mode: str = ""


class _Page:
    """The claims and actors of one document, found by event, by place in the text and by name."""

    def __init__(self) -> None:
        self.linked: dict[str, str] = {}
        self.whole: dict[str, str] = {}
        """What an unnamed actor is part of: the state of “Indian troops”."""
        self.mentions: dict[str, list[Span]] = {}
        self.about: dict[str, list[_Claim]] = defaultdict(list)
        self._blocks: dict[int, list[_Claim]] = defaultdict(list)
        self._naming: dict[str, list[_Claim]] = {}

    def add(self, claim: _Claim) -> None:
        for event in claim.about:
            self.about[event].append(claim)
        for block in {n for start, end in claim.spans for n in range(start // _BLOCK, (end - 1) // _BLOCK + 1)}:
            self._blocks[block].append(claim)

    def holding(self, span: Span) -> list[_Claim]:
        """Return the claims whose content meets `span`."""
        near = [c for n in range(span[0] // _BLOCK, (span[1] - 1) // _BLOCK + 1) for c in self._blocks.get(n, ())]
        return [c for c in near if c.holds(span)]

    def naming(self, actor: str) -> list[_Claim]:
        """Return the claims whose content names an actor."""
        if actor not in self._naming:
            found = {c.id: c for span in self.mentions.get(actor, ()) for c in self.holding(span)}
            self._naming[actor] = list(found.values())
        return self._naming[actor]

    def across(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Return the linked actors of actors of this document."""
        known = (self.whole.get(i, i) for i in ids)
        return tuple(sorted({self.linked.get(i, i) for i in known}))

    def named(self, actor: str) -> bool:
        """Return whether an actor bears a name, or is part of one that does."""
        return "~" not in actor or actor in self.whole


class Told(NamedTuple):
    """All tellings of some events, and which linked actor is part of which."""

    tellings: list[Telling]
    part_of: dict[str, frozenset[str]]


def told(con: duckdb.DuckDBPyConnection, events: Collection[str]) -> Told:
    """Return the tellings of the linked events with these ids."""
    ids = [sorted(events)]
    pages: dict[str, _Page] = defaultdict(_Page)
    wholes: dict[str, set[str]] = defaultdict(set)
    for row in con.execute(_CLAIMS, ids).fetchall():
        pages[row[0]].add(_Claim._make(row))
    rows = con.execute(_ACTORS, ids).fetchall()
    for document, actor, linked, mentions, _ in rows:
        pages[document].linked[actor] = linked
        pages[document].mentions[actor] = [(start, end) for start, end in mentions]
    for document, actor, linked, _, whole in rows:
        if whole and "~" in actor and "~" not in whole:
            pages[document].whole[actor] = whole
        if whole:
            wholes[linked].add(pages[document].linked.get(whole, whole))
    found = [
        telling
        for event in map(_Event._make, con.execute(_EVENTS, ids).fetchall())
        if event.status not in _CONJECTURES
        for telling in _tellings(event, pages[event.document])
    ]
    return Told(found, {part: _all_wholes(part, wholes) for part in list(wholes)})


def _all_wholes(part: str, wholes: Mapping[str, set[str]]) -> frozenset[str]:
    """Return what `part` is part of, and what that is part of."""
    found: dict[str, None] = {}
    open_ = [part]
    for one in open_:
        for whole in sorted(wholes.get(one, ())):
            if whole != part and whole not in found:
                found[whole] = None
                open_.append(whole)
    return frozenset(found)


def _tellings(event: _Event, page: _Page) -> Iterator[Telling]:
    """Give each count, degree and doer to the innermost claim that tells it, and the rest to the author."""
    parts: list[Harm | Around] = [*_harms(event), *_around(event, page)]
    owners = {part: _innermost(page.holding(part.span)) for part in parts}
    doers = {a: {c.id for c in page.naming(a)} for a in event.actors if page.named(a)}
    told_by = {c.id: c for c in (*page.about[event.id], *owners.values()) if c}
    for id, claim in sorted(told_by.items()):
        own = [a for a, naming in doers.items() if id in naming or claim.speaker_actor == a]
        yield _claimed(event, claim, page, own, [part for part, owner in owners.items() if owner and owner.id == id])
    left = [part for part, owner in owners.items() if owner is None]
    unclaimed = [a for a, naming in doers.items() if naming.isdisjoint(told_by)]
    if not told_by or left or unclaimed:
        yield _authored(event, page, unclaimed, left, bool(told_by))


def _harms(event: _Event) -> list[Harm]:
    people = [Harm("casualties", c["kind"], c["who"], c["min"], c["max"], _span(c)) for c in event.casualties or ()]
    return people + [Harm("damage", "", d["what"], d["degree"], d["degree"], _span(d)) for d in event.damage or ()]


def _around(event: _Event, page: _Page) -> list[Around]:
    return [
        Around(
            c["facet"],
            page.linked.get(c["value"], c["value"]) if c["facet"] == "responsibility" else c["value"],
            c["negated"],
            _span(c),
        )
        for c in event.circumstances or ()
    ]


def _parted(parts: Sequence[Harm | Around]) -> tuple[tuple[Harm, ...], tuple[Around, ...]]:
    harms = tuple(part for part in parts if isinstance(part, Harm))
    return harms, tuple(part for part in parts if isinstance(part, Around))


def _span(row: Mapping[str, Any]) -> Span:
    start, end = row["span"]
    return start, end


def _innermost(claims: Iterable[_Claim]) -> _Claim | None:
    return min(claims, key=lambda c: (c.size, c.id), default=None)


def _claimed(
    event: _Event, claim: _Claim, page: _Page, doers: Sequence[str], parts: Sequence[Harm | Around]
) -> Telling:
    harms, around = _parted(parts)
    own = claim.mode == "own-voice"
    accused = page.across(_doers(event, claim.accused)) if event.id in claim.about else ()
    apart = claim.denies and speaks_of_involvement(claim.text)
    speaker = _author(event) if own else page.linked.get(claim.speaker_actor or "", f"{claim.speaker_name}~{claim.id}")
    accused = tuple(a for a in accused if "~" not in a) or accused
    if apart and not accused and not any(part.facet == "responsibility" for part in around):
        named = [a for a in page.linked if page.named(a) and claim in page.naming(a)]
        accused = page.across(named) or (speaker,)
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
        of_event=any(claim.holds(t) for t in event.triggers) and not apart and not _beside(event, claim),
        accused=accused,
        perpetrators=page.across(doers),
        status="claimed" if claim.inner and not claim.denies and event.status == "negated" else event.status,
        harms=harms,
        span=claim.spans[0],
        around=around,
        mode=event.mode,
    )


def _beside(event: _Event, claim: _Claim) -> bool:
    """Whether a claim denies something that its words tell, but not the event."""
    return claim.denies and event.status not in _DENIED


def _doers(event: _Event, accused: Sequence[str]) -> list[str]:
    """Leave out who is charged or punished: accused of something else, they did not do what the event tells."""
    if event.type in _BLAMED:
        return [a for a in accused if a not in (event.targets or ()) or a in event.actors]
    return [a for a in accused if a in event.actors]


def _authored(
    event: _Event, page: _Page, doers: Sequence[str], parts: Sequence[Harm | Around], claimed: bool
) -> Telling:
    harms, around = _parted(parts)
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
        perpetrators=page.across(doers),
        status=event.status,
        harms=harms,
        span=event.sentence,
        around=around,
        mode=event.mode,
    )


def _author(event: _Event) -> str:
    """A source that nobody knows is nobody else's twin."""
    return f"author:{event.document if event.source in ('', 'unknown') else event.source}"
