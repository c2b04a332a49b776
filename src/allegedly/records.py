"""Every record of Allegedly, in one place.

Table headers, JSON Schema and the reference in ``docs/records.md`` are generated from this module.
Spans are half-open ``(start, end)`` pairs in Unicode code points of ``Document.text``.

Families:

* what is read: `Document`, `Problem`;
* what is annotated in one document: `Annotation` and its parts (``allegedly annotate`` prints these);
* what is linked across documents: `LinkedActor`, `LinkedEvent`, `Account`, `Conflict`, `Narrative`, `Echo`,
  `NarrativeChange`;
* ledger rows: the same annotations flat, as the tables of a ledger hold them;
* what is logged: `Judgement`, `Summary`.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Literal

import msgspec

Span = tuple[int, int]

SourceKind = Literal["outlet", "channel", "account", "unknown"]
DocumentKind = Literal["article", "page", "post", "message"]
Grain = Literal["second", "minute", "hour", "day", "month", "year", "unknown"]
Mode = Literal["direct", "indirect", "mixed", "free-indirect", "own-voice"]
Act = Literal[
    "asserts",
    "reports",
    "denies",
    "accuses",
    "downplays",
    "dismisses",
    "predicts",
    "warns",
    "urges",
    "proposes",
    "labels",
    "insinuates",
    "declines",
]
Polarity = Literal["affirmed", "negated"]
EventType = Literal[
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
    "OTHER",
]
EventStatus = Literal["fact", "claimed", "contested", "hypothetical", "proposed", "negated"]
ActorKind = Literal[
    "state",
    "government",
    "military",
    "police",
    "armed-group",
    "party",
    "legislature",
    "judiciary",
    "organisation",
    "company",
    "outlet",
    "channel",
    "person",
    "people",
    "unnamed",
]
RelationType = Literal[
    "ally",
    "supports",
    "part-of",
    "created-by",
    "proxy-of",
    "cooperates",
    "hostile",
    "attacks",
    "threat-to",
    "accuses",
]
CircumstanceFacet = Literal["motive", "evidence", "launch origin", "responsibility"]
Facet = Literal[
    "occurrence", "perpetrator", "casualties", "damage", "motive", "evidence", "launch origin", "responsibility"
]
ConflictKind = Literal["contradiction", "number", "degree", "denial", "tension", "shift"]
EchoKind = Literal["first", "echo", "forward", "copy", "translation"]
NarrativeChangeKind = Literal["merged", "split", "dissolved"]


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Base of every record: immutable, compared by value, built by keyword."""


def content_id(prefix: str, *parts: Any) -> str:
    """Return an id made from content: `prefix` and 16 hex digits of BLAKE2b over the JSON of `parts`."""
    digest = hashlib.blake2b(msgspec.json.encode(parts, order="deterministic"), digest_size=8)
    return prefix + digest.hexdigest()


def slug(name: str) -> str:
    """Return `name` as an id: lowercase words joined by hyphens, in any script."""
    return "-".join(re.findall(r"[^\W_]+", name.casefold())) or "unnamed"


def sha256_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8 as lowercase hex. Lone surrogates are kept (surrogatepass)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ---------------------------------------------------------------- read


NOTHING_TO_DO = "nothing to do"


def printable(text: str) -> str:
    """Escape line breaks and control characters, which hostile file names hold, so that a line stays one line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def well_formed(text: str) -> str:
    """Join surrogate pairs and replace lone surrogates by U+FFFD: no encoder, database or browser takes them."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class Origin(Record, frozen=True, kw_only=True):
    """Where a document was found. The same document may be found in several places."""

    path: str
    """Path as given, with ``!/member`` for each archive entered."""
    position: str = ""
    """Where inside the file: ``line 12``, ``message 55``, ``record 3``; empty when the file is the document."""
    raw_sha256: str = ""
    """SHA-256 of the raw bytes the document was read from (file, archive member or WARC payload)."""
    retrieved_at: str = ""
    """When a crawler fetched it (``WARC-Date``), in UTC; never to be taken for the time of publication."""


