"""Brings narratives up to date with the documents that were added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from allegedly.link.events import named
from allegedly.link.narratives.compare import Chances, Traits, chances
from allegedly.link.narratives.copies import Copies
from allegedly.link.narratives.group import linked, pieces
from allegedly.link.narratives.names import Names
from allegedly.link.narratives.rules import opposing, vetoes
from allegedly.link.narratives.sayings import Sayings
from allegedly.link.narratives.sketch import Sketcher
from allegedly.link.narratives.statements import Statement, Told, statements
from allegedly.link.narratives.tell import Group, narrate, time_order
from allegedly.link.words import normal_form
from allegedly.records import Narrative, NarrativeChange, Record

Write = Callable[[str, Sequence[Record]], None]

TIED = 0.4
"""Sayings of which the chance that they belong together is at least this are looked at together."""
BLAMED = 0.9
"""Chance that two say the same which blame the same actor for the same event."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS narrative_statements (id VARCHAR, document VARCHAR, claim VARCHAR, whole BOOLEAN,
  denied BOOLEAN, spans INTEGER[][], saying UINTEGER);
CREATE TABLE IF NOT EXISTS narrative_blames (statement VARCHAR, key UBIGINT, saying UINTEGER);
"""
_BLAMES = """
WITH wanted AS (SELECT * FROM narrative_statements WHERE id IN (SELECT unnest(?::VARCHAR[]))),
held AS (
  SELECT s.id AS statement, s.saying, c.document, c.accused, c.about FROM wanted s
  JOIN claims c ON c.document = s.document AND (c.id = s.claim
    OR s.whole AND c.parent IS NULL AND NOT s.denied AND c.act <> 'denies' AND c.polarity = 'affirmed')
)
SELECT h.statement, any_value(h.saying), any_value(y.text), coalesce(flatten(list(DISTINCT h.accused)), []),
       coalesce(flatten(list(DISTINCT e.actors) FILTER (e.id IS NOT NULL)), []),
       coalesce(list(DISTINCT l.event) FILTER (l.event IS NOT NULL), [])
FROM held h JOIN narrative_sayings y ON y.row = h.saying
LEFT JOIN document_events e ON e.document = h.document AND list_contains(h.about, e.id)
     AND (e.type IN ('ASSAULT', 'COERCE') OR e.other_type = 'explosion')
LEFT JOIN event_links l ON l.document_event = e.id
GROUP BY h.statement
"""
"""Whom statements accuse, who did harm in the events that they are about, and those events."""
_TOLD = """
SELECT s.id, s.document, s.claim, s.spans, d.text, s.saying, d.source, d.source_kind, d.language, d.published_at,
       d.published_grain, d.forwarded_from <> '', s.denied
