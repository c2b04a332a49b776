"""Actors of one document: names, kinds, mentions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from allegedly.annotate.cast import Cast, slug
from allegedly.annotate.parse import Parsed
from allegedly.records import Actor, ActorKind, Place, Span

__all__ = ["Cast", "find_actors", "slug"]

_KINDS: dict[str, ActorKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "state",
    "NORP": "people",
}


def find_actors(parsed: Parsed, places: Sequence[Place]) -> Cast:
    """Find who acts or speaks in `parsed`."""
    found: dict[str, tuple[str, ActorKind, list[Span]]] = {}
    for paragraph in parsed.paragraphs:
        for ent in paragraph.doc.ents:
            if ent.label_ in _KINDS:
                name = re.sub(r"^(the|The) |['’]s$", "", ent.text)
                entry = found.setdefault(slug(name), (name, _KINDS[ent.label_], []))
                entry[2].append(paragraph.span(ent))
    return Cast(
        Actor(id=key, name=name, kind=kind, mentions=tuple(spans)) for key, (name, kind, spans) in sorted(found.items())
    )
