"""The same actor across documents: by name, by the aliases that texts themselves introduce."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from allegedly.link.cluster import components
from allegedly.records import ActorKind, LinkedActor, slug


class ActorItem(NamedTuple):
    """One actor of one document."""

    id: str
    document: str
    actor: str
    """The document's own id for it: the slug of its name; unnamed ones hold ``~``."""
    name: str
    kind: ActorKind
    country: str
    aliases: tuple[str, ...]
    mentions: int


def actor_groups(items: Sequence[ActorItem]) -> list[list[ActorItem]]:
    """Group the actors of all documents: the same slug is the same actor, and so is the long form of an acronym.

    An acronym joins a long form only where every document that spells it out agrees on that form.
    """
    by_slug: dict[str, list[ActorItem]] = defaultdict(list)
    for item in items:
        by_slug[item.actor].append(item)
    groups = components(by_slug, _alias_edges(items, by_slug.keys()))
    return [[item for slug in slugs for item in sorted(by_slug[slug])] for slugs in groups.values()]


def _alias_edges(items: Iterable[ActorItem], slugs: Iterable[str]) -> list[tuple[str, str]]:
    known = {slug for slug in slugs if "~" not in slug}
    meant: dict[str, set[str]] = defaultdict(set)
    for item in items:
        if item.actor in known:
            for alias in item.aliases:
                meant[slug(alias)].add(item.actor)
    return [(alias, min(longs)) for alias, longs in meant.items() if alias in known and len(longs) == 1]


def merge_actor(members: Sequence[ActorItem]) -> LinkedActor:
    """Make one actor of the members of a group; its id is the slug that sorts first among the most frequent names."""
    names = Counter[str]()
    for item in members:
        names[item.name] += item.mentions
    name = min(names, key=lambda n: (-names[n], -len(n), n))
    kinds = Counter(item.kind for item in members)
    return LinkedActor(
        id=min(item.actor for item in members),
        name=name,
        kind=min(kinds, key=lambda k: (-kinds[k], k)),
        names=tuple(sorted({item.name for item in members} | {a for item in members for a in item.aliases})),
        documents=len({item.document for item in members}),
        mentions=sum(item.mentions for item in members),
    )
