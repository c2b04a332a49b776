"""Read our own gold: strings with an occurrence number become spans, and what does not fit the text fails loudly."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import msgspec

from allegedly.records import (
    Act,
    ActorKind,
    Document,
    DocumentKind,
    EventStatus,
    EventType,
    Mode,
    Origin,
    Polarity,
    RelationType,
    SourceKind,
    Span,
    make_document,
)

FOLDER = Path(__file__).parent
Half = Literal["dev", "test"]
Ref = str | tuple[str, int]
"""Verbatim words of the text; with a number where they stand there more than once (counted from 1)."""


class GoldError(ValueError):
    """A gold file that does not fit its text."""


class _Gold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of values holds all that are right, the best first."""


class Head(_Gold, frozen=True, kw_only=True):
    source: str
    source_kind: SourceKind
    kind: DocumentKind
    title: str
    published_at: str
    language: str


class ClaimGold(_Gold, frozen=True, kw_only=True):
    speaker: list[Ref]
    actor: list[str]
    """Names of `ActorGold`, or ``author``; empty where no speaker is told."""
    cue: list[Ref]
    content: list[Ref]
    mode: list[Mode]
    act: list[Act]
    polarity: list[Polarity]
    hedge: list[str | None] = msgspec.field(default_factory=lambda: [None])
    channel: list[str] = []
    parent: int | None = None
    accused: list[str] = []
    """Everybody who is accused (not alternatives)."""
    optional: bool = False
    """A careful reader may list it or not: neither missed nor spurious."""


class CasualtiesGold(_Gold, frozen=True, kw_only=True):
    text: Ref
    kind: list[Literal["killed", "injured", "missing", "captured", "displaced", "casualties"]]
    min: int | None
    max: int | None


class DamageGold(_Gold, frozen=True, kw_only=True):
    text: Ref
    degree: int


class EventGold(_Gold, frozen=True, kw_only=True):
    type: list[str]
    """PLOVER type, with its mode (or the plain type of ``OTHER``) after a slash."""
    status: list[EventStatus]
    trigger: list[Ref]
    """First mention and retellings (not alternatives)."""
    when: list[str] | None
    where: list[str] | None
    actors: list[str]
    targets: list[str]
    casualties: list[CasualtiesGold]
    damage: list[DamageGold]
    part_of: int | None = None
    optional: bool = False


class TimeGold(_Gold, frozen=True, kw_only=True):
    text: Ref
    value: list[str]
    optional: bool = False


class PlaceGold(_Gold, frozen=True, kw_only=True):
    text: Ref
    country: list[str]
    metonym: bool
    optional: bool = False


class ActorGold(_Gold, frozen=True, kw_only=True):
    name: str
    names: list[str]
    """Other names, as they stand."""
    kind: list[ActorKind]
    mentions: list[Ref]


class RelationGold(_Gold, frozen=True, kw_only=True):
    subject: str
    type: list[RelationType]
    object: str
    sign: Literal[-1, 0, 1]
    holder: str


class Sheet(_Gold, frozen=True, kw_only=True):
    """One gold file."""

    document: Head
    claims: list[ClaimGold]
    events: list[EventGold]
    times: list[TimeGold]
    places: list[PlaceGold]
    actors: list[ActorGold]
    relations: list[RelationGold]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A text with its gold."""

    name: str
    half: Half
    document: Document
    sheet: Sheet

    def span(self, ref: Ref) -> Span:
        """Return where `ref` stands. Raises `GoldError` where that is nowhere or not one place."""
        words, number = (ref, None) if isinstance(ref, str) else ref
        found = [match.span() for match in re.finditer(_whole(words), self.document.text)]
        if not found or (number is None and len(found) > 1) or not 0 < (number or 1) <= len(found):
            raise GoldError(f"{self.name}: {ref!r} stands {len(found)} times in the text")
        return found[(number or 1) - 1]

    def spans(self, refs: list[Ref]) -> tuple[Span, ...]:
        return tuple(map(self.span, refs))


def _whole(words: str) -> str:
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    return before + re.escape(words) + after


def cases(split: Literal["dev", "test", "all"] = "all") -> list[Case]:
    """Return the checked texts of a half: those at odd places are ``dev``, those at even places ``test``."""
    halves: tuple[Half, Half] = ("dev", "test")
    chosen = ((path, halves[i % 2]) for i, path in enumerate(sorted(FOLDER.glob("*.json"))))
    return [_checked(path, half) for path, half in chosen if split in (half, "all")]


def _checked(path: Path, half: Half) -> Case:
    try:
        sheet = msgspec.json.decode(path.read_bytes(), type=Sheet)
    except msgspec.DecodeError as error:
        raise GoldError(f"{path.name}: {error}") from error
    text = path.with_suffix(".txt").read_bytes().decode("utf-8")
    fields = msgspec.structs.asdict(sheet.document)
    document = make_document(origin=Origin(path=path.stem), text=text, published_grain="day", **fields)
    case = Case(name=path.stem, half=half, document=document, sheet=sheet)
    _check_strings(case)
    _check_names(case)
    return case


def _check_strings(case: Case) -> None:
    sheet = case.sheet
    refs = [ref for c in sheet.claims for ref in (*c.speaker, *c.cue, *c.content)]
    for event in sheet.events:
        refs += [*event.trigger, *(c.text for c in event.casualties), *(d.text for d in event.damage)]
    refs += [time.text for time in sheet.times] + [place.text for place in sheet.places]
    refs += [ref for actor in sheet.actors for ref in actor.mentions]
    case.spans(refs)


def _check_names(case: Case) -> None:
    sheet, known = case.sheet, {"author", *(actor.name for actor in case.sheet.actors)}
    used = {name for c in sheet.claims for name in (*c.actor, *c.accused)}
    used |= {name for e in sheet.events for name in (*e.actors, *e.targets)}
    used |= {name for r in sheet.relations for name in (r.subject, r.object, r.holder)}
    types = {value.partition("/")[0] for e in sheet.events for value in e.type}
    parents = [(c.parent, len(sheet.claims)) for c in sheet.claims] + [
        (e.part_of, len(sheet.events)) for e in sheet.events
    ]
    unknown = (used - known) | (types - set(EventType.__args__))  # type: ignore[attr-defined]
    if unknown or any(i is not None and not 0 <= i < size for i, size in parents):
        raise GoldError(f"{case.name}: {sorted(unknown) or 'a parent out of range'} is not in the gold")
