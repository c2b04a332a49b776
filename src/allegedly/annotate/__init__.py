"""Annotate: a pure function from documents to annotations. No state, no order, one document at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from allegedly.annotate.actors import find_actors
from allegedly.annotate.claims import find_claims, own_voice
from allegedly.annotate.claims.look import look
from allegedly.annotate.claims.tagger.network import network
from allegedly.annotate.events import find_events
from allegedly.annotate.language import detect_language
from allegedly.annotate.parse import LONGEST_TEXT, PARSED_LANGUAGES, Parsed, parse, sentence_at
from allegedly.annotate.places import find_places
from allegedly.annotate.relations import find_relations
from allegedly.annotate.times import find_times
from allegedly.records import Annotation, Claim, Document, Event, Problem, Span


def annotate(documents: Iterable[Document]) -> Iterator[Annotation]:
    """Annotate `documents` one by one, in order.

    A document that cannot be annotated comes back bare, with a `Problem` that says why.
    """
    for document in documents:
        yield _annotate_safely(_with_language(document))


def _with_language(document: Document) -> Document:
    if document.language:
        return document
    return msgspec.structs.replace(document, language=detect_language(document.text, document.body_start))


def _annotate_safely(document: Document) -> Annotation:
    try:
        (parsed,) = parse([document])
        found = annotate_parsed(parsed)
    except Exception as error:  # one bad text must never end a run
        problem = Problem(
            path=document.origin.path,
            position=document.origin.position,
            stage="annotate",
            what=f"could not be annotated ({type(error).__name__}: {error})",
            action="kept without annotations; please report it with the text",
            excerpt=document.text[:500],
        )
        return Annotation(document=document, problems=(problem,))
    return msgspec.structs.replace(found, problems=_cut_short(document))


def _cut_short(document: Document) -> tuple[Problem, ...]:
    """Say so where a text is too long to be searched whole."""
    length = len(document.text) - document.body_start
    if length <= LONGEST_TEXT or document.language not in PARSED_LANGUAGES:
        return ()
    problem = Problem(
        path=document.origin.path,
        position=document.origin.position,
        stage="annotate",
        what=f"is {length:,} characters long",
        action=f"only the first {LONGEST_TEXT:,} were searched; split it into its parts",
        excerpt=document.text[:500],
    )
    return (problem,)


def annotate_parsed(parsed: Parsed) -> Annotation:
    """Run every layer over one parsed document."""
    times = find_times(parsed)
    places = find_places(parsed)
    view = look(parsed, network())
    attributed, cast = find_claims(parsed, find_actors(parsed, places), view)
    events = find_events(parsed, times, places, cast, attributed)
    events = tuple(msgspec.structs.replace(e, sentence=sentence_at(parsed, e.trigger[0][0])) for e in events)
    claims = attach_events([*attributed, *own_voice(parsed, cast, attributed, events, view)], events)
    return Annotation(
        document=parsed.document,
        claims=claims,
        events=events,
        times=times,
        places=places,
        actors=cast.actors,
        relations=find_relations(parsed, cast, claims),
    )


def attach_events(claims: Sequence[Claim], events: Sequence[Event]) -> tuple[Claim, ...]:
    """Return `claims` with `about` set to the events that their content tells of: a trigger, or what is told of one."""
    told = [
        [*e.trigger, *(c.span for c in e.casualties), *(d.span for d in e.damage), *(c.span for c in e.circumstances)]
        for e in events
    ]
    return tuple(
        claim
        if claim.about
        else msgspec.structs.replace(
            claim, about=tuple(i for i, spans in enumerate(told) if _any_within(spans, claim.content))
        )
        for claim in claims
    )


def _any_within(spans: Sequence[Span], content: tuple[Span, ...]) -> bool:
    return any(s <= start and end <= e for start, end in spans for s, e in content)
