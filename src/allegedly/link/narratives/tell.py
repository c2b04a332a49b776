"""Tells a group of statements as a narrative: in order of time, who was first, who copied, and how it spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from allegedly.link.narratives.copies import Copies
from allegedly.link.narratives.spread import half_life, path
from allegedly.link.narratives.statements import Told
from allegedly.records import Echo, EchoKind, Narrative


class Group(NamedTuple):
    """Statements that say the same."""

    members: Sequence[Told]
    central: Mapping[int, float]
    """How near each saying is to the others, by row."""
    denies: bool


def narrate(id: str, group: Group, opposed: Sequence[str], copies: Copies) -> tuple[Narrative, list[Echo]]:
    """Make the records of a group.

    Args:
        id: of the narrative.
        group: in any order.
        opposed: ids of narratives that deny it or that it denies.
        copies: which sayings repeat which.
    """
    ordered = sorted(group.members, key=time_order)
    first = ordered[0]
    gist = min(ordered, key=lambda m: (-round(group.central.get(m.saying, 0.0), 6), time_order(m)))
    echoes = _echoes(id, ordered, copies)
    kept = [(echo, told) for echo, told in zip(echoes, ordered, strict=True) if echo.kind != "forward"]
    narrative = Narrative(
        id=id,
        gist=gist.text,
        gist_echo=gist.id,
        first_echo=first.id,
        first_seen=first.published_at,
        first_certain=certainly_first(first, ordered[1:]),
        denies=group.denies,
        opposed=tuple(sorted(opposed)),
        claims=len(ordered),
        wordings=sum(echo.kind in ("first", "echo") for echo in echoes),
        documents=len({m.document for m in ordered}),
        sources=len({m.source for m in ordered}),
        languages=tuple(sorted({m.language for m in ordered if m.language})),
        half_life_seconds=half_life([told for _, told in kept]),
        path=path(ordered),
    )
    return narrative, echoes


def time_order(told: Told) -> tuple[float, float, str]:
    """Return the key that statements are put in order of time by: the middle of when they may have come out."""
    when = told.when
    return ((when.start + when.end) / 2, when.start, told.id) if when else (float("inf"), float("inf"), told.id)


def certainly_first(first: Told, others: Sequence[Told]) -> bool:
    """Return whether the clocks leave no doubt that `first` came before all others, its own document aside."""
    own = first.when
    rest = [o.when for o in others if o.document != first.document]
    return own is not None and all(o is not None and own.before(o) for o in rest)


def _echoes(narrative: str, ordered: Sequence[Told], copies: Copies) -> list[Echo]:
    first, found = ordered[0], list[Echo]()
    heard: dict[int, Told] = {}
    for told in ordered:
        kind, original = _kind(told, heard, copies)
        echo = Echo(
            id=told.id,
            narrative=narrative,
            claim=told.claim,
            document=told.document,
            spans=told.spans,
            text=told.text,
            source=told.source,
            source_kind=told.source_kind,
            language=told.language,
            published_at=told.published_at,
            kind=kind,
            copy_of=original,
            lag_seconds=_lag(first, told),
        )
        found.append(echo)
        heard.setdefault(told.saying, told)
    return found


def _kind(told: Told, heard: Mapping[int, Told], copies: Copies) -> tuple[EchoKind, str | None]:
    """Return what a statement is after those that were `heard`, the first of each saying."""
    if not heard:
        return "first", None
    if told.forwarded:
        return "forward", None
    same = heard.get(told.saying)
    for earlier in (same,) if same else heard.values():
        if earlier.document != told.document and (kind := copies.kind(earlier, told)):
            return kind, earlier.id
    return "echo", None


def _lag(first: Told, told: Told) -> int | None:
    start, own = first.when, told.when
    if start is None or own is None:
        return None
    return own.start - start.start if told.id == first.id or start.before(own) else None
