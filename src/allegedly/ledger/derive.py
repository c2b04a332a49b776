"""``ledger.duckdb``: every table of the segments once, and everything that link derives across documents.

It is brought up to date in a copy beside, which is then renamed into place: readers hold the old file or the new one.
What it holds depends on the set of documents alone, never on their order, their batches or on runs that were killed.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import duckdb

from allegedly import __version__, vectors
from allegedly.ledger.disk import draft, explained, lock, sync
from allegedly.ledger.schema import FORMAT, LINKED_TABLES, SEGMENT_TABLES, TABLES, create_table, read_rows
from allegedly.ledger.segments import Segment, Segments, duck, pick_documents, picked_rows, write_lines
from allegedly.records import Record

NAME = "ledger.duckdb"

Write = Callable[[str, Sequence[Record]], None]
"""Appends records to a derived table."""

Linker = Callable[[duckdb.DuckDBPyConnection, Collection[str], Write, Path], None]
"""Brings the derived tables up to date with the documents of these ids, which are already in the others.

The path is of the ledger, where a linker may keep what is too large for the database."""

_STAMP = f"format {FORMAT}, allegedly {__version__}"
"""A database made by another version is made anew: all of it can be derived."""

_FIRST_ORIGIN = """
UPDATE problems SET path = o.place.path, position = o.place.position
FROM (SELECT document, min({'path': path, 'position': position}) AS place FROM origins GROUP BY document) o
WHERE o.document = problems.document
"""
"""A problem met in a document names the least of the places it was found in, whichever was read first."""


def derive(segments: Segments, linker: Linker) -> int:
    """Bring the derived database up to date with `segments` and return how many documents were new to it.

    Segments are not merged meanwhile, so those listed stay.
    """
    ledger = segments.ledger
    with explained(ledger), lock(segments.folder, wait=True):
        live = segments.live()
        if is_current(ledger / NAME, live):
            return 0
        with draft(ledger) as folder:
            database = folder / NAME
            if _made_by(ledger / NAME) == (_STAMP, vectors.digest()):
                shutil.copyfile(ledger / NAME, database)
            new = _absorb(database, segments, live, linker)
            sync(database)
            database.replace(ledger / NAME)
        sync(ledger)
        return new


def is_current(database: Path, live: Collection[str]) -> bool:
    """Return whether `database` was made by this version and holds all of the segments named `live`.

    One that was made with vectors stays current on a machine without them.
    """
    stamp, model = _made_by(database)
    return stamp == _STAMP and set(live) <= _absorbed(database) and vectors.digest() in ("", model)


def open_read_only(database: Path) -> duckdb.DuckDBPyConnection:
    """Open `database` for reading.

    It is attached to a connection of its own: DuckDB would give a process that holds the file open the one it has
    already, although another has been renamed into its place.
    """
    con = duck()
    con.execute(f"ATTACH '{str(database).replace(chr(39), chr(39) * 2)}' AS ledger (READ_ONLY)")
    con.execute("USE ledger")
    return con


def _made_by(database: Path) -> tuple[str, str]:
    """Return the version that made `database` and the digest of its vectors; empty where it cannot be read."""
    try:
        with open_read_only(database) as con:
            stamp, model = con.execute("SELECT stamp, vectors FROM made_by").fetchone() or ("", "")
            return str(stamp), str(model)
    except duckdb.Error:
        return "", ""


def _absorbed(database: Path) -> set[str]:
    with open_read_only(database) as con:
        return {name for (name,) in con.execute("SELECT name FROM segments_in").fetchall()}


def _absorb(database: Path, segments: Segments, live: dict[str, Segment], linker: Linker) -> int:
    with duck(str(database)) as con:
        _create(con)
        absorbed = {name for (name,) in con.execute("SELECT name FROM segments_in").fetchall()}
        _insert(con, segments, [segment for name, segment in live.items() if name not in absorbed])
        new = [i for (i,) in con.execute("SELECT document FROM picked ORDER BY document").fetchall()]
        linker(con, new, lambda table, rows: _write(con, database.parent, table, rows), segments.ledger)
        con.execute("DELETE FROM segments_in")
        con.execute("INSERT INTO segments_in SELECT unnest(?::VARCHAR[])", [sorted(live)])
        con.execute("CHECKPOINT")
    return len(new)


def _create(con: duckdb.DuckDBPyConnection) -> None:
    if con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'made_by'").fetchone():
        return
    for table in TABLES.values():
        con.execute(create_table(table))
    con.execute("CREATE TABLE segments_in (name VARCHAR)")
    con.execute("CREATE TABLE made_by AS SELECT ? AS stamp, ? AS vectors", [_STAMP, vectors.digest()])


def _insert(con: duckdb.DuckDBPyConnection, segments: Segments, new: list[Segment]) -> None:
    """Insert what `new` segments hold and the database does not."""
    pick_documents(con, segments.files("documents", new), known="documents")
    for table in SEGMENT_TABLES.values():
        if files := segments.files(table.name, new):
            rows = picked_rows(table, files)
            con.execute(
                f"INSERT INTO {table.name} BY NAME SELECT * FROM ({rows}) WHERE id NOT IN (SELECT id FROM {table.name})"
            )
    con.execute(_FIRST_ORIGIN)


def _write(con: duckdb.DuckDBPyConnection, folder: Path, table: str, rows: Sequence[Record]) -> None:
    if rows:
        path = folder / "rows.ndjson"
        longest = write_lines(path, rows)
        con.execute(f"INSERT INTO {table} BY NAME {read_rows(LINKED_TABLES[table], str(path), longest)}")
