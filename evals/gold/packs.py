"""Packs of reports with their gold (`evals/gold/accounts`), loaded and checked: every mention is found in its text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec

from allegedly.records import Span

FOLDER = Path(__file__).parent / "accounts"
Facet = Literal[
    "occurrence", "perpetrator", "launch origin", "casualties", "damage", "evidence", "motive", "responsibility"
]
Kind = Literal["contradiction", "number", "degree", "denial", "tension", "shift"]


class Mention(msgspec.Struct, frozen=True, array_like=True):
    """Words as they stand in a report: their `place`-th occurrence, 1 the first."""

    report: str
    words: str
    place: int = 1


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One report as its source published it."""

    id: str
    source: str
    source_kind: Literal["outlet", "agency", "channel", "official", "social"]
    published_at: str
    title: str
    text: str


class PlaceGold(msgspec.Struct, frozen=True):
    name: str
    lat: float
    lon: float


class EventGold(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    what: str
    type: str
    status: str
    start: str | None
    end: str | None
    place: PlaceGold | None
    mentions: list[Mention]
    actors: list[str]
    targets: list[str]
    part_of: str | None = None
    other_type: str = ""


class ActorGold(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    kind: str
    aliases: list[str] = []
    part_of: str | None = None


class AccountGold(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    event: str
    facet: Facet
    speaker: str
    report: str
    quote: Mention
    value: str | None = ""
    min: int | None = None
    max: int | None = None
    kind: str | None = ""
    who: str | None = ""


class ConflictGold(msgspec.Struct, frozen=True, kw_only=True):
    accounts: tuple[str, str]
    kind: Kind
    reason: str


class RelationGold(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    type: str
    object: str
    sign: Literal[-1, 0, 1]
    holder: str
    evidence: Mention


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """Reports of one happening, and what a careful reader gets out of them. Fields are told in the folder's README."""

    id: str
    kind: str
    reports: list[Report]
    events: list[EventGold]
    actors: list[ActorGold]
    accounts: list[AccountGold]
    conflicts: list[ConflictGold] = []
    revisions: list[tuple[str, str]] = []
    relations: list[RelationGold] = []
    metonymy: list[Any] = []

    def span(self, mention: Mention) -> Span:
        """Return where `mention` stands in its report. Raises ValueError where it does not."""
        text, at = self.text(mention.report), -1
        for _ in range(mention.place):
            at = text.find(mention.words, at + 1)
            if at < 0:
                raise ValueError(f"{self.id}: {mention.report} does not hold {mention.words!r} ({mention.place})")
        return at, at + len(mention.words)

    def text(self, report: str) -> str:
        """Return the text of a report by its id."""
        return next(r.text for r in self.reports if r.id == report)

    def names(self, actor: str) -> list[str]:
        """Return all names of an actor, by one of them."""
        for known in self.actors:
            if actor in (known.name, *known.aliases):
                return [known.name, *known.aliases]
        return [actor]


def packs(split: Literal["dev", "test"]) -> list[Pack]:
    """Return the packs of a half in order. Raises ValueError with the file's name where one does not fit."""
    return packs_of(FOLDER / split)


def packs_of(folder: Path) -> list[Pack]:
    """Return the packs in a folder in order. Raises ValueError with the file's name where one does not fit."""
    return [_checked(path) for path in sorted(folder.glob("*.json"))]


def _checked(path: Path) -> Pack:
    try:
        pack = msgspec.convert(json.loads(path.read_text(encoding="utf-8")), Pack)
        for mention in _mentions(pack):
            pack.span(mention)
        known = {account.id for account in pack.accounts}
        if lost := {one for c in pack.conflicts for one in c.accounts} - known:
            raise ValueError(f"conflicts name accounts that are not there: {sorted(lost)}")
    except (ValueError, msgspec.ValidationError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    return pack


def _mentions(pack: Pack) -> Sequence[Mention]:
    told = [m for event in pack.events for m in event.mentions]
    return [*told, *(a.quote for a in pack.accounts), *(r.evidence for r in pack.relations)]
