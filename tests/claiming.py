"""Short texts to claims, for the tests of attribution."""

from __future__ import annotations

from typing import Any

from allegedly.annotate import annotate_parsed
from allegedly.annotate.actors.find import find_actors
from allegedly.annotate.claims.find import find_claims
from allegedly.annotate.parse import Parsed, parse
from allegedly.annotate.places.find import find_places
from allegedly.records import Annotation, Claim, Document, Origin, make_document


def document(text: str, **fields: Any) -> Document:
    given = {"language": "en", "source": "The Lantern", **fields}
    return make_document(origin=Origin(path="test.txt"), text=text, **given)


def parsed(text: str, **fields: Any) -> Parsed:
    (one,) = parse([document(text, **fields)])
    return one


def claims_of(text: str, **fields: Any) -> tuple[Claim, ...]:
    one = parsed(text, **fields)
    return find_claims(one, find_actors(one, find_places(one)))[0]


def annotated(text: str, **fields: Any) -> Annotation:
    return annotate_parsed(parsed(text, **fields))


def told(text: str, claim: Claim) -> tuple[str, str, str]:
    """Return speaker, cue and content of `claim` as they stand, pieces joined by `` … ``."""
    roles = (claim.speaker.spans, claim.cue, claim.content)
    speaker, cue, content = (" … ".join(text[start:end] for start, end in spans) for spans in roles)
    return speaker, cue, content


def only(text: str) -> tuple[Claim, tuple[str, str, str]]:
    """Return the one claim of `text` that stands in no other's content, and its words."""
    outer = [claim for claim in claims_of(text) if claim.parent is None]
    assert len(outer) == 1, [told(text, claim) for claim in outer]
    return outer[0], told(text, outer[0])