FROM narrative_statements s JOIN documents d ON d.id = s.document
WHERE s.saying IN (SELECT column0 FROM wanted) ORDER BY s.id
"""


class _Unit(NamedTuple):
    """Statements that say the same in the same words, accuse the same and deny alike."""

    saying: int
    accused: frozenset[str]
    blames: frozenset[int]
    denied: bool


class _Blame(NamedTuple):
    """Whom a statement accuses, and hashes of whom for which event."""

    accused: frozenset[str]
    keys: frozenset[int]


_NOBODY = _Blame(frozenset(), frozenset())


class _Piece(NamedTuple):
    """What is compared with each other: units, with the statements of each."""

    units: list[_Unit]
    members: list[list[Told]]


class _Found(NamedTuple):
    """A narrative to be, before it has a name."""

    group: Group
    copies: Copies
    opposed: list[int]
    """Places of narratives to be that it denies, or that deny it."""


def link_narratives(
    con: duckdb.DuckDBPyConnection,
    write: Write,
    folder: Path,
    sketcher: Sketcher,
    new_documents: Collection[str],
    moved_events: Collection[str],
) -> None:
    """Group what new documents say with what is there.

    Args:
        con: the derived database, in which actors and events are up to date.
        write: appends records to a table of it.
        folder: of the ledger, beside whose database vectors and names are kept.
        sketcher: makes vectors.
        new_documents: ids of those that were added.
        moved_events: ids of document events that moved to another linked event.
    """
    con.execute(_SCHEMA)
    _Linker(con, write, folder, sketcher).update(new_documents, moved_events)


class _Linker:
    def __init__(self, con: duckdb.DuckDBPyConnection, write: Write, folder: Path, sketcher: Sketcher) -> None:
        self._con, self._write, self._meaning = con, write, sketcher.meaning
        self._sayings, self._names = Sayings(con, folder, sketcher), Names(con, folder)

    def update(self, new_documents: Collection[str], moved_events: Collection[str]) -> None:
        told = statements(self._con, new_documents)
        rows, changed = self._sayings.add([s.saying for s in told])
        self._insert(told, rows)
        stale = self._stale(moved_events)
        touched = {*rows, *changed, *self._blame([s.id for s in told] + stale)}
        if touched:
            self._regroup(touched)
        self._names.save()

    def _insert(self, told: Sequence[Statement], rows: Sequence[int]) -> None:
        if told:
            columns = {  # noqa: F841
                "id": np.array([s.id for s in told], object),
                "document": np.array([s.document for s in told], object),
                "claim": np.array([s.claim for s in told], object),
                "whole": np.array([s.whole for s in told], bool),
                "denied": np.array([s.denied for s in told], bool),
                "spans": np.array([str([list(span) for span in s.spans]) for s in told], object),
                "saying": np.array(rows, np.uint32),
            }
            self._con.execute(
                "INSERT INTO narrative_statements SELECT id, document, claim, whole, denied, "
                "CAST(spans AS INTEGER[][]), saying FROM columns"
            )

    # ------------------------------------------------------------ blame

    def _stale(self, moved_events: Collection[str]) -> list[str]:
        """Return the statements about events that moved."""
        rows = self._con.execute(
            "SELECT DISTINCT s.id FROM document_events e JOIN claims c ON c.document = e.document "
            "AND list_contains(c.about, e.id) JOIN narrative_statements s ON s.document = c.document "
            "AND (s.whole OR s.claim = c.id) WHERE e.id IN (SELECT unnest(?::VARCHAR[]))",
            [list(moved_events)],
        ).fetchall()
        return [i for (i,) in rows]

    def _blame(self, ids: Sequence[str]) -> set[int]:
        """Note anew whom statements blame for what; return their sayings, and those that blamed or blame the same."""
        chosen = "statement IN (SELECT unnest(?::VARCHAR[]))"
        before = self._con.execute(f"SELECT key, saying FROM narrative_blames WHERE {chosen}", [list(ids)]).fetchall()
        self._con.execute(f"DELETE FROM narrative_blames WHERE {chosen}", [list(ids)])
        keys, rows = {key for key, _ in before}, []
        for statement, saying, *told in self._con.execute(_BLAMES, [list(ids)]).fetchall():
            rows += [(statement, key, saying) for key in _blame(*told).keys]
        if rows:
            columns = {  # noqa: F841
                "statement": np.array([r[0] for r in rows], object),
                "key": np.array([r[1] for r in rows], np.uint64),
                "saying": np.array([r[2] for r in rows], np.uint32),
            }
            self._con.execute("INSERT INTO narrative_blames SELECT statement, key, saying FROM columns")
        wanted = np.array(sorted(keys | {r[1] for r in rows}), np.uint64)  # noqa: F841
        found = self._con.execute(
            "SELECT DISTINCT saying FROM narrative_blames WHERE key IN (SELECT column0 FROM wanted)"
        ).fetchall()
        return {s for _, s in before} | {s for (s,) in found}

    def _blame_pairs(self, rows: Iterable[int]) -> list[tuple[float, int, int]]:
        """Return pairs that link all sayings which blame the same actor for the same event, in order of key."""
        wanted = np.array(sorted(rows), np.uint32)  # noqa: F841
        found = self._con.execute(
            "SELECT DISTINCT b.key, s.key, b.saying FROM narrative_blames b "
            "JOIN narrative_sayings s ON s.row = b.saying WHERE b.saying IN (SELECT column0 FROM wanted) ORDER BY 1, 2"
        ).fetchall()
        return [(BLAMED, a[2], b[2]) for a, b in pairwise(found) if a[0] == b[0]]

    # ------------------------------------------------------------ groups

    def _regroup(self, touched: set[int]) -> None:
        sayings = self._sayings
        near = touched | sayings.likely_neighbours(touched, TIED)
        held = sayings.members(sayings.component_of(near))
        spelled = {row: f"{key:016x}" for row, (key, _) in held.items()}
        pairs = [
            (chance, spelled[a], spelled[b])
            for chance, a, b in (*sayings.pairs(held, TIED), *self._blame_pairs(held))
            if a in spelled and b in spelled
        ]
        row_of = {key: row for row, key in spelled.items()}
        whole = pieces(row_of, pairs, len(row_of))
        component = {row_of[key]: min(row_of[k] for k in part) for part in whole for key in part}
        parts, piece_of = [], {}
        for keys in pieces(row_of, pairs):
            rows, piece = [row_of[key] for key in keys], _signature(keys)
            piece_of.update(dict.fromkeys(rows, piece))
            if not touched.isdisjoint(rows) or any(held[row][1] != piece for row in rows):
                parts.append(rows)
        sayings.put({row: (component[row], piece_of[row]) for row in held})
        self._tell(parts)

    def _tell(self, parts: Sequence[Sequence[int]]) -> None:
        """Write the narratives of pieces anew; what was told of those that they were made of has to go."""
        rows = [row for part in parts for row in part]
        told, denied = self._told(rows)
        blames = self._accusations(rows)
        found: list[_Found] = []
        for part in parts:
            statements = [t for row in part for t in told.get(row, ())]
            if len({t.document for t in statements}) > 1:
                found += self._groups(_piece(statements, denied, blames), len(found))
        self._replace(rows, found)

    def _told(self, rows: Collection[int]) -> tuple[dict[int, list[Told]], set[str]]:
        """Return the statements of sayings, by row, and which are denials by how they are attributed."""
        wanted = np.array(sorted(rows), np.uint32)  # noqa: F841
        found: dict[int, list[Told]] = defaultdict(list)
        denied = set()
        for id, document, claim, spans, text, saying, *rest, denies in self._con.execute(_TOLD).fetchall():
            places = tuple((a, b) for a, b in spans)
            verbatim = " … ".join(text[a:b] for a, b in places)
            found[saying].append(Told(id, document, claim, places, verbatim, saying, *rest))
            if denies:
                denied.add(id)
        return found, denied

    def _accusations(self, rows: Collection[int]) -> dict[str, _Blame]:
        """Return whom statements accuse, and of what."""
        wanted = np.array(sorted(rows), np.uint32)  # noqa: F841
        ids = self._con.execute(
            "SELECT id FROM narrative_statements WHERE saying IN (SELECT column0 FROM wanted)"
        ).fetchall()
        found = self._con.execute(_BLAMES, [[i for (i,) in ids]]).fetchall()
        return {statement: _blame(*told) for statement, _, *told in found}

    def _groups(self, piece: _Piece, offset: int) -> list[_Found]:
        """Return the narratives of a piece, numbered from `offset`."""
        units = piece.units
        rows = np.array([u.saying for u in units])
        known = self._sayings.traits(rows, [u.denied for u in units])
        same, opposed, veto = _compared(known, units, self._meaning)
        copies = Copies(dict(zip(rows.tolist(), known.vectors, strict=True)), self._meaning)
        groups = [g for g in linked(same, veto) if len({t.document for unit in g for t in piece.members[unit]}) > 1]
        found = []
        for group in groups:
            central = {units[u].saying: float(same[u, group].sum()) for u in group}
            members = [t for u in group for t in piece.members[u]]
            denies = float(np.average(known.denies[group], weights=[len(piece.members[u]) for u in group])) > 0.5
            against = [
                offset + n for n, other in enumerate(groups) if opposing(known.denies, same + opposed, group, other)
            ]
            found.append(_Found(Group(members, central, denies), copies, against))
        return found

    def _replace(self, rows: Collection[int], found: Sequence[_Found]) -> None:
        before = self._forget(rows)
        earliest = [min(f.group.members, key=time_order).id for f in found]
        groups = {first: [m.id for m in f.group.members] for first, f in zip(earliest, found, strict=True)}
        ids, changes = self._names.name(groups, before)
        named = [ids[first] for first in earliest]
        told = [
            narrate(id, f.group, [named[n] for n in f.opposed], f.copies) for id, f in zip(named, found, strict=True)
        ]
        gone = sorted({*before.values()} - {*named} - {c.narrative for c in changes})
        changes += [NarrativeChange(narrative=id, change="dissolved") for id in gone]
        self._write("narratives", [narrative for narrative, _ in told])
        self._write("echoes", [echo for _, echoes in told for echo in echoes])
        self._note(changes, [narrative for narrative, _ in told])

    def _note(self, changes: Sequence[NarrativeChange], living: Sequence[Narrative]) -> None:
        """Note what became of narratives; what lives again has neither been merged nor dissolved."""
        self._con.execute(
            "DELETE FROM narrative_changes WHERE change <> 'split' AND narrative IN (SELECT unnest(?::VARCHAR[]))",
            [[n.id for n in living] + [c.narrative for c in changes]],
        )
        self._write("narrative_changes", changes)

    def _forget(self, rows: Collection[int]) -> dict[str, str]:
        """Delete the narratives of sayings; return which one each statement was in."""
        wanted = np.array(sorted(rows), np.uint32)  # noqa: F841
        before = dict(
            self._con.execute(
                "SELECT e.id, e.narrative FROM echoes e JOIN narrative_statements s ON s.id = e.id "
                "WHERE s.saying IN (SELECT column0 FROM wanted)"
            ).fetchall()
        )
        ids = sorted({*before.values()})
        self._con.execute("DELETE FROM narratives WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids])
        self._con.execute("DELETE FROM echoes WHERE narrative IN (SELECT unnest(?::VARCHAR[]))", [ids])
        return before


def _compared(
    known: Traits, units: Sequence[_Unit], meaning: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the chances that each two say the same and that one denies the other, and which are kept apart."""
    n = len(units)
    a, b = np.triu_indices(n, 1)
    found: Chances = chances(known, a, b, meaning)
    apart = vetoes(known, found, a, b)
    same, opposed, veto = np.eye(n), np.zeros((n, n)), np.zeros((n, n), bool)
    likely, denials, denies = found.same, found.opposed, (known.denies > 0.5).tolist()
    for place, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        one, other = units[i], units[j]
        polar = denies[i] != denies[j]
        if one.blames & other.blames:
            likely[place], denials[place] = (0.0, BLAMED) if polar else (max(likely[place], BLAMED), 0.0)
            apart[place] = polar
        elif one.saying == other.saying:
            likely[place], denials[place] = (0.0, BLAMED) if polar else (1.0, 0.0)
            apart[place] = polar
        if one.accused and other.accused and not one.accused & other.accused:
            apart[place] = True
    same[a, b] = same[b, a] = likely
    opposed[a, b] = opposed[b, a] = denials
    veto[a, b] = veto[b, a] = apart
    return same, opposed, veto


def _signature(keys: Sequence[str]) -> int:
    """Return a number that stands for the sayings of a piece."""
    return int.from_bytes(blake2b("".join(keys).encode(), digest_size=8).digest())


def _piece(
    told: Sequence[Told],
    denied: Collection[str],
    blames: Mapping[str, _Blame],
) -> _Piece:
    members: dict[_Unit, list[Told]] = defaultdict(list)
    for t in told:
        blame = blames.get(t.id, _NOBODY)
        members[_Unit(t.saying, blame.accused, blame.keys, t.id in denied)].append(t)
    ordered = sorted(members, key=lambda u: min(t.id for t in members[u]))
    return _Piece(ordered, [members[u] for u in ordered])


def _blame(text: str, accused: Collection[str], doers: Collection[str], events: Collection[str]) -> _Blame:
    """Return whom a statement blames: whom it accuses, else those it names who did harm in the events it is about."""
    form = normal_form(text)
    actors = named(accused) or named(d for d in doers if d.replace("-", " ") in form)
    pairs = [f"{actor}|{event}".encode() for actor in actors for event in events]
    return _Blame(actors, frozenset(int.from_bytes(blake2b(p, digest_size=8).digest()) for p in pairs))
