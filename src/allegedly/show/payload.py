"""Everything the client shows, as one JSON document of columns.

A table is ``{"rows": n, "columns": {name: [value, …]}}``. References between tables are row numbers (-1 for none), so
the client needs no joins; documents, actors, events and narratives keep their ids, for deep links. Spans are flat lists
``[start, end, …]`` in code points of the document's text. Texts are not here: see `texts` and `text`. `synchrony` is no
table: see `in_step`.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

import msgspec

from allegedly.show import _names, _queries

FORMAT = 3
PROBLEMS_SHOWN = 2000
"""Problems are listed up to this many; all are counted."""

Index = Mapping[Any, int]


class Connection(Protocol):
    """What is used of a DuckDB connection."""

    def execute(self, query: str, parameters: Any = ..., /) -> Any: ...

    def close(self) -> None: ...


class Ledger(Protocol):
    """What is used of `allegedly.ledger.Ledger`."""

    @property
    def path(self) -> Path: ...

    def connect(self) -> Any: ...


class Table(msgspec.Struct, frozen=True):
    """`rows` rows in named columns of equal length."""

    rows: int
    columns: dict[str, list[Any]]


class Payload(msgspec.Struct, frozen=True):
    """All tables of the client, with the title and the time they were put together (ISO 8601, UTC; may be empty).

    `searched` are the languages in which claims, events and actors are looked for; other texts are read whole.
    `by_meaning` says whether statements were compared by meaning, across languages, or by their words alone.
    """

    format: int
    title: str
    made_at: str
    searched: list[str]
    by_meaning: bool
    documents: Table
    actors: Table
    claims: Table
    events: Table
    mentions: Table
    accounts: Table
    conflicts: Table
    narratives: Table
    echoes: Table
    changes: Table
    relations: Table
    problems: Table
    problem_counts: Table
    synchrony: dict[str, Any] | None
    """Which sources tell the same in step (`in_step.of_ledger`); None where none share a narrative with exact times."""


def build(connection: Connection, *, title: str = "", made_at: str = "") -> Payload:
    """Read every table of the open ledger `connection` (see docs/architecture.md) into a `Payload`.

    Without a `title` it is called by what it is about. Paths begin below the folder that all inputs share. A document
    whose source nobody stated has its file for a source, of the kind ``file``.
    """
    from allegedly.annotate.parse import PARSED_LANGUAGES  # takes a second, which not every import of this should
    from allegedly.show.in_step import of_ledger

    with _collector_paused():
        tables, rows = {}, {}
        for name, query in _queries.TABLES.items():
            tables[name], rows[name] = _read(connection, query)
        tables["problems"], _ = _read(connection, _queries.PROBLEMS, [PROBLEMS_SHOWN])
        for name, references in _queries.REFERENCES.items():
            for column, target in references.items():
                _refer(tables[name], column, rows[target])
    for name, column in _queries.DROPPED:
        del tables[name].columns[column]
    _shorten_paths(tables["documents"], tables["problems"])
    _name_files(tables["documents"])
    shown = title or _title(connection, tables["documents"])
    by_meaning = connection.execute("SELECT vectors <> '' FROM made_by").fetchone() == (True,)
    return Payload(
        format=FORMAT, title=shown, made_at=made_at, searched=sorted(PARSED_LANGUAGES), by_meaning=by_meaning,
        synchrony=of_ledger(connection), **tables,
    )  # fmt: skip


def encode(payload: Payload) -> bytes:
    """Return `payload` as JSON in UTF-8."""
    return msgspec.json.encode(payload)


def texts(connection: Connection, batch: int = 256) -> Iterator[tuple[str, str]]:
    """Yield ``(id, text)`` of every document in the order of the payload's documents table, `batch` at a time."""
    cursor = connection.execute(_queries.TEXTS)
    while rows := cursor.fetchmany(batch):
        yield from rows


def text(connection: Connection, document: str) -> str | None:
    """Return the text of one document by id, or None where there is no such document."""
    row = connection.execute(_queries.TEXT, [document]).fetchone()
    return None if row is None else str(row[0])


def _read(connection: Connection, query: str, parameters: Sequence[Any] = ()) -> tuple[Table, Index]:
    cursor = connection.execute(query, list(parameters))
    names = [column[0] for column in cursor.description]
    rows = cursor.fetchall()
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return Table(len(rows), columns), {key: row for row, key in enumerate(columns.get("id", ()))}


def _refer(table: Table, column: str, rows: Index) -> None:
    """Replace ids (or lists of ids) by row numbers: -1 for an unknown id, unknown ids in lists left out."""
    table.columns[column] = [
        [rows[one] for one in dict.fromkeys(value) if one in rows] if isinstance(value, list) else rows.get(value, -1)
        for value in table.columns[column]
    ]


def _shorten_paths(documents: Table, problems: Table) -> None:
    """Let all paths begin below the folder that they share: it tells no more than where somebody keeps their files."""
    origins, troubled = documents.columns["origins"], problems.columns["path"]
    shared = _names.common_folder(chain((path for places in origins for path, _ in places), troubled))
    documents.columns["origins"] = [[[_names.below(path, shared), at] for path, at in places] for places in origins]
    problems.columns["path"] = [_names.below(path, shared) for path in troubled]


def _name_files(documents: Table) -> None:
    columns = documents.columns
    for row, source in enumerate(columns["source"]):
        if source in ("", "unknown"):
            path = next((path for path, _ in columns["origins"][row]), columns["id"][row])
            columns["source"][row], columns["source_kind"][row] = f"file {path}", "file"


def _title(connection: Connection, documents: Table) -> str:
    topics = [str(name) for (name,) in connection.execute(_queries.TOPICS).fetchall()]
    dates = [date for date in documents.columns["published_at"] if date]
    return _names.title_of(documents.rows, documents.columns["title"], topics, dates)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Rows hold no cycles, and looking for some among millions of lists takes longer than reading them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
