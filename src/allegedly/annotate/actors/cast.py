"""The cast of one document: its actors, found by id and by where they are mentioned."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import msgspec

from allegedly.records import Actor, Span

_WORD = re.compile(r"[^\W_]+")


def slug(name: str) -> str:
    """Return `name` as an id: lowercase words joined by hyphens, in any script."""
    return "-".join(_WORD.findall(name.casefold())) or "unnamed"


class Cast:
    """The actors of one document, found by where they are mentioned. Immutable: `add` returns a new one."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self.actors: tuple[Actor, ...] = tuple(actors)
        self._by_id = {actor.id: actor for actor in self.actors}
        self._mentions = sorted({(span, actor.id) for actor in self.actors for span in actor.mentions})
        self._starts = [span[0] for span, _ in self._mentions]
        self._longest = max((span[1] - span[0] for span, _ in self._mentions), default=0)

    def __getitem__(self, actor: str) -> Actor:
        return self._by_id[actor]

    def __contains__(self, actor: object) -> bool:
        return actor in self._by_id

    def mentioned(self, span: Span) -> list[tuple[Span, str]]:
        """Return ``(mention span, actor id)`` for every mention that lies inside `span`, in text order."""
        first = bisect_left(self._starts, span[0])
        last = bisect_left(self._starts, span[1])
        return [(m, actor) for m, actor in self._mentions[first:last] if m[1] <= span[1]]

    def at(self, offset: int) -> str | None:
        """Return the actor of the shortest mention that covers the code point `offset`, or None."""
        first = bisect_left(self._starts, offset - self._longest)
        last = bisect_right(self._starts, offset)
        covering = [(m[1] - m[0], actor) for m, actor in self._mentions[first:last] if m[1] > offset]
        return min(covering)[1] if covering else None

    def add(self, actors: Iterable[Actor]) -> Cast:
        """Return a cast with `actors` too; the mentions and aliases of one that is known by its id are added to it."""
        known = dict(self._by_id)
        for actor in actors:
            known[actor.id] = _joined(known[actor.id], actor) if actor.id in known else actor
        return Cast(known.values())


def _joined(one: Actor, other: Actor) -> Actor:
    names = dict.fromkeys((*one.aliases, other.name, *other.aliases))
    names.pop(one.name, None)
    return msgspec.structs.replace(one, mentions=tuple(sorted({*one.mentions, *other.mentions})), aliases=tuple(names))