class Problem(Record, frozen=True, kw_only=True):
    """One thing that could not be read or annotated as it stands: set aside, counted, reported."""

    path: str
    """Path of the input, as in `Origin.path`."""
    position: str = ""
    """Where inside it, as in `Origin.position`."""
    stage: Literal["read", "annotate"] = "read"
    """Which stage met it."""
    what: str
    """What is wrong, in one line for a person."""
    action: str
    """What was done about it and what the person can do."""
    excerpt: str = ""
    """The start of what was set aside, at most 500 characters."""

    @property
    def where(self) -> str:
        """Path and position, fit for a terminal."""
        return printable(f"{self.path}: {self.position}" if self.position else self.path)

    @property
    def line(self) -> str:
        """The one line that a person sees."""
        return f"{self.where}: {printable(f'{self.what}; {self.action}')}"

    @property
    def is_note(self) -> bool:
        """Whether it only tells what was left out by design, and nobody need do anything."""
        return self.action == NOTHING_TO_DO


class Document(Record, frozen=True, kw_only=True):
    """One text as published by a source at a time. Immutable; `id` is made from every other field but `origin`."""

    id: str
    """Made from content: the same document read twice has the same id."""
    origin: Origin
    """Where it was found."""
    source: str
    """Name of who published it: outlet, channel or account; ``unknown`` when nothing says."""
    source_kind: SourceKind = "unknown"
    """What kind of publisher `source` is."""
    platform: str = ""
    """``web``, ``telegram``, ``x``, ``bluesky``, ``facebook`` … or empty."""
    kind: DocumentKind = "article"
    """What kind of text it is."""
    title: str = ""
    """Headline as published; empty where there is none."""
    author: str = ""
    """Byline as published; empty where there is none."""
    published_at: str = ""
    """ISO 8601: ``2023-01-31`` or ``2023-01-31T06:15:00+00:00`` (UTC when the zone is known); empty when unknown."""
    published_grain: Grain = "unknown"
    """How fine the clock of `published_at` is."""
    language: str = ""
    """ISO 639-1 code that the source declares, or that annotate detects; empty when unknown."""
    url: str = ""
    """Address it was published at; empty where unknown."""
    native_id: str = ""
    """The platform's own id of the item."""
    text: str
    """The text that all spans count in; for a plain text file the decoded file, unchanged."""
    text_sha256: str
    """SHA-256 of `text` in UTF-8."""
    body_start: int = 0
    """Code point where the body begins (after a header line or front matter that stays part of `text`)."""
    links: tuple[str, ...] = ()
    """Addresses that the text links to."""
    hashtags: tuple[str, ...] = ()
    """Hashtags, without the sign."""
    media: tuple[str, ...] = ()
    """Names or hashes of attached media."""
    forwarded_from: str = ""
    """Declared or inferred source this item repeats, by name."""
    forward_inferred: bool = False
    """True when only a name was given, so who was forwarded is inferred."""
    reply_to: str = ""
    """The platform's id of the item this one answers."""
    reader: str = ""
    """Reader (and extractor with version) that produced the text, e.g. ``html (trafilatura 2.0.0)``."""


