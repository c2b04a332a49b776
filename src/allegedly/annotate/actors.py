"""Actors of one document: names, kinds, mentions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from allegedly.annotate.parse import Parsed
from allegedly.records import Actor, ActorKind, Place, Span

_KINDS: dict[str, ActorKind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "state",
    "NORP": "people",
}


class Cast:
    """The actors of one document, found by where they are mentioned."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self.actors: tuple[Actor, ...] = tuple(actors)
        self._by_id = {actor.id: actor for actor in self.actors}
        self._mentions = sorted((span, actor.id) for actor in self.actors for span in actor.mentions)
        self._starts = [span[0] for span, _ in self._mentions]

    def __getitem__(self, actor: str) -> Actor:
        return self._by_id[actor]

    def mentioned(self, span: Span) -> list[tuple[Span, str]]:
        """Return ``(mention span, actor id)`` for every mention that lies inside `span`, in text order."""
        first = bisect_left(self._starts, span[0])
        last = bisect_left(self._starts, span[1])
        return [(m, actor) for m, actor in self._mentions[first:last] if m[1] <= span[1]]


def slug(name: str) -> str:
    """Return `name` as an id: lowercase words joined by hyphens, in any script."""
    return "-".join(re.findall(r"[^\W_]+", name.casefold())) or "unnamed"


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
