"""The same actor across documents: by name, and by the acronyms and aliases that texts themselves introduce."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

import duckdb

from allegedly.link.cluster import components
from allegedly.records import ActorKind, ActorLink, LinkedActor, Record, slug

_SCHEMA = """
CREATE TABLE IF NOT EXISTS link_names (slug VARCHAR, leader VARCHAR);
CREATE TABLE IF NOT EXISTS link_aliases (alias VARCHAR, long VARCHAR);
"""


class Tally(NamedTuple):
    """How often one group of actors bears a name, with its kind."""

    name: str
    kind: ActorKind
    documents: int
    mentions: int


def same_names(slugs: Iterable[str], aliases: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Map each slug to its leader, the slug that sorts first among those that name the same actor.

    `aliases` maps the slug of an alias to the slugs of the long names that texts introduced it for. An alias joins a
    long name only where all texts agree on one.
    """
    known = set(slugs)
    edges = [(alias, min(longs)) for alias, longs in aliases.items() if alias in known and len(longs) == 1]
    groups = components(known, [(a, b) for a, b in edges if b in known])
    return {member: leader for leader, members in groups.items() for member in members}


def merge_actor(id: str, tallies: Sequence[Tally], aliases: Iterable[str], documents: int) -> LinkedActor:
    """Make one actor of all that bear its names; it goes by the most frequent name and kind."""
    names, kinds = Counter[str](), Counter[ActorKind]()
    for tally in tallies:
        names[tally.name] += tally.mentions
        kinds[tally.kind] += tally.documents
    return LinkedActor(
        id=id,
        name=min(names, key=lambda n: (-names[n], -len(n), n)),
        kind=min(kinds, key=lambda k: (-kinds[k], k)),
        names=tuple(sorted({*names, *aliases})),
        documents=documents,
        mentions=sum(names.values()),
    )


class ActorTables:
    """The linked actors of a derived database, brought up to date for `new` documents (ids)."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, write: Callable[[str, Sequence[Record]], None], new: Collection[str]
    ) -> None:
        self.con, self.write, self.new = con, write, list(new)
        con.execute(_SCHEMA)

    def update(self) -> list[str]:
        """Link the actors of the new documents; return the slugs known before that now have another leader."""
        touched = self._absorb_names()
        members = self._affected(touched)
        before = self._leaders(members)
        after = same_names(members, self._longs(members))
        moved = sorted(s for s, leader in before.items() if after[s] != leader)
        self._store_leaders(after)
        self._store_actors({*before.values(), *after.values()}, set(after.values()))
        self._store_links(moved)
        return moved

    def _absorb_names(self) -> set[str]:
        """Store the aliases of the new documents; return every slug that they bear on."""
        rows = self.con.execute(
            "SELECT DISTINCT actor, aliases FROM document_actors WHERE document IN (SELECT unnest(?))", [self.new]
        ).fetchall()
        pairs = {(slug(alias), actor) for actor, aliases in rows if "~" not in actor for alias in aliases}
        pairs = {(alias, actor) for alias, actor in pairs if alias != actor}
        self.con.execute(
            "INSERT INTO link_aliases SELECT unnest(?) AS alias, unnest(?) AS long EXCEPT SELECT * FROM link_aliases",
            [[a for a, _ in sorted(pairs)], [b for _, b in sorted(pairs)]],
        )
        return {actor for actor, _ in rows} | {alias for alias, _ in pairs}

    def _affected(self, touched: Collection[str]) -> set[str]:
        """Return all known slugs whose group may change: those touched, what they abbreviate, and their groups."""
        near = {*touched, *(long for longs in self._longs(touched).values() for long in longs)}
        grouped = self._column(
            "SELECT slug FROM link_names "
            "WHERE leader IN (SELECT leader FROM link_names WHERE slug IN (SELECT unnest(?)))",
            near,
        )
        new = self._column("SELECT DISTINCT actor FROM document_actors WHERE document IN (SELECT unnest(?))", self.new)
        return {*grouped, *new}

    def _longs(self, aliases: Collection[str]) -> dict[str, set[str]]:
        rows = self.con.execute(
            "SELECT alias, long FROM link_aliases WHERE alias IN (SELECT unnest(?))", [sorted(aliases)]
        ).fetchall()
        found: dict[str, set[str]] = defaultdict(set)
        for alias, long in rows:
            found[alias].add(long)
        return found

    def _leaders(self, slugs: Collection[str]) -> dict[str, str]:
        rows = self.con.execute(
            "SELECT slug, leader FROM link_names WHERE slug IN (SELECT unnest(?))", [sorted(slugs)]
        ).fetchall()
        return dict(rows)

    def _store_leaders(self, after: Mapping[str, str]) -> None:
        self.con.execute("DELETE FROM link_names WHERE slug IN (SELECT unnest(?))", [list(after)])
        self.con.execute("INSERT INTO link_names SELECT unnest(?), unnest(?)", [list(after), list(after.values())])

    def _store_actors(self, gone: Collection[str], leaders: Collection[str]) -> None:
        self.con.execute("DELETE FROM actors WHERE id IN (SELECT unnest(?))", [sorted(gone)])
        ids = [sorted(leaders)]
        chosen = "FROM link_names n JOIN document_actors a ON a.actor = n.slug WHERE n.leader IN (SELECT unnest(?))"
        grouped = f"{chosen} GROUP BY ALL ORDER BY ALL"
        tallies: dict[str, list[Tally]] = defaultdict(list)
        query = f"SELECT leader, name, kind, count(DISTINCT document), sum(len(mentions))::BIGINT {grouped}"
        for leader, *rest in self.con.execute(query, ids).fetchall():
            tallies[leader].append(Tally._make(rest))
        aliases = self.con.execute(f"SELECT DISTINCT leader, unnest(aliases) AS alias {chosen}", ids).fetchall()
        named: dict[str, set[str]] = defaultdict(set)
        for leader, alias in aliases:
            named[leader].add(alias)
        documents = self.con.execute(f"SELECT leader, count(DISTINCT document) {grouped}", ids).fetchall()
        self.write("actors", [merge_actor(i, tallies[i], named[i], count) for i, count in documents])

    def _store_links(self, moved: Collection[str]) -> None:
        """Link the actors of the new documents, and those of old ones whose leader changed."""
        wanted = "SELECT id FROM document_actors WHERE document IN (SELECT unnest(?)) OR actor IN (SELECT unnest(?))"
        self.con.execute(f"DELETE FROM actor_links WHERE document_actor IN ({wanted})", [self.new, sorted(moved)])
        rows = self.con.execute(
            "SELECT a.id, n.leader FROM document_actors a JOIN link_names n ON n.slug = a.actor "
            f"WHERE a.id IN ({wanted}) ORDER BY a.id",
            [self.new, sorted(moved)],
        ).fetchall()
        self.write("actor_links", [ActorLink(document_actor=i, actor=leader) for i, leader in rows])

    def _column(self, query: str, values: Collection[str]) -> list[str]:
        return [value for (value,) in self.con.execute(query, [sorted(values)]).fetchall()]
