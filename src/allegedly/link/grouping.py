"""Groups of like items kept up to date as items are added, at a cost in proportion to what is added.

The state lives in three tables of the derived database. Pairs that are surely alike are *bonds*, and items that bonds
connect form a core. A core with a firm item stands; one without (all it tells is vague) joins the one core that it is
most like by its weaker *ties*. So a vague item never bridges two firm ones. Which pairs are compared depends on the
blocks alone, and a block that gains an item is compared anew: groups are a function of the set of items, never of
their order, nor of how they came in batches.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import groupby
from typing import Generic, NamedTuple, Protocol, TypeVar

import duckdb
import numpy as np

from allegedly.link.cluster import Edge, candidate_pairs, components

_SCHEMA = """
CREATE TABLE IF NOT EXISTS link_keys (layer VARCHAR, key UBIGINT, item UBIGINT);
CREATE TABLE IF NOT EXISTS link_edges
  (layer VARCHAR, key UBIGINT, a UBIGINT, b UBIGINT, weight DOUBLE, follower UBIGINT);
CREATE TABLE IF NOT EXISTS link_groups (layer VARCHAR, item UBIGINT, leader UBIGINT);
"""


class _Item(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def document(self) -> str: ...


T = TypeVar("T", bound=_Item)


class Layer(NamedTuple, Generic[T]):
    """What is grouped: how to load its items by id, which blocks they fall in, how alike two are.

    Pairs of similarity `bond` or more belong together in any case, those above 0 are ties. An item that is not `firm`
    may follow its strongest tie, unless `follower` names the only one of the two that may.
    """

    name: str
    prefix: str
    load: Callable[[Collection[str]], Mapping[str, T]]
    keys: Callable[[T], list[str]]
    order: Callable[[T], str]
    similarity: Callable[[T, T], float]
    bond: float = 0.0
    firm: Callable[[T], bool] = lambda _: True
    follower: Callable[[T, T], str | None] = lambda a, b: None


class Group(NamedTuple, Generic[T]):
    """Items that belong together, with how alike each compared pair is."""

    members: Sequence[T]
    similarity: Mapping[tuple[str, str], float]


class _Edge(NamedTuple):
    """How alike a pair is, and which of it alone may follow the other."""

    weight: float
    follower: str | None


class Update(NamedTuple, Generic[T]):
    """The groups that changed, and the ids of every item whose group may have."""

    groups: list[Group[T]]
    items: frozenset[str]


def prepare(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables that hold the state of all layers."""
    con.execute(_SCHEMA)


def add_items(
    con: duckdb.DuckDBPyConnection, layer: Layer[T], new: Iterable[str], stale: Collection[str] = ()
) -> Update[T]:
    """Add the items with the ids `new` to `layer`, put the `stale` ones that changed in anew, return what changed."""
    state = _State(con, layer)
    left = state.remove_keys(stale)
    fresh = dict(layer.load([*new, *stale]))
    touched = sorted({*left, *state.insert_keys(fresh)})
    shared = state.blocks(touched)
    items = {**layer.load({i for block in shared.values() for i in block} - fresh.keys()), **fresh}
    state.replace_edges(touched, shared, items)
    if not items:
        return Update([], frozenset())
    wanted = {*items}
    while wanted:
        items |= layer.load((wanted | state.members_of_groups(wanted)) - items.keys())
        edges = state.edges_of(items)
        groups, wanted = _grouped(layer, items, edges)
    return Update(state.store(groups, items, edges), frozenset(items))


def _grouped(
    layer: Layer[T], items: Mapping[str, T], edges: Mapping[Edge, _Edge]
) -> tuple[dict[str, list[str]], set[str]]:
    """Group `items` by bonds and then by ties; return the groups, and the items outside that ties lead to."""
    bonds = [pair for pair, edge in edges.items() if edge.weight >= layer.bond and items.keys() >= {*pair}]
    cores = components(items, bonds)
    core = {i: leader for leader, members in cores.items() for i in members}
    firm = {core[i] for i, item in items.items() if layer.firm(item)}
    best: dict[str, tuple[float, str, str]] = {}
    for (a, b), (weight, follower) in edges.items():
        for one, other in ((a, b), (b, a)):
            leader = core.get(one, "")
            if leader and leader not in firm and core.get(other) != leader and follower in (None, one):
                best[leader] = max(best.get(leader, (0.0, "", "")), (weight, other, one))
    followed = {(one, other) for _, other, one in best.values()}
    outside = {other for _, other in followed if other not in items}
    return components(items, [*bonds, *(pair for pair in followed if pair[1] not in outside)]), outside


