"""The same event in several documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from allegedly.annotate.places.gazetteer import country_named
from allegedly.link.clock import day_distance
from allegedly.link.general import head, is_general
from allegedly.link.proper import name_key
from allegedly.link.words import jaccard
from allegedly.records import EventStatus, EventType, LinkedEvent, Span, content_id

NEAR_DAYS = 1
"""Tellings of one event may differ by a day (time zones, "overnight")."""
LONGEST_DAYS = 7
"""An interval longer than this is too vague to say that two events share a day."""
RETOLD_DAYS = 7
"""An event without a day of its own is taken to lie at most this long before its telling came out."""
BOND = 1.0
"""Pairs this alike are one event; below, an event that tells too little of itself follows its strongest tie."""
ENOUGH = 0.6
ENOUGH_FOR_TIE = 0.4
IN_COUNTRY = 5.0
"""Degrees from the middle of a country within which a place is taken to lie in it."""
COPY = 0.6
"""Tellings that share this many words are the same words, retold."""
STORY_NAMES = 2
"""Documents that speak most of so many same names tell one story."""
MOST_THINGS = 8
NEAR_CHARACTERS = 1_000
"""How far from a deed its outcome is told."""

STANCES = frozenset({"SUPPORT", "ACCUSE", "REJECT", "REQUEST", "THREATEN", "CONCEDE", "COOPERATE"})
"""Types that are words or attitudes: many, lasting and much alike, so only a day of its own tells which is meant."""
_HARM = frozenset({"casualties", "death", "explosion", "accident", "natural disaster", "outage"})
_HARMING = frozenset({"cyber", "riot"})
"""Modes of other types that harm as assaults do."""
_ASIDE = frozenset({"", "destroy"})
_MANNERS = {"explosion": "explosives"}


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
    dated: bool
    """Whether its own words tell the day; else it is carried over from other words, or unknown."""
    place: str
    lat: float | None
    lon: float | None
    actors: frozenset[str]
    targets: frozenset[str]
    heads: frozenset[str]
    """Head nouns of unnamed targets."""
    names: frozenset[str]
    """Actors and places that its sentence names; where it names none, those of the text around it."""
    context: frozenset[str]
    """Those that the text around it names."""
    harmed: bool
    """Whether it counts people or things harmed."""
    trigger: frozenset[str]
    sentence: str
    span: Span
    words: frozenset[str]
    story: frozenset[str] = frozenset()
    """The names that its document speaks of most."""
    placed: bool = True
    """Whether its own words tell the place; else a dateline or the story before it does."""

    @property
    def days(self) -> tuple[str, str]:
        return self.start, self.end

    @property
    def kind(self) -> str:
        """Deeds and mishaps that harm are one kind: what some call an attack, others call an accident."""
        harm = self.type == "ASSAULT" or self.other_type in _HARM or self.mode in _HARMING
        return "harm" if harm else self.other_type or self.type

    @property
    def manner(self) -> str:
        """How it was done, whether told as a deed or as what happened."""
        return _MANNERS.get(self.other_type, self.mode) or ("" if self.other_type == "death" else self.other_type)

    @property
    def at(self) -> str:
        return name_key(self.place) if self.place else ""

    @property
    def about(self) -> frozenset[str]:
        """What it names: targets, its place, and who and what its sentence speaks of."""
        return self.targets | self.names | {self.at} - {""}

    @property
    def real(self) -> bool:
        """Whether it is told as having happened or not, rather than as something that may."""
        return self.status not in ("hypothetical", "proposed")

    @property
    def is_outcome(self) -> bool:
        """Whether it tells the harm alone, not what was done: “six people died”, “the bridge was destroyed”."""
        return self.kind == "harm" and self.harmed and not self.actors and self.mode in _ASIDE

    @property
    def firm(self) -> bool:
        """Whether it tells enough of itself to stand alone."""
        return bool(self.dated and not self.is_outcome and _span(self))

    @property
    def things(self) -> list[str]:
        """What it is about, by name or by head noun."""
        named = sorted(self.about | self.actors | self.heads)
        near = sorted(self.context.difference(named))
        return [*named, *near, *sorted(self.story.difference(named, near))][:MOST_THINGS]


def named(actors: Iterable[str]) -> frozenset[str]:
    """Drop unnamed actors: they belong to their document, and a gunman here says nothing about a gunman there."""
    return frozenset(name_key(a) for a in actors if "~" not in a)


def heads(targets: Iterable[str]) -> frozenset[str]:
    """Return the head nouns of unnamed targets, less those that say nothing."""
    found = {head(t.partition("~")[0].replace("-", " ")) for t in targets if "~" in t}
    return frozenset(h for h in found if not is_general(h))


def event_keys(item: EventItem) -> list[str]:
    """Return the blocks an event is compared in: kind with day or week and each thing; its words; its document."""
    times = [f"{item.kind}|{t}" for t in _times(item)]
    keys = [f"{t}|{thing}" for t in times for thing in item.things]
    if len(item.words) >= 4:
        keys += [f"{t}|{' '.join(sorted(item.words))}" for t in times]
    return [*keys, f"harm|{item.document}"] if item.kind == "harm" else keys


def event_order(item: EventItem) -> str:
    """Return the key that large blocks are sorted by."""
    return " ".join([item.at, *sorted(item.targets), *sorted(item.words)])


def _times(item: EventItem) -> list[str]:
    """The days on which an event meets others of that day or the next, and the weeks in which it meets vague ones."""
    span = _span(item)
    if span is None:
        return []
    first, last = span
    weeks = [f"w{n}" for n in range(first // 7, last // 7 + 1)]
    return [*weeks, *(f"d{n}" for n in range(first, last + NEAR_DAYS + 1))] if item.dated else weeks


def _span(item: EventItem) -> tuple[int, int] | None:
    """The days an event may have happened on: its own, or those before its telling; None where that is unknown."""
    if item.dated:
        first, last = _day(item.start), _day(item.end)
        return (first, last) if first and last and 0 <= last - first <= LONGEST_DAYS else None
    told = _day(item.published_at)
    return (told - RETOLD_DAYS, told + NEAR_DAYS) if told else None


def _day(value: str) -> int:
    try:
        return date.fromisoformat(value[:10]).toordinal()
    except ValueError:
        return 0


def event_similarity(a: EventItem, b: EventItem) -> float:
    """Return how surely two documents tell of one event: 0 where they do not, `BOND` or more where they do."""
    if a.kind != b.kind or a.real != b.real:
        return 0.0
    if a.document == b.document:
        return _outcome_tie(a, b)
    apart = _apart(a, b)
    if apart is None or apart > NEAR_DAYS or _contradict(a, b):
        return 0.0
    alike = jaccard(a.words, b.words)
    score = _shared(a, b) + alike
    if a.dated and b.dated:
        score += 0.25 if apart == 0 else 0.1
        enough = (score >= ENOUGH and _anchored(a, b)) or (apart == 0 and _told_alike(a, b))
        return BOND + score if enough else 0.0
    if not (_same_manner(a, b) or a.targets & b.targets):
        return 0.0
    if alike >= COPY and abs(_day(a.published_at) - _day(b.published_at)) <= RETOLD_DAYS:
        return BOND + alike
    firm = a.firm or b.firm
    if _told_alike(a, b):
        return min(max(score, ENOUGH_FOR_TIE), 1.9) / 4 + (0.5 if firm else 0.0)
    if a.type in STANCES or score < (ENOUGH_FOR_TIE if firm else ENOUGH) or not _anchored(a, b):
        return 0.0
    return min(score, 1.9) / 4 + (0.5 if firm else 0.0)


def _apart(a: EventItem, b: EventItem) -> int | None:
    """Return how many days lie between two events at least."""
    one, other = _span(a), _span(b)
    return None if one is None or other is None else max(0, other[0] - one[1], one[0] - other[1])


def _contradict(a: EventItem, b: EventItem) -> bool:
    """True where place, target or means rule out that two events are one."""
    if a.place and b.place and not _same_place(a, b) and not _placed_near(a, b):
        return True
    if a.targets and b.targets and not (a.targets & b.about or b.targets & a.about or _short(a.targets, b.targets)):
        return True
    return a.mode != b.mode and a.mode not in _ASIDE and b.mode not in _ASIDE and a.kind != "harm"


def _placed_near(a: EventItem, b: EventItem) -> bool:
    """Whether the place of one is only its dateline's, and its document speaks of the other's place."""
    return (not a.placed and b.at in a.story) or (not b.placed and a.at in b.story)


def _short(some: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one is another's last name: “tomas-riquelme” and “riquelme”."""
    return any(f"-{a}".endswith(f"-{b}") or f"-{b}".endswith(f"-{a}") for a in some for b in others)


