"""The same event in several documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from allegedly.link.clock import day_distance
from allegedly.link.words import jaccard
from allegedly.records import EventStatus, EventType, LinkedEvent, Span, content_id

NEAR_DAYS = 1
"""Tellings of one event may differ by a day (time zones, "overnight")."""
LONGEST_DAYS = 7
"""An interval longer than this is too vague to say that two events share a day."""


class EventItem(NamedTuple):
    """What is compared of one document's event."""

    id: str
    document: str
    source: str
    published_at: str
    type: EventType
    other_type: str
    mode: str
    status: EventStatus
    start: str
    end: str
    place: str
    lat: float | None
    lon: float | None
    actors: frozenset[str]
    targets: frozenset[str]
    sentence: str
    span: Span
    words: frozenset[str]

    @property
    def days(self) -> tuple[str, str]:
        return self.start, self.end


def named(actors: Iterable[str]) -> frozenset[str]:
    """Drop unnamed actors: they belong to their document, and a gunman here says nothing about a gunman there."""
    return frozenset(a for a in actors if "~" not in a)


def event_keys(item: EventItem) -> list[str]:
    """Return the blocks an event is compared in: its kind and day with each place, actor or target."""
    about = {item.place.casefold(), *item.actors, *item.targets} - {""}
    return [f"{_kind(item)}|{day}|{thing}" for day in _days(item) for thing in sorted(about)]


def event_order(item: EventItem) -> str:
    """Return the key that large blocks are sorted by."""
    return " ".join([item.place.casefold(), *sorted(item.targets), *sorted(item.words)])


def _kind(item: EventItem) -> str:
    return item.other_type or item.type


def _days(item: EventItem) -> list[str]:
    """The days an event may have begun on; none where that is unknown or too vague."""
    try:
        first, last = date.fromisoformat(item.start[:10]), date.fromisoformat(item.end[:10])
    except ValueError:
        return []
    if (last - first).days > LONGEST_DAYS:
        return []
    return [(first + timedelta(days=i)).isoformat() for i in range(-NEAR_DAYS, (last - first).days + NEAR_DAYS + 1)]


def event_similarity(a: EventItem, b: EventItem) -> float:
    """Return how surely two documents tell of one event (0 to 1), 0 where kind, day, place or target rule it out."""
    apart = day_distance(a.days, b.days)
    if _kind(a) != _kind(b) or apart is None or apart > NEAR_DAYS:
        return 0.0
    same_place = bool(a.place) and a.place.casefold() == b.place.casefold()
    if (a.place and b.place and not same_place and not _near(a, b)) or _disjoint(a.targets, b.targets):
        return 0.0
    shared = [same_place or _near(a, b), bool(a.targets & b.targets), bool(a.actors & b.actors)]
    alike = jaccard(a.words, b.words)
    score = 0.25 * sum(shared) + 0.25 * (apart == 0) + alike
    return score if sum(shared) and score >= 0.6 else 0.0


def _near(a: EventItem, b: EventItem, degrees: float = 0.5) -> bool:
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return False
    return abs(a.lat - b.lat) <= degrees and abs(a.lon - b.lon) <= degrees


def _disjoint(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and not a & b


def merge_event(members: Sequence[EventItem]) -> LinkedEvent:
    """Make one event of the tellings in `members`."""
    lead = min(members, key=_told_order)
    placed = [m for m in members if m.place]
    where = min(placed, key=lambda m: (-Counter(p.place for p in placed)[m.place], _told_order(m)), default=lead)
    dated = [m for m in members if m.start]
    when = min(dated, key=lambda m: (-Counter(d.days for d in dated)[m.days], _told_order(m)), default=lead)
    return LinkedEvent(
        id=content_id("e", min(members, key=lambda m: (m.published_at or "~", m.id)).id),
        type=lead.type,
        mode=lead.mode or next((m.mode for m in sorted(members, key=_told_order) if m.mode), ""),
        status=merged_status([m.status for m in members]),
        title=lead.sentence,
        title_document=lead.document,
        title_span=lead.span,
        start=when.start,
        end=when.end,
        place=where.place,
        lat=where.lat,
        lon=where.lon,
        members=len(members),
        documents=len({m.document for m in members}),
        sources=len({m.source for m in members}),
    )


def _told_order(item: EventItem) -> tuple[bool, bool, str, str]:
    """Told as fact before claimed, dated before undated, early before late."""
    return item.status != "fact", not item.published_at, item.published_at, item.id


def merged_status(statuses: Iterable[EventStatus]) -> EventStatus:
    """Return the standing of an event told in several ways: contested where some deny what others tell."""
    seen = set(statuses)
    if "contested" in seen or ("negated" in seen and seen & {"fact", "claimed"}):
        return "contested"
    ranked: tuple[EventStatus, ...] = ("fact", "claimed", "proposed", "hypothetical", "negated")
    return next(status for status in ranked if status in seen)