class _State(Generic[T]):
    """The tables of one layer. Ids are stored as the 64-bit numbers that they spell."""

    def __init__(self, con: duckdb.DuckDBPyConnection, layer: Layer[T]) -> None:
        self.con, self.layer = con, layer

    def insert_keys(self, fresh: Mapping[str, T]) -> list[int]:
        """Store the block keys of new items; return those keys."""
        pairs = [
            (_number(k), int(i[1:], 16)) for i, item in fresh.items() for k in dict.fromkeys(self.layer.keys(item))
        ]
        self._insert("link_keys", pairs, ("key", "item"))
        return sorted({key for key, _ in pairs})

    def remove_keys(self, stale: Collection[str]) -> list[int]:
        """Forget the block keys of items; return those keys."""
        if not stale:
            return []
        items = np.array([int(i[1:], 16) for i in stale], dtype=np.uint64)  # noqa: F841
        chosen = "FROM link_keys WHERE layer = ? AND item IN (SELECT column0 FROM items)"
        left = self.con.execute(f"SELECT DISTINCT key {chosen}", [self.layer.name]).fetchall()
        self.con.execute(f"DELETE {chosen}", [self.layer.name])
        return [key for (key,) in left]

    def blocks(self, touched: Sequence[int]) -> dict[int, list[str]]:
        """Return the blocks with the keys `touched` that hold two items or more."""
        keys = np.array(touched, dtype=np.uint64)  # noqa: F841  read by DuckDB by name
        rows = self.con.execute(
            "SELECT key, item FROM link_keys WHERE layer = ? AND key IN (SELECT column0 FROM keys) "
            "QUALIFY count(*) OVER (PARTITION BY key) > 1 ORDER BY key, item",
            [self.layer.name],
        ).fetchall()
        return {key: [self._id(i) for _, i in group] for key, group in groupby(rows, key=lambda r: r[0])}

    def replace_edges(
        self, touched: Sequence[int], shared: Mapping[int, Sequence[str]], items: Mapping[str, T]
    ) -> None:
        """Compare the items of each block with a key among `touched` anew and store which are alike."""
        keys = np.array(touched, dtype=np.uint64)  # noqa: F841
        self.con.execute(
            "DELETE FROM link_edges WHERE layer = ? AND key IN (SELECT column0 FROM keys)", [self.layer.name]
        )
        order = {i: (self.layer.order(items[i]), i) for i in {i for block in shared.values() for i in block}}
        known: dict[Edge, tuple[int, int, float, int] | None] = {}
        edges = []
        for key, block in shared.items():
            for pair in candidate_pairs(sorted(block, key=order.__getitem__)):
                if pair not in known:
                    known[pair] = self._edge(items[pair[0]], items[pair[1]])
                if edge := known[pair]:
                    edges.append((key, *edge))
        self._insert("link_edges", edges, ("key", "a", "b", "weight", "follower"))

    def _edge(self, a: T, b: T) -> tuple[int, int, float, int] | None:
        weight = self.layer.similarity(a, b)
        if weight <= 0:
            return None
        follower = self.layer.follower(a, b) if weight < self.layer.bond else None
        return int(a.id[1:], 16), int(b.id[1:], 16), weight, int(follower[1:], 16) if follower else 0

    def members_of_groups(self, ids: Iterable[str]) -> set[str]:
        """Return every item of the groups that the items `ids` are in now."""
        wanted = np.array([int(i[1:], 16) for i in ids], dtype=np.uint64)  # noqa: F841
        rows = self.con.execute(
            "SELECT item FROM link_groups WHERE layer = ? AND leader IN (SELECT leader FROM link_groups "
            "WHERE layer = ? AND item IN (SELECT column0 FROM wanted))",
            [self.layer.name] * 2,
        ).fetchall()
        return {self._id(i) for (i,) in rows}

    def edges_of(self, items: Iterable[str]) -> dict[Edge, _Edge]:
        """Return the stored pairs that hold at least one of `items`, with how alike they are."""
        wanted = np.array([int(i[1:], 16) for i in items], dtype=np.uint64)  # noqa: F841
        rows = self.con.execute(
            "SELECT a, b, max(weight), max(follower) FROM link_edges WHERE layer = ? "
            "AND (a IN (SELECT column0 FROM wanted) OR b IN (SELECT column0 FROM wanted)) GROUP BY a, b ORDER BY a, b",
            [self.layer.name],
        ).fetchall()
        return {(self._id(a), self._id(b)): _Edge(weight, self._id(f) if f else None) for a, b, weight, f in rows}

    def store(
        self, groups: Mapping[str, Sequence[str]], items: Mapping[str, T], edges: Mapping[Edge, _Edge]
    ) -> list[Group[T]]:
        """Store which group each of `items` is in; return the groups."""
        pairs = [(int(i[1:], 16), int(leader[1:], 16)) for leader, members in groups.items() for i in members]
        wanted = np.array([i for i, _ in pairs], dtype=np.uint64)  # noqa: F841
        self.con.execute(
            "DELETE FROM link_groups WHERE layer = ? AND item IN (SELECT column0 FROM wanted)", [self.layer.name]
        )
        self._insert("link_groups", pairs, ("item", "leader"))
        by_leader: dict[str, dict[Edge, float]] = {leader: {} for leader in groups}
        leader_of = {i: leader for leader, members in groups.items() for i in members}
        for (a, b), (weight, _) in edges.items():
            if a in leader_of and leader_of[a] == leader_of.get(b):
                by_leader[leader_of[a]][a, b] = weight
        return [Group([items[i] for i in members], by_leader[leader]) for leader, members in groups.items()]

    def _insert(self, table: str, rows: Sequence[Sequence[float]], columns: Sequence[str]) -> None:
        if not rows:
            return
        types = {"weight": np.float64}
        values = zip(columns, zip(*rows, strict=True), strict=True)
        arrays = {column: np.array(found, dtype=types.get(column, np.uint64)) for column, found in values}
        self.con.register("link_rows", arrays)
        self.con.execute(f"INSERT INTO {table} SELECT ?, {', '.join(columns)} FROM link_rows", [self.layer.name])
        self.con.unregister("link_rows")

    def _id(self, number: int) -> str:
        return f"{self.layer.prefix}{number:016x}"


def _number(key: str) -> int:
    return int.from_bytes(blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).digest())