def _shared(a: EventItem, b: EventItem) -> float:
    """Return how much two events have in common, beside their words."""
    targets, actors = a.targets & b.targets, a.actors & b.actors
    placed = _same_place(a, b) or (a.at and a.at in b.about) or (b.at and b.at in a.about)
    names = (a.names & b.names) - targets - actors - {a.at, b.at}
    score = 0.25 * bool(placed) + 0.3 * bool(targets) + 0.2 * bool(actors) + min(0.3, 0.15 * len(names))
    nearby = (a.about & b.context | a.context & b.about) - a.names - b.names
    score += 0.15 * bool(a.heads & b.heads) + 0.15 * _same_manner(a, b) + 0.15 * bool(nearby)
    return score - 0.2 * bool(a.heads and b.heads and not a.heads & b.heads)


def _same_manner(a: EventItem, b: EventItem) -> bool:
    """Whether both are told in one word or as done in one manner; shots fired are no missiles fired."""
    if a.manner not in _ASIDE and b.manner not in _ASIDE:
        return a.manner == b.manner
    return bool(a.trigger & b.trigger)


def _told_alike(a: EventItem, b: EventItem) -> bool:
    """True where two documents tell one story, and in it the same kind of deed in the same word or manner."""
    if a.type in STANCES or (a.type, a.other_type) != (b.type, b.other_type) or not _same_manner(a, b):
        return False
    shared = a.story & b.story
    return len(shared) >= STORY_NAMES or (bool(shared) and _anchored(a, b))


