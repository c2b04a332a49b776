"""Annotations as flat rows. Every part and every span is checked here: a wrong receipt never reaches the ledger."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from allegedly.records import (
    Actor,
    Annotation,
    Claim,
    ClaimRow,
    Document,
    DocumentActorRow,
    DocumentEventRow,
    DocumentRow,
    Event,
    Origin,
    OriginRow,
    Place,
    PlaceRow,
    Problem,
    ProblemRow,
    Record,
    Relation,
    RelationRow,
    Span,
    Time,
    TimeRow,
    content_id,
    well_formed,
)

GAP = " … "
"""Stands between the pieces of a receipt that has several."""

Rows = dict[str, list[Record]]
"""Rows by table."""

Part = Claim | Event | Time | Place | Actor | Relation
P = TypeVar("P", bound=Part)

_LARGEST = 2**63 - 1
_SENTENCE_END = re.compile(r"[.!?…。！？؟۔]+[\"'”’»)\]]*\s+|[\n\r\u2028\u2029]+")
_NOT_KEPT = "left out of the ledger; please report it with the text"


def receipt(text: str, spans: Iterable[Span]) -> str:
    """Return what `spans` say of `text`, verbatim."""
    return GAP.join(text[start:end] for start, end in spans)


def rows_of(annotation: Annotation) -> Rows:
    """Return the rows of one document, ids made from content, each row once.

    A part with a span outside the text, without a receipt or against its record becomes a problem instead of a row,
    and nothing refers to it. A document that cannot be stored as it is becomes a problem as a whole.
    """
    document = annotation.document
    if (fault := _document_fault(document)) is not None:
        return {"problems": [_problem(document, "the document", fault)]}
    faults: list[Record] = []
    events = _sound(document, annotation.events, faults)
    claims = _sound(document, annotation.claims, faults)
    rows: Rows = {
        "documents": [_document_row(document)],
        "origins": [origin_row(document.id, document.origin)],
        "claims": _claim_rows(document, claims, events),
        "document_actors": [_actor_row(document, a) for a in _sound(document, annotation.actors, faults).values()],
        "document_events": _event_rows(document, events),
        "times": [_time_row(document, t) for t in _sound(document, annotation.times, faults).values()],
        "places": [_place_row(document, p) for p in _sound(document, annotation.places, faults).values()],
        "relations": [_relation_row(document, r) for r in _sound(document, annotation.relations, faults).values()],
        "problems": [*(problem_row(p, document.id) for p in annotation.problems), *faults],
    }
    return {table: _once(found) for table, found in rows.items() if found}


def batch_rows(
    annotations: Iterable[Annotation], problems: Iterable[Problem] = (), origins: Iterable[OriginRow] = ()
) -> Rows:
    """Return the rows of many documents. One given twice is there once, with both origins."""
    rows: Rows = defaultdict(list)
    seen: set[str] = set()
    for annotation in annotations:
        document = annotation.document
        if document.id in seen:
            rows["origins"].append(origin_row(document.id, document.origin))
            continue
        seen.add(document.id)
        for table, found in rows_of(annotation).items():
            rows[table] += found
    rows["origins"] += origins
    rows["problems"] += map(problem_row, problems)
    return {table: _once(found) for table, found in rows.items() if found}


def origin_row(document: str, origin: Origin) -> OriginRow:
    """Return the row that says that the document with the id `document` was found at `origin`."""
    fields = _well_formed(origin)
    return OriginRow(id=content_id("o", document, fields), document=document, **fields)


def problem_row(problem: Problem, document: str = "") -> ProblemRow:
    """Return the row of `problem`, met in the document with the id `document`.

    A document found in two places has its problems once, so their id does not depend on where it was found.
    """
    fields = _well_formed(problem)
    same = {name: value for name, value in fields.items() if not (document and name in ("path", "position"))}
    return ProblemRow(id=content_id("q", document, same), document=document, **fields)


def _well_formed(record: Record) -> dict[str, Any]:
    return {name: well_formed(value) for name, value in msgspec.structs.asdict(record).items()}


# ---------------------------------------------------------------- checks


def _document_fault(document: Document) -> str | None:
    return _record_fault(_document_row(document))


def _sound(document: Document, parts: Iterable[P], faults: list[Record]) -> dict[int, P]:
    """Return the parts that hold, by their index; add a problem to `faults` for each that does not."""
    sound: dict[int, P] = {}
    for i, part in enumerate(parts):
        if (fault := _fault(part, len(document.text))) is None:
            sound[i] = part
        else:
            faults.append(_problem(document, f"a {type(part).__name__.lower()} ({i})", fault))
    return sound


def _fault(part: Part, length: int) -> str | None:
    spans, receipts = _spans(part)
    if not receipts:
        return "it has no receipt"
    for span in (*receipts, *spans):
        if not _inside(span, length):
            return f"the span {span} does not lie in the text"
    if isinstance(part, Event) and any((n or 0) > _LARGEST for c in part.casualties for n in (c.min, c.max)):
        return "a count is out of range"
    return _record_fault(part)


def _record_fault(record: Record) -> str | None:
    """Return why `record` does not hold what its type says, or cannot be encoded."""
    try:
        msgspec.json.decode(msgspec.json.encode(record), type=type(record))
    except (TypeError, UnicodeEncodeError, msgspec.MsgspecError) as error:
        return str(error)
    return None


def _inside(span: Span, length: int) -> bool:
    start, end = span
    return type(start) is int and type(end) is int and 0 <= start < end <= length


def _spans(part: Part) -> tuple[list[Span], tuple[Span, ...]]:
    """Return the spans of `part` that it could do without, and those that are its receipt."""
    match part:
        case Claim():
            return [*part.speaker.spans, *part.cue], part.content
        case Event():
            told = [part.when, part.where, *part.casualties, *part.damage, *part.circumstances]
            return [thing.span for thing in told if thing is not None and thing.span is not None], part.trigger
        case Actor():
            return [], part.mentions
        case Relation():
            return [], (part.evidence,)
        case _:
            return [], (part.span,)


def _problem(document: Document, what: str, why: str) -> ProblemRow:
    found = Problem(
        path=document.origin.path,
        position=document.origin.position,
        stage="annotate",
        what=f"{what} cannot be kept: {why}",
        action=_NOT_KEPT,
        excerpt=document.text[:500],
    )
    return problem_row(found, document.id)


def _once(rows: Iterable[Record]) -> list[Record]:
    """Keep one of the rows with the same id."""
    return list({row.id: row for row in rows}.values())  # type: ignore[attr-defined]  # every row has an id


# ---------------------------------------------------------------- rows


def _document_row(document: Document) -> DocumentRow:
    return DocumentRow(**{name: getattr(document, name) for name in DocumentRow.__struct_fields__})


def _event_id(document: Document, event: Event) -> str:
    return content_id("x", document.id, event.trigger, event.type)


def _claim_id(document: Document, claim: Claim) -> str:
    return content_id("c", document.id, claim.content, claim.cue, claim.speaker, claim.mode)


def _claim_rows(document: Document, claims: Mapping[int, Claim], events: Mapping[int, Event]) -> list[Record]:
    ids = {i: _claim_id(document, claim) for i, claim in claims.items()}
    event_ids = {i: _event_id(document, event) for i, event in events.items()}
    return [
        ClaimRow(
            id=ids[i],
            document=document.id,
            speaker_name=claim.speaker.name,
            speaker_actor=claim.speaker.actor,
            speaker_spans=claim.speaker.spans,
            cue_spans=claim.cue,
            cue_text=receipt(document.text, claim.cue),
            content_spans=claim.content,
            content_text=receipt(document.text, claim.content),
            mode=claim.mode,
            act=claim.act,
            polarity=claim.polarity,
            hedge=claim.hedge,
            channel=claim.channel,
            parent=ids.get(claim.parent) if claim.parent is not None else None,
            accused=claim.accused,
            about=tuple(dict.fromkeys(event_ids[e] for e in claim.about if e in event_ids)),
            confidence=claim.confidence,
        )
        for i, claim in claims.items()
    ]


def _event_rows(document: Document, events: Mapping[int, Event]) -> list[Record]:
    ids = {i: _event_id(document, event) for i, event in events.items()}
    return [
        DocumentEventRow(
            id=ids[i],
            document=document.id,
            trigger_spans=event.trigger,
            trigger_text=receipt(document.text, event.trigger),
            sentence=event.sentence or sentence_around(document.text, event.trigger[0]),
            part_of=ids.get(event.part_of) if event.part_of is not None else None,
            **_told(event),
        )
        for i, event in events.items()
    ]


def _told(event: Event) -> dict[str, Any]:
    same = {name: getattr(event, name) for name in _SAME_IN_EVENT}
    when = {f"when_{name}": getattr(event.when, name, None) for name in _WHEN}
    where = {f"where_{name}": getattr(event.where, name, None) for name in _WHERE}
    return same | when | where


_SAME_IN_EVENT = (
    "type", "other_type", "mode", "status", "actors", "targets", "means", "casualties", "damage", "circumstances",
)  # fmt: skip
_WHEN = ("value", "start", "end", "span", "anchor")
_WHERE = ("name", "geoname", "lat", "lon", "span")


def sentence_around(text: str, span: Span, reach: int = 1000) -> Span:
    """Return the span of the sentence that holds `span`, as punctuation and line breaks say, within `reach`."""
    start, end = max(0, span[0] - reach), min(len(text), span[1] + reach)
    before = [m.end() for m in _SENTENCE_END.finditer(text, start, span[0])]
    after = _SENTENCE_END.search(text, span[1], end)
    start, end = before[-1] if before else start, after.end() if after else end
    start += len(text[start : span[0]]) - len(text[start : span[0]].lstrip())
    return start, max(span[1], start + len(text[start:end].rstrip()))


def _actor_row(document: Document, actor: Actor) -> DocumentActorRow:
    same = ("name", "kind", "country", "mentions", "aliases", "part_of")
    return DocumentActorRow(
        id=content_id("a", document.id, actor.id),
        document=document.id,
        actor=actor.id,
        **{name: getattr(actor, name) for name in same},
    )


def _time_row(document: Document, time: Time) -> TimeRow:
    key = content_id("t", document.id, time.span, time.value)
    return TimeRow(id=key, document=document.id, **msgspec.structs.asdict(time))


def _place_row(document: Document, place: Place) -> PlaceRow:
    key = content_id("p", document.id, place.span, place.name)
    return PlaceRow(id=key, document=document.id, **msgspec.structs.asdict(place))


def _relation_row(document: Document, relation: Relation) -> RelationRow:
    key = content_id(
        "r", document.id, relation.evidence, relation.subject, relation.type, relation.object, relation.holder
    )
    return RelationRow(id=key, document=document.id, **msgspec.structs.asdict(relation))
