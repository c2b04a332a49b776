"""Keeps the ids of narratives: what was seen under a name stays under it, or a record says what became of it.

A narrative is named once, after its earliest statement at that time, which stays its founder. Later the group that
holds the founder bears the name. Where several founders come together the oldest name stays and the others are recorded
as merged into it. The log beside the database keeps names when the database is made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb
import msgspec

from allegedly.records import NarrativeChange, content_id

LOG = "narratives.jsonl"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS narrative_names (number UINTEGER, id VARCHAR, founder VARCHAR, into_id VARCHAR);
CREATE TABLE IF NOT EXISTS narrative_names_read (log BOOLEAN);
"""


class _Named(msgspec.Struct, frozen=True):
    """One line of the log: a narrative with the id of the statement that it is named after, or what it went into."""

    id: str
    founder: str = ""
    merged_into: str = ""


class Names:
    """The names of narratives, in the order they were given.

    Args:
        con: the derived database.
        folder: of the ledger, which holds the log.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._con, self._log = con, folder / LOG
        con.execute(_SCHEMA)
        if not con.execute("SELECT 1 FROM narrative_names_read").fetchone():
            con.execute("INSERT INTO narrative_names_read VALUES (true)")
            self._read_log()
        self._lines: list[_Named] = []

    def _read_log(self) -> None:
        named: dict[str, str] = {}
        merged: dict[str, str] = {}
        for line in self._log.read_bytes().split(b"\n") if self._log.exists() else ():
            try:
                found = msgspec.json.decode(line, type=_Named)
            except msgspec.MsgspecError:
                continue  # torn when its writer died
            if found.merged_into:
                merged[found.id] = found.merged_into
            elif found.founder:
                named.setdefault(found.id, found.founder)
        rows = [(n, id, founder, merged.get(id)) for n, (id, founder) in enumerate(named.items())]
        if rows:
            self._con.executemany("INSERT INTO narrative_names VALUES (?, ?, ?, ?)", rows)

    def founders_among(self, statements: Collection[str]) -> dict[str, tuple[int, str, str | None]]:
        """Return of each founder: number and id of what it founded, and what that went into."""
        rows = self._con.execute(
            "SELECT founder, number, id, into_id FROM narrative_names WHERE founder IN (SELECT unnest(?::VARCHAR[]))",
            [list(statements)],
        ).fetchall()
        return {founder: (number, id, into) for founder, number, id, into in rows}

    def name(
        self, groups: Mapping[str, Collection[str]], before: Mapping[str, str]
    ) -> tuple[dict[str, str], list[NarrativeChange]]:
        """Name groups; return the id of each, and what became of narratives.

        Args:
            groups: under the id of the earliest statement of each, the ids of all.
            before: the narrative that a statement was in until now.
        """
        founders = self.founders_among({s for members in groups.values() for s in members})
        ids: dict[str, str] = {}
        changes: list[NarrativeChange] = []
        for earliest in sorted(groups):
            members = groups[earliest]
            names = sorted(founders[s] for s in members if s in founders)
            if names:
                ids[earliest] = names[0][1]
                changes += self._merge(names[0], names[1:])
            else:
                ids[earliest] = self._found(earliest)
                changes += _split(ids[earliest], members, before)
        return ids, changes

    def _merge(
        self, kept: tuple[int, str, str | None], gone: Iterable[tuple[int, str, str | None]]
    ) -> list[NarrativeChange]:
        if kept[2] is not None:
            self._set(kept[1], None)
        found = []
        for _, id, into in gone:
            if into != kept[1]:
                self._set(id, kept[1])
                self._lines.append(_Named(id, merged_into=kept[1]))
                found.append(NarrativeChange(narrative=id, change="merged", other=kept[1]))
        return found

    def _set(self, id: str, into: str | None) -> None:
        self._con.execute("UPDATE narrative_names SET into_id = ? WHERE id = ?", [into, id])

    def _found(self, earliest: str) -> str:
        id = content_id("n", earliest)
        self._con.execute(
            "INSERT INTO narrative_names SELECT count(*), ?, ?, NULL FROM narrative_names", [id, earliest]
        )
        self._lines.append(_Named(id, earliest))
        return id

    def save(self) -> None:
        """Add what was named since to the log."""
        if not self._lines:
            return
        ends_well = not self._log.exists() or self._log.read_bytes()[-1:] in (b"", b"\n")
        with self._log.open("ab") as log:
            log.write((b"" if ends_well else b"\n") + b"".join(msgspec.json.encode(x) + b"\n" for x in self._lines))
        self._lines = []


def _split(id: str, members: Collection[str], before: Mapping[str, str]) -> list[NarrativeChange]:
    """Return where a new narrative comes from, if most of its statements were in another until now."""
    origins = [before[s] for s in members if s in before]
    for origin in sorted(set(origins)):
        if 2 * origins.count(origin) > len(members):
            return [NarrativeChange(narrative=id, change="split", other=origin)]
    return []