def _anchored(a: EventItem, b: EventItem) -> bool:
    shared = a.about & (b.about | b.context) or a.context & b.about or a.actors & b.actors or a.heads & b.heads
    return bool(shared) or _same_place(a, b)


def _same_place(a: EventItem, b: EventItem, degrees: float = 0.5) -> bool:
    if a.at and a.at == b.at:
        return True
    if a.lat is None or b.lat is None or a.lon is None or b.lon is None:
        return False
    if country_named(a.place) or country_named(b.place):
        degrees = IN_COUNTRY
    return abs(a.lat - b.lat) <= degrees and abs(a.lon - b.lon) <= degrees


def event_follower(a: EventItem, b: EventItem) -> str | None:
    """Return which of a pair alone may follow the other: within a document harm follows the deed, or harm told before.

    A deed never follows its harm, or it would join two deeds of one document.
    """
    if a.document != b.document:
        return None
    return max(a, b, key=lambda e: (e.is_outcome, e.span, e.id)).id


def _outcome_tie(a: EventItem, b: EventItem) -> float:
    """Return the tie of harm to what is told near it in one document, whose deeds stay as it tells them."""
    if not (a.is_outcome or b.is_outcome) or (day_distance(a.days, b.days) or 0) > NEAR_DAYS:
        return 0.0
    nearness = 1 - abs(a.span[0] - b.span[0]) / NEAR_CHARACTERS
    return max(0.0, nearness) * (0.4 if a.is_outcome and b.is_outcome else 0.9)


def merge_event(members: Sequence[EventItem]) -> LinkedEvent:
    """Make one event of the tellings in `members`."""
    kinds = Counter(m.type for m in members)
    kind = min(kinds, key=lambda k: (-kinds[k], k))
    lead = min((m for m in members if m.type == kind), key=_told_order)
    placed = [m for m in members if m.place]
    where = min(placed, key=lambda m: (-Counter(p.place for p in placed)[m.place], _told_order(m)), default=lead)
    dated = [m for m in members if m.dated] or [m for m in members if m.start]
    when = min(dated, key=lambda m: (-Counter(d.days for d in dated)[m.days], _told_order(m)), default=lead)
    telling = [
        m.status for m in members if not (m.is_outcome and m.status == "negated")
    ]  # harm denied is no deed denied
    return LinkedEvent(
        id=content_id("e", min(members, key=lambda m: (m.published_at or "~", m.id)).id),
        type=kind,
        mode=lead.mode or next((m.mode for m in sorted(members, key=_told_order) if m.mode), ""),
        status=merged_status(telling or ["negated"]),
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


def _told_order(item: EventItem) -> tuple[bool, bool, bool, str, str]:
    """With a day of its own before without, told as fact before claimed, early before late."""
    return not item.dated, item.status != "fact", not item.published_at, item.published_at, item.id


def merged_status(statuses: Iterable[EventStatus]) -> EventStatus:
    """Return the standing of an event told in several ways: contested where some deny what others tell."""
    seen = set(statuses)
    if "contested" in seen or ("negated" in seen and seen & {"fact", "claimed"}):
        return "contested"
    ranked: tuple[EventStatus, ...] = ("fact", "claimed", "proposed", "hypothetical", "negated")
    return next(status for status in ranked if status in seen)