def _well_formed_value(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    return tuple(map(well_formed, value)) if isinstance(value, tuple) else value


def make_document(*, origin: Origin, source: str, text: str, **fields: Any) -> Document:
    """Build a `Document` of well-formed strings, computing `text_sha256` and the content `id`."""
    text, source = well_formed(text), well_formed(source)
    fields = {name: _well_formed_value(value) for name, value in fields.items()}
    digest = sha256_text(text)
    draft = Document(id="", origin=origin, source=source, text=text, text_sha256=digest, **fields)
    seen = msgspec.structs.asdict(draft)
    for name in ("id", "origin", "text"):
        del seen[name]
    return msgspec.structs.replace(draft, id=content_id("d", seen))


# ---------------------------------------------------------------- annotate


class Speaker(Record, frozen=True, kw_only=True):
    """Who says it. No spans when it is the document's author (`actor` is then ``author``)."""

    spans: tuple[Span, ...] = ()
    """Where the speaker is mentioned; empty for the author."""
    name: str = ""
    """The resolved name: of the actor where the mention is a pronoun or ``the publication``."""
    actor: str | None = None
    """Id of the actor in this document; ``author`` for the author; None where nobody is named."""


class Claim(Record, frozen=True, kw_only=True):
    """Something somebody says: an attribution relation (source, cue, content; Pareti 2015) with its act."""

    speaker: Speaker
    """Who says it."""
    cue: tuple[Span, ...] = ()
    """The words that attribute: “said”, “according to”."""
    content: tuple[Span, ...]
    """What is said, in pieces where the cue parts it."""
    mode: Mode
    """How it is quoted."""
    act: Act = "asserts"
    """What the speaker does by saying it."""
    polarity: Polarity = "affirmed"
    """Whether the content is affirmed or negated by the cue."""
    hedge: str | None = None
    """The hedging words as they stand, e.g. ``allegedly``."""
    channel: str | None = None
    """Through what it was said: ``Telegram``, ``a statement``, ``state television``."""
    parent: int | None = None
    """Index of the claim this one sits inside (the chain of sources)."""
    accused: tuple[str, ...] = ()
    """Ids of the actors that it accuses."""
    about: tuple[int, ...] = ()
    """Indices of the document's events that it is about."""
    confidence: float = 0.5
    """Share of such claims that are right, as measured (0 to 1)."""


class When(Record, frozen=True, kw_only=True):
    """A time as TIMEX3 value and as a closed interval of days or instants."""

    value: str
    """TIMEX3 value."""
    start: str
    """First day or instant, ISO 8601."""
    end: str
    """Last day or instant, ISO 8601."""
    span: Span | None = None
    """The words that tell it; None where it is carried on from before."""
    anchor: str = ""
    """What it was counted from: ``publication``, ``explicit`` or ``story:<date>``, and the rule used."""


class Where(Record, frozen=True, kw_only=True):
    """A place an event happened at."""

    name: str
    """Name of the place."""
    geoname: int | None = None
    """GeoNames id."""
    lat: float | None = None
    """Latitude, degrees north."""
    lon: float | None = None
    """Longitude, degrees east."""
    span: Span | None = None
    """The words that tell it."""


class Casualties(Record, frozen=True, kw_only=True):
    """A count of people harmed, or of those who took part, struck or escaped.

    `min`/`max` are inclusive bounds; None where the text sets none.
    """

    min: int | None
    """Least number, inclusive."""
    max: int | None
    """Greatest number, inclusive."""
    kind: Literal[
        "killed", "injured", "missing", "captured", "detained", "displaced", "casualties",
        "survived", "escaped", "participants", "on strike",
    ]  # fmt: skip
    """What befell them, or what they did."""
    who: str = ""
    """Who they are, as the text says."""
    span: Span
    """The words that tell it."""


class Damage(Record, frozen=True, kw_only=True):
    """Damage to things. `degree`: 0 none, 1 slight, 2 moderate, 3 heavy, 4 complete."""

    degree: int
    """0 none to 4 complete."""
    what: str = ""
    """What was damaged, as the text says."""
    span: Span
    """The words that tell it."""


class Circumstance(Record, frozen=True, kw_only=True):
    """What is told around an event: why, with what proof, from where it was launched, who owned it."""

    facet: CircumstanceFacet
    """What it tells."""
    value: str
    """Motive and origin in the text's words; evidence ``exists`` or ``none``; of responsibility the actor's id."""
    negated: bool
    """Whether it is said that it is not so."""
    span: Span
    """The words that tell it."""


class Event(Record, frozen=True, kw_only=True):
    """Who did what to whom, when, where, with what; typed by PLOVER (2023 manual)."""

    type: EventType
    """PLOVER event type, or ``OTHER``."""
    other_type: str = ""
    """A plain type where PLOVER has none: ``accident``, ``election`` …"""
    mode: str = ""
    """PLOVER mode, or empty."""
    status: EventStatus = "fact"
    """How it stands in the text; never more than its teller gives it."""
    trigger: tuple[Span, ...]
    """The words that name it, first mention first, then retellings."""
    when: When | None = None
    """When it happened."""
    where: Where | None = None
    """Where it happened."""
    actors: tuple[str, ...] = ()
    """Ids of who did it."""
    targets: tuple[str, ...] = ()
    """Ids of whom or what it was done to."""
    means: str | None = None
    """With what, as the text says."""
    casualties: tuple[Casualties, ...] = ()
    """People harmed."""
    damage: tuple[Damage, ...] = ()
    """Things damaged."""
    circumstances: tuple[Circumstance, ...] = ()
    """Motive, evidence, launch origin and responsibility."""
    part_of: int | None = None
    """Index of the larger event it belongs to."""
    sentence: Span | None = None
    """The sentence that holds the first trigger."""


class Time(Record, frozen=True, kw_only=True):
    """A time expression (TIMEX3 value; TimeML 1.2.1)."""

    span: Span
    """The words of the expression."""
    value: str
    """TIMEX3 value."""
    start: str
    """First day or instant, ISO 8601; empty where unknown."""
    end: str
    """Last day or instant, ISO 8601; empty where unknown."""
    anchor: str = ""
    """What it was counted from, as in `When.anchor`."""


class Place(Record, frozen=True, kw_only=True):
    """A place name in the text, resolved to GeoNames where it can be."""

    span: Span
    """The words of the name."""
    name: str
    """Name in the gazetteer, or as it stands."""
    geoname: int | None = None
    """GeoNames id; None where unresolved."""
    lat: float | None = None
    """Latitude, degrees north."""
    lon: float | None = None
    """Longitude, degrees east."""
    country: str = ""
    """ISO 3166-1 alpha-2."""
    metonym: bool = False
    """True where the name stands for an actor ("Paris denied")."""


class Actor(Record, frozen=True, kw_only=True):
    """An actor of one document with its mentions. `id` is the slug of its name; unnamed ones end in ``~document``."""

    id: str
    """Slug of the name; ``<slug>~<document>`` for unnamed ones."""
    name: str
    """Fullest name in the text."""
    kind: ActorKind
    """What kind of actor."""
    country: str = ""
    """ISO 3166-1 alpha-2, where known."""
    mentions: tuple[Span, ...]
    """Every span that names it."""
    aliases: tuple[str, ...] = ()
    """Other names in the text."""
    part_of: str | None = None
    """Id of the actor it is part of."""


class Relation(Record, frozen=True, kw_only=True):
    """A signed tie between two actors, held by a speaker."""

    subject: str
    """Actor id."""
    type: RelationType
    """Kind of tie."""
    object: str
    """Actor id."""
    sign: Literal[-1, 0, 1]
    """+1 friendly, -1 hostile, 0 neither."""
    holder: str
    """Actor id of who asserts it; ``author`` for the document's own voice."""
    evidence: Span
    """The words that tell it."""


class Annotation(Record, frozen=True, kw_only=True):
    """All that was found in one document. `claims[i].about` and `.parent`, `events[i].part_of` are indices."""

    document: Document
    """The document."""
    claims: tuple[Claim, ...] = ()
    """Its claims."""
    events: tuple[Event, ...] = ()
    """Its events."""
    times: tuple[Time, ...] = ()
    """Its time expressions."""
    places: tuple[Place, ...] = ()
    """Its place names."""
    actors: tuple[Actor, ...] = ()
    """Its actors."""
    relations: tuple[Relation, ...] = ()
    """Ties between its actors."""
    problems: tuple[Problem, ...] = ()
    """What could not be annotated."""


# ---------------------------------------------------------------- link


class LinkedActor(Record, frozen=True, kw_only=True):
    """One actor across documents."""

    id: str
    """First slug of its names."""
    name: str
    """Most frequent name."""
    kind: ActorKind
    """Most frequent kind."""
    names: tuple[str, ...]
    """All names and aliases."""
    documents: int
    """How many documents mention it."""
    mentions: int
    """How many mentions there are."""


class LinkedEvent(Record, frozen=True, kw_only=True):
    """One event across documents. `title` is verbatim text of `title_document`."""

    id: str
    """Made from its earliest telling."""
    type: EventType
    """PLOVER event type, or ``OTHER``."""
    mode: str
    """PLOVER mode, or empty."""
    status: EventStatus
    """How it stands over all tellings; ``contested`` where some deny it."""
    title: str
    """The sentence that tells it best."""
    title_document: str
    """Id of the document with that sentence."""
    title_span: Span
    """Where the sentence stands."""
    start: str
    """First day, ISO 8601; empty where unknown."""
    end: str
    """Last day, ISO 8601; empty where unknown."""
    place: str
    """Name of the place most tellings give."""
    lat: float | None
    """Latitude, degrees north."""
    lon: float | None
    """Longitude, degrees east."""
    members: int
    """How many document events it joins."""
    documents: int
    """How many documents tell it."""
    sources: int
    """How many sources tell it."""


class Account(Record, frozen=True, kw_only=True):
    """What one speaker says of one facet of one event."""

    id: str
    """Made from content."""
    event: str
    """Id of the linked event."""
    facet: Facet
    """What it speaks of."""
    speaker: str
    """Linked actor id, or ``author:<source>`` for an author's own voice."""
    speaker_name: str
    """Name of the speaker."""
    value: str
    """Normalised value: an actor id, ``none`` … ``complete``, ``yes``/``no``, or empty where bounds say it."""
    min: int | None = None
    """Least number or degree, inclusive."""
    max: int | None = None
    """Greatest number or degree, inclusive."""
    document: str
    """Id of the document."""
    span: Span
    """The receipt."""
    claim: str | None = None
    """Id of the claim."""
    published_at: str = ""
    """When the document came out."""


class Conflict(Record, frozen=True, kw_only=True):
    """Two accounts that cannot both hold, or that differ in number or degree."""

    id: str
    """Made from content."""
    event: str
    """Id of the linked event."""
    facet: Facet
    """What they differ about."""
    kind: ConflictKind
    """How they differ."""
    account_1: str
    """Id of the earlier account."""
    account_2: str
    """Id of the later account."""
    reason: str
    """Why they conflict, in words."""


class Step(Record, frozen=True, kw_only=True):
    """Where a narrative came to: the first statement in a language and by a kind of source."""

    language: str
    """ISO 639-1, or empty."""
    source_kind: SourceKind
    """What kind of publisher it reached."""
    echo: str
    """Id of the `Echo`."""
    certain: bool
    """False where the clocks cannot tell whether the step before came before."""


class Narrative(Record, frozen=True, kw_only=True):
    """The same claim made by several sources. `gist` is verbatim what its most central statement says."""

    id: str
    """Made from its first claim when it was first found, and kept as documents are added."""
    gist: str
    """Verbatim text of the most central statement."""
    gist_echo: str
    """Id of that statement's `Echo`."""
    first_echo: str
    """Id of the earliest statement's `Echo`; of the likeliest one where the clocks cannot tell."""
    first_seen: str
    """When that came out, as stated."""
    first_certain: bool
    """False where the clocks cannot tell who was first."""
    denies: bool
    """Whether most of its statements deny something."""
    opposed: tuple[str, ...]
    """Ids of narratives that it denies, or that deny it."""
    claims: int
    """How many statements make it."""
    wordings: int
    """How many are neither declared reposts nor copies nor translations of one before."""
    documents: int
    """In how many documents."""
    sources: int
    """By how many sources."""
    languages: tuple[str, ...]
    """In which languages."""
    half_life_seconds: int | None
    """Seconds from first seen until half of its statements were out, reposts aside; None where clocks cannot tell."""
    path: tuple[Step, ...]
    """The languages and kinds of source that it came to, in order of time."""


class Echo(Record, frozen=True, kw_only=True):
    """One statement's place in a narrative. `lag_seconds` counts from first seen; None where clocks cannot tell."""

    id: str
    """Made from document and spans."""
    narrative: str
    """Id of the narrative."""
    claim: str | None
    """Id of the claim; of the main one where a short document counts as one statement; None where it has none."""
    document: str
    """Id of the document."""
    spans: tuple[Span, ...]
    """Where it is said."""
    text: str
    """Verbatim, pieces joined by `` … ``."""
    source: str
    """Name of the source."""
    source_kind: SourceKind
    """What kind of publisher `source` is."""
    language: str
    """The document's language."""
    published_at: str
    """When it came out, as stated."""
    kind: EchoKind
    """``first``, ``forward`` (declared), ``copy`` (nearly the same words as one before), ``translation`` (of one
    before) or ``echo`` (in words of its own)."""
    copy_of: str | None = None
    """Id of the statement that a copy or translation repeats."""
    lag_seconds: int | None = None
    """Seconds after first seen; None where clocks cannot tell."""


class NarrativeChange(Record, frozen=True, kw_only=True):
    """What became of a narrative that was there, as documents were added."""

    narrative: str
    """Id of the narrative that changed."""
    change: NarrativeChangeKind
    """``merged`` into another, ``split`` off another, or ``dissolved``: no two documents share it any more."""
    other: str | None = None
    """Id of the narrative it was merged into or split from."""


class ActorLink(Record, frozen=True, kw_only=True):
    """Which linked actor an actor of a document is."""

    document_actor: str
    """Id of the `DocumentActorRow`."""
    actor: str
    """Id of the `LinkedActor`."""


class EventLink(Record, frozen=True, kw_only=True):
    """Which linked event an event of a document is."""

    document_event: str
    """Id of the `DocumentEventRow`."""
    event: str
    """Id of the `LinkedEvent`."""


# ---------------------------------------------------------------- ledger rows


class DocumentRow(Record, frozen=True, kw_only=True):
    """A `Document` without its origin: one row however often it was found."""

    id: str
    source: str
    source_kind: SourceKind
    platform: str
    kind: DocumentKind
    title: str
    author: str
    published_at: str
    published_grain: Grain
    language: str
    url: str
    native_id: str
    text: str
    text_sha256: str
    body_start: int
    links: tuple[str, ...]
    hashtags: tuple[str, ...]
    media: tuple[str, ...]
    forwarded_from: str
    forward_inferred: bool
    reply_to: str
    reader: str


class OriginRow(Record, frozen=True, kw_only=True):
    """One place where `document` was found."""

    id: str
    """Made from content."""
    document: str
    """Id of the document."""
    path: str
    position: str
    raw_sha256: str
    retrieved_at: str


class ClaimRow(Record, frozen=True, kw_only=True):
    """A `Claim`. `cue_text` and `content_text` are the verbatim text; several pieces are joined by `` … ``."""

    id: str
    """Made from content."""
    document: str
    """Id of the document."""
    speaker_name: str
    speaker_actor: str | None
    """`DocumentActorRow.actor` of the same document; ``author`` for the author's own voice."""
    speaker_spans: tuple[Span, ...]
    cue_spans: tuple[Span, ...]
    cue_text: str
    """Verbatim text of the cue."""
    content_spans: tuple[Span, ...]
    content_text: str
    """Verbatim text of the content."""
    mode: Mode
    act: Act
    polarity: Polarity
    hedge: str | None
    channel: str | None
    parent: str | None
    """Id of the claim this one sits inside."""
    accused: tuple[str, ...]
    about: tuple[str, ...]
    """Ids of `DocumentEventRow`."""
    confidence: float


class DocumentActorRow(Record, frozen=True, kw_only=True):
    """An `Actor` of one document. `actor` is its id there."""

    id: str
    """Made from document and actor."""
    document: str
    """Id of the document."""
    actor: str
    """The actor's id in its document."""
    name: str
    kind: ActorKind
    country: str
    mentions: tuple[Span, ...]
    aliases: tuple[str, ...]
    part_of: str | None


class DocumentEventRow(Record, frozen=True, kw_only=True):
    """An `Event` of one document. `sentence` is the span of the sentence around its first trigger."""

    id: str
    """Made from content."""
    document: str
    """Id of the document."""
    type: EventType
    other_type: str
    mode: str
    status: EventStatus
    trigger_spans: tuple[Span, ...]
    trigger_text: str
    """Verbatim text of the first trigger."""
    sentence: Span
    """The sentence around the first trigger."""
    when_value: str | None
    when_start: str | None
    when_end: str | None
    when_span: Span | None
    when_anchor: str | None
    where_name: str | None
    where_geoname: int | None
    where_lat: float | None
    where_lon: float | None
    where_span: Span | None
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    means: str | None
    casualties: tuple[Casualties, ...]
    damage: tuple[Damage, ...]
    circumstances: tuple[Circumstance, ...]
    part_of: str | None
    """Id of the `DocumentEventRow` this one belongs to."""


class TimeRow(Time, frozen=True, kw_only=True):
    """A `Time` of one document."""

    id: str
    """Made from content."""
    document: str
    """Id of the document."""


class PlaceRow(Place, frozen=True, kw_only=True):
    """A `Place` of one document."""

    id: str
    """Made from content."""
    document: str
    """Id of the document."""


class RelationRow(Relation, frozen=True, kw_only=True):
    """A `Relation` that one document tells of."""

    id: str
    """Made from content."""
    document: str
    """Id of the document."""


class ProblemRow(Problem, frozen=True, kw_only=True):
    """A `Problem`. `document` is the id of the document it was met in, or empty where there is none."""

    id: str
    """Made from content."""
    document: str
    """Id of the document it was met in; empty where there is none."""


# ---------------------------------------------------------------- logged


class Judgement(Record, frozen=True, kw_only=True):
    """What an analyst decided about rows. Appended, and never overwriting what was extracted."""

    verdict: Literal["accept", "reject", "merge", "split"]
    """What was decided."""
    table: str
    """Table of the rows judged."""
    subjects: tuple[str, ...]
    """Ids of the rows of `table` judged."""
    made_at: str
    """ISO 8601, UTC."""
    analyst: str = ""
    """Who decided."""
    note: str = ""
    """Why."""


class Summary(Record, frozen=True, kw_only=True):
    """What one run did. Each document read is new, or was known before, or repeats one read earlier in the run."""

    started_at: str
    """ISO 8601, UTC."""
    finished: bool
    """False where the run was stopped: the same command carries on from there."""
    documents: int = 0
    """Documents read."""
    new: int = 0
    """Documents added."""
    known: int = 0
    """Documents that the ledger held before."""
    duplicates: int = 0
    """Documents that repeat one read earlier in the run."""
    problems: dict[str, int] = {}
    """Problems by stage: ``read``, ``annotate``."""
    words: int = 0
    """Words (between blanks) of the new documents."""
    seconds: dict[str, float] = {}
    """Seconds on the clock by stage: ``annotate`` (with reading), ``write``, ``link``."""
    processes: int = 1
    """Processes that annotated."""
